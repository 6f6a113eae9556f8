/** A transaction whose first statement is sent with its begin and whose last with its commit: all of it, or nothing. */
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { LastStatement } from '../../../js/connection/edged-transactions'
import { CommitUnknownException, type Connection, TransactionRolledBackException } from '../../../js/index'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../../support/databases'
import { FaultProxy } from '../../support/proxy'
import { withConnection } from '../pool/with-connection'

const ADD = 'insert into kept (id) values (?)'
const add = (id: number) => ({ sql: ADD, bindings: [id] })

/** The last statement, which notes what becomes of it. */
function last(id: number, heard: string[], sql = ADD): LastStatement {
  return {
    sql,
    bindings: [id],
    ended: () => {
      heard.push('ended')
    },
    failed: (error) => {
      heard.push('failed')
      throw error
    },
  }
}

async function makeTables(db: TestDatabase): Promise<void> {
  const connection = db.connection()
  for (const table of ['child', 'kept']) await connection.statement(`drop table if exists ${table}`)
  await connection.statement('create table kept (id integer not null primary key)')
}

async function ids(db: TestDatabase): Promise<number[]> {
  const rows = await db.connection().select<{ id: number }>('select id from kept order by id')
  return rows.map(({ id }) => id)
}

/** Both statements are prepared when `work` runs: what has to be prepared is sent by itself. */
async function onPrepared(db: TestDatabase, work: (pinned: Connection) => Promise<void>): Promise<void> {
  await withConnection(db, {}, async (connection) => {
    await connection.pin(async (pinned) => {
      await pinned.transactionWithin(add(-2), async () => last(-1, []))
      await pinned.delete('delete from kept')
      await work(pinned)
    })
  })
}

/** Neither statement was ever prepared. */
async function onNew(db: TestDatabase, work: (pinned: Connection) => Promise<void>): Promise<void> {
  await withConnection(db, {}, (connection) => connection.pin(work))
}

const WAYS = [
  { way: 'prepared', on: onPrepared },
  { way: 'new', on: onNew },
]

onEveryDatabase('transactions with statements at their edges', (db) => {
  beforeEach(() => makeTables(db))

  test.each(WAYS)('both are committed with what is between them: $way', async ({ on }) => {
    const heard: string[] = []
    await on(db, async (pinned) => {
      const end = pinned.onTransaction(({ event }) => heard.push(event))
      await pinned.transactionWithin(add(1), async (transaction) => {
        await transaction.insert(ADD, [2])
        expect(transaction.transactionLevel()).toBe(1)
        return last(3, heard)
      })
      end()
      expect(pinned.transactionLevel()).toBe(0)
    })
    expect(await ids(db)).toEqual([1, 2, 3])
    expect(heard).toEqual(['beginning', 'committed', 'ended'])
  })

  test.each(WAYS)('where the first fails nothing else is done: $way', async ({ on }) => {
    await on(db, async (pinned) => {
      await pinned.insert(ADD, [1])
      let hasRun = false
      const running = pinned.transactionWithin(add(1), async () => {
        hasRun = true
        return undefined
      })
      await expect(running).rejects.toMatchObject({ code: 'UNIQUE_VIOLATION', sql: expect.stringContaining('insert') })
      expect(hasRun).toBe(false)
      await pinned.transactionWithin(add(2), async () => last(3, []))
    })
    expect(await ids(db)).toEqual([1, 2, 3])
  })

  test.each(WAYS)('what is thrown between them undoes the first: $way', async ({ on }) => {
    await on(db, async (pinned) => {
      const running = pinned.transactionWithin(add(1), () => Promise.reject(new Error('no')))
      await expect(running).rejects.toThrow('no')
      await pinned.transactionWithin(null, async () => last(2, []))
    })
    expect(await ids(db)).toEqual([2])
  })

  test.each(WAYS)('where the last fails its owner may undo the others: $way', async ({ on }) => {
    const heard: string[] = []
    await on(db, async (pinned) => {
      const running = pinned.transactionWithin(add(1), async () => last(1, heard))
      await expect(running).rejects.toMatchObject({ code: 'UNIQUE_VIOLATION' })
      await pinned.transactionWithin(add(2), async () => last(3, heard))
    })
    expect(await ids(db)).toEqual([2, 3])
    expect(heard).toEqual(['failed', 'ended'])
  })

  test.each(WAYS)('or have them committed without it, where the database can: $way', async ({ on }) => {
    await on(db, async (pinned) => {
      const running = pinned.transactionWithin(add(1), async () => ({ ...last(1, []), failed: () => {} }))
      // The failed statement took the transaction along, and the commit says so.
      if (db.dialect === 'postgres') await expect(running).rejects.toBeInstanceOf(TransactionRolledBackException)
      else await running
      await pinned.transactionWithin(add(2), async () => undefined)
    })
    expect(await ids(db)).toEqual(db.dialect === 'postgres' ? [2] : [1, 2])
  })

  test.each(WAYS)('a value that cannot be bound is no end to wait for: $way', async ({ on }) => {
    const unbound = { sql: ADD, bindings: [Symbol('no value')] }
    await on(db, async (pinned) => {
      const first = pinned.transactionWithin(unbound, async () => undefined)
      await expect(first).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      const whole = pinned.transactionWithin(add(1), async () => ({ ...last(2, []), ...unbound }))
      await expect(whole).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      await pinned.transactionWithin(add(3), async () => last(4, []))
    })
    expect(await ids(db)).toEqual([3, 4])
  })

  test('what is sent after the last is refused', async () => {
    await onPrepared(db, async (pinned) => {
      let late: Connection | undefined
      await pinned.transactionWithin(add(1), async (transaction) => {
        late = transaction
        return last(2, [])
      })
      await expect(late?.insert(ADD, [3])).rejects.toMatchObject({ code: 'TRANSACTION_CLOSED' })
    })
    expect(await ids(db)).toEqual([1, 2])
  })

  test('inside of a transaction it is a savepoint', async () => {
    const heard: string[] = []
    await db.connection().transaction(async (outer) => {
      await outer.transactionWithin(add(1), async () => last(2, heard))
      await expect(outer.transactionWithin(add(3), async () => last(3, heard))).rejects.toMatchObject({
        code: 'UNIQUE_VIOLATION',
      })
    })
    expect(await ids(db)).toEqual([1, 2])
    expect(heard).toEqual(['ended', 'failed'])
  })
})

