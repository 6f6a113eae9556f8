/** Promises 4 and 5: resolved means committed, and nobody claims to know what a lost connection leaves open. */
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { CommitUnknownException, type Connection, TransactionRolledBackException } from '../../../js/index'
import { onDatabase } from '../../support/databases'
import type { Direction } from '../../support/framing'
import { FaultProxy } from '../../support/proxy'
import { ServerView } from '../pool/server-view'
import { withConnection } from '../pool/with-connection'

const FAILING_STATEMENTS = [
  ['a column that does not exist', 'select no_such_column from kept'],
  ['a syntax error', 'selec 1'],
  ['a key that exists', 'insert into kept values (0)'],
  ['a division by zero', 'select 1 / 0'],
] as const

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'commits', (db) => {
    let proxy: FaultProxy
    let view: ServerView

    beforeAll(async () => {
      proxy = await FaultProxy.inFrontOf(db.url)
      view = new ServerView(db)
    })
    afterAll(async () => {
      await proxy.close()
      await view.close()
    })
    beforeEach(async () => {
      await db.connection().statement('drop table if exists kept')
      await db.connection().statement('create table kept (id integer primary key)')
      await db.connection().statement('insert into kept values (0)')
    })

    const add = (on: Connection, id: number) => on.insert('insert into kept values (?)', [id])
    const has = async (id: number) =>
      (await view.connection.scalar('select count(*) as n from kept where id = ?', [id])) === 1

    if (dialect === 'postgres') {
      test.each(FAILING_STATEMENTS)(
        '%s, swallowed: the commit rejects, and the next transaction is well',
        async (_, sql) => {
          await withConnection(db, { pool: { max: 1 } }, async (connection) => {
            const running = connection.transaction(async (trx) => {
              await add(trx, 1)
              await trx.select(sql).catch(() => {})
              await add(trx, 2).catch(() => {})
              return 'looks well'
            })
            await expect(running).rejects.toBeInstanceOf(TransactionRolledBackException)
            expect([await has(1), await has(2)]).toEqual([false, false])
            await connection.transaction((trx) => add(trx, 3))
            expect(await has(3)).toBe(true)
          })
        },
      )

      test('the same by hand', async () => {
        const connection = db.connection()
        await connection.beginTransaction()
        await add(connection, 1)
        await connection.select('select no_such_column').catch(() => {})
        await expect(connection.commit()).rejects.toBeInstanceOf(TransactionRolledBackException)
        expect(await has(1)).toBe(false)
        expect(connection.transactionLevel()).toBe(0)
      })
    }

    test('a connection that died inside, swallowed: the commit rejects, and nothing is kept', async () => {
      const { connection } = view
      const running = db.connection().transaction(async (trx) => {
        await add(trx, 1)
        const own = await trx.scalar(
          dialect === 'postgres' ? 'select pg_backend_pid() as id' : 'select connection_id() as id',
        )
        await view.kill([Number(own)])
        await add(trx, 2).catch(() => {})
      })
      await expect(running).rejects.toBeInstanceOf(TransactionRolledBackException)
      expect(await connection.scalar('select count(*) as n from kept where id > 0')).toBe(0)
    })

    /**
     * Cuts after 1, 2, 3… bytes of one direction once the callback is done, until the commit gets through. Answers for
     * each point whether the server had committed.
     */
    async function sweep(direction: Direction): Promise<boolean[]> {
      const options = { host: '127.0.0.1', port: proxy.port, pool: { max: 1 } }
      const done: boolean[] = []
      return await withConnection(db, options, async (connection) => {
        for (let id = 1; ; id++) {
          // Everything that is prepared once is prepared: COMMIT is one round trip.
          await connection.transaction((trx) => add(trx, -id))
          let runs = 0
          const running = connection.transaction(
            async (trx) => {
              runs++
              await add(trx, id)
              proxy.cutAfterBytes(direction, id)
            },
            { attempts: 3 },
          )
          const error: unknown = await running.then(
            () => undefined,
            (thrown: unknown) => thrown,
          )
          proxy.pass()
          expect(runs).toBe(1)
          await expect.poll(() => view.sessionsInTransaction()).toBe(0)
          if (error === undefined) {
            expect(await has(id)).toBe(true)
            return done
          }
          expect(error).toBeInstanceOf(CommitUnknownException)
          expect(error).toMatchObject({ outcome: 'unknown', code: 'COMMIT_UNKNOWN' })
          done.push(await has(id))
        }
      })
    }

    test('cut at every byte of the answer to COMMIT: unknown, though it was done, and the callback ran once', async () => {
      const done = await sweep('toClient')
      expect(done.length).toBeGreaterThanOrEqual(10)
      expect(done).not.toContain(false)
    })

    test('cut at every byte of COMMIT itself: unknown, done or not, and the callback ran once', async () => {
      const done = await sweep('toServer')
      expect(done.length).toBeGreaterThan(10)
      expect(done[0]).toBe(false)
      expect(done.at(-1)).toBe(true)
    })

    const FIRST_STATEMENTS: Record<string, (trx: Connection, id: number) => Promise<unknown>> = {
      'raw SQL': (trx: Connection, id: number) => add(trx, id),
      'an insert': (trx: Connection, id: number) => trx.table('kept').insert({ id }),
      'a read': (trx: Connection, id: number) => trx.table('kept').where('id', id).exists(),
      'a savepoint': (trx: Connection, id: number) => trx.transaction((inner) => add(inner, id)),
      'a script': (trx: Connection, id: number) => trx.unprepared(`insert into kept values (${id})`),
      'a stream': async (trx: Connection, id: number) => {
        for await (const _ of trx.table('kept').where('id', id).cursor());
      },
    }
    /** Nothing in them was written by the program. MariaDB has to answer a BEGIN before anything is written. */
    const SENT_WITH_BEGIN = dialect === 'postgres' ? ['an insert', 'a read', 'a stream'] : ['a read', 'a stream']

    for (const [first, work] of Object.entries(FIRST_STATEMENTS)) {
      test(`cut at every byte of BEGIN, before ${first}: another connection takes it, nobody notices`, async () => {
        await withConnection(db, through(proxy), async (connection) => {
          let cuts = 0
          proxy.onCut = () => cuts++
          const bytes = await bytesOfBegin(connection, first, work)
          for (let cut = 1; cut <= bytes; cut++) {
            // All of as many digits: as many bytes.
            const id = 2000 + cut
            await connection.transaction((trx) => work(trx, 5000 + cut))
            proxy.cutAfterBytes('toServer', cut - 1)
            await connection.transaction(async (trx) => {
              await work(trx, id)
              await trx.table('kept').updateOrInsert({ id })
            })
            expect(await has(id)).toBe(true)
          }
          proxy.onCut = undefined
          expect(cuts).toBe(bytes)
          expect(bytes).toBeGreaterThan(8)
        })
      })
    }

    test('a connection that nobody used for a second gets a BEGIN of its own', async () => {
      await withConnection(db, through(proxy), async (connection) => {
        const read = () => connection.transaction((trx) => trx.table('kept').where('id', 1).exists())
        await read()
        await setTimeout(1050)
        proxy.resetCounts()
        await read()
        expect(proxy.pieces.toServer).toBe(3)
      })
    })

    test('a transaction in which nothing happens says nothing to the server', async () => {
      await withConnection(db, through(proxy), async (connection) => {
        await connection.transaction((trx) => add(trx, 1))
        proxy.resetCounts()
        await connection.transaction(async () => {})
        await expect(connection.transaction(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
        expect(proxy.pieces.toServer).toBe(0)
      })
    })

    test('a BEGIN that waits when the connection is closed is not begun on another one', async () => {
      await withConnection(db, through(proxy), async (connection) => {
        await connection.select('select 1')
        proxy.blackhole()
        const running = connection.transaction((trx) => add(trx, 1))
        const told = expect(running).rejects.toBeInstanceOf(Error)
        await connection.disconnect({ deadline: 50 })
        proxy.pass()
        await told
        expect(connection.pool.stats().size).toBe(0)
      })
    })

    test('a first statement that was stopped before it ran leaves no BEGIN to anybody', async () => {
      await withConnection(db, through(proxy), async (connection) => {
        const read = (on: Connection) => on.table('kept').where('id', 1)
        await read(connection).get()
        await connection.transaction(async (trx) => {
          await expect(read(trx).withSignal(AbortSignal.abort()).get()).rejects.toBeInstanceOf(Error)
        })
        await connection.table('kept').insert({ id: 7 })
        expect(await has(7)).toBe(true)
      })
    })

    test('a first statement that fails has begun its transaction: nothing runs outside of it', async () => {
      await withConnection(db, through(proxy), async (connection) => {
        await connection.table('kept').insert({ id: 1 })
        const running = connection.transaction(async (trx) => {
          await trx
            .table('kept')
            .insert({ id: 1 })
            .catch(() => {})
          await add(trx, 2).catch(() => {})
          throw new Error('no')
        })
        await expect(running).rejects.toThrow('no')
        expect(await has(2)).toBe(false)
      })
    })

    /** How many bytes of a transaction may be lost without a trace: its BEGIN, and what is sent with it. */
    async function bytesOfBegin(
      connection: Connection,
      first: string,
      work: (trx: Connection, id: number) => Promise<unknown>,
    ): Promise<number> {
      // A whole BEGIN by itself is longer than this.
      if (!SENT_WITH_BEGIN.includes(first)) return 10
      await connection.transaction((trx) => work(trx, 1001))
      proxy.resetCounts()
      let bytes = 0
      await connection.transaction(async (trx) => {
        await work(trx, 1002)
        bytes = proxy.bytes.toServer
      })
      expect(proxy.pieces.toServer).toBe(2)
      return bytes
    }
  })
}

const through = (proxy: FaultProxy) => ({ host: '127.0.0.1', port: proxy.port, pool: { max: 1 } })
