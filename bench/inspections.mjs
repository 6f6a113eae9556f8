/**
 * W12: from a connection to the structure of a whole database as data. Every table has a primary key, two indexes, a key to
 * another table and a check. What a peer answers is counted before its time counts; what it does not read at all is
 * said in docs/benchmarks.md.
 */
import { everyLatency, median } from './measure.mjs'

/** In the place of a database: its structure is read, and nothing else. */
export const INSPECTED = { 'inspect-postgres': 'postgres', 'inspect-mariadb': 'mariadb', 'inspect-sqlite': 'sqlite' }

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
      const inspect = async () => {
        found = await peer.inspect()
      }
      const latencies = await everyLatency(1, times(5), inspect)
      return {
        value: median(latencies) / 1000,
        operations: latencies.length + 1,
        check: check(peer.count(found), sizes),
      }
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
