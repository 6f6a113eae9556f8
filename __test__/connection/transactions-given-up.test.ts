import { beforeEach, expect, test } from 'vitest'
import { DeadlockException, TransactionRolledBackException } from '../../js/index'
import { onDatabase } from '../support/databases'
import { meeting } from './notes'

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
