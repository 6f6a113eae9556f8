import { describe, expect, test } from 'vitest'
import { InvalidArgumentException, RecordNotFoundException } from '../../js/errors'
import { QueryBuilder } from '../../js/query/builder'
import { raw } from '../../js/query/expression'
import { Recorder } from './recorder'

const lastQuery = (db: Recorder) => db.queries.at(-1)

describe('a builder', () => {
  test('reads columns out of the name of a where, and has no other method that nobody wrote', () => {
    const users = new Recorder().table('users') as unknown as Record<string, (...values: unknown[]) => QueryBuilder>
    expect(users.whereNameAndTeamId?.('Ada', 3).query.wheres).toMatchObject([{ left: 'name' }, { left: 'team_id' }])
    expect(() => users.whereName?.()).toThrow(/"name" is undefined/)
    expect(users.wherever).toBeUndefined()
    expect(users.orWhereName).toBeUndefined()
    expect(users).toBeInstanceOf(Object)
    expect('then' in users).toBe(false)
  })

  test('is not changed by the calls that run it', async () => {
    const db = new Recorder([{ rows: [{ id: 1 }] }, { rows: [{ id: 1 }] }])
    const users = db.table('users').where('active', true)
    const before = JSON.stringify(users.query)
    await users.first()
    await users.find(1)
    await users.count()
    await users.max('id')
    await users.exists()
    await users.value('name')
    await users.pluck('name', 'id')
    await users.chunk(10, () => {})
    await users.chunkById(10, () => {})
    await users.update({ a: 1 })
    await users.delete(3)
    await users.updateOrInsert({ a: 1 }, { b: 2 })
    users.toSql()
    expect(JSON.stringify(users.query)).toBe(before)
  })

  test('and its clone do not share clauses', () => {
    const db = new Recorder()
    const first = db.table('users').select('a').where('b', 1).orderBy('c').groupBy('d').having('e', 1)
    const before = JSON.stringify(first.query)
    first.clone().addSelect('x').where('y', 1).orderBy('z').groupBy('v').having('w', 1).join('t', 'a', 'b').limit(1)
    expect(JSON.stringify(first.query)).toBe(before)
  })

  test('keeps what it returns and its conflicts in a clone', async () => {
    const db = new Recorder()
    await db.table('users').returning('id').onConflict('email').ignore().clone().insert({ email: 'a' })
    expect(lastQuery(db)).toMatchObject({ returning: ['id'], conflict: { kind: 'ignore', target: ['email'] } })
  })

  test('takes the columns of a common table expression as a list alone', () => {
    const users = new Recorder().table('users')
    const one = 'day' as unknown as string[]
    const message = 'The columns of the common table expression "days" have to be a list of names, not a string.'
    for (const add of [
      () => users.withExpression('days', raw('select 1'), one),
      () => users.withRecursiveExpression('days', raw('select 1'), one),
      () => users.withMaterializedExpression('days', raw('select 1'), one),
      () => users.withNonMaterializedExpression('days', raw('select 1'), one),
    ]) {
      expect(add).toThrow(InvalidArgumentException)
      expect(add).toThrow(message)
    }
    expect(users.query.expressions).toBeUndefined()
    expect(users.withExpression('days', raw('select 1'), ['day']).query.expressions).toHaveLength(1)
  })

  test('gives queries of one shape one text', async () => {
    const db = new Recorder()
    await db.table('users').where('id', 1).whereIn('role', ['a', 'b']).get()
    await db.table('users').where('id', 'x').whereIn('role', [3n, null]).get()
    expect(db.shapes[0]?.text).toBe(db.shapes[1]?.text)
    expect(db.shapes.map(({ values }) => values)).toEqual([
      [1, 'a', 'b'],
      ['x', 3n, null],
    ])
  })

  test('sends locking reads to the write server, others not', async () => {
    const db = new Recorder()
    await db.table('users').get()
    await db.table('users').lockForUpdate().get()
    await db.table('users').sharedLock().exists()
    await db.table('users').delete()
    expect(db.shapes.map(({ how }) => how)).toEqual(['read', 'write', 'write', 'write'])
  })

  test('takes sub-queries from builders without changing them later', async () => {
    const db = new Recorder()
    const orders = db.table('orders').select('user_id')
    await db.table('users').whereIn('id', orders).get()
    expect(lastQuery(db)).toMatchObject({ query: { wheres: [{ kind: 'inQuery', query: { from: 'orders' } }] } })
  })

  test('runs conditional clauses', async () => {
    const db = new Recorder()
    await db
      .table('users')
      .when('admin', (query, role) => query.where('role', role))
      .when(0, (query) => query.where('never', 1))
      .unless('', (query) => query.where('empty', 1))
      .when(
        null,
        (query) => query.where('never', 1),
        (query) => query.where('otherwise', 1),
      )
      .tap((query) => query.limit(3))
      .get()
    const { query } = lastQuery(db) as { query: { wheres: [left: string][]; limit: number } }
    expect(query.wheres.map(([left]) => left)).toEqual(['role', 'empty', 'otherwise'])
    expect(query.limit).toBe(3)
  })
})

