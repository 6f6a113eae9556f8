/** Promises 6 and 7: the application's own error is what the caller gets; an unclean connection is never used again. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Connection, LostConnectionException, UniqueConstraintViolationException } from '../../../js/index'
import { onDatabase, onEveryDatabase } from '../../support/databases'
import { ServerView } from '../pool/server-view'
import { withConnection } from '../pool/with-connection'

const OWN_SESSION = { postgres: 'select pg_backend_pid() as id', mysql: 'select connection_id() as id' }

onEveryDatabase('failures of the callback', (db) => {
  beforeEach(async () => {
    await db.connection().statement('drop table if exists kept')
    await db.connection().statement('create table kept (id integer primary key)')
  })
  const add = (on: Connection, id: number) => on.insert('insert into kept values (?)', [id])

  test.each([
    ['an error', new TypeError('mine')],
    ['an error with a cause', new Error('mine', { cause: 'of mine' })],
    ['a frozen error', Object.freeze(new Error('mine'))],
    ['a text', 'mine'],
    ['nothing', undefined],
    ['null', null],
  ])('%s is thrown as it is, and nothing is kept', async (_, mine) => {
    const cause = (mine as Error | undefined)?.cause
    const thrown: unknown = await db
      .connection()
      .transaction(async (trx) => {
        await add(trx, 1)
        throw mine
      })
      .then(
        () => 'resolved',
        (error: unknown) => error,
      )
    expect(thrown).toBe(mine)
    expect((thrown as Error | undefined)?.cause).toBe(cause)
    expect(await db.connection().scalar('select count(*) as n from kept')).toBe(0)
  })

  test('after each of twenty failures the only connection serves the next transaction', async () => {
    await withConnection(db, { pool: { max: 1 } }, async (connection) => {
      for (let id = 0; id < 20; id++) {
        const failing = connection.transaction(async (trx) => {
          await add(trx, -1)
          await (id % 2 === 0 ? add(trx, -1) : trx.select('select no_such_column from kept'))
        })
        await expect(failing).rejects.toMatchObject({ code: id % 2 === 0 ? 'UNIQUE_VIOLATION' : 'QUERY' })
        await connection.transaction((trx) => add(trx, id))
      }
      expect(await connection.scalar('select count(*) as n from kept')).toBe(20)
    })
  })

  test('a transaction that raw SQL left open is not lent on', async () => {
    await withConnection(db, { pool: { max: 1 } }, async (connection) => {
      for (let id = 0; id < 20; id++) {
        await connection.statement(db.dialect === 'mysql' ? 'start transaction' : 'begin')
        await add(connection, id)
        expect(await db.connection().scalar('select count(*) as n from kept')).toBe(id + 1)
      }
    })
  })
})

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'failures of the connection', (db) => {
    let view: ServerView
    beforeAll(async () => {
      view = new ServerView(db)
      await db.connection().statement('create table killed (id integer primary key)')
    })
    afterAll(() => view.close())

    async function killed(trx: Connection): Promise<void> {
      await trx.insert('insert into killed values (1)')
      await view.kill([Number(await trx.scalar(OWN_SESSION[dialect]))])
    }

    test('when the rollback cannot be sent, the application error is kept and the trouble is its cause', async () => {
      const mine = new Error('mine')
      const running = db.connection().transaction(async (trx) => {
        await killed(trx)
        throw mine
      })
      await expect(running).rejects.toBe(mine)
      expect(mine.cause).toBeInstanceOf(LostConnectionException)
    })

    test('a cause that it has already is kept', async () => {
      const mine = new Error('mine', { cause: 'of mine' })
      const running = db.connection().transaction(async (trx) => {
        await killed(trx)
        throw mine
      })
      await expect(running).rejects.toBe(mine)
      expect(mine.cause).toBe('of mine')
    })

    test('twenty connections killed inside: nothing is kept, and twenty later transactions are well', async () => {
      await withConnection(db, { pool: { max: 1 } }, async (connection) => {
        for (let id = 10; id < 30; id++) {
          const running = connection.transaction(async (trx) => {
            await killed(trx)
            await trx.insert('insert into killed values (2)')
          })
          await expect(running).rejects.toBeInstanceOf(LostConnectionException)
          await connection.transaction((trx) => trx.insert('insert into killed values (?)', [id]))
        }
        expect(await connection.scalar('select min(id) as least from killed')).toBe(10)
        expect(await connection.scalar('select count(*) as n from killed')).toBe(20)
        const twice = connection.insert('insert into killed values (10)')
        await expect(twice).rejects.toBeInstanceOf(UniqueConstraintViolationException)
      })
    })
  })
}
