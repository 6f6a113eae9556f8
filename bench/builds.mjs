/**
 * W10: from a chain of calls to SQL and its values, without any database. Every chain is built from scratch each time, with
 * other values. Known: the program has built the same shape before, as programs do. New: no shape comes twice, because one
 * alias differs every time; nothing that a builder keeps about a whole query helps it.
 *
 * Nothing is waited for, so the clock is the processor time of the process: on a machine that others use, too, seconds tell
 * more of them than of the builders.
 */
import { processorRate } from './measure.mjs'
import { BUILD } from './peers.mjs'

/** Sizes rise: `chain` is the method of the modules in `builders/`. */
export const CHAINS = [
  { chain: 'key', title: 'select by key' },
  { chain: 'page', title: 'four conditions, order, limit' },
  { chain: 'exists', title: 'exists and in with sub-queries' },
  { chain: 'report', title: 'three joins, six conditions, group, having, order, limit' },
  { chain: 'update', title: 'update of three columns' },
  { chain: 'insert', title: 'insert of ten rows' },
]

const SETS = 64

/** The values of the build with this index. */
export function valuesOf(index) {
  const row = (number) => ({
    name: `Name ${number}`,
    email: `name${number}@example.com`,
    age: number % 90,
    active: true,
  })
  return {
    id: index + 1,
    number: 18 + (index % 50),
    text: `Name ${index}`,
    ids: Array.from({ length: 5 }, (_, each) => index + each),
    rows: Array.from({ length: 10 }, (_, each) => row(index * 10 + each)),
  }
}

/** The values that the database would get, wherever the builder puts them: some bind the limit, some write it. */
function check({ sql, values }) {
  const written = [...sql.matchAll(/\b(?:limit|offset) (\d+)/g)].map(([, number]) => number)
  const given = [...values.map(String), ...written]
  return `${given.length} values ${given.sort().join()}`
}

const workload = (id, title, chain, aliasOf) => ({
  id,
  title,
  unit: 'builds/s',
  databases: [BUILD],
  async run({ peer, times }) {
    const build = peer[chain]
    const sets = Array.from({ length: SETS }, (_, index) => valuesOf(index))
    const once = (index) => build(aliasOf(index), sets[index % SETS])
    const warmUp = await processorRate(times(300), 0, once)
    const measured = await processorRate(times(400), warmUp.count, once)
    const operations = warmUp.count + measured.count
    return { value: measured.perSecond, operations, check: check(build('key', valuesOf(7))) }
  },
})

export const BUILDS = [
  ...CHAINS.map(({ chain, title }) => workload(`W10-${chain}`, `${title}, known`, chain, () => 'key')),
  ...CHAINS.map(({ chain, title }) => workload(`W10-${chain}-new`, `${title}, new`, chain, (index) => `key${index}`)),
]
