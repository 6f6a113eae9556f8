/**
 * W13: a hundred migrations of one table each, on an empty database and a connection that is open, until the last one is
 * recorded; and the same command again, when nothing is pending. Everybody sends the same SQL from files of their own kind.
 */
import { everyLatency, median } from './measure.mjs'

/** In the place of a database: it is empty, and is migrated. */
export const MIGRATED = { 'migrate-postgres': 'postgres', 'migrate-mariadb': 'mariadb', 'migrate-sqlite': 'sqlite' }

/** @throws Error unless each migration made its table and is recorded. */
async function check(peer, { migrations }) {
  const found = await peer.count()
  for (const [what, number] of Object.entries(found)) {
    if (number !== migrations) throw new Error(`${number} ${what}, not ${migrations}`)
  }
  return `${migrations} migrations`
}

export const MIGRATIONS = [
  {
    id: 'W13',
    title: '100 migrations of one table each',
    unit: 'ms',
    databases: Object.keys(MIGRATED),
    async run({ peer, sizes }) {
      const started = performance.now()
      await peer.migrate()
      const value = performance.now() - started
      return { value, operations: sizes.migrations, check: await check(peer, sizes) }
    },
  },
  {
    id: 'W13-again',
    title: 'the same again: nothing is pending',
    unit: 'ms',
    databases: Object.keys(MIGRATED),
    async run({ peer, sizes }) {
      await peer.migrate()
      const latencies = await everyLatency(1, 5, () => peer.migrate())
      return { value: median(latencies) / 1000, operations: latencies.length, check: await check(peer, sizes) }
    },
  },
]
