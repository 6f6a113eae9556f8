import { describe, expect, test } from 'vitest'
import { DB, type QueryBuilder, UnsupportedException } from '../../js/index'
import { namesOf, scenarios } from './shop'

const users = (): QueryBuilder => DB.table('users')

scenarios('groups, joins and unions of the query builder', (db) => {
  test('scenario 46: havingRaw', async () => {
    const query = DB.table('orders').select('user_id').groupBy('user_id').orderBy('user_id')
    expect(await query.havingRaw('sum(price) > ?', [10]).pluck('user_id')).toEqual([1, 3])
  })

  test('scenario 47: orHavingRaw is joined by or', async () => {
    const query = DB.table('orders').select('user_id').groupBy('user_id').orderBy('user_id')
    expect(await query.havingRaw('sum(price) > ?', [50]).orHavingRaw('count(*) > ?', [1]).pluck('user_id')).toEqual([
      1, 3,
    ])
  })

  test('scenario 48: join, leftJoin, rightJoin, crossJoin', async () => {
    expect(await users().join('orders', 'users.id', '=', 'orders.user_id').count()).toBe(4)
    expect(await users().leftJoin('orders', 'users.id', '=', 'orders.user_id').count()).toBe(6)
    expect(await DB.table('orders').rightJoin('users', 'users.id', '=', 'orders.user_id').count()).toBe(6)
    expect(await users().crossJoin('orders').count()).toBe(20)
  })

  test('scenario 49: join with a closure of on, orOn and where', async () => {
    const query = users()
      .join('orders', (join) =>
        join
          .on('users.id', '=', 'orders.user_id')
          .orOn('users.votes', '=', 'orders.price')
          .where('orders.price', '>', 15),
      )

      .orderBy('orders.id')
      .orderBy('users.id')
    expect(namesOf(await query.get('users.name', 'orders.price'))).toEqual(['Ada', 'Ada', 'Grace', 'Ada', 'Linus'])
  })

  test('scenario 50: joinSub', async () => {
    const latest = DB.table('orders')
      .select('user_id')
      .selectRaw('max(id) as last_order')
      .where('price', '<', 50)
      .groupBy('user_id')
    const rows = await users()
      .joinSub(latest, 'latest', (join) => join.on('users.id', '=', 'latest.user_id'))
      .where('users.votes', '>', 1)
      .orderBy('users.id')
      .get('users.name', 'latest.last_order')
    expect(rows).toEqual([
      { name: 'Ada', last_order: 2 },
      { name: 'Grace', last_order: 3 },
    ])
  })

  test('scenario 51: union and unionAll', async () => {
    const london = users().select('name').where('city', 'London')
    const first = users().select('name').where('id', 1)
    expect((await first.clone().union(london).get()).map((row) => row.name).sort()).toEqual(['Ada', 'Alan'])
    expect((await first.clone().unionAll(london).get()).map((row) => row.name).sort()).toEqual(['Ada', 'Ada', 'Alan'])
  })

  test('scenario 65: orderBy, latest, oldest, reorder', async () => {
    expect(await users().orderBy('name').orderBy('votes', 'desc').limit(2).pluck('name')).toEqual(['Ada', 'Alan'])
    expect(await users().latest().limit(1).pluck('name')).toEqual(['Alan'])
    expect(await users().oldest().limit(1).pluck('name')).toEqual(['Barbara'])
    expect(await users().orderBy('name').reorder('votes', 'desc').orderBy('id').limit(1).pluck('name')).toEqual([
      'Grace',
    ])
    expect(await users().orderByDesc('name').reorder().orderBy('id').limit(1).pluck('name')).toEqual(['Ada'])
  })

  test('scenario 66: inRandomOrder().first() is a row', async () => {
    expect((await users().inRandomOrder().first())?.id).toBeTypeOf('number')
  })

  test('scenario 67: groupBy and having', async () => {
    const rows = await DB.table('users')
      .select('votes')
      .groupBy('votes')
      .having('votes', '>', 75)
      .orderBy('votes')
      .get()
    expect(rows).toEqual([{ votes: 100 }, { votes: 250 }])
  })

  test('scenario 68: havingBetween', async () => {
    const sums = DB.table('orders').select('user_id').groupBy('user_id').orderBy('user_id')
    expect(await sums.havingBetween(DB.raw('sum(price)'), [5, 31]).pluck('user_id')).toEqual([1, 2])
  })

  test('scenario 69: skip/take and offset/limit', async () => {
    expect(await users().orderBy('id').skip(1).take(2).pluck('name')).toEqual(['Grace', 'Linus'])
    expect(await users().orderBy('id').offset(3).limit(1).pluck('name')).toEqual(['Barbara'])
  })

  test('scenario 70: offset without a limit', async () => {
    expect(await users().orderBy('id').offset(3).pluck('name')).toEqual(['Barbara', 'Alan'])
  })

  describe('beyond 2.1.24', () => {
    test('unions with an order and a limit of their own, and of all', async () => {
      const two = users().select('name').orderByDesc('votes').orderBy('id').limit(2)
      const query = users().select('name').orderBy('votes').limit(1).union(two).orderBy('name').limit(2)
      expect(await query.pluck('name')).toEqual(['Alan', 'Barbara'])
      expect(await query.offset(2).pluck('name')).toEqual(['Grace'])
    })

    test('nested joins', async () => {
      const query = users()
        .leftJoin('orders', (join) => {
          join.on('users.id', '=', 'orders.user_id').join('users as buyers', 'buyers.id', '=', 'orders.user_id')
        })
        .orderBy('users.id')
        .orderBy('orders.id')
      expect((await query.get('users.name', 'orders.kind', 'buyers.email')).map((row) => row.email)).toEqual([
        'ada@example.com',
        'ada@example.com',
        'grace@example.com',
        'linus@example.com',
        null,
        null,
      ])
    })

    test('joinLateral on PostgreSQL; elsewhere it says that it is not there', async () => {
      const dearest = (query: QueryBuilder) =>
        query.from('orders').whereColumn('orders.user_id', 'users.id').orderByDesc('price').limit(1)
      const query = users().joinLateral(dearest, 'dearest').orderBy('users.id')
      if (db.dialect !== 'postgres') {
        await expect(query.get()).rejects.toThrow(UnsupportedException)
        return
      }
      expect((await query.get('name', 'dearest.kind')).map((row) => row.kind)).toEqual(['pen', 'book', 'desk'])
      expect(await users().leftJoinLateral(dearest, 'dearest').count()).toBe(5)
    })

    test('common table expressions', async () => {
      const query = DB.table('rich')
        .withExpression('rich', users().select('id', 'name').where('votes', '>', 90))
        .where('id', '<', 4)
        .orderBy('id')
      expect(namesOf(await query.get())).toEqual(['Ada', 'Grace'])
    })

    test('recursive common table expressions', async () => {
      const numbers = DB.query()
        .selectRaw('1')
        .unionAll(DB.table('numbers').selectRaw('n + 1').where('n', '<', 5))
      const query = DB.table('numbers').withRecursiveExpression('numbers', numbers, ['n'])
      expect((await query.pluck('n')).map(Number)).toEqual([1, 2, 3, 4, 5])
    })

    test('groupLimit, with an offset too', async () => {
      const query = users().select('name', 'active').orderByDesc('votes').orderBy('id').groupLimit(2, 'active')
      expect(namesOf(await query.get()).sort()).toEqual(['Alan', 'Barbara', 'Grace', 'Linus'])
      expect(namesOf(await query.clone().groupLimit(1, 'active').offset(1).get()).sort()).toEqual(['Alan', 'Barbara'])
    })

    test('null first or last', async () => {
      expect(await users().orderBy('city', 'asc', 'first').limit(1).pluck('name')).toEqual(['Barbara'])
      expect((await users().orderBy('city', 'asc', 'last').pluck('name')).at(-1)).toBe('Barbara')
      expect((await users().orderBy('city', 'desc', 'last').pluck('name')).at(-1)).toBe('Barbara')
    })

    test('inOrderOf, and a random order that can be repeated', async () => {
      expect(await users().inOrderOf('name', ['Linus', 'Ada']).orderBy('id').pluck('name')).toEqual([
        'Linus',
        'Ada',
        'Grace',
        'Barbara',
        'Alan',
      ])
      const [one, two] = await Promise.all([users().inRandomOrder(7).pluck('id'), users().inRandomOrder(7).pluck('id')])
      expect([...(one ?? [])].sort()).toEqual([1, 2, 3, 4, 5])
      if (db.dialect === 'mysql') expect(one).toEqual(two)
    })

    test('an index hint is heeded, or left out', async () => {
      const query = users().forceIndex('users_email_unique').where('email', 'ada@example.com')
      expect(namesOf(await query.get())).toEqual(['Ada'])
    })
  })
})
