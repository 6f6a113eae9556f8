/**
 * W12: from a connection to the structure of a whole database as data. Every table has a primary key, two indexes, a key to
 * another table and a check. What a peer answers is counted before its time counts; what it does not read at all is
 * said in docs/benchmarks.md.
 */
import { median } from './measure.mjs'

/** In the place of a database: its structure is read, and nothing else. */
export const INSPECTED = { 'inspect-postgres': 'postgres', 'inspect-mariadb': 'mariadb', 'inspect-sqlite': 'sqlite' }

/** No further inspection begins after this time: one by drizzle-kit takes more than a minute. */
const ENOUGH_MS = 30_000

/** What has to be found. */
function expected({ tables, columns }) {
  return { tables, columns: tables * columns, indexes: tables * 2, foreignKeys: tables, checks: tables }
}

/** @throws Error for a wrong number of anything that the peer reads at all. */
function check(found, sizes) {
  const wanted = expected(sizes.structure)
  for (const [what, number] of Object.entries(wanted)) {
    if (found[what] !== undefined && found[what] !== number) throw new Error(`${found[what]} ${what}, not ${number}`)
  }
  if (found.tables === undefined || found.columns === undefined) throw new Error('it has to read tables and columns')
  return `${found.tables} tables ${found.columns} columns`
}

export const INSPECTIONS = [
  {
    id: 'W12',
    title: 'the structure of all tables, on a connection that is open',
    unit: 'ms',
    databases: Object.keys(INSPECTED),
    // A process has no connection that is open.
    without: ['drizzle-kit-pull'],
    async run({ peer, sizes, times }) {
      let found
      const latencies = []
      const started = performance.now()
      while (latencies.length <= times(5) && performance.now() - started < ENOUGH_MS) {
        const begun = performance.now()
        found = await peer.inspect()
        latencies.push(performance.now() - begun)
      }
      // The first one warms up, unless it took so long that it is the only one.
      const value = median(latencies.length > 1 ? latencies.slice(1) : latencies)
      return { value, operations: latencies.length, check: check(peer.count(found), sizes) }
    },
  },
  {
    id: 'W12-cold',
    title: 'the same, from import to answer',
    unit: 'ms',
    databases: Object.keys(INSPECTED),
    cold: true,
    async run({ peer, sizes, importedAt }) {
      const found = await peer.inspect()
      const value = performance.now() - importedAt
      return { value, operations: 1, check: check(peer.count(found), sizes) }
    },
  },
]
