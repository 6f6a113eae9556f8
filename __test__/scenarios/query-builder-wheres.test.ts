import { describe, expect, test } from 'vitest'
import { DB, type QueryBuilder } from '../../js/index'
import { namesOf, scenarios } from './shop'

const names = async (query: QueryBuilder): Promise<unknown[]> => namesOf(await query.orderBy('users.id').get())
const users = (): QueryBuilder => DB.table('users')

/** Zones of names are data that a MySQL server may lack. */
const OFFSETS = ['UTC', '+13:00', '-12:00']
const ZONES = ['Asia/Kathmandu', 'America/Los_Angeles']

scenarios('conditions of the query builder', (db) => {
  test('scenario 45: whereRaw, orWhereRaw, orderByRaw, groupByRaw', async () => {
    expect(
      await names(users().whereRaw('votes > ? and votes < ?', [50, 200]).orWhereRaw('name = ?', ['Alan'])),
    ).toEqual(['Ada', 'Linus', 'Alan'])
    expect(await users().orderByRaw('votes desc, name asc').limit(2).pluck('name')).toEqual(['Barbara', 'Grace'])
    const groups = await users()
      .selectRaw('count(*) as n, city')
      .whereNotNull('city')
      .groupByRaw('city')
      .orderBy('city')
      .get()
    expect(groups.map(({ city, n }) => [city, n])).toEqual([
      ['Helsinki', 1],
      ['London', 2],
      ['New York', 1],
    ])
  })

  test('scenario 52: where with a list of conditions', async () => {
    expect(
      await names(
        users().where([
          ['votes', '>', 50],
          ['city', 'London'],
        ]),
      ),
    ).toEqual(['Ada'])
  })

  test('scenario 53: orWhere(closure) is in parentheses', async () => {
    const query = users()
      .where('votes', '>', 200)
      .orWhere((group) => group.where('name', 'Ada').where('votes', '>', 50))
    expect(await names(query)).toEqual(['Ada', 'Grace', 'Barbara'])
    const none = users()
      .where('name', 'Ada')
      .where((group) => group.where('votes', 1).orWhere('votes', 2))
    expect(await names(none)).toEqual([])
  })

  test('scenario 54: whereNot(closure) negates the group', async () => {
    expect(await names(users().whereNot((group) => group.where('votes', '<', 100).orWhere('name', 'Grace')))).toEqual([
      'Ada',
      'Barbara',
    ])
  })

  test('scenario 58: whereLike, whereNotLike, whereAny, whereAll', async () => {
    expect(await names(users().whereLike('name', 'a%'))).toEqual(['Ada', 'Alan'])
    expect(await names(users().whereNotLike('name', '%a%'))).toEqual(['Linus'])
    expect(await names(users().where('id', 3).orWhereLike('name', 'gr%').orWhereNotLike('email', '%a%'))).toEqual([
      'Grace',
      'Linus',
    ])
    expect(await names(users().whereAny(['name', 'city'], 'like', '%Lon%'))).toEqual(['Ada', 'Alan'])
    expect(await names(users().whereAll(['name', 'city'], 'like', '%i%'))).toEqual(['Linus'])
  })

  test('scenario 59: whereNone honours its operator', async () => {
    expect(await names(users().whereNotNull('city').whereNone(['name', 'city'], 'like', '%on%'))).toEqual([
      'Grace',
      'Linus',
    ])
  })

  test('scenario 60: ranges, lists and null', async () => {
    expect(await names(users().whereBetween('votes', [75, 100]))).toEqual(['Ada', 'Linus'])
    expect(await names(users().whereNotBetween('votes', [75, 100]))).toEqual(['Grace', 'Barbara', 'Alan'])
    expect(await names(users().whereIn('id', [1, 5]))).toEqual(['Ada', 'Alan'])
    expect(await names(users().whereNotIn('id', [1, 5]))).toEqual(['Grace', 'Linus', 'Barbara'])
    expect(await names(users().whereNull('city'))).toEqual(['Barbara'])
    expect(await names(users().whereNotNull('city'))).toEqual(['Ada', 'Grace', 'Linus', 'Alan'])
  })

  test('scenario 61: whereDate', async () => {
    expect(await names(users().whereDate('created_at', '2026-02-20'))).toEqual(['Grace', 'Linus'])
    expect(await names(users().whereDate('created_at', '<', '2026-01-01'))).toEqual(['Barbara'])
  })

  test('scenario 62: whereMonth, whereDay, whereYear', async () => {
    expect(await names(users().whereMonth('created_at', 2))).toEqual(['Grace', 'Linus'])
    expect(await names(users().whereDay('created_at', '31'))).toEqual(['Barbara'])
    expect(await names(users().whereYear('created_at', 2025))).toEqual(['Barbara'])
    expect(await names(users().whereYear('created_at', '>=', 2026).whereMonth('created_at', '!=', '02'))).toEqual([
      'Ada',
      'Alan',
    ])
  })

  test('scenario 63: whereTime', async () => {
    expect(await names(users().whereTime('created_at', '12:00:00'))).toEqual(['Grace'])
    expect(await names(users().whereTime('created_at', '<', '09:00:00'))).toEqual(['Ada', 'Alan'])
  })

  test('scenario 64: whereColumn', async () => {
    await users().where('id', 2).update({ city: 'Grace' })
    expect(await names(users().whereColumn('name', 'city'))).toEqual(['Grace'])
    expect(
      await names(
        users().whereColumn([
          ['name', '<', 'city'],
          ['votes', '>', 'id'],
        ]),
      ),
    ).toEqual(['Ada', 'Alan'])
  })

  describe('beyond 2.1.24', () => {
    test('whereRowValues compares several columns at once', async () => {
      expect(await names(users().whereRowValues(['votes', 'id'], '<', [100, 1]))).toEqual(['Linus', 'Alan'])
      expect(await names(users().whereRowValues(['votes', 'name'], '=', [250, 'Grace']))).toEqual(['Grace'])
    })

    test('whereNullSafeEquals finds null by null', async () => {
      expect(await names(users().whereNullSafeEquals('city', null))).toEqual(['Barbara'])
      expect(await names(users().whereNullSafeEquals('city', 'London'))).toEqual(['Ada', 'Alan'])
    })

    test('whereIntegerInRaw writes integers only', async () => {
      expect(await names(users().whereIntegerInRaw('id', [1, '2', '3; drop table users']))).toEqual([
        'Ada',
        'Grace',
        'Linus',
      ])
      expect(await names(users().whereIntegerNotInRaw('id', [1, 2, 3]))).toEqual(['Barbara', 'Alan'])
      expect(await names(users().whereIntegerInRaw('id', []))).toEqual([])
    })

    test('columns in the name of the method', async () => {
      const query = users() as unknown as Record<string, (...values: unknown[]) => QueryBuilder>
      expect(await names(query.whereNameAndEmail?.('Ada', 'ada@example.com') as QueryBuilder)).toEqual(['Ada'])
      const other = users() as unknown as Record<string, (...values: unknown[]) => QueryBuilder>
      expect(await names(other.whereNameOrVotes?.('Ada', 10) as QueryBuilder)).toEqual(['Ada', 'Alan'])
    })

    test('whereExists, whereSub, whereIn with a query', async () => {
      const orders = (query: QueryBuilder) => query.from('orders').whereColumn('orders.user_id', 'users.id')
      expect(await names(users().whereExists(orders))).toEqual(['Ada', 'Grace', 'Linus'])
      expect(await names(users().whereNotExists(orders))).toEqual(['Barbara', 'Alan'])
      expect(
        await names(users().whereSub('votes', '>', (query) => query.from('users').selectRaw('avg(votes)'))),
      ).toEqual(['Grace', 'Barbara'])
      expect(await names(users().whereIn('id', DB.table('orders').select('user_id').where('price', '>', 15)))).toEqual([
        'Ada',
        'Linus',
      ])
    })

    test('whereBetweenColumns and whereValueBetween', async () => {
      expect(await names(users().whereBetweenColumns('id', ['id', 'votes']))).toHaveLength(5)
      expect(await names(users().whereValueBetween(80, ['id', 'votes']))).toEqual(['Ada', 'Grace', 'Barbara'])
    })

    test('case sensitive whereLike', async () => {
      expect(await names(users().whereLike('name', 'a%', true))).toEqual([])
      expect(await names(users().whereLike('name', 'A%', true))).toEqual(['Ada', 'Alan'])
    })

    test('today, past and future are those of the zone of the connection', async () => {
      const now = Date.now()
      const at = (hours: number) => new Date(now + hours * 3_600_000)
      await users()
        .where('id', 1)
        .update({ created_at: at(-1) })
      await users()
        .where('id', 2)
        .update({ created_at: at(1) })
      expect(await names(users().wherePast('created_at'))).toEqual(['Ada', 'Linus', 'Barbara', 'Alan'])
      expect(await names(users().whereFuture('created_at'))).toEqual(['Grace'])
      for (const timezone of db.dialect === 'mysql' ? OFFSETS : [...OFFSETS, ...ZONES]) {
        const name = `in ${timezone}`
        db.capsule.addConnection(db.config({ timezone }), name)
        const there = db.capsule.connection(name)
        await there.table('users').where('id', 3).update({ created_at: new Date() })
        expect(await there.table('users').where('id', 3).whereToday('created_at').pluck('name'), name).toEqual([
          'Linus',
        ])
        const text = await there.table('users').where('id', 3).whereDate('created_at', new Date()).pluck('name')
        expect(text, name).toEqual(['Linus'])
        await there
          .table('users')
          .where('id', 3)
          .update({ created_at: at(-30) })
        expect(await there.table('users').where('id', 3).whereBeforeToday('created_at').pluck('name'), name).toEqual([
          'Linus',
        ])
        expect(await there.table('users').where('id', 3).whereTodayOrAfter('created_at').pluck('name'), name).toEqual(
          [],
        )
        await there.disconnect()
      }
    })
  })
})
