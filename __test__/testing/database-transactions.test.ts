import { AsyncLocalStorage } from 'node:async_hooks'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  type Connection,
  createDatabaseTransactions,
  DatabaseTransactions,
  DB,
  InvalidArgumentException,
  TransactionClosedException,
  WithTransaction,
} from '../../js/index'
import { withNotes } from '../connection/notes'
import { onEveryDatabase } from '../support/databases'

/** Runs work in an async flow that knows of nothing, as a hook of jest is one. */
const elsewhere = AsyncLocalStorage.snapshot()

onEveryDatabase('DatabaseTransactions', (db) => {
  const { add, ids } = withNotes(db)
  let transactions: DatabaseTransactions

  beforeEach(() => {
    transactions = createDatabaseTransactions(db.connection())
  })

  test('keeps what a test does from outliving it, in whichever async flow', async () => {
    await elsewhere(() => transactions.beginDatabaseTransaction())
    expect(transactions.isTransactionActive()).toBe(true)
    await elsewhere(() => DB.table('notes').insert({ id: 1, body: 'a' }))
    await DB.transaction(async (trx) => {
      await add(trx, 2)
      expect(transactions.getTransactionLevel()).toBe(2)
    })
    expect(await ids()).toEqual([1, 2])
    expect(transactions.getTransactionLevel()).toBe(1)
    await elsewhere(() => transactions.rollbackDatabaseTransaction())
    expect(transactions.isTransactionActive()).toBe(false)
    expect(transactions.getTransactionLevel()).toBe(0)
    expect(await ids()).toEqual([])
  })

  test('begins once and rolls back once', async () => {
    await transactions.beginDatabaseTransaction()
    await transactions.beginDatabaseTransaction()
    expect(transactions.getTransactionLevel()).toBe(1)
    await transactions.rollbackDatabaseTransaction()
    await transactions.rollbackDatabaseTransaction()
    expect(db.connection().pool.stats().active).toBe(0)
  })

  test('says that the program rolled its transaction back, and begins again after that', async () => {
    await transactions.beginDatabaseTransaction()
    await elsewhere(() => DB.rollBack())
    const end = transactions.rollbackDatabaseTransaction()
    await expect(end).rejects.toBeInstanceOf(TransactionClosedException)
    await expect(end).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' })
    await transactions.beginDatabaseTransaction()
    await add(DB, 1)
    await transactions.rollbackDatabaseTransaction()
    expect(await ids()).toEqual([])
  })

  test('needs a connection, and keeps it while it has begun', async () => {
    const none = new DatabaseTransactions()
    await expect(none.beginDatabaseTransaction()).rejects.toThrow('call setConnection() first')
    await none.setConnection(db.connection()).beginDatabaseTransaction()
    expect(() => none.setConnection(db.connection())).toThrow(InvalidArgumentException)
    await none.rollbackDatabaseTransaction()
  })

  describe('WithTransaction', () => {
    const connection = (): Connection => db.connection()

    /** As decorators of the language are called. */
    const decorated = <Method>(method: Method): Method => WithTransaction(connection)(method, { kind: 'method' })

    test('runs a method in a transaction that is rolled back', async () => {
      const tests = {
        name: 'tests',
        run: decorated(async function (this: { name: string }, id: number) {
          await add(DB, id)
          return [this.name, await ids()]
        }),
      }
      expect(await tests.run(7)).toEqual(['tests', [7]])
      expect(await ids()).toEqual([])
    })

    test('rolls back and throws what the method throws', async () => {
      const failing = decorated(async () => {
        await add(DB, 1)
        throw new Error('of the test')
      })
      await expect(failing()).rejects.toThrow('of the test')
      expect(await ids()).toEqual([])
    })

    test('decorates as experimentalDecorators does', async () => {
      class Tests {
        async adds() {
          await add(DB, 1)
          return ids()
        }
      }
      const descriptor = Object.getOwnPropertyDescriptor(Tests.prototype, 'adds')
      const decorator: MethodDecorator = WithTransaction(db.connection())
      const changed = decorator(Tests.prototype, 'adds', descriptor as PropertyDescriptor)
      Object.defineProperty(Tests.prototype, 'adds', changed as PropertyDescriptor)
      expect(await new Tests().adds()).toEqual([1])
      expect(await ids()).toEqual([])
    })
  })
})
