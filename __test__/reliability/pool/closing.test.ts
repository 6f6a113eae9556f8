/** Closing: running work may end, nothing waits for ever, and the connection can be used again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DB, LostConnectionException } from '../../../js/index'
import { onDatabase, onEveryDatabase } from '../../support/databases'
import { meeting } from './meeting'
import { ServerView } from './server-view'
import { withConnection } from './with-connection'

const SLEEP = { postgres: (s: number) => `select pg_sleep(${s})`, mysql: (s: number) => `select sleep(${s})` }

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'closing', (db) => {
    let view: ServerView
    beforeAll(() => {
      view = new ServerView(db)
    })
    afterAll(() => view.close())

    test('running queries end first; the server has no session any more when it is done', async () => {
      const before = (await view.sessions()).length
      await withConnection(db, { pool: { max: 4 } }, async (connection) => {
        const everybody = meeting(4)
        await Promise.all(Array.from({ length: 4 }, () => connection.transaction(() => everybody())))
        const running = Array.from({ length: 3 }, () => connection.select(SLEEP[dialect](0.2)))
        await sleep(20)
        await connection.disconnect()
        const results = await Promise.allSettled(running)
        expect(results.map(({ status }) => status)).toEqual(Array(3).fill('fulfilled'))
        expect(connection.pool.stats()).toMatchObject({ size: 0, idle: 0, active: 0 })
        expect((await view.sessions()).length).toBe(before)
      })
    })

    test('a query that is stuck is ended at the deadline, here and on the server', async () => {
      const before = (await view.sessions()).length
      await withConnection(db, { pool: { max: 2 } }, async (connection) => {
        const stuck = connection.select(SLEEP[dialect](30)).catch((thrown: unknown) => thrown)
        await expect.poll(async () => (await view.sessions()).length).toBeGreaterThan(before)
        await sleep(20)
        const began = performance.now()
        await connection.disconnect({ deadline: 300 })
        const took = performance.now() - began
        expect(took).toBeGreaterThanOrEqual(299)
        expect(took).toBeLessThan(500)
        expect(await stuck).toBeInstanceOf(LostConnectionException)
        await expect.poll(async () => (await view.sessions()).length).toBe(before)
        expect(await connection.scalar('select 1 as one')).toBe(1)
      })
    })

    test('a transaction that does nothing is ended at the deadline, and its callback hears of it', async () => {
      await withConnection(db, { pool: { max: 1 } }, async (connection) => {
        let goOn = () => {}
        const closed = new Promise<void>((resolve) => {
          goOn = resolve
        })
        const running = connection.transaction(async (trx) => {
          await trx.scalar('select 1 as one')
          await closed
          await trx.scalar('select 2 as two')
        })
        const outcome = running.catch((thrown: unknown) => thrown)
        await sleep(50)
        const began = performance.now()
        await connection.disconnect({ deadline: 200 })
        expect(performance.now() - began).toBeLessThan(400)
        goOn()
        expect(await outcome).toMatchObject({ code: expect.stringMatching(/^(LOST_CONNECTION|TRANSACTION_CLOSED)$/) })
        await expect.poll(() => view.idleInTransaction()).toBe(0)
      })
    })

    test('those who wait for a connection are refused at once', async () => {
      await withConnection(db, { pool: { max: 1 } }, async (connection) => {
        await connection.scalar('select 1 as one')
        const running = connection.select(SLEEP[dialect](0.5))
        const waiting = Promise.allSettled(Array.from({ length: 20 }, () => connection.scalar('select 1 as one')))
        await expect.poll(() => connection.pool.stats()).toMatchObject({ active: 1, waiting: 20 })
        const began = performance.now()
        const closing = connection.disconnect()
        for (const result of await waiting) expect(result).toMatchObject({ reason: { code: 'CLOSED' } })
        expect(performance.now() - began).toBeLessThan(300)
        await running
        await closing
      })
    })

    test('reconnect gives a new session', async () => {
      const own = { postgres: 'select pg_backend_pid() as id', mysql: 'select connection_id() as id' }[dialect]
      await withConnection(db, {}, async (connection) => {
        const first = await connection.scalar(own)
        expect(await connection.reconnect()).toBe(connection)
        expect(await connection.scalar(own)).not.toBe(first)
        expect(await view.sessions()).not.toContain(Number(first))
      })
    })
  })
}

onEveryDatabase('closing', (db) => {
  test('a query after it opens the connection again, as often as one likes', async () => {
    await withConnection(db, {}, async (connection) => {
      for (let n = 0; n < 20; n++) {
        expect(await connection.scalar('select 1 as one')).toBe(1)
        await connection.disconnect()
        expect(connection.pool.stats()).toMatchObject({ size: 0, active: 0 })
      }
    })
  })

  test('twice, at once, and without a query before is no error', async () => {
    await withConnection(db, {}, async (connection) => {
      await connection.disconnect()
      await connection.scalar('select 1 as one')
      await Promise.all([connection.disconnect(), connection.disconnect(), connection.disconnect()])
      await connection.disconnect()
    })
  })

  test('purge forgets the connection, its name can be given again', async () => {
    db.capsule.addConnection(db.config(), 'purged')
    const old = db.capsule.connection('purged')
    expect(await old.scalar('select 1 as one')).toBe(1)
    await DB.purge('purged')
    expect(old.pool.stats().size).toBe(0)
    expect(() => DB.connection('purged')).toThrow('[purged] not configured')
    db.capsule.addConnection(db.config(), 'purged')
    expect(await DB.connection('purged').scalar('select 1 as one')).toBe(1)
    await DB.purge('purged')
  })

  test('a hundred pools opened and closed leave nothing open in this process', async () => {
    const files = await openFiles()
    for (let n = 0; n < 100; n++) {
      await withConnection(db, {}, (connection) => connection.scalar('select 1 as one'))
    }
    expect((await openFiles()) - files).toBeLessThanOrEqual(2)
  })
})

/** Open descriptors of this process; 0 where the system does not list them. */
async function openFiles(): Promise<number> {
  const { readdir } = await import('node:fs/promises')
  return (await readdir('/proc/self/fd').catch(() => [])).length
}
