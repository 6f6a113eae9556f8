/** Promise 17: nothing stays behind after any error. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Connection } from '../../../js/index'
import { onDatabase } from '../../support/databases'
import { meeting } from './meeting'
import { ServerView } from './server-view'
import { withConnection } from './with-connection'

const SLEEP = {
  postgres: 'select pg_sleep(2)', // A sleep alone ends early with 1 instead of an error.
  mysql: 'select count(*) from (select sleep(2) union all select 1) as slow',
}
const MAX = 5
const COUNT = 300

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'leaks', (db) => {
    const FAILURES: ((trx: Connection) => Promise<unknown>)[] = [
      () => Promise.reject(new Error('mine')),
      (trx) => trx.select('selec'),
      (trx) => trx.insert('insert into once values (1), (1)'),
      (trx) => trx.transaction((inner) => inner.transaction((innermost) => innermost.select('selec'))),
      (trx) => trx.select(SLEEP[dialect], [], { timeout: 5 }),
      (trx) => trx.select(SLEEP[dialect], [], { signal: AbortSignal.timeout(5) }),
      (trx) => trx.select('select 1', [], { signal: AbortSignal.abort() }),
      (trx) => trx.select('select ? as value', [Symbol('no value') as never]),
      (trx) => trx.beginTransaction(),
      async (trx) => {
        void trx.select('selec').catch(() => {})
        throw new Error('with work on its way')
      },
      async (trx) => {
        const rows = trx.cursor('select 1 as one union all select 2')
        await rows.next()
        throw new Error('with an open cursor')
      },
    ]

    test(`${COUNT} failing transactions, ${FAILURES.length} ways: no connection, no session and no transaction stays`, async () => {
      const view = new ServerView(db)
      await db.connection().statement('create table once (id integer primary key)')
      await withConnection(db, { pool: { max: MAX } }, async (connection) => {
        const sessionsBefore = (await view.sessions()).length
        const results = await Promise.allSettled(
          Array.from({ length: COUNT }, (_, n) => connection.transaction(FAILURES[n % FAILURES.length] as never)),
        )
        expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([])
        expect(connection.pool.stats()).toMatchObject({ active: 0, waiting: 0 })
        expect(connection.pool.getPoolSize()).toBeLessThanOrEqual(MAX)
        // A server that was told to stop before it had begun goes on to the end of that statement.
        await expect.poll(() => view.sessionsInTransaction(), { timeout: 5_000 }).toBe(0)
        await expect
          .poll(async () => (await view.sessions()).length - sessionsBefore, { timeout: 5_000 })
          .toBeLessThanOrEqual(MAX)
        // Every place of the pool can still be lent, all at once.
        const everybody = meeting(MAX)
        await Promise.all(Array.from({ length: MAX }, () => connection.transaction(() => everybody())))
      })
      await view.close()
    })

    test('callers that gave up while they waited cost nothing', async () => {
      await withConnection(db, { pool: { max: 1, acquireTimeoutMillis: 30 } }, async (connection) => {
        await connection.transaction(async () => {
          const waiting = Array.from({ length: 100 }, (_, n) =>
            connection.outsideTransaction(() =>
              connection.select('select 1', [], n % 2 === 0 ? { signal: AbortSignal.timeout(5) } : {}),
            ),
          )
          const results = await Promise.allSettled(waiting)
          expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([])
          await sleep(2)
          expect(connection.pool.stats()).toMatchObject({ active: 1, waiting: 0 })
        })
        expect(await connection.scalar('select 1 as one')).toBe(1)
        expect(connection.pool.stats()).toMatchObject({ size: 1, active: 0, idle: 1 })
      })
    })
  })
}
