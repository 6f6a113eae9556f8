/** What an outcome and a fact have in common, and where they differ. */

/** The same outcome by other words: what guruorm throws for what Laravel throws. */
const ERRORS = {
  InvalidArgumentException: ['InvalidArgumentException'],
  RuntimeException: ['UnsupportedException', 'InvalidArgumentException'],
  LogicException: ['InvalidArgumentException', 'UnsupportedException'],
  BadMethodCallException: ['TypeError'],
  RecordNotFoundException: ['RecordNotFoundException'],
  RecordsNotFoundException: ['RecordNotFoundException'],
  MultipleRecordsFoundException: ['MultipleRecordsFoundException'],
}

/** Where two values differ. */
export function unequal(what, got, wanted) {
  const [one, other] = [JSON.stringify(got), JSON.stringify(wanted)]
  return one === other ? undefined : `${what}\n    got      ${one}\n    expected ${other}`
}

/** How an error differs from the recorded one; `sent` is what went out instead of an error. */
export function wrongError(fact, error, sent) {
  if (error === undefined) return `did not throw; sent ${JSON.stringify(sent)}`
  if (!(ERRORS[fact.error] ?? [fact.error]).includes(error.name)) return threw(error)
  return undefined
}

/** An error in a few words. */
export function threw(error) {
  return `threw ${error.name}: ${error.message}`
}
