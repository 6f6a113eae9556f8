/** Every option of `pool` does what it says (D5). */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConnectionException, InvalidArgumentException } from '../../../js/index'
import { onDatabase, onEveryDatabase } from '../../support/databases'
import { FaultProxy } from '../../support/proxy'
import { meeting } from './meeting'
import { ServerView } from './server-view'
import { withConnection } from './with-connection'

const OWN_SESSION = { postgres: 'select pg_backend_pid() as id', mysql: 'select connection_id() as id' }

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'options of the pool', (db) => {
    let view: ServerView
    let proxy: FaultProxy
    beforeAll(async () => {
      view = new ServerView(db)
      proxy = await FaultProxy.inFrontOf(db.url)
    })
    afterAll(async () => {
      await view.close()
      await proxy.close()
    })
    const session = (of: { scalar(sql: string): Promise<unknown> }) => of.scalar(OWN_SESSION[dialect])
    /** Uses `count` connections at once. */
    const use = async (connection: Parameters<Parameters<typeof withConnection>[2]>[0], count: number) => {
      const everybody = meeting(count)
      return await Promise.all(
        Array.from({ length: count }, () =>
          connection.transaction(async (trx) => {
            const id = await session(trx)
            await everybody()
            return id
          }),
        ),
      )
    }

    test('nothing is opened before the first query; then one connection does for one caller at a time', async () => {
      const before = await view.sessions()
      await withConnection(db, {}, async (connection) => {
        expect(connection.pool.stats()).toEqual({ size: 0, idle: 0, active: 0, waiting: 0, max: 10 })
        expect(connection.pool.getPoolSize()).toBe(0)
        expect(await view.sessions()).toEqual(before)
        const seen = new Set<unknown>()
        for (let n = 0; n < 20; n++) seen.add(await session(connection))
        expect(seen.size).toBe(1)
        expect(connection.pool.stats()).toEqual({ size: 1, idle: 1, active: 0, waiting: 0, max: 10 })
        await connection.transaction(() => {
          expect(connection.pool.stats()).toEqual({ size: 1, idle: 0, active: 1, waiting: 0, max: 10 })
        })
      })
    })

    test('idleTimeoutMillis closes what nobody uses, down to min', async () => {
      await withConnection(db, { pool: { min: 2, max: 6, idleTimeoutMillis: 100 } }, async (connection) => {
        const sessions = await use(connection, 6)
        expect(new Set(sessions).size).toBe(6)
        expect(connection.pool.getPoolSize()).toBe(6)
        await expect.poll(() => connection.pool.getPoolSize(), { timeout: 2_000 }).toBe(2)
        await sleep(250)
        expect(connection.pool.getPoolSize()).toBe(2)
        expect((await view.sessions()).filter((id) => sessions.map(Number).includes(id))).toHaveLength(2)
      })
    })

    test('idleTimeoutMillis 0 closes nothing', async () => {
      await withConnection(db, { pool: { max: 3, idleTimeoutMillis: 0 } }, async (connection) => {
        await use(connection, 3)
        await sleep(300)
        expect(connection.pool.getPoolSize()).toBe(3)
      })
    })

    test('min is opened with the first query, and kept', async () => {
      await withConnection(db, { pool: { min: 3, max: 5, idleTimeoutMillis: 50 } }, async (connection) => {
        await connection.scalar('select 1 as one')
        await expect.poll(() => connection.pool.stats().idle).toBe(3)
        await sleep(200)
        expect(connection.pool.stats()).toEqual({ size: 3, idle: 3, active: 0, waiting: 0, max: 5 })
      })
    })

    test('maxLifetimeMillis replaces a connection, idle or busy, never in the middle of its work', async () => {
      await withConnection(db, { pool: { max: 1, maxLifetimeMillis: 150 } }, async (connection) => {
        const first = await session(connection)
        expect(await session(connection)).toBe(first)
        await connection.transaction(async (trx) => {
          await sleep(250)
          expect(await session(trx)).toBe(first)
        })
        const second = await session(connection)
        expect(second).not.toBe(first)
        await expect.poll(() => connection.pool.getPoolSize(), { timeout: 2_000 }).toBe(0)
        expect(await session(connection)).not.toBe(second)
      })
    })

    test('createTimeoutMillis bounds the opening of a connection, within 100 ms', async () => {
      const options = { host: '127.0.0.1', port: proxy.port, pool: { createTimeoutMillis: 300 } }
      await withConnection(db, options, async (connection) => {
        proxy.blackhole()
        const began = performance.now()
        const error: unknown = await connection.scalar('select 1 as one').catch((thrown: unknown) => thrown)
        const took = performance.now() - began
        expect(error).toBeInstanceOf(ConnectionException)
        expect((error as Error).message).toContain('did not answer within 300 ms (pool.createTimeoutMillis)')
        expect(took).toBeGreaterThanOrEqual(299)
        expect(took).toBeLessThan(400)
        proxy.pass()
        expect(await connection.scalar('select 1 as one')).toBe(1)
      })
    })

    test('acquireTimeoutMillis bounds opening as well, and `acquireConnectionTimeout` is its other name', async () => {
      const options = { host: '127.0.0.1', port: proxy.port, acquireConnectionTimeout: 200 }
      await withConnection(db, options, async (connection) => {
        proxy.blackhole()
        const began = performance.now()
        await expect(connection.scalar('select 1 as one')).rejects.toMatchObject({ code: 'POOL_TIMEOUT' })
        expect(performance.now() - began).toBeLessThan(300)
        proxy.pass()
        expect(await connection.scalar('select 1 as one')).toBe(1)
      })
    })
  })
}

onEveryDatabase('options of the pool that cannot work', (db) => {
  test.each([
    ['min above max', { min: 3, max: 2 }, 'min'],
    ['a negative number', { max: -1 }, 'max'],
    ['no place at all', { max: 0 }, 'max'],
    ['a text', { max: 'many' }, 'max'],
    ['a fraction', { acquireTimeoutMillis: 1.5 }, 'acquireTimeoutMillis'],
    ['a name that is nearly right', { idleTimeoutMilis: 5 }, 'idleTimeoutMillis'],
  ])('%s is refused at once, by its name', (_, pool, name) => {
    const add = () => db.capsule.addConnection(db.config({ pool }), 'refused')
    expect(add).toThrow(InvalidArgumentException)
    expect(add).toThrow(name)
  })
})
