/** Promises 19 and 20: connections that the server ends. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { LostConnectionException } from '../../../js/index'
import { onDatabase } from '../../support/databases'
import { meeting } from './meeting'
import { ServerView } from './server-view'
import { withConnection } from './with-connection'

const AT_ONCE = 10
const ROUNDS = 10
const all = <T>(work: (n: number) => Promise<T>) => Promise.all(Array.from({ length: AT_ONCE }, (_, n) => work(n)))

const OWN_SESSION = { postgres: 'select pg_backend_pid() as id', mysql: 'select connection_id() as id' }
const SLEEP = { postgres: 'select pg_sleep(5)', mysql: 'select sleep(5)' }
/** A write that takes long, and leaves a row when it is done. */
const SLOW_WRITE = {
  postgres: 'insert into kept select ? from pg_sleep(0.5)',
  mysql: 'insert into kept select ? from (select sleep(0.5)) as slept',
}

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'killed connections', (db) => {
    beforeEach(async () => {
      await db.connection().statement('drop table if exists kept')
      await db.connection().statement('create table kept (id integer)')
    })

    test('a hundred idle ones: nobody notices, writes included', async () => {
      const view = new ServerView(db)
      await withConnection(db, { pool: { max: AT_ONCE } }, async (connection) => {
        const write = (id: number) => connection.insert('insert into kept values (?)', [id])
        let killed = 0
        for (let round = 0; round < ROUNDS; round++) {
          // All connections are used at once, and each has the statement prepared.
          const everybody = meeting(AT_ONCE)
          const mine = await all((n) =>
            connection.transaction(async (trx) => {
              await trx.insert('insert into kept values (?)', [-n - 1])
              await everybody()
              return Number(await trx.scalar(OWN_SESSION[dialect]))
            }),
          )
          await view.kill(mine)
          killed += new Set(mine).size
          await all((n) => write(round * AT_ONCE + n))
        }
        expect(killed).toBe(ROUNDS * AT_ONCE)
        expect(await connection.scalar('select count(distinct id) as n from kept where id >= 0')).toBe(killed)
        expect(await connection.scalar('select count(*) as n from kept where id >= 0')).toBe(killed)
        expect(connection.pool.stats().size).toBeLessThanOrEqual(AT_ONCE)
      })
      await view.close()
    })

    test('a hundred running queries: each rejects within a second, and the next one works', async () => {
      const view = new ServerView(db)
      const slowest: number[] = []
      await withConnection(db, { pool: { max: AT_ONCE } }, async (connection) => {
        for (let round = 0; round < ROUNDS; round++) {
          const running = all(() => connection.select(SLEEP[dialect]).catch((thrown: unknown) => thrown))
          await expect.poll(async () => (await view.sessions()).length).toBeGreaterThanOrEqual(AT_ONCE)
          await sleep(20)
          const began = performance.now()
          await view.kill(await view.sessions())
          for (const error of await running) expect(error).toBeInstanceOf(LostConnectionException)
          slowest.push(performance.now() - began)
          expect(await all(() => connection.scalar('select 1 as one'))).toEqual(Array(AT_ONCE).fill(1))
        }
      })
      await view.close()
      expect(Math.max(...slowest)).toBeLessThan(1_000)
    })

    test('a write that was running is never sent again', async () => {
      const view = new ServerView(db)
      await withConnection(db, { pool: { max: AT_ONCE } }, async (connection) => {
        const running = all((n) => connection.insert(SLOW_WRITE[dialect], [n]).catch((thrown: unknown) => thrown))
        await expect.poll(async () => (await view.sessions()).length).toBeGreaterThanOrEqual(AT_ONCE)
        await sleep(50)
        await view.kill(await view.sessions())
        for (const error of await running) expect(error).toBeInstanceOf(LostConnectionException)
        await sleep(600)
        expect(await connection.scalar('select count(*) as n from kept')).toBe(0)
      })
      await view.close()
    })
  })
}
