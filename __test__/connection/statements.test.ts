import { beforeEach, expect, test } from 'vitest'
import { QueryException, UniqueConstraintViolationException } from '../../js/index'
import { onDatabase, onEveryDatabase } from '../support/databases'
import { createPeople } from '../support/people'

onEveryDatabase('raw SQL', (db) => {
  beforeEach(() => createPeople(db))

  test('select answers rows as plain objects', async () => {
    const rows = await db.connection().select('select first_name, votes from people where votes > ? order by id', [80])
    expect(rows).toEqual([
      { first_name: 'Ada', votes: 100 },
      { first_name: 'Grace', votes: 250 },
    ])
  })

  test('selectOne answers the first row, or null', async () => {
    const connection = db.connection()
    expect(await connection.selectOne('select first_name from people order by id')).toEqual({ first_name: 'Ada' })
    expect(await connection.selectOne('select first_name from people where id = ?', [99])).toBeNull()
  })

  test('scalar answers the only value, and refuses several columns', async () => {
    const connection = db.connection()
    expect(await connection.scalar('select count(*) as n from people')).toBe(3)
    expect(await connection.scalar('select id from people where id = ?', [99])).toBeNull()
    await expect(connection.scalar('select id, votes from people')).rejects.toThrow('needs one column')
  })

  test('insert answers true, update and delete how many rows they touched', async () => {
    const connection = db.connection()
    const sql = 'insert into people (first_name, last_name, email, age, votes) values (?, ?, ?, ?, ?)'
    expect(await connection.insert(sql, ['Alan', 'Turing', 'alan@example.com', 41, 1])).toBe(true)
    expect(await connection.update('update people set votes = votes + 1 where votes < ?', [80])).toBe(2)
    expect(await connection.affectingStatement('update people set votes = 0 where id = ?', [99])).toBe(0)
    expect(await connection.delete('delete from people where first_name = ?', ['Alan'])).toBe(1)
    expect(await connection.statement('delete from people')).toBe(true)
  })

  test('placeholders may be named, in any order and more than once', async () => {
    const rows = await db
      .connection()
      .select('select first_name from people where votes > :low and votes < :high and votes <> :low order by id', {
        ':high': 200,
        low: 80,
      })
    expect(rows).toEqual([{ first_name: 'Ada' }])
  })

  test('a question mark inside of a literal is no placeholder', async () => {
    expect(await db.connection().scalar("select '?' as mark where 1 = ?", [1])).toBe('?')
  })

  test('unprepared runs several statements', async () => {
    const connection = db.connection()
    await connection.unprepared('update people set votes = 1; delete from people where id = 1')
    expect(await connection.scalar('select sum(votes) as total from people').then(Number)).toBe(2)
  })

  test('several statements in one call are refused everywhere else', async () => {
    await expect(db.connection().select('select 1 as a; select 2 as b')).rejects.toThrow('more than one statement')
    await expect(db.connection().statement('delete from people; select 1')).rejects.toThrow('more than one statement')
    expect(await db.connection().scalar('select count(*) as n from people')).toBe(3)
  })

  test('raw with bindings runs when it is awaited, and is an expression when it is not', async () => {
    const connection = db.connection()
    expect(await connection.raw('select first_name from people where id = ?', [2])).toEqual([{ first_name: 'Grace' }])
    const [row] = await connection
      .table('people')
      .select(connection.raw('votes + ? as more', [1]))
      .where('id', 1)
      .get()
    expect(Number(row?.more)).toBe(101)
  })

  test('E25, scenario 202: a failed statement throws the class that says how, with the line that called it', async () => {
    const sql = 'insert into people (first_name, last_name, email, age, votes) values (?, ?, ?, ?, ?)'
    const error = await insertAda().catch((thrown: unknown) => thrown as QueryException)
    async function insertAda(): Promise<never> {
      await db.connection().insert(sql, ['A', 'B', 'ada@example.com', 1, 1])
      throw new Error('it was inserted')
    }
    expect(error).toBeInstanceOf(UniqueConstraintViolationException)
    const code = { postgres: '23505', mysql: 'ER_DUP_ENTRY', sqlite: 'SQLITE_CONSTRAINT_UNIQUE' }[db.dialect]
    expect((error as QueryException).originalError).toMatchObject({ code })
    expect(error).toMatchObject({ connectionName: 'default', driver: db.driver })
    expect((error as QueryException).message).not.toContain('ada@example.com')
    expect((error as QueryException).bindings).toContain('ada@example.com')
    expect((error as Error).stack).toContain('insertAda')
    expect((error as Error).stack).toContain('statements.test.ts')
  })

  test('a value that cannot be bound is refused before anything is sent', async () => {
    const connection = db.connection()
    await expect(connection.select('select ? as a', [undefined])).rejects.toThrow('Binding 1 is undefined')
    await expect(connection.select('select :a as a', { a: () => 1 })).rejects.toThrow('is a function')
    await expect(connection.select('select 1', 5 as never)).rejects.toThrow('must be an array, or an object')
  })

  test('many statements at once all get their own answer', async () => {
    const connection = db.connection()
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, n) => connection.scalar(`select ${n} + id as n from people where id = ?`, [1])),
    )
    expect(answers.map(Number)).toEqual(Array.from({ length: 300 }, (_, n) => n + 1))
  })

  test('postProcessResponse changes the rows of selects', async () => {
    db.capsule.addConnection(db.config({ postProcessResponse: (rows: unknown[]) => rows.slice(0, 1) }), 'processed')
    const connection = db.capsule.connection('processed')
    expect(await connection.select('select id from people')).toHaveLength(1)
    await db.capsule.purge('processed')
  })
})

