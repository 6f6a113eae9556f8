/** Short reads that wait for a connection are sent together on one (docs/decisions/0015), and nobody notices but by the clock. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Connection, LostConnectionException, PoolTimeoutException, QueryException } from '../../../js/index'
import { onDatabase, type TestDatabase } from '../../support/databases'
import { FaultProxy } from '../../support/proxy'
import { ServerView } from './server-view'

const READERS = 6

interface Server {
  /** PostgreSQL: Bind and Execute for each, and one Sync. MariaDB: COM_STMT_EXECUTE for each. */
  messages: number
  sleep: string
  session: string
  lock(table: string): string
  release: string
  ageBecomesText: string
  /** Whether it says so when it ends a session: MariaDB closes the socket without a word. */
  saysGoodbye: boolean
  waitingForLock: string
}

const SERVERS: Record<'postgres' | 'mysql', Server> = {
  postgres: {
    messages: 2 * READERS + 1,
    sleep: 'select pg_sleep(0.2)',
    session: 'select pg_backend_pid() as id',
    lock: (table) => `begin; lock table ${table} in access exclusive mode`,
    release: 'rollback',
    ageBecomesText: 'alter table shared alter column age type text',
    saysGoodbye: true,
    waitingForLock: `select pid as id from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  },
  mysql: {
    messages: READERS,
    sleep: 'select sleep(0.2)',
    session: 'select connection_id() as id',
    lock: (table) => `lock tables ${table} write`,
    release: 'unlock tables',
    ageBecomesText: 'alter table shared modify age varchar(20)',
    saysGoodbye: false,
    waitingForLock: `select id from information_schema.processlist where db = database() and state like 'Waiting for table%'`,
  },
}

/** Only what was quick the last time is shared: on a busy machine that may take another try. */
const TRIES = { retry: 3 }

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'reads that wait for a connection', (db) => {
    const server = SERVERS[dialect]
    let proxy: FaultProxy
    let connection: Connection
    let view: ServerView

    beforeEach(async () => {
      await db.connection().statement('drop table if exists shared')
      await db.connection().statement('create table shared (id integer primary key, age integer)')
      const rows = Array.from({ length: 100 }, (_, index) => ({ id: index + 1, age: (index + 1) * 10 }))
      await db.connection().table('shared').insert(rows)
      view = new ServerView(db)
      proxy = await FaultProxy.inFrontOf(db.url)
      connection = await open(db, proxy)
    })

    afterEach(async () => {
      await connection.disconnect()
      await proxy.close()
      await view.close()
    })

    const read = (id: number) => connection.table('shared').where('id', id).get()
    const ages = async (id: number) => (await read(id)).map(({ age }) => age)
    const everybody = <T>(work: (id: number) => Promise<T>) =>
      Promise.allSettled(Array.from({ length: READERS }, (_, index) => work(index + 1)))
    const all = (...values: unknown[]) => values.map((value) => ({ status: 'fulfilled', value }))
    const answers = all(...Array.from({ length: READERS }, (_, index) => [(index + 1) * 10]))
    /** What is queued while the only connection is busy is sent when it is free. */
    const behind = async <T>(work: () => Promise<T>): Promise<T> => {
      const busy = connection.select(server.sleep)
      await sleep(50)
      proxy.resetCounts()
      const queued = work()
      await busy
      return queued
    }
    const waitingForLock = async () => (await view.connection.select(server.waitingForLock)).map(({ id }) => Number(id))
    /** Sees to it that whoever reads the table waits, until `release`. */
    const lock = async (table = 'shared') => {
      const locker = new ServerView(db)
      let release = () => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      let held: Promise<unknown> | undefined
      await new Promise<void>((locked, failed) => {
        held = locker.connection.pin(async (session) => {
          await session.unprepared(server.lock(table))
          locked()
          await released
          await session.unprepared(server.release)
        })
        held.catch(failed)
      })
      return async () => {
        release()
        await held
        await locker.close()
      }
    }
    /** All readers on one connection, of whom the first waits for the lock. */
    const behindLock = async () => {
      const release = await lock()
      const queued = behind(() => everybody(ages))
      await expect.poll(() => waitingForLock()).toHaveLength(1)
      const areShared = proxy.messages.toServer === server.messages
      if (!areShared) await release()
      expect(areShared).toBe(true)
      return { queued, release, session: await waitingForLock() }
    }
    const reasons = (results: PromiseSettledResult<unknown>[]) =>
      results.map((result) => (result.status === 'rejected' ? result.reason.constructor : undefined))

    test('are sent together, and each gets its own rows', TRIES, async () => {
      expect(await behind(() => everybody(ages))).toEqual(answers)
      expect(proxy.messages.toServer).toBe(server.messages)
      expect(proxy.pieces.toServer).toBe(1)
    })

    const ALONE: Record<string, (id: number) => Promise<unknown>> = {
      'SQL of the user': (id) => connection.select('select * from shared where id = ?', [id]),
      'queries with a raw part': (id) => connection.table('shared').whereRaw('id = ?', [id]).get(),
      'reads that lock': (id) => connection.table('shared').where('id', id).lockForUpdate().get(),
      'reads with a limit of time': (id) => connection.table('shared').where('id', id).timeout(5000).get(),
      writes: (id) =>
        connection
          .table('shared')
          .where('id', id)
          .update({ age: id * 10 }),
      streams: (id) => connection.table('shared').where('id', id).cursor().toArray(),
    }
    for (const [what, work] of Object.entries(ALONE)) {
      test(`but ${what} are sent one by one`, async () => {
        await work(1)
        await behind(() => everybody(work))
        expect(proxy.pieces.toServer).toBeGreaterThanOrEqual(READERS)
      })
    }

    test('and one that was slow the last time is not sent before others', TRIES, async () => {
      const release = await lock()
      const slow = ages(1)
      await sleep(50)
      await release()
      await slow
      await behind(() => everybody(ages))
      // The first of them shows that it is quick again.
      expect(proxy.pieces.toServer).toBe(2)
    })

    test('fail alone', TRIES, async () => {
      /** Fails on the server where there are several below. */
      const below = (id: number) =>
        connection
          .table('shared')
          .where('id', (several) => several.from('shared').select('id').where('id', '<', id))
          .get()
      for (let time = 0; time < 2; time++) await below(2)
      const results = await behind(() => Promise.allSettled([read(1), below(4), read(3), below(9), read(5)]))
      expect(reasons(results)).toEqual([undefined, QueryException, undefined, QueryException, undefined])
      expect(await ages(7)).toEqual([70])
    })

    test('see the table as it is when its columns have changed meanwhile', TRIES, async () => {
      const results = await behind(async () => {
        const queued = everybody(ages)
        await view.connection.statement(server.ageBecomesText)
        return queued
      })
      expect(results).toEqual(all(...Array.from({ length: READERS }, (_, index) => [String((index + 1) * 10)])))
    })

    test('are run elsewhere when the server says that it ends their connection before their turn', TRIES, async () => {
      const { queued, release, session } = await behindLock()
      await view.kill(session)
      await release()
      const [first, ...others] = await queued
      expect(reasons([first as PromiseSettledResult<unknown>])).toEqual([LostConnectionException])
      if (server.saysGoodbye) expect(others).toEqual(answers.slice(1))
      else expect(reasons(others)).toEqual(Array(READERS - 1).fill(LostConnectionException))
    })

    test('fail when their connection is lost and nobody knows whether they ran', TRIES, async () => {
      const { queued, release } = await behindLock()
      proxy.cut()
      expect(reasons(await queued)).toEqual(Array(READERS).fill(LostConnectionException))
      await release()
      expect(await ages(7)).toEqual([70])
    })

    test('wait for their turn no longer than for a connection, which serves others afterwards', TRIES, async () => {
      const { queued, release, session } = await behindLock()
      await sleep(900)
      await release()
      const [first, ...others] = await queued
      expect(first).toEqual(answers[0])
      expect(reasons(others)).toEqual(Array(READERS - 1).fill(PoolTimeoutException))
      expect(await connection.table('shared').where('id', 7).value('age')).toBe(70)
      expect(Number(await connection.scalar(server.session))).toBe(session[0])
    })

    test('end before the connection is closed in good order', TRIES, async () => {
      const { queued, release } = await behindLock()
      const closed = connection.disconnect()
      await release()
      await closed
      expect(await queued).toEqual(answers)
    })

    test('are told when the pool is closed at its deadline', TRIES, async () => {
      const { queued, release } = await behindLock()
      await connection.disconnect({ deadline: 50 })
      expect(reasons(await queued)).toEqual(Array(READERS).fill(LostConnectionException))
      await release()
      expect(await ages(7)).toEqual([70])
    })

    const locked = async () => {
      await view.connection.statement('create table if not exists locked (id integer primary key, age integer)')
      const readLocked = () => connection.table('locked').where('id', 1).get()
      for (let time = 0; time < 3; time++) await readLocked()
      return readLocked
    }

    if (dialect === 'postgres') {
      test('do not wait for one that waits for a lock: it is stopped, and waits by itself', TRIES, async () => {
        const readLocked = await locked()
        const release = await lock('locked')
        const told: string[] = []
        const tell = <T>(what: string, work: Promise<T>) => work.finally(() => told.push(what))
        try {
          const queued = behind(() =>
            Promise.all([tell('before', ages(1)), tell('locked', readLocked()), tell('behind', ages(2))]),
          )
          await expect.poll(() => waitingForLock()).toHaveLength(1)
          // Two messages for each, and what ends them.
          expect([proxy.messages.toServer, told]).toEqual([7, []])
          await expect.poll(() => told).toEqual(['before'])
          await expect.poll(() => waitingForLock()).toHaveLength(1)
          await release()
          expect(await queued).toEqual([[10], [], [20]])
          expect(told).toEqual(['before', 'locked', 'behind'])
        } finally {
          await release()
        }
      })
    } else {
      test(
        'leave no session behind when the pool is closed while the answer of one who gave up is awaited',
        TRIES,
        async () => {
          const readLocked = await locked()
          const [releaseLocked, releaseShared] = [await lock('locked'), await lock()]
          try {
            const queued = behind(() => Promise.allSettled([ages(1), readLocked()]))
            await expect.poll(() => waitingForLock()).toHaveLength(1)
            await sleep(700)
            await releaseShared()
            expect(reasons(await queued)).toEqual([undefined, PoolTimeoutException])
            const [session] = await waitingForLock()
            expect(session).toBeDefined()
            expect(connection.pool.stats()).toMatchObject({ active: 1, idle: 0 })
            await connection.disconnect({ deadline: 50 })
            await expect.poll(() => waitingForLock()).toHaveLength(0)
          } finally {
            await releaseLocked()
          }
        },
      )
    }
  })
}

/** One connection through the proxy, on which the read has been quick before. */
async function open(db: TestDatabase, proxy: FaultProxy): Promise<Connection> {
  const name = `shared ${Math.random()}`
  const options = { host: '127.0.0.1', port: proxy.port, pool: { max: 1, acquireTimeoutMillis: 600 } }
  db.capsule.addConnection(db.config(options), name)
  const connection = db.capsule.connection(name)
  for (let time = 0; time < 3; time++) await connection.table('shared').where('id', 1).get()
  return connection
}
