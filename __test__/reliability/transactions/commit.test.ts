/** Promises 4 and 5: resolved means committed, and nobody claims to know what a lost connection leaves open. */
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

    test('cut at every byte of BEGIN: another connection takes it, nobody notices', async () => {
      const options = { host: '127.0.0.1', port: proxy.port, pool: { max: 1 } }
      await withConnection(db, options, async (connection) => {
        let cuts = 0
        proxy.onCut = () => cuts++
        for (let id = 1; cuts === id - 1 && id < 100; id++) {
          await connection.transaction((trx) => add(trx, -id))
          proxy.cutAfterBytes('toServer', id)
          await connection.transaction(async (trx) => {
            proxy.pass()
            await add(trx, id)
          })
          expect(await has(id)).toBe(true)
        }
        proxy.onCut = undefined
        expect(cuts).toBeGreaterThan(8)
      })
    })
  })
}
