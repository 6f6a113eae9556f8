/** MariaDB's own: zero dates, narrow booleans, strict mode (promises 46 and 47). */
import { beforeAll, describe, expect, test } from 'vitest'
import { onDatabase } from '../support/databases'

onDatabase('mysql', 'Zero dates', (db) => {
  beforeAll(async () => {
    db.capsule.addConnection(db.config({ strict: false }), 'lax')
    db.capsule.addConnection(db.config({ strict: false, dates: 'string' }), 'text')
    const lax = db.capsule.connection('lax')
    await lax.statement('create table zeros (id integer primary key, day date, moment datetime, stamp timestamp null)')
    await lax.statement("insert into zeros values (1, '0000-00-00', '0000-00-00', '0000-00-00')")
    await lax.statement("insert into zeros values (2, '2024-00-00', '2024-02-00 10:00:00', null)")
  })

  /** column, row 1 and 2 by default, row 1 and 2 under `dates: 'string'`. */
  const mapping = [
    ['day', [null, '2024-00-00'], ['0000-00-00', '2024-00-00']],
    ['moment', [null, null], ['0000-00-00 00:00:00', '2024-02-00 10:00:00']],
    ['stamp', [null, null], ['0000-00-00 00:00:00', null]],
  ] as const

  for (const [column, asDate, asText] of mapping) {
    test(`${column} reads as null, or as its text`, async () => {
      expect(await db.connection().table('zeros').orderBy('id').pluck(column)).toEqual(asDate)
      expect(await db.capsule.connection('text').table('zeros').orderBy('id').pluck(column)).toEqual(asText)
      // Statements that cannot be prepared answer in another protocol.
      const inText = (name: string) =>
        db.capsule.connection(name).select(`execute immediate 'select ${column} as v from zeros order by id'`)
      expect((await inText('default')).map((row) => row.v)).toEqual(asDate)
      expect((await inText('text')).map((row) => row.v)).toEqual(asText)
    })
  }

  test('a zero date found as text can be asked for', async () => {
    expect(
      await db.capsule.connection('text').table('zeros').where('moment', '0000-00-00 00:00:00').pluck('id'),
    ).toEqual([1])
  })
})

onDatabase('mysql', 'Strict mode', (db) => {
  const refused: [what: string, type: string, value: unknown, nativeCode: string][] = [
    ['a zero date', 'date', '0000-00-00', '1292'],
    ['a date that no calendar has', 'date', '2023-02-30', '1292'],
    ['a month zero', 'datetime', '2023-00-10 00:00:00', '1292'],
    ['a text that is too long', 'varchar(3)', 'abcd', '1406'],
    ['bytes that are too many', 'varbinary(3)', Buffer.alloc(4), '1406'],
    ['an integer out of range', 'tinyint', 128, '1264'],
    ['a negative number where none may be', 'int unsigned', -1, '1264'],
    ['a decimal out of range', 'decimal(4,2)', '100.00', '1264'],
    ['a value that the enum has not', "enum('a')", 'b', '1265'],
    ['text that is no number', 'int', 'abc', '1366'],
    ['text with a number at its start', 'int', '12abc', '1265'],
    ['JSON that is none', 'json', '{a', '4025'],
    ['null where none may be', 'int not null', null, '1048'],
  ]

  for (const [number, [what, type, value, nativeCode]] of refused.entries()) {
    test(`${what} is an error and stores nothing`, async () => {
      const table = `strict_${number}`
      await db.connection().statement(`create table ${table} (value ${type})`)
      for (const write of [
        () =>
          db
            .connection()
            .table(table)
            .insert({ value: value as string }),
        () => db.connection().insert(`insert into ${table} (value) values (?)`, [value]),
      ]) {
        await expect(write()).rejects.toMatchObject({ nativeCode })
      }
      expect(await db.connection().table(table).count()).toBe(0)
    })
  }

  test('division by zero is an error in a write', async () => {
    await db.connection().statement('create table divided (value int)')
    await expect(db.connection().insert('insert into divided values (1 / ?)', [0])).rejects.toMatchObject({
      nativeCode: '1365',
    })
  })
})

describe('MariaDB', () => {
  onDatabase('mysql', 'The text protocol', (db) => {
    test('reads every type as the binary protocol does', async () => {
      const connection = db.connection()
      await connection.statement(
        `create table both_ways (a tinyint(1), b bigint unsigned, c decimal(20,5), d double, e float, f bit(12), g year, h date,
           i datetime(6), j time(6), k varchar(20), l blob, m json, n int, o bigint)`,
      )
      await connection.table('both_ways').insert([
        {
          a: 1,
          b: 2n ** 64n - 1n,
          c: '1.50000',
          d: 0.1,
          e: 1.1,
          f: 5,
          g: 2024,
          h: '2024-02-29',
          i: '2024-02-29 10:00:00.123456',
          j: '-12:30:00.5',
          k: '日本 🦀',
          l: Buffer.from([0, 255]),
          m: { x: [1] },
          n: -1,
          o: -(2n ** 63n),
        },
        Object.fromEntries([...'abcdefghijklmno'].map((column) => [column, null])),
      ])
      const binary = await connection.select('select * from both_ways')
      const text = await connection.select("execute immediate 'select * from both_ways'")
      // How many digits a time has is known to the text protocol only, and JSON columns only to a prepared statement.
      const [first, second] = text as [Record<string, unknown>, Record<string, unknown>]
      expect(first).toStrictEqual({ ...binary[0], j: '-12:30:00.500000', m: first.m })
      expect(second).toStrictEqual(binary[1])
    })
  })
})
