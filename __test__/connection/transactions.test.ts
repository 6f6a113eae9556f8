import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  Capsule,
  type Connection,
  DB,
  PoolTimeoutException,
  QueryTimeoutException,
  TransactionClosedException,
  UniqueConstraintViolationException,
} from '../../js/index'
import { onEveryDatabase } from '../support/databases'
import { withNotes } from './notes'

onEveryDatabase('transactions', (db) => {
  const { add, ids } = withNotes(db)
  let connection: Connection

  beforeEach(() => {
    connection = db.connection()
  })

  test('refuse a statement while a cursor is read on their connection, instead of waiting for ever', async () => {
    await add(connection, 1)
    await add(connection, 2)
    await connection.transaction(async (trx) => {
      const inLoop = async () => {
        for await (const _ of trx.table('notes').cursor()) await trx.table('notes').count()
      }
      await expect(inLoop()).rejects.toThrow(/A cursor is being read/)
      expect(await trx.table('notes').count()).toBe(2)
    })
  })

  test('scenario 190: commit what the callback did, and answer what it answered', async () => {
    const answer = await connection.transaction(async (trx) => {
      await add(trx, 1)
      return 'done'
    })
    expect(answer).toBe('done')
    expect(await ids()).toEqual([1])
  })

  test('scenario 190: roll back when the callback throws, and throw that very error', async () => {
    const mine = new Error('mine')
    const running = connection.transaction(async (trx) => {
      await add(trx, 1)
      throw mine
    })
    await expect(running).rejects.toBe(mine)
    expect(mine.cause).toBeUndefined()
    expect(await ids()).toEqual([])
  })

  test('run what the callback answers and has not awaited', async () => {
    const query = { then: (resolve: (level: number) => void) => resolve(connection.transactionLevel()) }
    expect(await connection.transaction(() => query as unknown as Promise<number>)).toBe(1)
  })

  test('are where DB goes in the same async flow, and nobody else', async () => {
    let outside: unknown
    const seen = new Promise<void>((resolve) => {
      connection
        .transaction(async () => {
          await add(DB, 1)
          await helper()
          expect(await DB.scalar('select count(*) as n from notes')).toBe(2)
          if (db.dialect !== 'sqlite') outside = await connection.outsideTransaction(() => ids())
        })
        .then(() => resolve())
    })
    async function helper(): Promise<void> {
      await sleep(1)
      await add(DB, 2)
    }
    await seen
    if (db.dialect !== 'sqlite') expect(outside).toEqual([])
    expect(await ids()).toEqual([1, 2])
  })

  test('twenty at once: each is whole, none sees another', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        connection.transaction(async (trx) => {
          await add(trx, n * 2)
          await sleep(Math.random() * 5)
          await add(trx, n * 2 + 1)
          if (n % 2 === 1) throw new Error('odd')
        }),
      ),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    const expected = Array.from({ length: 10 }, (_, n) => [n * 4, n * 4 + 1]).flat()
    expect(await ids()).toEqual(expected)
    expect(connection.pool.stats().active).toBe(0)
  })

  test('the object of a transaction is not the connection', async () => {
    await connection.transaction(async (trx) => {
      expect(trx).not.toBe(connection)
      expect(trx).toBeInstanceOf(connection.constructor)
      expect(trx.getName()).toBe('default')
    })
  })

  describe('nested', () => {
    test('scenario 192: are savepoints: the inner one is undone alone', async () => {
      await connection.transaction(async (trx) => {
        await add(trx, 1)
        const inner = trx.transaction(async (trx2) => {
          expect(trx2).not.toBe(trx)
          expect(trx2.transactionLevel()).toBe(2)
          await add(trx2, 2)
          throw new Error('inner')
        })
        await expect(inner).rejects.toThrow('inner')
        await DB.transaction(() => add(DB, 3))
        expect(trx.transactionLevel()).toBe(1)
      })
      expect(await ids()).toEqual([1, 3])
      expect(connection.transactionLevel()).toBe(0)
    })

    test('a statement that failed inside is undone with its savepoint, and the outer one goes on', async () => {
      await connection.transaction(async (trx) => {
        await add(trx, 1)
        const twice = trx.transaction((inner) => add(inner, 1))
        await expect(twice).rejects.toBeInstanceOf(UniqueConstraintViolationException)
        await add(trx, 2)
      })
      expect(await ids()).toEqual([1, 2])
    })

    test('the object of one that has ended is refused, although the outer one goes on', async () => {
      await connection.transaction(async (trx) => {
        const ended = await trx.transaction(async (inner) => inner)
        await expect(add(ended, 1)).rejects.toBeInstanceOf(TransactionClosedException)
        await add(trx, 2)
      })
      expect(await ids()).toEqual([2])
    })

    test('side by side take turns', async () => {
      await connection.transaction(async (trx) => {
        const results = await Promise.allSettled(
          [1, 2, 3, 4].map((id) =>
            trx.transaction(async (inner) => {
              await add(inner, id)
              await sleep(2)
              if (id % 2 === 0) throw new Error('even')
            }),
          ),
        )
        expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected'])
      })
      expect(await ids()).toEqual([1, 3])
    })

    test('the outer object used inside of an inner transaction does not wait for itself', async () => {
      await connection.transaction((trx) => trx.transaction(() => trx.transaction(() => add(trx, 1))))
      expect(await ids()).toEqual([1])
    })
  })

  describe('work that nobody awaited', () => {
    test('is finished before the commit', async () => {
      await connection.transaction(async (trx) => {
        for (let id = 1; id <= 20; id++) void add(trx, id)
      })
      expect(await ids()).toHaveLength(20)
    })

    test('that starts after the end is refused, never run outside', async () => {
      const late: Promise<unknown>[] = []
      let end = () => {}
      const ended = new Promise<void>((resolve) => {
        end = resolve
      })
      await connection.transaction(async (trx) => {
        await add(trx, 1)
        late.push(ended.then(() => add(trx, 2)))
        late.push(ended.then(() => add(DB, 3)))
      })
      end()
      for (const { reason } of (await Promise.allSettled(late)) as PromiseRejectedResult[])
        expect(reason).toBeInstanceOf(TransactionClosedException)
      expect(await ids()).toEqual([1])
    })

    test('may outlive it outside', async () => {
      let later: Promise<unknown> = Promise.resolve()
      await connection.transaction(async () => {
        later = connection.outsideTransaction(() => sleep(20).then(() => add(DB, 2)))
      })
      await later
      expect(await ids()).toEqual([2])
    })

    test('a nested transaction is waited for', async () => {
      await connection.transaction(async (trx) => {
        void trx.transaction(async (inner) => {
          await sleep(10)
          await add(inner, 1)
        })
      })
      expect(await ids()).toEqual([1])
    })

    test('a stream that is still open is closed', async () => {
      await connection.transaction(async (trx) => {
        await add(trx, 1)
        const rows = trx.cursor('select * from notes')
        await rows.next()
      })
      expect(await ids()).toEqual([1])
    })
  })
  test('listeners hear of begin, commit and rollback with their level', async () => {
    const heard: string[] = []
    const stop = connection.onTransaction(({ event, level }) => heard.push(`${event} ${level}`))
    await connection.transaction((trx) => trx.transaction(() => {}))
    await connection.transaction(() => Promise.reject(new Error('x'))).catch(() => {})
    stop()
    expect(heard).toEqual(['beginning 1', 'beginning 2', 'committed 2', 'committed 1', 'beginning 1', 'rolledBack 1'])
  })

  test('options that nobody knows, or that cannot work, are refused', async () => {
    const run = (options: unknown) => connection.transaction(() => {}, options as never)
    await expect(run({ attemps: 2 })).rejects.toThrow('no option "attemps"')
    await expect(run({ attempts: 0 })).rejects.toThrow('`attempts`')
    await expect(run({ isolation: 'chaos' })).rejects.toThrow('read committed')
    await expect(connection.transaction(5 as never)).rejects.toThrow('needs a function')
  })

  test('a time limit rolls back, stops what runs, and gives the connection back', async () => {
    const started = performance.now()
    const running = connection.transaction(
      async (trx) => {
        await add(trx, 1)
        await new Promise(() => {})
      },
      { timeout: 100 },
    )
    await expect(running).rejects.toBeInstanceOf(QueryTimeoutException)
    expect(performance.now() - started).toBeLessThan(400)
    expect(await ids()).toEqual([])
    expect(connection.pool.stats().active).toBe(0)
  })

  test('the pool being empty because of a transaction says so, and does not hang', async () => {
    db.capsule.addConnection(db.config({ pool: { max: 1, acquireTimeoutMillis: 200 } }), 'narrow')
    const narrow = db.capsule.connection('narrow')
    const second = narrow.transaction(() => narrow.outsideTransaction(() => narrow.transaction(() => {})))
    const error = await second.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(PoolTimeoutException)
    expect((error as Error).message).toContain('A transaction holds a connection of this pool')
    await db.capsule.purge('narrow')
  })

  test('a pinned connection is used by everything inside, transactions included', async () => {
    db.capsule.addConnection(db.config({ pool: { max: 1, acquireTimeoutMillis: 500 } }), 'pinned')
    const narrow = db.capsule.connection('pinned')
    await narrow.pin(async (pinned) => {
      await add(pinned, 1)
      await narrow.transaction(async (trx) => {
        await add(trx, 2)
        await trx.transaction((inner) => add(inner, 3))
      })
      const failed = narrow.transaction(async (trx) => {
        await add(trx, 4)
        throw new Error('back')
      })
      await expect(failed).rejects.toThrow('back')
      expect(narrow.transactionLevel()).toBe(0)
    })
    expect(await ids()).toEqual([1, 2, 3])
    await db.capsule.purge('pinned')
  })
})

test('two capsules with connections of the same name do not share transactions', async () => {
  const [one, two] = [new Capsule(), new Capsule()]
  for (const capsule of [one, two]) capsule.addConnection({ driver: 'sqlite', database: ':memory:' })
  await one.connection().transaction(async () => {
    expect(one.connection().transactionLevel()).toBe(1)
    expect(two.connection().transactionLevel()).toBe(0)
  })
  await Promise.all([one.disconnect(), two.disconnect()])
})
