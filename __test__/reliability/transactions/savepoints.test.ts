/** Promise 3: nested transactions are savepoints; an inner failure undoes the inner part only. */
import { expect, test } from 'vitest'
import { type Connection, DB } from '../../../js/index'
import { onEveryDatabase } from '../../support/databases'
import { ServerView } from '../pool/server-view'
import { withConnection } from '../pool/with-connection'

/** `GURUORM_TEST_CALLERS=1000` for the small pools as well: they take their time. */
const MANY = Number(process.env.GURUORM_TEST_CALLERS ?? 250)

/** The size of the pool, and callers at once. */
const LOADS = [
  [1, 50],
  [2, 50],
  [10, 50],
  [1, MANY],
  [2, MANY],
  [10, 1_000],
] as const

onEveryDatabase('savepoints', (db) => {
  // SQLite has one writer, whatever the pool.
  const loads = db.dialect === 'sqlite' ? LOADS.slice(-1) : LOADS
  test.each(loads)('pool of %i, %i at once: exactly the rows that were not undone', async (max, callers) => {
    await DB.statement('drop table if exists steps')
    await DB.statement('create table steps (caller integer, step integer)')
    const expected: [number, number][] = []
    await withConnection(db, { pool: { max } }, async (connection) => {
      const results = await Promise.allSettled(
        Array.from({ length: callers }, (_, caller) => {
          const fails = caller % 5 === 0
          if (!fails) expected.push([caller, 1], ...(caller % 2 === 0 ? [] : ([[caller, 2]] as [number, number][])))
          return work(connection, caller, fails)
        }),
      )
      const wrong = results.filter(({ status }, caller) => (status === 'rejected') !== (caller % 5 === 0))
      expect(wrong).toEqual([])
      const rows = await connection.select<{ caller: number; step: number }>(
        'select * from steps order by caller, step',
      )
      expect(rows.map(({ caller, step }) => [caller, step])).toEqual(expected)
      expect(connection.pool.stats()).toMatchObject({ active: 0, waiting: 0 })
      if (db.dialect === 'sqlite') return
      const view = new ServerView(db)
      // MariaDB shows transactions as they were up to 0.1 s ago.
      await expect.poll(() => view.idleInTransaction()).toBe(0)
      await view.close()
    })
  })
})

/** One row outside; one row in a savepoint that fails for even callers; the whole fails or not. */
function work(connection: Connection, caller: number, fails: boolean): Promise<void> {
  const add = (on: Connection, step: number) => on.insert('insert into steps values (?, ?)', [caller, step])
  return connection.transaction(async (trx) => {
    await add(trx, 1)
    const inner = trx.transaction(async (nested) => {
      await add(nested, 2)
      if (caller % 2 === 0) throw new Error('inner')
    })
    await inner.catch(() => {})
    if (fails) throw new Error('outer')
  })
}