for (const dialect of ['postgres', 'sqlite'] as const) {
  onDatabase(dialect, 'a commit with the last statement that is refused', (db) => {
    beforeEach(() => makeTables(db))

    test.each(WAYS)('undoes all of it, and is no failure of the statement: $way', async ({ on }) => {
      const heard: string[] = []
      await db
        .connection()
        .statement('create table child (kept integer references kept (id) deferrable initially deferred)')
      await on(db, async (pinned) => {
        const running = pinned.transactionWithin(add(1), async (transaction) => {
          await transaction.statement('insert into child values (99)')
          return last(2, heard)
        })
        await expect(running).rejects.toMatchObject({ code: 'FOREIGN_KEY_VIOLATION', sql: 'commit' })
        await pinned.transactionWithin(add(3), async () => last(4, []))
      })
      expect(await ids(db)).toEqual([3, 4])
      expect(heard).toEqual([])
    })
  })
}

onDatabase('sqlite', 'a begin with the first statement that is refused', (db) => {
  beforeEach(() => makeTables(db))

  test('keeps the statement back', async () => {
    await withConnection(db, {}, async (writer) => {
      await writer.transaction(async () => {
        await withConnection(db, { busyTimeout: 1 }, async (connection) => {
          await connection.pin(async (pinned) => {
            const running = pinned.transactionWithin(add(1), async () => undefined)
            await expect(running).rejects.toMatchObject({ sql: 'begin immediate' })
          })
        })
      })
    })
    expect(await ids(db)).toEqual([])
  })
})

onDatabase('postgres', 'statements at the edges on the network', (db) => {
  let proxy: FaultProxy

  beforeEach(async () => {
    await makeTables(db)
    proxy = await FaultProxy.inFrontOf(db.url)
    onTestFinished(() => proxy.close())
  })

  test('begin and commit take no round trip of their own', async () => {
    await withConnection(db, { host: '127.0.0.1', port: proxy.port }, (connection) =>
      connection.pin(async (pinned) => {
        await pinned.transactionWithin(add(-2), async () => last(-1, []))
        proxy.resetCounts()
        await pinned.transactionWithin(add(1), async () => last(2, []))
        expect(proxy.pieces.toServer).toBe(2)
      }),
    )
  })

  test('wherever the answer is cut, nothing is claimed that is not so', async () => {
    const outcomes = new Set<string>()
    for (let bytes = 0; bytes <= 80; bytes += 8) {
      await withConnection(db, { host: '127.0.0.1', port: proxy.port }, (connection) =>
        connection
          .pin(async (pinned) => {
            await pinned.transactionWithin(add(-2), async () => last(-1, []))
            await pinned.delete('delete from kept')
            const running = pinned.transactionWithin(add(1), async () => {
              proxy.cutAfterBytes('toClient', bytes)
              return last(2, [])
            })
            const outcome = await running.then(
              () => 'committed',
              (error: unknown) => (error instanceof CommitUnknownException ? 'unknown' : String(error)),
            )
            outcomes.add(outcome)
            if (outcome === 'committed') expect(await ids(db)).toEqual([1, 2])
          })
          .catch(() => {}),
      )
      proxy.pass()
    }
    expect([...outcomes].sort()).toEqual(['committed', 'unknown'])
  })
})
