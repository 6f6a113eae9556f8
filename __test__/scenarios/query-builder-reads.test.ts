import { describe, expect, test } from 'vitest'
import { DB, raw } from '../../js/index'
import { namesOf, scenarios } from './shop'

scenarios('reading with the query builder', (db) => {
  const yes = db.dialect === 'mysql' ? 1 : true

  test('scenario 4: DB.select binds values, booleans too', async () => {
    const rows = await DB.select('select name from users where active = ? and votes > ? order by id', [true, 90])
    expect(rows).toEqual([{ name: 'Ada' }, { name: 'Grace' }, { name: 'Barbara' }])
  })

  test('scenario 5: DB.insert and table().insert add a row and answer true', async () => {
    expect(await DB.insert('insert into orders (user_id, kind, price) values (?, ?, ?)', [4, 'lamp', 9])).toBe(true)
    expect(await DB.table('orders').insert({ user_id: 4, kind: 'chair', price: 50 })).toBe(true)
    expect(await DB.table('orders').where('user_id', 4).orderBy('id').pluck('kind')).toEqual(['lamp', 'chair'])
  })

  test('scenario 9: where/orWhere and join find rows, count and max are numbers', async () => {
    const rows = await DB.table('users').where('votes', '>', 200).orWhere('name', 'Alan').orderBy('id').get()
    expect(namesOf(rows)).toEqual(['Grace', 'Barbara', 'Alan'])
    const joined = await DB.table('users')
      .join('orders', 'users.id', '=', 'orders.user_id')
      .orderBy('orders.id')
      .get('users.name', 'orders.kind')
    expect(joined.map((row) => `${row.name} ${row.kind}`)).toEqual(['Ada book', 'Ada pen', 'Grace book', 'Linus desk'])
    expect(await DB.table('users').count()).toBe(5)
    expect(await DB.table('users').max('votes')).toBe(250)
  })

  test('scenario 10: chunk calls back for each page', async () => {
    const pages: unknown[][] = []
    await DB.table('users')
      .orderBy('id')
      .chunk(2, (rows) => pages.push(namesOf(rows)) > 9)
    expect(pages).toEqual([['Ada', 'Grace']])
    pages.length = 0
    const whole = await DB.table('users')
      .orderBy('id')
      .chunk(2, (rows) => {
        pages.push(namesOf(rows))
      })
    expect(whole).toBe(true)
    expect(pages).toEqual([['Ada', 'Grace'], ['Linus', 'Barbara'], ['Alan']])
  })

  test('scenario 33: get, first, value, find and pluck', async () => {
    expect(namesOf(await DB.table('users').orderBy('id').get())).toEqual(['Ada', 'Grace', 'Linus', 'Barbara', 'Alan'])
    expect(await DB.table('users').where('name', 'Grace').first()).toMatchObject({
      id: 2,
      active: yes,
      city: 'New York',
    })
    expect(await DB.table('users').where('name', 'Nobody').first()).toBeNull()
    expect(await DB.table('users').where('name', 'Grace').value('email')).toBe('grace@example.com')
    expect(await DB.table('users').find(3)).toMatchObject({ name: 'Linus' })
    expect(await DB.table('users').orderBy('id').pluck('votes')).toEqual([100, 250, 75, 250, 10])
  })

  test('scenario 34: pluck(value, key) is an object by key', async () => {
    expect(await DB.table('users').where('id', '<', 3).pluck('name', 'id')).toEqual({ 1: 'Ada', 2: 'Grace' })
  })

  test('scenario 35: get() answers a list with the methods of one', async () => {
    const rows = await DB.table('users').get()
    expect(rows.filter((row) => row.city === 'London')).toHaveLength(2)
    expect(Array.isArray(rows)).toBe(true)
  })

  test('scenario 40: aggregates are exact numbers', async () => {
    expect(await DB.table('users').count()).toBe(5)
    expect(await DB.table('users').count('city')).toBe(4)
    expect(await DB.table('users').min('votes')).toBe(10)
    expect(await DB.table('users').max('name')).toBe('Linus')
    expect(Number(await DB.table('users').sum('votes'))).toBe(685)
    expect(Number(await DB.table('users').avg('votes'))).toBe(137)
    expect(Number(await DB.table('orders').sum('price'))).toBe(135.75)
    expect(await DB.table('users').where('id', 0).max('votes')).toBeNull()
  })

  test('scenario 41: exists and doesntExist', async () => {
    expect(await DB.table('users').where('name', 'Ada').exists()).toBe(true)
    expect(await DB.table('users').where('name', 'Nobody').exists()).toBe(false)
    expect(await DB.table('users').where('name', 'Nobody').doesntExist()).toBe(true)
  })

  test('scenario 42: select with an alias, distinct, addSelect', async () => {
    const query = DB.table('users').select('name', 'email as address')
    expect(await query.clone().find(1)).toEqual({ name: 'Ada', address: 'ada@example.com' })
    expect(await query.addSelect('votes').find(1)).toEqual({ name: 'Ada', address: 'ada@example.com', votes: 100 })
    expect(await DB.table('users').distinct().orderBy('votes').pluck('votes')).toEqual([10, 75, 100, 250])
  })

  test('scenario 43: raw SQL in select, with groups', async () => {
    const rows = await DB.table('users')
      .select(DB.raw('count(*) as users'), 'votes')
      .groupBy('votes')
      .orderBy('votes', 'desc')
      .get()
    expect(rows[0]).toEqual({ users: 2, votes: 250 })
  })

  test('scenario 44: selectRaw takes values, also beside a where', async () => {
    const rows = await DB.table('orders').selectRaw('price * ? as taxed', [2]).where('kind', 'book').orderBy('id').get()
    expect(rows.map((row) => Number(row.taxed))).toEqual([20, 10.5])
  })

  test('scenario 196: DB.raw with values runs when it is awaited', async () => {
    expect(await DB.raw('select name from users where id = ?', [2])).toEqual([{ name: 'Grace' }])
  })

  test('scenario 197: values by name', async () => {
    const rows = await DB.select('select name from users where votes = :votes and city = :city', {
      votes: 250,
      city: 'New York',
    })
    expect(rows).toEqual([{ name: 'Grace' }])
  })

  test('scenario 220: selects run beside each other', async () => {
    const names = await Promise.all([1, 2, 3, 4, 5].map((id) => DB.table('users').where('id', id).value('name')))
    expect(names).toEqual(['Ada', 'Grace', 'Linus', 'Barbara', 'Alan'])
  })

  test('scenario 232: the query log has the query, its values and its time', async () => {
    DB.connection().enableQueryLog()
    await DB.table('users').where('id', 2).first()
    const [entry] = DB.connection().getQueryLog()
    DB.connection().disableQueryLog()
    DB.connection().flushQueryLog()
    expect(entry).toMatchObject({ bindings: [2] })
    expect(entry?.query).toContain('limit 1')
    expect(entry?.time).toBeGreaterThanOrEqual(0)
  })

  describe('beyond 2.1.24', () => {
    test('sole answers the only row', async () => {
      expect(await DB.table('users').where('name', 'Ada').sole()).toMatchObject({ id: 1 })
      await expect(DB.table('users').sole()).rejects.toThrow(/records/)
      await expect(DB.table('users').where('id', 0).sole()).rejects.toThrow()
    })

    test('dates come as Date, and as they were written', async () => {
      expect(await DB.table('users').where('id', 1).value('created_at')).toEqual(
        db.dialect === 'sqlite' ? expect.anything() : new Date('2026-01-15T08:30:00Z'),
      )
    })

    test('sub-queries as columns, and as the source', async () => {
      const rows = await DB.table('users')
        .select('name')
        .selectSub((query) => query.from('orders').selectRaw('count(*)').whereColumn('user_id', 'users.id'), 'orders')
        .where('id', '<', 3)
        .orderBy('id')
        .get()
      expect(rows).toEqual([
        { name: 'Ada', orders: 2 },
        { name: 'Grace', orders: 1 },
      ])
      const richest = DB.table('orders').select('user_id').selectRaw('sum(price) as total').groupBy('user_id')
      expect(
        await DB.query().fromSub(richest, 'sums').where('total', '>', 50).orderBy('user_id').pluck('user_id'),
      ).toEqual([3])
    })

    test('rawValue and implode', async () => {
      expect(await DB.table('users').where('id', 1).rawValue('upper(name)')).toBe('ADA')
      expect(await DB.table('users').where('id', '<', 3).orderBy('id').implode('name', ', ')).toBe('Ada, Grace')
      expect(await DB.table('users').where('id', 1).value(raw('votes + 1'))).toBe(101)
    })
  })
})