describe('answers', () => {
  test('first() is the row, or null', async () => {
    expect(await new Recorder([{ rows: [{ id: 1 }] }]).table('users').first()).toEqual({ id: 1 })
    expect(await new Recorder().table('users').first()).toBeNull()
  })

  test('firstOrFail() throws without a row', async () => {
    await expect(new Recorder().table('users').firstOrFail()).rejects.toThrow(RecordNotFoundException)
  })

  test('value() is one cell', async () => {
    const row = { rows: [{ name: 'Ada' }] }
    expect(await new Recorder([row]).table('users').value('users.name')).toBe('Ada')
    expect(await new Recorder([row]).table('users').value(raw('upper(name)'))).toBe('Ada')
    expect(await new Recorder().table('users').value('name')).toBeNull()
  })

  test('pluck() is a list, or an object by key', async () => {
    const rows = [
      { name: 'Ada', id: 1 },
      { name: 'Eve', id: '__proto__' },
    ]
    expect(await new Recorder([{ rows }]).table('users').pluck('name')).toEqual(['Ada', 'Eve'])
    const byKey = await new Recorder([{ rows }]).table('users').pluck('name', 'id')
    expect(Object.entries(byKey)).toEqual([
      ['1', 'Ada'],
      ['__proto__', 'Eve'],
    ])
  })

  test('aggregates are numbers, and null or 0 without rows', async () => {
    const answer = (aggregate: unknown) => new Recorder([{ rows: [{ aggregate }] }]).table('t')
    expect(await answer('42').count()).toBe(42)
    expect(await answer('12.50').sum('a')).toBe('12.50')
    expect(await answer(null).sum('a')).toBe(0)
    expect(await answer(null).avg('a')).toBeNull()
    expect(await answer(null).max('a')).toBeNull()
    expect(await answer(7).min('a')).toBe(7)
  })

  test('exists() understands every spelling of true', async () => {
    for (const [exists, expected] of [
      [true, true],
      [1, true],
      [0, false],
      [false, false],
    ]) {
      expect(await new Recorder([{ rows: [{ exists }] }]).table('t').exists()).toBe(expected)
    }
    expect(await new Recorder([]).table('t').exists()).toBe(false)
    expect(await new Recorder([{ rows: [{ exists: 0 }] }]).table('t').doesntExist()).toBe(true)
  })

  test('writes answer true, counts or rows', async () => {
    const answered = { affected: 3, rows: [{ id: 9 }], lastInsertId: 5 }
    const table = () => new Recorder([answered]).table('t')
    expect(await table().insert({ a: 1 })).toBe(true)
    expect(await table().returning('id').insert({ a: 1 })).toEqual([{ id: 9 }])
    expect(await table().onConflict('a').merge().insert({ a: 1 })).toBe(3)
    expect(await table().insertOrIgnore({ a: 1 })).toBe(3)
    expect(await table().upsert({ a: 1 }, 'a')).toBe(3)
    expect(await table().update({ a: 1 })).toBe(3)
    expect(await table().returning('id').update({ a: 1 })).toEqual([{ id: 9 }])
    expect(await table().delete()).toBe(3)
    expect(await table().increment('a')).toBe(3)
    expect(await table().truncate()).toBeUndefined()
    expect(await table().insertGetId({ a: 1 })).toBe(9)
    expect(await new Recorder([{ lastInsertId: 5 }]).table('t').insertGetId({ a: 1 })).toBe(5)
  })

  test('nothing to insert sends nothing', async () => {
    const db = new Recorder()
    expect(await db.table('t').insert([])).toBe(true)
    expect(await db.table('t').insertOrIgnore([])).toBe(0)
    expect(await db.table('t').upsert([], 'id')).toBe(0)
    expect(db.shapes).toEqual([])
  })

  test('updateOrInsert() adds the row or changes it', async () => {
    const missing = new Recorder([{ rows: [{ exists: false }] }])
    expect(await missing.table('t').updateOrInsert({ a: 1 }, { b: 2 })).toBe(true)
    expect(missing.queries[1]).toMatchObject({ kind: 'insert', columns: ['a', 'b'] })

    const there = new Recorder([{ rows: [{ exists: true }] }, { affected: 1 }])
    expect(await there.table('t').updateOrInsert({ a: 1 }, { b: 2 })).toBe(true)
    expect(there.queries[1]).toMatchObject({ kind: 'update', rows: { limit: 1 }, set: [['b', 1]] })
  })

  test('toRawSql() writes the values in for people', () => {
    const db = new Recorder()
    db.compileQuery = () => ({ sql: `select '$1', "a$2" from t where a = $1 and b = $2`, bindings: ["O'Reilly", null] })
    expect(db.table('t').toRawSql()).toBe(`select '$1', "a$2" from t where a = 'O''Reilly' and b = null`)
  })
})

