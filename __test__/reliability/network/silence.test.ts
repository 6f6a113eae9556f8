/** Promises 23, 24 and 28: every wait ends, also on a network that swallows everything. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  ConnectionException,
  LostConnectionException,
  PoolTimeoutException,
  QueryTimeoutException,
} from '../../../js/errors'
import { type DialectName, onDatabase } from '../../support/databases'
import { FaultProxy } from '../../support/proxy'
import { connectIn, inBothHosts, outcomeOf, pause, report, TIMED } from './hosts'

/** What a time limit may be late by when the server does not answer: 150 ms to be told, and a busy machine. */
const LATE_MS = 350
/** The same in a transaction, whose connection gets 400 ms. */
const LATE_IN_TRANSACTION_MS = 650

const SLEEP: Record<string, (seconds: number) => string> = {
  postgres: (seconds) => `select pg_sleep(${seconds}) /* guruorm_silence */`,
  mysql: (seconds) => `select sleep(${seconds}) /* guruorm_silence */`,
}
const RUNNING: Record<string, string> = {
  postgres:
    "select count(*) from pg_stat_activity where state = 'active' and query like '%guruorm_silence%' and pid <> pg_backend_pid()",
  mysql:
    "select count(*) from information_schema.processlist where info like '%guruorm_silence%' and id <> connection_id()",
}

