/** Aggregates keep the database's types (decision D17). */
import { beforeAll, expect, test } from 'vitest'
import { DB } from '../../js/index'
import { onEveryDatabase } from '../support/databases'

onEveryDatabase('Aggregates', (db) => {
  beforeAll(async () => {
    const [real, moment] = {
      postgres: ['double precision', 'timestamptz'],
      mysql: ['double', 'datetime'],
      sqlite: ['double', 'datetime'],
    }[db.dialect] as [string, string]
    await db
      .connection()
      .statement(
        `create table amounts (id integer primary key, n integer, big bigint, price decimal(30,2), ratio ${real}, name varchar(20), made_at ${moment})`,
      )
    await db
      .connection()
      .table('amounts')
      .insert([
        { id: 1, n: 1, big: 2n ** 53n, price: '0.10', ratio: 0.5, name: 'a', made_at: new Date(0) },
        { id: 2, n: 2, big: 1, price: '0.20', ratio: 0.25, name: 'b', made_at: new Date(1e12) },
      ])
  })

  const amounts = () => DB.table('amounts')
  const none = () => amounts().where('id', '>', 100)

  test('count is a number', async () => {
    expect(await amounts().count()).toBe(2)
    expect(await none().count()).toBe(0)
    expect(await amounts().where('id', 1).count('name')).toBe(1)
  })

  test('over no rows min, max and avg are null, and sum is 0', async () => {
    for (const column of ['n', 'price', 'ratio', 'big'] as const) {
      expect(await none().min(column)).toBeNull()
      expect(await none().max(column)).toBeNull()
      expect(await none().avg(column)).toBeNull()
      expect(await none().sum(column)).toBe(0)
    }
  })

  test('min and max have the type of the column', async () => {
    expect(await amounts().max('n')).toBe(2)
    expect(await amounts().max('big')).toBe('9007199254740992')
    expect(await amounts().max('ratio')).toBe(0.5)
    expect(await amounts().min('name')).toBe('a')
    // SQLite’s functions forget what their argument was declared as.
    const isSqlite = db.dialect === 'sqlite'
    expect(await amounts().max('price')).toBe(isSqlite ? 0.2 : '0.20')
    expect(await amounts().max('made_at')).toEqual(isSqlite ? '2001-09-09 01:46:40' : new Date(1e12))
  })

  test('sums of decimals are exact, of 64 bits too', async () => {
    expect(await amounts().sum('price')).toBe(
      { postgres: '0.30', mysql: '0.30', sqlite: 0.30000000000000004 }[db.dialect],
    )
    expect(String(await amounts().sum('big'))).toBe('9007199254740993')
    expect(await amounts().sum('ratio')).toBe(0.75)
  })
})