describe('pages', () => {
  const rows = (...ids: number[]) => ({ rows: ids.map((id) => ({ id })) })

  test('chunk() keeps the limit and the offset of the query', async () => {
    const db = new Recorder([rows(4, 5), rows(6)])
    const seen: number[] = []
    const whole = await db
      .table('t')
      .orderBy('id')
      .offset(3)
      .limit(3)
      .chunk(2, (page) => seen.push(...page.map((row) => Number(row.id))))
    expect(whole).toBe(true)
    expect(seen).toEqual([4, 5, 6])
    expect(db.queries).toMatchObject([{ query: { limit: 2, offset: 3 } }, { query: { limit: 1, offset: 5 } }])
  })

  test('chunk() orders by id when nothing else is said', async () => {
    const db = new Recorder()
    await db.table('t').chunk(2, () => {})
    await db
      .table('t')
      .latest()
      .chunk(2, () => {})
    expect(db.queries).toMatchObject([
      { query: { orders: [['id', 'asc']] } },
      { query: { orders: [['created_at', 'desc']] } },
    ])
  })

  test('chunk() ends when the callback says false', async () => {
    const db = new Recorder([rows(1, 2), rows(3, 4)])
    expect(await db.table('t').chunk(2, () => false)).toBe(false)
    expect(db.shapes).toHaveLength(1)
  })

  test('chunkById() starts each page after the last row', async () => {
    const db = new Recorder([rows(1, 7), rows(9)])
    await db
      .table('t')
      .where('a', 1)
      .chunkById(2, () => {})
    expect(db.shapes[1]?.values).toEqual([1, 7])
    expect(db.queries[1]).toMatchObject({
      query: {
        limit: 2,
        wheres: [
          ['a', '=', 0],
          ['id', '>', 1],
        ],
        orders: [['id', 'asc']],
      },
    })
  })

  test('chunkById() says when the rows lack the column', async () => {
    const db = new Recorder([{ rows: [{ a: 1 }, { a: 2 }] }])
    await expect(db.table('t').chunkById(2, () => {})).rejects.toThrow('"id"')
  })
})