for (const dialect of ['postgres', 'mysql'] as DialectName[]) {
  onDatabase(dialect, 'a silent network', (db) => {
    const sleep = SLEEP[dialect] as (seconds: number) => string
    let proxy: FaultProxy
    beforeAll(async () => {
      proxy = await FaultProxy.inFrontOf(db.url)
    })
    afterEach(() => proxy.pass())
    afterAll(() => proxy.close())

    inBothHosts((host) => {
      const connect = (options: Record<string, unknown> = {}, pool: Record<string, unknown> = {}) =>
        connectIn(host, db.config({ host: '127.0.0.1', port: proxy.port, pool: { max: 4, ...pool }, ...options }))
      /** `count` statements at the same time: the pool then has as many connections. */
      const together = (connection: ReturnType<typeof connect>, count: number, seconds: number) =>
        Promise.all(Array.from({ length: count }, () => connection.select(sleep(seconds))))

      test('opening a connection ends at createTimeoutMillis', TIMED, async () => {
        proxy.blackhole()
        const { error, ms } = await outcomeOf(connect({}, { createTimeoutMillis: 300 }).scalar('select 1'))
        expect(error).toBeInstanceOf(ConnectionException)
        expect(error?.message).toContain('createTimeoutMillis')
        expect(ms).toBeGreaterThan(290)
        expect(ms).toBeLessThan(300 + LATE_MS)
      })

      test('waiting for a connection ends at acquireTimeoutMillis, and says what holds them', TIMED, async () => {
        const connection = connect({}, { max: 1, acquireTimeoutMillis: 200 })
        const held = connection.pin(() => pause(500))
        await pause(50)
        const { error, ms } = await outcomeOf(connection.scalar('select 1'))
        expect(error).toBeInstanceOf(PoolTimeoutException)
        expect(error?.message).toMatch(/1 of 1 open, 0 idle/)
        expect(ms).toBeLessThan(200 + 100)
        await held
      })

      test('a statement ends at its limit, although neither it nor its cancellation can be sent', TIMED, async () => {
        const connection = connect()
        await connection.scalar('select 1')
        proxy.blackhole()
        const { error, ms } = await outcomeOf(connection.select(sleep(0), [], { timeout: 250 }))
        expect(error).toBeInstanceOf(QueryTimeoutException)
        expect(ms).toBeGreaterThan(245)
        report(`statement limit 250 ms on a silent network, ${db.driver} ${host}`, { ms })
        expect(ms).toBeLessThan(250 + LATE_MS)
      })

      test('the limit of a call holds for the wait for a connection, too', TIMED, async () => {
        const connection = connect({}, { max: 1 })
        const held = connection.pin(() => pause(400))
        await pause(50)
        const { error, ms } = await outcomeOf(connection.scalar('select 1', [], { timeout: 150 }))
        expect(error).toBeInstanceOf(QueryTimeoutException)
        expect(error?.message).toContain('no connection became free')
        expect(ms).toBeLessThan(150 + 100)
        await held
        expect(connection.pool.stats()).toMatchObject({ active: 0, waiting: 0 })
      })

      test('a statement that reads is not tried again once its limit is over', TIMED, async () => {
        const connection = connect()
        await connection.scalar('select 1')
        proxy.blackhole()
        const running = outcomeOf(connection.select(sleep(0), [], { timeout: 300 }))
        await pause(250)
        proxy.cut()
        const { ms } = await running
        expect(ms).toBeLessThan(300 + LATE_MS)
      })

      test('a transaction ends at the limit of its statement', TIMED, async () => {
        const connection = connect()
        await connection.scalar('select 1')
        const { error, ms } = await outcomeOf(
          connection.transaction(async (transaction) => {
            await transaction.select(sleep(0))
            proxy.blackhole()
            await transaction.select(sleep(0), [], { timeout: 250 })
          }),
        )
        expect(error).toBeInstanceOf(QueryTimeoutException)
        report(`statement limit 250 ms in a transaction on a silent network, ${db.driver} ${host}`, { ms })
        expect(ms).toBeLessThan(250 + LATE_IN_TRANSACTION_MS)
      })

      test('beginning a transaction ends with the limit for getting a connection', TIMED, async () => {
        const connection = connect({}, { acquireTimeoutMillis: 300 })
        await connection.scalar('select 1')
        proxy.blackhole()
        // On a connection that was just used it begins with the first statement, and before one of the program's own.
        const used = await outcomeOf(connection.transaction((trx) => trx.select('select 1')))
        expect(used.error).toBeInstanceOf(QueryTimeoutException)
        expect(used.ms).toBeLessThan(300 + LATE_IN_TRANSACTION_MS)
        proxy.pass()
        await connection.scalar('select 1')
        await pause(1050)
        proxy.blackhole()
        const rested = await outcomeOf(connection.transaction(async () => {}))
        expect(rested.error).toBeInstanceOf(QueryTimeoutException)
        expect(rested.ms).toBeLessThan(300 + LATE_IN_TRANSACTION_MS)
      })

      test('after an outage of 0.3 s the pool serves as many statements at a time as before', TIMED, async () => {
        const max = 4
        const connection = connect()
        await together(connection, max, 0.05)
        expect(connection.pool.stats().size).toBe(max)
        proxy.blackhole()
        // Two without a limit, one with one, one that leaves its session to be reset.
        const during = [
          outcomeOf(connection.select(sleep(0))),
          outcomeOf(connection.select(sleep(0))),
          outcomeOf(connection.select(sleep(0), [], { timeout: 100 })),
          outcomeOf(connection.unprepared('select 1')),
        ]
        await pause(300)
        proxy.pass()
        const healed = performance.now()
        const began = performance.now()
        await together(connection, max, 0.2)
        const ms = performance.now() - healed
        report(`outage of 300 ms, ${db.driver} ${host}`, { 'all connections busy and done after ms': ms })
        expect(performance.now() - began).toBeLessThan(2000)
        const errors = (await Promise.all(during)).map(({ error }) => error?.code)
        expect(errors).toEqual([undefined, undefined, 'QUERY_TIMEOUT', undefined])
        await expect.poll(() => connection.pool.stats().active).toBe(0)
        // One after the other they would take 0.8 s.
        const again = performance.now()
        await together(connection, max, 0.2)
        expect(performance.now() - again).toBeLessThan(600)
      })

      test('after an outage that cuts every connection the pool serves again at once', TIMED, async () => {
        const connection = connect()
        await together(connection, 4, 0.02)
        proxy.blackhole()
        const during = Array.from({ length: 8 }, () => outcomeOf(connection.statement(sleep(0), [], { timeout: 200 })))
        await pause(100)
        proxy.cut()
        await pause(200)
        proxy.pass()
        const healed = performance.now()
        await together(connection, 4, 0.05)
        expect(performance.now() - healed).toBeLessThan(2000)
        await Promise.all(during)
        expect(connection.pool.stats()).toMatchObject({ active: 0, waiting: 0 })
      })

      test('disconnect ends at its deadline, rejects what still runs and stops it on the server', TIMED, async () => {
        const connection = connect()
        const stuck = outcomeOf(connection.select(sleep(30)))
        const running = async () => Number(await db.connection().scalar(RUNNING[dialect] as string))
        await expect.poll(running, { interval: 10 }).toBe(1)
        const { error, ms } = await outcomeOf(connection.disconnect({ deadline: 200 }))
        expect(error).toBeUndefined()
        expect((await stuck).error).toBeInstanceOf(LostConnectionException)
        report(`disconnect, deadline 200 ms, stuck statement, ${db.driver} ${host}`, { ms })
        expect(ms).toBeGreaterThan(195)
        expect(ms).toBeLessThan(200 + 200)
        await expect.poll(running, { interval: 10, timeout: 250 }).toBe(0)
        expect(await connection.scalar('select 5')).toBe(5)
      })

      test('disconnect ends at its deadline on a silent network, and with an open transaction', TIMED, async () => {
        const connection = connect()
        await connection.scalar('select 1')
        let release = () => {}
        const transaction = outcomeOf(
          connection.transaction(async (open) => {
            await open.select(sleep(0))
            await new Promise<void>((resolve) => {
              release = resolve
            })
          }),
        )
        const idle = connection.select(sleep(0.1))
        await expect.poll(() => connection.pool.stats().active).toBe(2)
        await idle
        proxy.blackhole()
        const stuck = outcomeOf(connection.select(sleep(0)))
        const { ms } = await outcomeOf(connection.disconnect({ deadline: 200 }))
        report(`disconnect, deadline 200 ms, silent network, ${db.driver} ${host}`, { ms })
        expect(ms).toBeLessThan(200 + 200)
        expect((await stuck).error).toBeInstanceOf(LostConnectionException)
        release()
        expect((await transaction).error).toBeDefined()
      })
    })
  })
}
