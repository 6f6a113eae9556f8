/** Strings bind wherever the server could parse them, numbers where text is expected, and so on (D15; guruorm 2 did so). */
import { beforeAll, describe, expect, test } from 'vitest'
import { onDatabase, onEveryDatabase } from '../support/databases'

onEveryDatabase('Lenient bindings', (db) => {
  beforeAll(async () => {
    const connection = db.connection()
    const moment = { postgres: 'timestamp', mysql: 'datetime(6)', sqlite: 'datetime' }[db.dialect]
    await connection.statement(
      `create table posts (id bigint primary key, votes integer, title varchar(50), price decimal(10,2), made_at ${moment}, made_on date)`,
    )
    await connection.table('posts').insert([
      { id: 1, votes: 10, title: '5', price: '1.50', made_at: '2024-01-31 10:00:00', made_on: '2024-01-31' },
      { id: 2, votes: 20, title: 'b', price: '2.50', made_at: '2024-12-01 10:00:00', made_on: '2024-12-01' },
      {
        id: '3',
        votes: '30',
        title: 'c',
        price: 3.5,
        made_at: new Date('2025-01-01T00:00:00Z'),
        made_on: '2025-01-01',
      },
    ])
  })

  const posts = () => db.connection().table('posts').orderBy('id')
  const ids = (query: ReturnType<typeof posts>) => query.pluck('id')

  test('a string finds an integer', async () => {
    expect(await ids(posts().where('id', '1'))).toEqual([1])
    expect(await ids(posts().where('votes', '>', '10'))).toEqual([2, 3])
    expect(await ids(posts().whereIn('id', ['1', '2']))).toEqual([1, 2])
    expect(await ids(posts().whereBetween('votes', ['20', '30']))).toEqual([2, 3])
  })

  test('a number finds a text, and only that text', async () => {
    expect(await ids(posts().where('title', 5))).toEqual([1])
    expect(await ids(posts().where('title', 0))).toEqual([])
    expect(await ids(posts().whereIn('title', [5, 0]))).toEqual([1])
  })

  test('strings and numbers find a decimal', async () => {
    expect(await ids(posts().where('price', '1.5'))).toEqual([1])
    expect(await ids(posts().where('price', 1.5))).toEqual([1])
    expect(await ids(posts().where('price', '>=', '2.50'))).toEqual([2, 3])
  })

  test('parts of dates are found by text with and without zero, and by number', async () => {
    const extract = (part: string) => `extract(${part} from made_at)`
    const strftime = (code: string) => `cast(strftime('%${code}', made_at) as integer)`
    const codes = { month: 'm', year: 'Y', day: 'd' } as const
    const having = (part: keyof typeof codes, value: unknown) => {
      const number = db.dialect === 'sqlite' ? strftime(codes[part]) : extract(part)
      return ids(posts().whereRaw(`${number} = ?`, [value]))
    }
    for (const month of ['01', '1', 1]) expect(await having('month', month), String(month)).toEqual([1, 3])
    for (const year of ['2024', 2024]) expect(await having('year', year)).toEqual([1, 2])
    for (const day of ['01', 1]) expect(await having('day', day)).toEqual([2, 3])
  })

  test('text and Date find times', async () => {
    expect(await ids(posts().where('made_at', '2024-12-01 10:00:00'))).toEqual([2])
    expect(await ids(posts().where('made_at', new Date('2024-12-01T10:00:00Z')))).toEqual([2])
    expect(await ids(posts().where('made_at', '>', new Date('2024-06-01T00:00:00Z')))).toEqual([2, 3])
    expect(await ids(posts().where('made_on', '2024-12-01'))).toEqual([2])
  })

  test('limit and offset take digits as text', async () => {
    expect(await ids(posts().limit('2' as never))).toEqual([1, 2])
    expect(
      await ids(
        posts()
          .limit('1' as never)
          .offset('1' as never),
      ),
    ).toEqual([2])
  })

  test('increments take digits as text', async () => {
    await db.connection().table('posts').where('id', 1).update({ votes: '11' })
    await db.connection().table('posts').where('id', '1').decrement('votes', 1)
    expect(await posts().where('id', 1).value('votes')).toBe(10)
  })
})

