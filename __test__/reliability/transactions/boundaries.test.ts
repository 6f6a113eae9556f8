/** Promises 9 and 11: what belongs to a transaction, when it is over, and that its options end with it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { type Connection, DB, type IsolationLevel, TransactionClosedException } from '../../../js/index'
import { onDatabase, onEveryDatabase } from '../../support/databases'
import { withConnection } from '../pool/with-connection'

onEveryDatabase('boundaries', (db) => {
  beforeEach(async () => {
    await DB.statement('drop table if exists kept')
    await DB.statement('create table kept (id integer primary key)')
  })
  const count = () => DB.scalar('select count(*) as n from kept')

  test('200 statements that nobody awaited: all in their transaction, none outside', async () => {
    const failures: unknown[] = []
    const transactions = Array.from({ length: 20 }, (_, number) =>
      DB.transaction(async (trx) => {
        for (let n = 0; n < 10; n++) {
          const through = n % 2 === 0 ? trx : DB
          through
            .insert('insert into kept values (?)', [number * 10 + n])
            .catch((error: unknown) => failures.push(error))
        }
        if (number % 2 === 0) throw new Error('rolled back')
      }),
    )
    const results = await Promise.allSettled(transactions)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    expect(failures).toEqual([])
    expect(await count()).toBe(100)
    expect(
      await DB.table('kept')
        .pluck('id')
        .then((ids) => ids.every((id) => Math.floor(Number(id) / 10) % 2 === 1)),
    ).toBe(true)
  })

  const USES: [string, (trx: Connection) => unknown][] = [
    ['select', (trx) => trx.select('select 1 as one')],
    ['insert', (trx) => trx.insert('insert into kept values (9)')],
    ['unprepared', (trx) => trx.unprepared('insert into kept values (9)')],
    ['a query', (trx) => trx.table('kept').insert({ id: 9 })],
    ['a cursor', (trx) => trx.cursor('select 1 as one').next()],
    ['a transaction', (trx) => trx.transaction((inner) => inner.insert('insert into kept values (9)'))],
    ['beginTransaction', (trx) => trx.beginTransaction()],
    ['commit', (trx) => trx.commit()],
    ['rollBack', (trx) => trx.rollBack()],
    ['afterCommit', (trx) => trx.afterCommit(() => {})],
    ['pin', (trx) => trx.pin((pinned) => pinned.insert('insert into kept values (9)'))],
    ['the schema', (trx) => trx.schema().hasTable('kept')],
  ]
  test.each(USES)('%s through the object of a transaction that has ended is refused', async (_, use) => {
    for (const keeps of [true, false]) {
      let kept: Connection | undefined
      await DB.transaction(async (trx) => {
        kept = trx
        if (!keeps) throw new Error('rolled back')
      }).catch(() => {})
      await expect((async () => use(kept as Connection))()).rejects.toBeInstanceOf(TransactionClosedException)
    }
    expect(await count()).toBe(0)
  })

  test('work that wakes up after the end is refused, in its async context as well', async () => {
    const late: Promise<unknown>[] = []
    await DB.transaction(async (trx) => {
      for (let id = 1; id <= 50; id++) {
        const work = sleep(5).then(() => (id % 2 === 0 ? trx : DB).insert('insert into kept values (?)', [id]))
        late.push(work.catch((error: unknown) => error))
      }
    })
    for (const result of await Promise.all(late)) expect(result).toMatchObject({ code: 'TRANSACTION_CLOSED' })
    expect(await count()).toBe(0)
  })

  test('begin, commit and rollback by hand, in plain async functions that call each other', async () => {
    async function add(id: number): Promise<void> {
      await DB.insert('insert into kept values (?)', [id])
    }
    async function unit(id: number, keeps: boolean): Promise<void> {
      await DB.beginTransaction()
      try {
        await add(id)
        await Promise.all([add(id + 1), add(id + 2)])
        if (!keeps) throw new Error('rolled back')
        await DB.commit()
      } catch (error) {
        await DB.rollBack()
        throw error
      }
    }
    for (let n = 0; n < 10; n++) {
      if (n % 2 === 0) await unit(n * 3, true)
      else await expect(unit(n * 3, false)).rejects.toThrow('rolled back')
      expect(DB.transactionLevel()).toBe(0)
    }
    expect(await count()).toBe(15)
    expect(DB.connection().pool.stats().active).toBe(0)
  })

  test('callbacks after the commit run in the order of their registration, nested ones where they stand', async () => {
    const order: string[] = []
    const after = (name: string) => DB.afterCommit(() => order.push(name))
    await DB.transaction(async (trx) => {
      await after('first')
      await trx.transaction(async () => {
        await after('second, inside')
        await trx.transaction(() => after('third, deeper'))
      })
      await trx
        .transaction(async () => {
          await after('undone')
          throw new Error('inner')
        })
        .catch(() => {})
      await after('fourth')
    })
    expect(order).toEqual(['first', 'second, inside', 'third, deeper', 'fourth'])
  })

  test('a callback after the commit that throws: the others run, the error is thrown, the work is kept', async () => {
    const order: string[] = []
    const running = DB.transaction(
      async (trx) => {
        await trx.insert('insert into kept values (1)')
        await trx.afterCommit(() => {
          throw new Error('mail server is down')
        })
        await trx.afterCommit(() => order.push('second'))
      },
      { attempts: 3 },
    )
    await expect(running).rejects.toThrow('mail server is down')
    expect(order).toEqual(['second'])
    expect(await count()).toBe(1)
  })

  test('read only refuses writes, for one transaction', async () => {
    await withConnection(db, { pool: { max: 1 } }, async (connection) => {
      for (let id = 0; id < 5; id++) {
        const writing = connection.transaction((trx) => trx.insert('insert into kept values (?)', [-1]), {
          readOnly: true,
        })
        await expect(writing).rejects.toMatchObject({
          nativeCode: { postgres: '25006', mysql: '1792', sqlite: '8' }[db.dialect],
        })
        await connection.transaction((trx) => trx.insert('insert into kept values (?)', [id]))
      }
      expect(await count()).toBe(5)
    })
  })
})

const LEVELS: IsolationLevel[] = ['read uncommitted', 'read committed', 'repeatable read', 'serializable']
/** The level of the transaction that asks. */
const LEVEL = {
  postgres: "select current_setting('transaction_isolation') as level",
  mysql:
    'select lower(trx_isolation_level) as level from information_schema.innodb_trx where trx_mysql_thread_id = connection_id()',
}
const DEFAULT = { postgres: 'read committed', mysql: 'repeatable read' }

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'isolation', (db) => {
    test('a level holds for exactly one transaction: the next on the same connection has the default', async () => {
      await DB.statement('create table looked_at (id integer)')
      await withConnection(db, { pool: { max: 1 } }, async (connection) => {
        const level = async (isolation?: IsolationLevel) =>
          await connection.transaction(
            async (trx) => {
              await trx.select('select * from looked_at for update')
              // MariaDB shows transactions as they were up to 0.1 s ago.
              if (dialect === 'mysql') await sleep(110)
              return await trx.scalar(LEVEL[dialect])
            },
            isolation === undefined ? {} : { isolation },
          )
        for (const isolation of LEVELS) {
          expect(await level(isolation)).toBe(isolation)
          expect(await level()).toBe(DEFAULT[dialect])
        }
      })
    })
  })
}
