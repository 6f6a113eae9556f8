/** Promises 14, 15, 16 and 18: how many sockets, how long a wait, in which order, and never a deadlock. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Connection, PoolTimeoutException } from '../../../js/index'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../../support/databases'
import { FaultProxy } from '../../support/proxy'
import { meeting } from './meeting'
import { withConnection } from './with-connection'

const LIMIT_MS = 500
const SLEEP_5_MS = { postgres: 'select pg_sleep(0.005)', mysql: 'select sleep(0.005)' }

/** Lends all connections of a pool, runs `work`, and gives them back. */
async function whileFull(connection: Connection, max: number, work: () => Promise<void>): Promise<void> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const everybody = meeting(max + 1)
  const holders = Array.from({ length: max }, () =>
    connection.transaction(async () => {
      void everybody()
      await released
    }),
  )
  await everybody()
  try {
    await work()
  } finally {
    release()
    await Promise.all(holders)
  }
}

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'limits of the pool', (db) => {
    let proxy: FaultProxy
    beforeEach(async () => {
      proxy = await FaultProxy.inFrontOf(db.url)
    })
    afterEach(() => proxy.close())
    const through = (pool: object) => ({ host: '127.0.0.1', port: proxy.port, pool })

    test('500 cold queries through a pool of 10: never more than 10 sockets', async () => {
      await withConnection(db, through({ max: 10 }), async (connection) => {
        const answers = await Promise.all(Array.from({ length: 500 }, () => connection.scalar('select 1 as one')))
        expect(answers).toEqual(Array(500).fill(1))
        expect(connection.pool.stats()).toEqual({ size: 10, idle: 10, active: 0, waiting: 0, max: 10 })
      })
      expect(proxy.peak).toBe(10)
      expect(proxy.accepted).toBe(10)
    })

    test('sockets that are cut, sessions that are replaced, statements that fail: never more than max', async () => {
      await withConnection(db, through({ max: 4 }), async (connection) => {
        const work = Array.from({ length: 300 }, async (_, n) => {
          await sleep(n % 50)
          if (n % 100 === 99) proxy.cut()
          if (n % 7 === 0) await connection.select('selec')
          else if (n % 5 === 0) await connection.unprepared('select 1')
          else await connection.select(SLEEP_5_MS[dialect])
        })
        await Promise.allSettled(work)
        expect(await connection.scalar('select 1 as one')).toBe(1)
      })
      expect(proxy.accepted).toBeGreaterThan(4)
      expect(proxy.peak).toBeLessThanOrEqual(4)
    })

    test('a thousand waiters are served in their order', async () => {
      await withConnection(db, { pool: { max: 1 } }, async (connection) => {
        const served: number[] = []
        await Promise.all(
          Array.from({ length: 1_000 }, (_, n) => connection.scalar('select 1 as one').then(() => served.push(n))),
        )
        expect(served).toEqual(Array.from({ length: 1_000 }, (_, n) => n))
      })
    })

    test('under steady load nobody waits for many more turns than the others', async () => {
      await withConnection(db, { pool: { max: 4 } }, async (connection) => {
        // Counted in queries of others, not in milliseconds: a slow machine is slow for all.
        let ended = 0
        const turns: number[] = []
        await Promise.all(
          Array.from({ length: 30 }, async () => {
            for (let n = 0; n < 20; n++) {
              const before = ended
              await connection.select(SLEEP_5_MS[dialect])
              turns.push(ended - before)
              ended++
            }
          }),
        )
        turns.sort((a, b) => a - b)
        const [middle = 0, most = 0] = [turns[turns.length / 2], turns[Math.floor(turns.length * 0.99)]]
        expect(most / middle, `p50 ${middle} turns, p99 ${most} turns`).toBeLessThanOrEqual(3)
      })
    })
  })
}