onDatabase('postgres', 'Lenient bindings', (db) => {
  /** What guruorm 2 took, from guruorm-2.1.24.md 5.3. */
  const cases: [sql: string, bindings: unknown[], read: unknown][] = [
    ['select ? as value', ['5'], '5'],
    ['select ? as value', [5], '5'],
    ['select ? as value', [null], null],
    ['select ?::boolean as value', ['true'], true],
    ['select ?::int as value', ['10'], 10],
    ['select ?::bigint as value', ['9223372036854775807'], '9223372036854775807'],
    ["select 'a' || ? as value", [5], 'a5'],
    ['select ?::interval as value', ['90 minutes'], '01:30:00'],
    ['select now() + ?::interval > now() as value', ['1 day'], true],
    ['select 5 = any(?) as value', [[4, 5]], true],
    ["select 'b' = any(?) as value", [['a', 'b']], true],
    ['select id from (values (1::bigint), (2)) as t (id) where id = any(?)', [['2', '3']], 2],
    ['select ?::date as value', [new Date('2024-01-31T12:00:00Z')], '2024-01-31'],
    ['select ?::date as value', ['2024-01-31'], '2024-01-31'],
    ['select ?::timestamptz as value', ['2024-01-31T12:00:00Z'], new Date('2024-01-31T12:00:00Z')],
    ['select ?::jsonb as value', ['{"a":1}'], { a: 1 }],
    ['select ?::jsonb as value', [[1, 2]], [1, 2]],
    ['select \'{"a":[1]}\'::jsonb @> ? as value', [{ a: [1] }], true],
    ['select ?::uuid as value', ['123E4567-E89B-12D3-A456-426614174000'], '123e4567-e89b-12d3-a456-426614174000'],
    ['select ?::inet as value', ['10.0.0.1'], '10.0.0.1'],
    ['select ?::int[] as value', [['1', 2]], [1, 2]],
    ['select ?::text[] as value', [['a,b', null]], ['a,b', null]],
    ['select coalesce(?, 7) as value', ['5'], 5],
    ['select case when ? then 1 else 2 end as value', [false], 2],
    ['select repeat(?, ?) as value', ['ab', '2'], 'abab'],
    ['select 1 as value limit ?', ['1'], 1],
  ]

  for (const [sql, bindings, read] of cases) {
    test(`${sql} takes ${JSON.stringify(bindings)}`, async () => {
      const row = await db.connection().selectOne(sql, bindings)
      expect(Object.values(row ?? {})).toStrictEqual([read])
    })
  }

  test('columns that are no text are searched as text by like', async () => {
    await db.connection().statement('create table likes (id integer, at timestamp, tags jsonb)')
    await db
      .connection()
      .table('likes')
      .insert({ id: 123, at: '2024-01-31 10:00:00', tags: ['x'] })
    for (const [column, pattern] of [
      ['id', '12%'],
      ['at', '2024-01-%'],
      ['tags', '%x%'],
    ] as const) {
      expect(await db.connection().table('likes').where(column, 'like', pattern).count(), column).toBe(1)
    }
  })

  test('a boolean does not fit an integer, as before', async () => {
    await expect(db.connection().select('select ?::int as value', [true])).rejects.toMatchObject({
      nativeCode: '22P02',
    })
  })
})

describe('MariaDB', () => {
  onDatabase('mysql', 'Comparisons', (db) => {
    test('a number or boolean compared with a text column finds that text only (reliability.md 55)', async () => {
      const connection = db.connection()
      await connection.statement('create table tokens (id integer primary key, token varchar(50))')
      await connection.table('tokens').insert(['abc', '0', '', '1', '1abc', 'true'].map((token, id) => ({ id, token })))
      const ids = (value: unknown) =>
        connection
          .table('tokens')
          .where('token', value as never)
          .orderBy('id')
          .pluck('id')
      expect(await ids(0)).toEqual([1])
      expect(await ids(1)).toEqual([3])
      expect(await ids(true)).toEqual([3])
      expect(await ids(false)).toEqual([1])
      expect(await ids(0n)).toEqual([1])
      expect(await connection.table('tokens').whereIn('token', [0, 1]).count()).toBe(2)
      expect(await connection.table('tokens').where('token', '!=', 0).count()).toBe(5)
      expect((await connection.select('select id from tokens where token = ?', [0])).length).toBe(1)
      expect(await connection.table('tokens').where('token', 0).delete()).toBe(1)
    })
  })
})
