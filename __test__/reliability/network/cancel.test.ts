/** Promise 34: an AbortSignal and a time limit stop the statement on the server. */
import { expect, test } from 'vitest'
import { QueryAbortedException, QueryTimeoutException } from '../../../js/errors'
import { onEveryDatabase, type PerDialect, type TestDatabase } from '../../support/databases'
import { connectIn, inBothHosts, outcomeOf, pause, randomFrom, report, TIMED } from './hosts'

/** Told after 150 ms when the server does not answer; usually it has by then. */
const TOLD_MS = 200
const GONE_MS = 500

const count = (to: number) => `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${to}) select`

/** A statement that runs for half a minute. The comment makes it known to the server's list of statements. */
const LONG: PerDialect<string> = {
  postgres: 'select pg_sleep(30) /* guruorm_cancel */',
  mysql: 'select sleep(30) /* guruorm_cancel */ from dual',
  sqlite: `${count(1_000_000_000)} max(i) from n`,
}

/** A statement of some milliseconds with rows. */
const SHORT: PerDialect<string> = {
  postgres: 'select i, repeat(md5(i::text), 5) as text from generate_series(1, 2000) i',
  mysql: 'select seq as i, repeat(md5(seq), 5) as text from seq_1_to_2000',
  sqlite: `${count(2000)} i, hex(zeroblob(80)) as text from n`,
}

/** How many statements marked with the comment the server runs at this moment. */
async function running(db: TestDatabase): Promise<number> {
  if (db.dialect === 'sqlite') return 0
  const sql = {
    postgres:
      "select count(*) from pg_stat_activity where state = 'active' and query like '%guruorm_cancel%' and pid <> pg_backend_pid()",
    mysql:
      "select count(*) from information_schema.processlist where info like '%guruorm_cancel%' and id <> connection_id()",
  }[db.dialect]
  return Number(await db.connection().scalar(sql))
}

