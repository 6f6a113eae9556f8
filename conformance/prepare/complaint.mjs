/** What a server said against a statement, in few words. */

/** A failure of the engine as `{ code, reason }`. */
export const complaintOf = (error) => ({
  code: error.nativeCode ?? error.code,
  reason: error.message.replace(/ \(Connection: [\s\S]*$/, ''),
})

/** The namespaces of tables. */
export const namespacesOf = (tables) => [
  ...new Set(tables.filter(({ path }) => path.length === 2).map(({ path }) => path[0])),
]

/** The name of a database of this run. */
export const scratchName = () => `guruorm_prepare_${process.pid}_${Date.now() % 100_000}`
