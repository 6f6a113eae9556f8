import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Connection, DB, InvalidArgumentException, TransactionClosedException } from '../../js/index'
import { onEveryDatabase } from '../support/databases'
import { meeting, withNotes } from './notes'

onEveryDatabase('transactions', (db) => {
  const { add, ids } = withNotes(db)
  let connection: Connection

  beforeEach(() => {
    connection = db.connection()
  })

  describe('by hand', () => {
    test('scenario 191: belong to the function that begins and commits', async () => {
      await DB.beginTransaction()
      expect(DB.transactionLevel()).toBe(1)
      await add(DB, 1)
      await DB.commit()
      expect(DB.transactionLevel()).toBe(0)
      expect(await ids()).toEqual([1])
    })

    test('scenario 191: roll back', async () => {
      await connection.beginTransaction()
      await add(connection, 1)
      await connection.rollBack()
      expect(await ids()).toEqual([])
      await add(connection, 2)
      expect(await ids()).toEqual([2])
    })

    test('statements before begin was awaited are inside', async () => {
      const begun = connection.beginTransaction()
      const added = add(connection, 1)
      await begun
      await added
      await connection.rollback()
      expect(await ids()).toEqual([])
    })

    test('nest as savepoints', async () => {
      await connection.beginTransaction()
      await add(connection, 1)
      await connection.beginTransaction()
      expect(connection.transactionLevel()).toBe(2)
      await add(connection, 2)
      await connection.rollBack()
      await connection.transaction((inner) => add(inner, 3))
      await connection.commit()
      expect(await ids()).toEqual([1, 3])
    })

    test('roll back to a level', async () => {
      await connection.beginTransaction()
      await connection.beginTransaction()
      await add(connection, 1)
      await connection.rollBack(0)
      expect(connection.transactionLevel()).toBe(0)
      expect(await ids()).toEqual([])
    })

    test('that start side by side do not mix', async () => {
      if (db.dialect === 'sqlite') return // one writer: they take turns
      const work = async (id: number, isKept: boolean) => {
        await connection.beginTransaction()
        await sleep(Math.random() * 5)
        await add(connection, id)
        await sleep(Math.random() * 5)
        expect(await ids()).toEqual([id])
        await (isKept ? connection.commit() : connection.rollBack())
      }
      await Promise.all([work(1, false), work(2, false), work(3, false)])
      await Promise.all([4, 5].map((id) => Promise.resolve().then(() => workAlone(id))))
      async function workAlone(id: number): Promise<void> {
        await connection.beginTransaction()
        await add(connection, id)
        await connection.commit()
      }
      expect(await ids()).toEqual([4, 5])
    })

    test('that started beside another one does not go on inside of it', async () => {
      if (db.dialect === 'sqlite') return // one writer: they take turns
      const goOn = meeting(2)
      const long = async () => {
        await connection.beginTransaction()
        await add(connection, 1)
        await goOn()
        await connection.rollBack()
      }
      const short = async () => {
        await connection.beginTransaction()
        await connection.commit()
        expect(connection.transactionLevel()).toBe(0)
        await add(connection, 2)
        await goOn()
      }
      await Promise.all([long(), short()])
      expect(await ids()).toEqual([2])
    })

    test('the object that begin answers works in other async flows', async () => {
      const elsewhere = new AsyncLocalStorage()
      const trx = await connection.beginTransaction()
      await elsewhere.exit(() => add(trx, 1))
      await trx.rollBack()
      expect(await ids()).toEqual([])
    })

    test('without a transaction there is nothing to commit', async () => {
      await expect(connection.commit()).rejects.toThrow('there is no transaction here')
      await expect(connection.rollBack()).rejects.toBeInstanceOf(TransactionClosedException)
    })

    test('a callback cannot be ended by hand', async () => {
      await expect(connection.transaction((trx) => trx.commit())).rejects.toBeInstanceOf(InvalidArgumentException)
    })

    test('one that a callback forgot is an error, and nothing is kept', async () => {
      const running = connection.transaction(async (trx) => {
        await trx.beginTransaction()
        await add(trx, 1)
      })
      await expect(running).rejects.toThrow('neither commit() nor rollBack()')
      expect(await ids()).toEqual([])
    })
  })

  describe('hooks of a test runner', () => {
    beforeEach(async () => {
      await DB.beginTransaction({ everywhere: true })
    })
    afterEach(async () => {
      await DB.rollBack()
      expect(await ids()).toEqual([])
    })
    test('may begin before each test', async () => {
      await add(DB, 1)
      expect(DB.transactionLevel()).toBe(1)
    })
    test('and roll back after it, nested transactions of the program included', async () => {
      await DB.transaction((trx) => add(trx, 1))
      await DB.beginTransaction()
      await add(DB, 2)
      await DB.commit()
    })
  })

  describe('afterCommit', () => {
    test('runs once the outermost transaction is committed', async () => {
      const order: string[] = []
      await connection.transaction(async (trx) => {
        await trx.transaction(async (inner) => {
          await inner.afterCommit(async () => {
            order.push(`after, level ${connection.transactionLevel()}, ${(await ids()).length} rows`)
          })
          await add(inner, 1)
        })
        order.push('end')
      })
      expect(order).toEqual(['end', 'after, level 0, 1 rows'])
    })

    test('never runs after a rollback, of the inner one either', async () => {
      let calls = 0
      await connection.transaction(async (trx) => {
        await trx
          .transaction(async (inner) => {
            await inner.afterCommit(() => calls++)
            throw new Error('inner')
          })
          .catch(() => {})
      })
      expect(calls).toBe(0)
    })

    test('outside of a transaction runs at once', async () => {
      let calls = 0
      await connection.afterCommit(() => calls++)
      expect(calls).toBe(1)
    })
  })
})