describe('arguments that cannot work', () => {
  const users = () => new Recorder().table('users')
  const refused: [string, () => unknown, RegExp][] = [
    ['undefined as a value', () => users().where('email', undefined as never), /"email" is undefined/],
    ['undefined behind an operator', () => users().where('email', '=', undefined as never), /"email" is undefined/],
    ['undefined in an object', () => users().where({ email: undefined as never }), /"email" is undefined/],
    ['undefined in a list', () => users().whereIn('id', [1, undefined as never]), /"id" is undefined/],
    ['undefined in a range', () => users().whereBetween('id', [1, undefined as never]), /"id" is undefined/],
    ['undefined in raw SQL', () => users().whereRaw('a = ?', [undefined]), /Binding 1/],
    ['undefined in a pattern', () => users().whereLike('name', undefined as never), /"name" is undefined/],
    ['null with an operator that compares', () => users().where('votes', '>', null), /Illegal operator/],
    ['an operator that is no text', () => users().where('votes', 3 as never, 4), /operator/],
    ['a direction that is none', () => users().orderBy('id', 'asc; drop table users'), /direction/],
    ['a limit that is no number', () => users().limit('1; drop table users'), /whole number/],
    ['a limit with a fraction', () => users().limit(1.5), /whole number/],
    ['a list that is none', () => users().whereIn('id', 5 as never), /list or a query/],
    ['lists in a list', () => users().whereIn('id', [[1]]), /Nested/],
    ['a range of one', () => users().whereBetween('id', [1] as never), /\[from, to\]/],
    ['another conjunction', () => users().where('a', '=', 1, 'xor'), /"and" or "or"/],
    ['a query without a name as a table', () => users().from(new Recorder().table('t')), /needs a name/],
    ['an async callback', () => users().when(true, async () => {}), /async/],
    ['an async group of conditions', () => users().where(async (query) => query.where('a', 1)), /async/],
    ['an async sub-query', () => users().whereIn('id', async (query) => query.from('posts')), /async/],
    ['an async condition of a join', () => users().join('posts', async (join) => join.on('a', 'b')), /async/],
    ['a column that is a number', () => users().select(5 as never), /names of columns/],
  ]

  test.each(refused)('%s', (_what, act, message) => {
    expect(act).toThrow(InvalidArgumentException)
    expect(act).toThrow(message)
  })

  const refusedLater: [string, (table: QueryBuilder) => Promise<unknown>, RegExp][] = [
    ['undefined in a row', (table) => table.insert({ name: undefined as never }), /"name" is undefined/],
    [
      'undefined in one row of many',
      (table) => table.insert([{ a: 1 }, { a: undefined as never }]),
      /"a" is undefined/,
    ],
    ['undefined in an update', (table) => table.update({ name: undefined as never }), /"name" is undefined/],
    ['undefined as an id to delete', (table) => table.delete(undefined), /"users.id" is undefined/],
    ['a row that is no object', (table) => table.insert(['a'] as never), /row has to be an object/],
    ['an amount that is no number', (table) => table.increment('votes', "1, name = 'x'"), /Non-numeric/],
    ['an infinite amount', (table) => table.decrement('votes', Number.POSITIVE_INFINITY), /Non-numeric/],
    ['a page without rows', (table) => table.chunk(0, () => {}), /chunk size should be at least 1/],
  ]

  test.each(refusedLater)('%s', async (_what, act, message) => {
    const db = new Recorder()
    await expect(act(db.table('users'))).rejects.toThrow(message)
    expect(db.shapes).toEqual([])
  })

  test('a write without a table', async () => {
    await expect(new QueryBuilder(new Recorder()).insert({ a: 1 })).rejects.toThrow('from()')
  })
})

test('printing a query shows its values and keeps none of them', async () => {
  const db = new Recorder()
  const users = db.table('users').where('id', 7).whereIn('role', ['a'])
  expect(JSON.parse(JSON.stringify(users.query)).wheres).toMatchObject([{ right: 7 }, { values: { values: ['a'] } }])
  await users.get()
  expect(db.shapes[0]?.values).toEqual([7, 'a'])
})
