import { describe, expect, test } from 'vitest'
import { DB, type QueryBuilder, Schema, UniqueConstraintViolationException, UnsupportedException } from '../../js/index'
import { namesOf, scenarios } from './shop'

const users = (): QueryBuilder => DB.table('users')
const orders = (): QueryBuilder => DB.table('orders')
const votesOf = (id: number): Promise<unknown> => users().where('id', id).value('votes')

scenarios('writing with the query builder', (db) => {
  test('scenario 75: insert adds one row or many', async () => {
    expect(await users().insert({ name: 'Edsger', email: 'e@example.com', votes: 1 })).toBe(true)
    const two = [
      { name: 'Donald', email: 'd@example.com' },
      { name: 'Ken', email: 'k@example.com' },
    ]
    expect(await users().insert(two)).toBe(true)
    expect(await users().where('id', '>', 5).orderBy('id').pluck('name')).toEqual(['Edsger', 'Donald', 'Ken'])
  })

  test('scenario 76: insertGetId answers the new key', async () => {
    const id = await users().insertGetId({ name: 'Edsger', email: 'e@example.com' })
    expect(id).toBe(6)
    expect(await users().find(id)).toMatchObject({ name: 'Edsger', votes: 0 })
  })

  test('scenario 77: upsert adds and changes', async () => {
    const rows = [
      { email: 'ada@example.com', name: 'Ada L.', votes: 101 },
      { email: 'new@example.com', name: 'New', votes: 1 },
    ]
    expect(await users().upsert(rows, ['email'], ['votes'])).toBe(db.dialect === 'mysql' ? 3 : 2)
    expect(await users().where('id', 1).first('name', 'votes')).toEqual({ name: 'Ada', votes: 101 })
    expect(await users().where('email', 'new@example.com').value('name')).toBe('New')
  })

  test('scenario 78: update, increment and decrement answer how many rows they touched', async () => {
    expect(await users().where('city', 'London').update({ votes: 1 })).toBe(2)
    expect(await users().where('id', 1).increment('votes')).toBe(1)
    expect(await users().where('id', 1).increment('votes', 5, { name: 'Countess' })).toBe(1)
    expect(await users().where('id', 1).decrement('votes', 2)).toBe(1)
    expect(await users().where('id', 1).first('name', 'votes')).toEqual({ name: 'Countess', votes: 5 })
  })

  test('scenario 79: delete with and without conditions', async () => {
    expect(await users().where('votes', '>', 100).delete()).toBe(2)
    expect(await users().delete(1)).toBe(1)
    expect(await users().delete()).toBe(2)
    expect(await users().count()).toBe(0)
  })

  test('scenario 80: truncate removes every row and begins to count anew', async () => {
    await orders().truncate()
    expect(await orders().count()).toBe(0)
    expect(await orders().insertGetId({ user_id: 1, kind: 'pen', price: 1 })).toBe(1)
  })

  test('scenario 246: thousands of rows at once', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => ({ user_id: at, kind: `kind ${at}`, price: 1, id: at + 10 }))
    expect(await orders().insert(rows)).toBe(true)
    expect(await orders().count()).toBe(20_004)
    expect(await orders().max('user_id')).toBe(19_999)
  })

  describe('beyond 2.1.24', () => {
    test('truncate where no table of the database has a counter', async () => {
      await Schema.dropIfExists('users')
      await Schema.dropIfExists('orders')
      await DB.statement('create table bare (a integer)')
      await DB.table('bare').insert([{ a: 1 }, { a: 2 }])
      await DB.table('bare').truncate()
      expect(await DB.table('bare').count()).toBe(0)
      await DB.statement('drop table bare')
    })

    test('insertOrIgnore leaves out what is there', async () => {
      const rows = [
        { email: 'ada@example.com', name: 'Other' },
        { email: 'new@example.com', name: 'New' },
      ]
      expect(await users().insertOrIgnore(rows)).toBe(1)
      expect(await users().where('id', 1).value('name')).toBe('Ada')
      await expect(users().insert({ email: 'ada@example.com', name: 'Other' })).rejects.toThrow(
        UniqueConstraintViolationException,
      )
    })

    test('insertOrIgnoreReturning answers the rows that it added', async () => {
      const rows = [
        { email: 'ada@example.com', name: 'Other' },
        { email: 'new@example.com', name: 'New' },
      ]
      const added = users().insertOrIgnoreReturning(rows, ['name'], 'email')
      expect(await added).toEqual([{ name: 'New' }])
    })

    test('insertUsing and insertOrIgnoreUsing add what a query finds', async () => {
      const books = orders().select('user_id', 'kind', 'price').where('kind', 'book')
      expect(await orders().insertUsing(['user_id', 'kind', 'price'], books)).toBe(2)
      const same = users().select('email', 'name')
      expect(await users().insertOrIgnoreUsing(['email', 'name'], same)).toBe(0)
    })

    test('onConflict merges and ignores', async () => {
      const row = { email: 'ada@example.com', name: 'Countess', votes: 3 }
      await users().onConflict('email').merge(['votes']).insert(row)
      expect(await users().where('id', 1).first('name', 'votes')).toEqual({ name: 'Ada', votes: 3 })
      await users().onConflict('email').merge({ name: 'Merged' }).insert(row)
      expect(await users().where('id', 1).first('name', 'votes')).toEqual({ name: 'Merged', votes: 3 })
      expect(await users().onConflict('email').ignore().insert(row)).toBe(0)
    })

    test('updateOrInsert', async () => {
      expect(await users().updateOrInsert({ email: 'ada@example.com' }, { votes: 9 })).toBe(true)
      expect(await votesOf(1)).toBe(9)
      expect(await users().updateOrInsert({ email: 'z@example.com' }, { name: 'Zuse' })).toBe(true)
      expect(await users().where('email', 'z@example.com').value('name')).toBe('Zuse')
    })

    test('incrementEach and decrementEach', async () => {
      await users().where('id', 1).incrementEach({ votes: 5, id: 100 })
      expect(await votesOf(101)).toBe(105)
      await users().where('id', 101).decrementEach({ votes: 5 }, { name: 'Down' })
      expect(await users().where('id', 101).first('name', 'votes')).toEqual({ name: 'Down', votes: 100 })
    })

    test('updateFrom takes values of joined tables on PostgreSQL', async () => {
      const query = users().join('orders', 'users.id', '=', 'orders.user_id').where('orders.kind', 'desk')
      const running = query.updateFrom({ city: DB.raw('orders.kind') })
      if (db.dialect !== 'postgres') {
        await expect(running).rejects.toThrow(UnsupportedException)
        return
      }
      expect(await running).toBe(1)
      expect(await users().where('id', 3).value('city')).toBe('desk')
    })

    test('updates and deletes with joins touch the rows that match', async () => {
      const buyers = () => users().join('orders', 'users.id', '=', 'orders.user_id').where('orders.kind', 'book')
      expect(await buyers().update({ city: 'Library' })).toBe(2)
      expect(await users().where('city', 'Library').orderBy('id').pluck('name')).toEqual(['Ada', 'Grace'])
      expect(await buyers().delete()).toBe(2)
      expect(namesOf(await users().orderBy('id').get())).toEqual(['Linus', 'Barbara', 'Alan'])
      expect(await orders().count()).toBe(4)
    })

    test('updates and deletes with a limit touch so many rows', async () => {
      expect(await users().orderBy('id').limit(2).update({ city: 'First' })).toBe(2)
      expect(await users().where('city', 'First').orderBy('id').pluck('name')).toEqual(['Ada', 'Grace'])
      expect(await users().orderBy('id').limit(1).delete()).toBe(1)
      expect(await users().count()).toBe(4)
    })

    test('returning, where the database has it', async () => {
      const added = users().returning('id', 'name').insert({ name: 'New', email: 'n@example.com' })
      expect(await added).toEqual([{ id: 6, name: 'New' }])
      expect(await users().where('id', 6).returning('name').delete()).toEqual([{ name: 'New' }])
      const changed = users().where('id', 1).returning('votes').update({ votes: 2 })
      if (db.dialect === 'mysql') await expect(changed).rejects.toThrow(UnsupportedException)
      else expect(await changed).toEqual([{ votes: 2 }])
    })
  })
})