onEveryDatabase('the acquire limit', (db) => {
  const writes = (db: TestDatabase) => (db.dialect === 'sqlite' ? 1 : 2)

  test('holds within 100 ms, and the message says what the pool is doing', async () => {
    const max = writes(db)
    await withConnection(db, { pool: { max, acquireTimeoutMillis: LIMIT_MS } }, async (connection) => {
      await whileFull(connection, max, async () => {
        await sleep(50)
        const took: number[] = []
        const errors = await Promise.all(
          Array.from({ length: 20 }, async () => {
            const began = performance.now()
            const error = await connection.transaction(() => {}).catch((thrown: unknown) => thrown)
            took.push(performance.now() - began)
            return error as Error
          }),
        )
        for (const error of errors) expect(error).toBeInstanceOf(PoolTimeoutException)
        const facts = new RegExp(
          `within ${LIMIT_MS} ms \\(pool.acquireTimeoutMillis\\): ${max} of ${max} open, 0 idle, \\d+ waiting; the oldest lent one has been out for \\d+ ms`,
        )
        expect(errors[0]?.message).toMatch(facts)
        expect(Math.min(...took)).toBeGreaterThanOrEqual(LIMIT_MS - 1)
        expect(Math.max(...took)).toBeLessThanOrEqual(LIMIT_MS + 100)
      })
      expect(await connection.transaction(() => 'well')).toBe('well')
    })
  })

  test('the message says where the oldest transaction was begun', async () => {
    const max = writes(db)
    await withConnection(db, { pool: { max, acquireTimeoutMillis: 50 } }, async (connection) => {
      await whileFull(connection, max, async () => {
        const error = await connection.transaction(() => {}).catch((thrown: unknown) => thrown)
        expect((error as Error).message).toMatch(/oldest was begun .*limits\.test\.ts:\d+/)
      })
    })
  })

  test('a program that begins very many misses such a place once at most', async () => {
    const max = writes(db)
    await withConnection(db, { pool: { max, acquireTimeoutMillis: 20 } }, async (connection) => {
      const messages: string[] = []
      while (messages.length < 6) {
        for (let count = 0; count < 200; count++) await connection.transaction(() => {})
        await whileFull(connection, max, async () => {
          const error = await connection.transaction(() => {}).catch((thrown: unknown) => thrown)
          messages.push((error as Error).message)
        })
      }
      const missed = messages.filter((message) => !/oldest was begun .*limits\.test\.ts:\d+/.test(message))
      expect(missed.length).toBeLessThanOrEqual(1)
    })
  })

  test('transactions that use the pool inside do not wait for each other', async () => {
    await withConnection(db, { pool: { max: 2, acquireTimeoutMillis: 2_000 } }, async (connection) => {
      const isServer = db.dialect !== 'sqlite'
      const everybody = meeting(2)
      const results = await Promise.allSettled(
        [1, 2, 3, 4].map((n) =>
          connection.transaction(async () => {
            if (isServer && n <= 2) await everybody()
            return await connection.scalar('select 1 as one')
          }),
        ),
      )
      expect(results.map(({ status }) => status)).toEqual(Array(4).fill('fulfilled'))
    })
  })

  test('transactions that each want a second connection end at the limit with an explanation, then all is well', async () => {
    const max = writes(db)
    await withConnection(db, { pool: { max, acquireTimeoutMillis: LIMIT_MS } }, async (connection) => {
      const began = performance.now()
      const everybody = meeting(max)
      const results = await Promise.allSettled(
        Array.from({ length: max }, () =>
          connection.transaction(async () => {
            await everybody()
            await connection.outsideTransaction(() => connection.transaction(() => {}))
          }),
        ),
      )
      expect(performance.now() - began).toBeLessThan(LIMIT_MS + 300)
      // The first that gives up lets the next one in.
      expect(results[0]).toMatchObject({ status: 'rejected' })
      expect(String((results[0] as PromiseRejectedResult).reason)).toContain(
        'work inside of a transaction must use its connection',
      )
      expect(connection.pool.stats().active).toBe(0)
      expect(await connection.transaction(() => 'well')).toBe('well')
    })
  })
})