onEveryDatabase('stopping a statement', (db) => {
  inBothHosts((host) => {
    const connect = (max = 1) => connectIn(host, db.config({ pool: { max } }))
    const backend: PerDialect<string> = {
      postgres: 'select pg_backend_pid()',
      mysql: 'select connection_id()',
      sqlite: 'select 1',
    }

    test(
      'an abort rejects at once, ends the statement on the server and leaves the connection usable',
      TIMED,
      async () => {
        const connection = connect()
        const before = await connection.scalar(backend[db.dialect])
        const told: number[] = []
        const gone: number[] = []
        for (let round = 0; round < 5; round++) {
          const controller = new AbortController()
          const long = outcomeOf(connection.select(LONG[db.dialect], [], { signal: controller.signal }))
          if (db.dialect !== 'sqlite') await expect.poll(() => running(db), { interval: 5 }).toBe(1)
          else await pause(20)
          const aborted = performance.now()
          controller.abort(new Error('enough'))
          const { error } = await long
          told.push(performance.now() - aborted)
          expect(error).toBeInstanceOf(QueryAbortedException)
          expect(error?.cause).toEqual(new Error('enough'))
          await expect.poll(() => running(db), { interval: 5, timeout: GONE_MS }).toBe(0)
          gone.push(performance.now() - aborted)
          expect(await connection.scalar('select 7')).toBe(7)
        }
        report(`abort, ${db.driver} ${host}`, { 'told ms': Math.max(...told), 'gone ms': Math.max(...gone) })
        expect(Math.max(...told)).toBeLessThan(TOLD_MS)
        expect(await connection.scalar(backend[db.dialect])).toBe(before)
        expect(connection.pool.stats()).toMatchObject({ size: 1, active: 0, waiting: 0 })
      },
    )

    test(
      'a time limit rejects when it is over, ends the statement on the server and leaves the connection usable',
      TIMED,
      async () => {
        const connection = connect()
        const before = await connection.scalar(backend[db.dialect])
        const { error, ms } = await outcomeOf(connection.select(LONG[db.dialect], [], { timeout: 100 }))
        expect(error).toBeInstanceOf(QueryTimeoutException)
        expect(error?.message).toContain('100 ms')
        // SQLite's first 20 ms pass before `outcomeOf` looks at its clock.
        expect(ms).toBeGreaterThan(70)
        expect(ms).toBeLessThan(100 + TOLD_MS)
        await expect.poll(() => running(db), { interval: 5, timeout: GONE_MS }).toBe(0)
        expect(await connection.scalar(backend[db.dialect])).toBe(before)
      },
    )

    test('a time limit of the connection holds for every statement', TIMED, async () => {
      const connection = connectIn(host, db.config({ statementTimeout: 100 }))
      const { error, ms } = await outcomeOf(connection.table(connection.raw(`(${LONG[db.dialect]}) as t`)).get())
      expect(error?.code).toBe('QUERY_TIMEOUT')
      expect(ms).toBeLessThan(100 + TOLD_MS)
    })

    test('200 aborts at random moments lose no answer, no connection and no step', async () => {
      const max = 3
      const connection = connect(max)
      const random = randomFrom(34)
      await connection.select(SHORT[db.dialect])
      const began = performance.now()
      await connection.select(SHORT[db.dialect])
      const whole = Math.max(2, performance.now() - began)
      let aborted = 0
      const one = async (number: number) => {
        const controller = new AbortController()
        const delay = random() * whole * 1.5
        if (random() < 0.1) controller.abort()
        else setTimeout(() => controller.abort(), delay)
        const { value, error } = await outcomeOf(
          connection.select(SHORT[db.dialect], [], { signal: controller.signal }),
        )
        if (error === undefined) expect(value).toHaveLength(2000)
        else {
          expect(error).toBeInstanceOf(QueryAbortedException)
          aborted += 1
        }
        // Whatever the connection had left over would be the answer to this.
        expect(Number(await connection.scalar('select ? + 0', [number]))).toBe(number)
      }
      for (let round = 0; round < 200; round += 4) await Promise.all([0, 1, 2, 3].map((each) => one(round + each)))
      report(`random aborts, ${db.driver} ${host}`, { aborted, finished: 200 - aborted, 'statement ms': whole })
      expect(aborted).toBeGreaterThan(20)
      expect(connection.pool.stats()).toMatchObject({ active: 0, waiting: 0 })
      expect(connection.pool.stats().size).toBeLessThanOrEqual(max)
      const all = await Promise.all(Array.from({ length: max }, (_, index) => connection.scalar(`select ${index}`)))
      expect(all).toEqual([0, 1, 2])
    })

    test('an abort while waiting for a connection leaves the queue and nothing else', TIMED, async () => {
      const connection = connect()
      const holder = outcomeOf(connection.pin(() => pause(150)))
      await pause(20)
      const controller = new AbortController()
      const waiting = outcomeOf(connection.statement('select 1', [], { signal: controller.signal }))
      const behind = connection.scalar('select 8')
      await pause(20)
      const aborted = performance.now()
      controller.abort()
      const { error } = await waiting
      expect(performance.now() - aborted).toBeLessThan(TOLD_MS)
      expect(error).toBeInstanceOf(QueryAbortedException)
      expect(await behind).toBe(8)
      expect((await holder).error).toBeUndefined()
    })

    test('a signal that is aborted already sends nothing', async () => {
      const connection = connect()
      const { error } = await outcomeOf(connection.select('select 1', [], { signal: AbortSignal.abort('no') }))
      expect(error).toBeInstanceOf(QueryAbortedException)
      expect(error?.cause).toBe('no')
      expect(connection.pool.stats().size).toBe(0)
    })

    test('an abort ends a cursor, in the loop and while its rows are waited for', async () => {
      const connection = connect()
      const controller = new AbortController()
      const read = async () => {
        let seen = 0
        for await (const _ of connection.cursor(LOTS[db.dialect], [], { signal: controller.signal })) {
          seen += 1
          if (seen === 1000) controller.abort()
        }
        return seen
      }
      const { error } = await outcomeOf(read())
      expect(error).toBeInstanceOf(QueryAbortedException)
      expect(await connection.scalar('select 9')).toBe(9)

      const later = new AbortController()
      setTimeout(() => later.abort(), 50)
      const never = connection.cursor(LONG[db.dialect], [], { signal: later.signal })
      expect((await outcomeOf(never.next())).error).toBeInstanceOf(QueryAbortedException)
      expect(await connection.scalar('select 9')).toBe(9)
    })

    test('a listener that is no longer needed is taken off the signal', async () => {
      const connection = connect()
      const { signal } = new AbortController()
      let listening = 0
      const { addEventListener, removeEventListener } = signal
      Object.assign(signal, {
        addEventListener: (...args: Parameters<typeof addEventListener>) => {
          listening += 1
          addEventListener.apply(signal, args)
        },
        removeEventListener: (...args: Parameters<typeof removeEventListener>) => {
          listening -= 1
          removeEventListener.apply(signal, args)
        },
      })
      for (let round = 0; round < 20; round++) await connection.select('select 1', [], { signal })
      expect(listening).toBe(0)
    })
  })
})

/** More rows than fit into the buffers between here and there. */
const LOTS: PerDialect<string> = {
  postgres: 'select i, md5(i::text) as text from generate_series(1, 500000) i',
  mysql: 'select seq as i, md5(seq) as text from seq_1_to_500000',
  sqlite: `${count(500_000)} i, hex(zeroblob(16)) as text from n`,
}