onEveryDatabase('streams', (db) => {
  beforeEach(() => createPeople(db))

  const NUMBERS = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) select i from n'

  test('a cursor hands out every row in order', async () => {
    let expected = 0
    for await (const row of db.connection().cursor<{ i: number }>(NUMBERS)) {
      expected += 1
      expect(Number(row.i)).toBe(expected)
    }
    // MariaDB's default max_recursive_iterations is 1000; the point is that all that come are handed out.
    expect(expected).toBeGreaterThan(900)
  })

  test('leaving the loop early frees the connection at once', async () => {
    db.capsule.addConnection(db.config({ pool: { max: 1, acquireTimeoutMillis: 2000 } }), 'narrow')
    const connection = db.capsule.connection('narrow')
    for (let round = 0; round < 20; round++) {
      for await (const row of connection.cursor(NUMBERS)) {
        expect(row).toBeDefined()
        break
      }
      expect(await connection.scalar('select 1 as one')).toBe(1)
    }
    await db.capsule.purge('narrow')
  })

  test('an error in the loop frees the connection and is the one that is thrown', async () => {
    const loop = async () => {
      for await (const _ of db.connection().cursor(NUMBERS)) throw new Error('mine')
    }
    await expect(loop()).rejects.toThrow('mine')
    expect(await db.connection().scalar('select 1 as one')).toBe(1)
  })

  test('a statement that fails throws in the loop', async () => {
    const loop = async () => {
      for await (const _ of db.connection().cursor('select * from no_such_table')) expect.unreachable()
    }
    await expect(loop()).rejects.toBeInstanceOf(QueryException)
  })
})

onDatabase('postgres', '64-bit integers', (db) => {
  test('that a connection cannot read as asked fail their own statement only', async () => {
    db.capsule.addConnection(db.config({ bigint: 'number' }), 'numbers')
    const connection = db.capsule.connection('numbers')
    await expect(connection.select('select 9007199254740993::int8 as big')).rejects.toThrow('Column "big"')
    expect(await connection.scalar('select 5::int8 as small')).toBe(5)
    await db.capsule.purge('numbers')
  })
})
