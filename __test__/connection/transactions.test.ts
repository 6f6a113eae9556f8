import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  Capsule,
  type Connection,
  DB,
  DeadlockException,
  InvalidArgumentException,
  PoolTimeoutException,
  QueryTimeoutException,
  TransactionClosedException,
  TransactionRolledBackException,
  UniqueConstraintViolationException,
} from '../../js/index'
import { onDatabase, onEveryDatabase } from '../support/databases'

/** Makes the first `count` who call it wait for each other, and nobody after them. */
function meeting(count: number): () => Promise<void> {
  let here = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return async () => {
    here += 1
    if (here >= count) open()
    await opened
  }
}

onEveryDatabase('transactions', (db) => {
  let connection: Connection

  beforeEach(async () => {
    connection = db.connection()
    await connection.statement('drop table if exists notes')
    await connection.statement('create table notes (id integer primary key, body varchar(50) not null)')
  })

  const add = (on: { insert: Connection['insert'] }, id: number) =>
    on.insert('insert into notes (id, body) values (?, ?)', [id, `note ${id}`])
  const ids = async () =>
    (await connection.select<{ id: number }>('select id from notes order by id')).map((row) => row.id)

  test('commit what the callback did, and answer what it answered', async () => {
    const answer = await connection.transaction(async (trx) => {
      await add(trx, 1)
      return 'done'
    })
    expect(answer).toBe('done')
    expect(await ids()).toEqual([1])
  })

  test('roll back when the callback throws, and throw that very error', async () => {
    const mine = new Error('mine')
    const running = connection.transaction(async (trx) => {
      await add(trx, 1)
      throw mine
    })
    await expect(running).rejects.toBe(mine)
    expect(mine.cause).toBeUndefined()
    expect(await ids()).toEqual([])
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
    test('are savepoints: the inner one is undone alone', async () => {
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
      await connection.transaction(async (trx) => {
        await add(trx, 1)
        late.push(sleep(20).then(() => add(trx, 2)))
        late.push(sleep(20).then(() => add(DB, 3)))
      })
      for (const work of late) await expect(work).rejects.toBeInstanceOf(TransactionClosedException)
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

  describe('by hand', () => {
    test('belong to the function that begins and commits', async () => {
      await DB.beginTransaction()
      expect(DB.transactionLevel()).toBe(1)
      await add(DB, 1)
      await DB.commit()
      expect(DB.transactionLevel()).toBe(0)
      expect(await ids()).toEqual([1])
    })

    test('roll back', async () => {
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

onDatabase('postgres', 'transactions that PostgreSQL gives up', (db) => {
  beforeEach(async () => {
    await db.connection().statement('drop table if exists accounts')
    await db.connection().statement('create table accounts (id int primary key, balance int not null)')
    await db.connection().statement('insert into accounts values (1, 0), (2, 0)')
  })

  test('a statement error that the callback swallowed makes the commit reject', async () => {
    const running = db.connection().transaction(async (trx) => {
      await trx.update('update accounts set balance = 5 where id = 1')
      await trx.select('select no_such_column from accounts').catch(() => {})
    })
    await expect(running).rejects.toBeInstanceOf(TransactionRolledBackException)
    expect(await db.connection().scalar('select balance from accounts where id = 1')).toBe(0)
  })

  test('deadlocks are tried again when asked, and every effect happens once', async () => {
    let runs = 0
    const bothHaveOne = meeting(2)
    const move = (from: number, to: number) =>
      db.connection().transaction(
        async (trx) => {
          runs++
          await trx.update('update accounts set balance = balance - 1 where id = ?', [from])
          await bothHaveOne()
          await trx.update('update accounts set balance = balance + 1 where id = ?', [to])
        },
        { attempts: 5 },
      )
    await Promise.all([move(1, 2), move(2, 1)])
    expect(runs).toBeGreaterThan(2)
    expect(await db.connection().select('select balance from accounts order by id')).toEqual([
      { balance: 0 },
      { balance: 0 },
    ])
  })

  test('without attempts a deadlock is thrown', async () => {
    const bothHaveOne = meeting(2)
    const lock = (first: number, second: number) =>
      db.connection().transaction(async (trx) => {
        await trx.update('update accounts set balance = 1 where id = ?', [first])
        await bothHaveOne()
        await trx.update('update accounts set balance = 1 where id = ?', [second])
      })
    const results = await Promise.allSettled([lock(1, 2), lock(2, 1)])
    const failed = results.filter((result) => result.status === 'rejected')
    expect(failed).toHaveLength(1)
    expect(failed[0]?.reason).toBeInstanceOf(DeadlockException)
  })

  test('a deferred constraint rejects the commit with its own error, and the callback never runs again', async () => {
    await db.connection().statement('create table refs (id int references accounts deferrable initially deferred)')
    let runs = 0
    const running = db.connection().transaction(
      async (trx) => {
        runs++
        await trx.insert('insert into refs values (99)')
      },
      { attempts: 3 },
    )
    await expect(running).rejects.toMatchObject({ code: 'FOREIGN_KEY_VIOLATION' })
    expect(runs).toBe(1)
    await db.connection().statement('drop table refs')
  })

  test('a serialization failure of the COMMIT itself is thrown: the callback never runs again after COMMIT was sent', async () => {
    let runs = 0
    const bothHaveRead = meeting(2)
    const bothHaveWritten = meeting(2)
    const skew = (id: number) =>
      db.connection().transaction(
        async (trx) => {
          runs++
          const total = await trx.scalar('select sum(balance) as total from accounts')
          await bothHaveRead()
          await trx.update('update accounts set balance = ? where id = ?', [Number(total) + 1, id])
          await bothHaveWritten()
        },
        { isolation: 'serializable', attempts: 5 },
      )
    const results = await Promise.allSettled([skew(1), skew(2)])
    const failed = results.filter((result) => result.status === 'rejected')
    expect(failed).toHaveLength(1)
    expect(failed[0]?.reason).toMatchObject({ name: 'DeadlockException', code: 'SERIALIZATION_FAILURE' })
    expect(runs).toBe(2)
  })

  test('isolation and read only hold for one transaction', async () => {
    const level = () => db.connection().scalar("select current_setting('transaction_isolation') as level")
    const inside = await db.connection().transaction(level, { isolation: 'serializable' })
    expect(inside).toBe('serializable')
    expect(await level()).toBe('read committed')
    const write = db.connection().transaction((trx) => trx.delete('delete from accounts'), { readOnly: true })
    await expect(write).rejects.toMatchObject({ nativeCode: '25006' })
  })

  test('a connection that is killed inside is an error, not a silent commit on another one', async () => {
    const running = db.connection().transaction(async (trx) => {
      await trx.update('update accounts set balance = 7 where id = 1')
      const pid = await trx.scalar('select pg_backend_pid() as pid')
      await db.connection().outsideTransaction(() => db.connection().select('select pg_terminate_backend(?)', [pid]))
      await trx.update('update accounts set balance = 7 where id = 2')
    })
    await expect(running).rejects.toMatchObject({ code: 'LOST_CONNECTION' })
    expect(await db.connection().scalar('select sum(balance) as total from accounts').then(Number)).toBe(0)
  })
})

onDatabase('mysql', 'transactions that MariaDB gives up', (db) => {
  test('a deadlock that the callback swallowed makes the commit reject: MariaDB has undone everything', async () => {
    const connection = db.connection()
    await connection.statement('drop table if exists accounts')
    await connection.statement('create table accounts (id int primary key, balance int not null) engine=InnoDB')
    await connection.statement('insert into accounts values (1, 0), (2, 0)')
    const bothHaveOne = meeting(2)
    const lock = (first: number, second: number) =>
      connection.transaction(async (trx) => {
        await trx.update('update accounts set balance = balance + 1 where id = ?', [first])
        await bothHaveOne()
        await trx.update('update accounts set balance = balance + 1 where id = ?', [second]).catch(() => {})
      })
    const results = await Promise.allSettled([lock(1, 2), lock(2, 1)])
    const [failed] = results.filter((result) => result.status === 'rejected')
    expect(failed?.reason).toBeInstanceOf(TransactionRolledBackException)
    expect(await connection.select('select balance from accounts order by id')).toEqual([
      { balance: 1 },
      { balance: 1 },
    ])
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
