/**
 * Promise 1: a transaction owns its connection; nobody outside sees or joins it.
 *
 * `GURUORM_TEST_INTERLEAVINGS=10000` runs more of them, `GURUORM_TEST_SEED=7` other ones.
 */
import { expect, test } from 'vitest'
import { onEveryDatabase } from '../../support/databases'
import { withConnection } from '../pool/with-connection'
import { CELLS_EACH, Interleaving, type Violations } from './interleaving'
import { Random } from './random'

const SEED = Number(process.env.GURUORM_TEST_SEED ?? 20)
const COUNT = Number(process.env.GURUORM_TEST_INTERLEAVINGS ?? 500)
/** At once: enough to keep every connection of the pool busy, and callers waiting. */
const SIDE_BY_SIDE = 8

onEveryDatabase('interleavings', (db) => {
  test(`${COUNT} random ones of 2 transactions and 2 tasks outside: no dirty read, no lost write (seed ${SEED})`, async () => {
    const violations: Violations = { dirty: [], lost: [] }
    await withConnection(db, { pool: { max: 6 } }, async (connection) => {
      db.capsule.setDefaultConnection(connection.getName())
      await connection.statement('create table cells (id integer primary key, version integer not null)')
      const rows = Array.from({ length: COUNT * CELLS_EACH }, (_, id) => ({ id, version: 0 }))
      await connection.table('cells').insert(rows)
      for (let number = 0; number < COUNT; number += SIDE_BY_SIDE) {
        const some = Array.from({ length: Math.min(SIDE_BY_SIDE, COUNT - number) }, (_, n) => number + n)
        await Promise.all(
          some.map((at) => new Interleaving(connection, at, new Random(SEED * COUNT + at), violations).run()),
        )
      }
      expect(connection.pool.stats()).toMatchObject({ active: 0, waiting: 0 })
    }).finally(() => db.capsule.setDefaultConnection('default'))
    expect(violations, `seed ${SEED}`).toEqual({ dirty: [], lost: [] })
  }, 600_000)
})
