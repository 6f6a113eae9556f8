/** Promise 8: run again only when asked, only after errors that say so, never after COMMIT, and every effect once. */
import { expect, test } from 'vitest'
import { type Connection, DB, DeadlockException, type TransactionOptions } from '../../../js/index'
import { onDatabase, onEveryDatabase } from '../../support/databases'
import { meeting } from '../pool/meeting'
import { withConnection } from '../pool/with-connection'

const SLOW = {
  postgres: 'select pg_sleep(5)',
  // A sleep alone ends early with 1 instead of an error.
  mysql: 'select count(*) from (select sleep(5) union all select 1) as slow',
  sqlite: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n',
}
const PAIRS = 200
const AT_ONCE = 10

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'deadlocks', (db) => {
    test(`${PAIRS} forced pairs: all succeed in the end, each effect exactly once`, async () => {
      await DB.statement('create table accounts (id integer primary key, balance integer not null)')
      await DB.statement('create table ledger (pair integer, side integer)')
      const accounts = Array.from({ length: PAIRS * 2 }, (_, id) => ({ id, balance: 0 }))
      await DB.table('accounts').insert(accounts)
      let runs = 0
      await withConnection(db, { pool: { max: AT_ONCE * 2 } }, async (connection) => {
        async function pair(number: number): Promise<void> {
          const bothHaveOne = meeting(2)
          const side = (side: number) =>
            connection.transaction(
              async (trx) => {
                runs++
                if (dialect === 'postgres') await trx.statement("set local deadlock_timeout = '20ms'")
                await trx.insert('insert into ledger values (?, ?)', [number, side])
                await trx.update('update accounts set balance = balance + 1 where id = ?', [number * 2 + side])
                await bothHaveOne()
                await trx.update('update accounts set balance = balance + 10 where id = ?', [number * 2 + 1 - side])
              },
              { attempts: 5 },
            )
          await Promise.all([side(0), side(1)])
        }
        for (let first = 0; first < PAIRS; first += AT_ONCE) {
          await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => pair(first + n)))
        }
        expect(connection.pool.stats()).toMatchObject({ active: 0, waiting: 0 })
      })
      expect(runs).toBeGreaterThanOrEqual(PAIRS * 3)
      expect(await DB.table('accounts').where('balance', 11).count()).toBe(PAIRS * 2)
      const entries = await DB.select('select pair, side from ledger group by pair, side having count(*) = 1')
      expect(entries).toHaveLength(PAIRS * 2)
    })
  })
}

onDatabase('postgres', 'serialization failures', () => {
  /** Two transactions that each read what the other writes. */
  function skew(options: TransactionOptions): Promise<unknown>[] {
    const bothHaveRead = meeting(2)
    return [1, 2].map((id) =>
      DB.transaction(
        async (trx) => {
          const total = Number(await trx.scalar('select sum(value) as total from skewed'))
          await bothHaveRead()
          await trx.update('update skewed set value = ? where id = ?', [total, id])
          // The first to commit wins; the other learns it from its next statement, not from COMMIT.
          await new Promise((resolve) => setTimeout(resolve, id * 30))
          await trx.select('select * from skewed')
        },
        { isolation: 'serializable', ...options },
      ),
    )
  }

  test('are tried again when asked: the result is that of one after the other', async () => {
    await DB.statement('create table skewed (id integer primary key, value integer not null)')
    await DB.statement('insert into skewed values (1, 1), (2, 1)')
    await Promise.all(skew({ attempts: 5 }))
    expect(await DB.scalar('select sum(value) as total from skewed').then(Number)).toBe(5)
  })

  test('are thrown when not asked', async () => {
    const results = await Promise.allSettled(skew({}))
    const failed = results.filter((result) => result.status === 'rejected')
    expect(failed).toHaveLength(1)
    expect(failed[0]?.reason).toMatchObject({ code: 'SERIALIZATION_FAILURE', nativeCode: '40001' })
  })
})

onDatabase('mysql', 'lock timeouts', () => {
  test('are tried again when asked, from the beginning', async () => {
    await DB.statement('create table locked (id integer primary key, value integer not null)')
    await DB.statement('insert into locked values (1, 0), (2, 0)')
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let runs = 0
    const hasIt = meeting(2)
    const holder = DB.transaction(async (trx) => {
      await trx.update('update locked set value = value + 1 where id = 1')
      void hasIt()
      await held
    })
    await hasIt()
    await DB.transaction(
      async (trx) => {
        if (++runs === 2) release()
        await trx.statement('set innodb_lock_wait_timeout = 1')
        await trx.update('update locked set value = value + 1 where id = 2')
        await trx.update('update locked set value = value + 1 where id = 1')
      },
      { attempts: 3 },
    )
    await holder
    expect(runs).toBe(2)
    expect(await DB.table('locked').orderBy('id').pluck('value')).toEqual([2, 1])
  })
})

onEveryDatabase('attempts', (db) => {
  const failing = async (options: TransactionOptions | number, fail: (trx: Connection) => Promise<unknown>) => {
    let runs = 0
    const running = db.connection().transaction(async (trx) => {
      runs++
      await fail(trx)
    }, options)
    const error: unknown = await running.catch((thrown: unknown) => thrown)
    return { runs, error }
  }

  test.each([
    ['an application error', () => Promise.reject(new Error('mine'))],
    [
      'an application error with the name of a deadlock',
      () => Promise.reject(Object.assign(new Error(), { code: 'DEADLOCK' })),
    ],
    ['a syntax error', (trx: Connection) => trx.select('selec 1')],
    ['a unique violation', (trx: Connection) => trx.insert('insert into once values (1), (1)')],
    [
      'a signal that was given before',
      (trx: Connection) => trx.select('select 1', [], { signal: AbortSignal.abort() }),
    ],
    ['a time limit of a statement', (trx: Connection) => trx.select(SLOW[db.dialect], [], { timeout: 20 })],
  ])('%s is not tried again', async (_, fail) => {
    await DB.statement('drop table if exists once')
    await DB.statement('create table once (id integer primary key)')
    const { runs, error } = await failing({ attempts: 5 }, fail)
    expect(runs).toBe(1)
    expect(error).toBeInstanceOf(Error)
  })

  test.each([
    ['none asked', {}, 1],
    ['{ attempts: 3 }', { attempts: 3 }, 3],
    ['a number', 3, 3],
  ] as const)('a deadlock every time, %s', async (_, options, expected) => {
    const { runs, error } = await failing(options, () =>
      Promise.reject(new DeadlockException('again', { code: 'DEADLOCK' })),
    )
    expect(runs).toBe(expected)
    expect(error).toBeInstanceOf(DeadlockException)
  })

  test('a connection by its name, or by an option, with attempts', async () => {
    await withConnection(db, {}, async (connection) => {
      const name = connection.getName()
      expect(await DB.transaction((trx) => trx.getName(), name)).toBe(name)
      expect(await DB.transaction((trx) => trx.getName(), { connection: name, attempts: 2 })).toBe(name)
      expect(await DB.transaction((trx) => trx.getName(), 3)).toBe('default')
      let runs = 0
      const running = DB.transaction(
        () => {
          runs++
          throw new DeadlockException('again', { code: 'DEADLOCK' })
        },
        { connection: name, attempts: 2 },
      )
      await expect(running).rejects.toBeInstanceOf(DeadlockException)
      expect(runs).toBe(2)
    })
  })
})
