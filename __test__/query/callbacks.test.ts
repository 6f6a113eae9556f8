import { describe, expect, test } from 'vitest'
import { InvalidArgumentException, QueryBuilder } from '../../js/index'
import { Recorder } from './recorder'

interface Query {
  query: { wheres?: [left: string][]; orders?: unknown; from?: unknown }
  rows: { wheres?: [left: string][] }
  into: string
}

const last = (db: Recorder) => db.queries.at(-1) as Query
const columns = (query: { wheres?: [left: string][] }) => (query.wheres ?? []).map(([left]) => left)

describe('beforeQuery()', () => {
  test('adds clauses to each query that runs, and none to the builder', async () => {
    const db = new Recorder()
    let called = 0
    const users = db
      .table('users')
      .where('a', 1)
      .beforeQuery((query) => {
        called += 1
        query.where('b', 2)
      })
    await users.get()
    await users.count()
    users.toSql()
    for (const query of db.queries as Query[]) expect(columns(query.query)).toEqual(['a', 'b'])
    expect(called).toBe(3)
    expect(users.query.wheres?.length).toBe(1)
  })

  test('adds clauses where the query stands inside of another one', async () => {
    const db = new Recorder()
    const active = db.table('users').beforeQuery((query) => query.where('active', true))
    await db.table('posts').whereIn('user_id', active).get()
    expect(last(db)).toMatchObject({ query: { wheres: [{ query: { wheres: [['active', '=', 0]] } }] } })
    await db.query().fromSub(active, 'u').get()
    expect(last(db)).toMatchObject({ query: { from: { query: { wheres: [['active', '=', 0]] } } } })
  })

  test('reaches writes', async () => {
    const db = new Recorder()
    await db
      .table('users')
      .beforeQuery((query) => query.where('id', 1))
      .update({ a: 1 })
    expect(columns(last(db).rows)).toEqual(['id'])
    await db
      .query()
      .beforeQuery((query) => query.from('users'))
      .insert({ a: 1 })
    expect(last(db).into).toBe('users')
  })

  test('calls callbacks that callbacks add', async () => {
    const db = new Recorder()
    await db
      .table('users')
      .beforeQuery((query) => query.where('a', 1).beforeQuery((inner) => inner.where('b', 2)))
      .get()
    expect(columns(last(db).query)).toEqual(['a', 'b'])
  })

  test('is over once the callbacks are applied', async () => {
    const db = new Recorder()
    const users = db
      .table('users')
      .beforeQuery((query) => query.where('a', 1))
      .applyBeforeQueryCallbacks()
    expect(users.query.wheres?.length).toBe(1)
    await users.get()
    expect(columns(last(db).query)).toEqual(['a'])
  })
})

describe('afterQuery()', () => {
  test('changes the rows, one callback after the other', async () => {
    const rows = [{ id: 1 }, { id: 2 }]
    const users = new Recorder([{ rows }, { rows }, { rows }])
      .table('users')
      .afterQuery((found) => found.map(({ id }) => ({ id, twice: Number(id) * 2 })))
      .afterQuery(() => undefined)
      .afterQuery(async (found) => found.filter(({ id }) => id === 2))
    expect(await users.get()).toEqual([{ id: 2, twice: 4 }])
    expect(await users.first()).toEqual({ id: 2, twice: 4 })
    expect(await users.applyAfterQueryCallbacks([{ id: 2 }])).toEqual([{ id: 2, twice: 4 }])
  })

  test('changes the values of pluck(), not numbers about the rows', async () => {
    const db = new Recorder([{ rows: [{ id: 1 }, { id: 2 }] }, { rows: [{ aggregate: 2 }] }])
    const users = db.table('users').afterQuery((values) => (values as unknown[]).map((value) => `#${value}`))
    expect(await users.pluck('id')).toEqual(['#1', '#2'])
    expect(await users.count()).toBe(2)
  })
})

describe('a builder', () => {
  test('leaves out clauses in a copy', () => {
    const users = new Recorder().table('users').where('a', 1).orderBy('b').limit(3)
    const copy = users.cloneWithout(['orders', 'limit']).cloneWithoutBindings(['order'])
    expect(copy.query).toMatchObject({ orders: undefined, limit: undefined, wheres: [{ left: 'a' }] })
    expect(users.query.limit).toBe(3)
    expect(() => users.cloneWithout('nonsense' as never)).toThrow(InvalidArgumentException)
  })

  test('tells its values by clause', () => {
    const db = new Recorder()
    const users = db
      .table('users')
      .selectRaw('? as one', [1])
      .whereIn('a', [2, 3])
      .where('b', (query) => query.from('posts').select('id').where('c', 4))
      .whereLike('d', 'e%', true)
      .havingBetween('f', [5, 6])
      .union(db.table('others').where('g', 7))
    expect(users.getRawBindings()).toEqual({
      select: [1],
      from: [],
      join: [],
      where: [2, 3, 4, 'e%'],
      groupBy: [],
      having: [5, 6],
      order: [],
      union: [7],
      unionOrder: [],
    })
  })

  test('gives itself to functions', () => {
    const users = new Recorder().table('users')
    expect(users.pipe((query) => query.where('a', 1).query.wheres?.length)).toBe(1)
    expect(users.pipe((query) => void query.where('b', 1))).toBe(users)
    expect(users.tap((query) => query.where('c', 1))).toBe(users)
    expect(() => users.tap(async () => {})).toThrow(/cannot be async/)
  })
})

describe('macros', () => {
  test('are methods of every builder until they are taken away', async () => {
    const db = new Recorder()
    QueryBuilder.macro('active', function (this: QueryBuilder, state = true) {
      return this.where('active', state)
    })
    QueryBuilder.mixin({
      newest(count: number) {
        return this.orderByDesc('id').limit(count)
      },
    })
    type Extended = QueryBuilder & { active(): Extended; newest(count: number): Extended }
    try {
      expect(QueryBuilder.hasMacro('active')).toBe(true)
      await (db.table('users') as Extended).active().newest(3).get()
      expect(last(db)).toMatchObject({ query: { wheres: [['active', '=', 0]], limit: 3 } })
      expect(() => QueryBuilder.macro('where', () => {})).toThrow(/of their own/)
    } finally {
      QueryBuilder.flushMacros()
    }
    expect(QueryBuilder.hasMacro('active')).toBe(false)
    expect('active' in db.table('users')).toBe(false)
  })
})
