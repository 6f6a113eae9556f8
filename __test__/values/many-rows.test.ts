/** Inserts of many rows reach the server in a shorter way (docs/decisions/0019), and mean what single ones do. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Connection, Row } from '../../js/index'
import { QueryException, UniqueConstraintViolationException } from '../../js/index'
import { onDatabase, onEveryDatabase } from '../support/databases'
import { FaultProxy } from '../support/proxy'

const MANY = 1_000

const ODD_TEXTS = [
  '',
  'null',
  'NULL',
  '{}',
  '{"a":1}',
  'a,b',
  "it's",
  'say "x"',
  'back\\slash',
  '\\"',
  'ÄÖ 🦀',
  ' ',
  '\n',
  '?',
  '$1',
]

const COLUMNS = {
  postgres: `id bigint primary key, word text, short varchar(20), count integer, ratio double precision, price numeric(12,2),
    is_set boolean, day date, at timestamptz, body bytea, doc jsonb, key uuid`,
  mysql: `id bigint primary key, word text, short varchar(20), count integer, ratio double, price decimal(12,2),
    is_set tinyint(1), day date, at datetime(3), body blob, doc json, \`key\` char(36)`,
  sqlite: `id integer primary key, word text, short varchar(20), count integer, ratio double, price numeric,
    is_set boolean, day date, at datetime, body blob, doc json, "key" text`,
}

/** A row in which every third value of each column is null. */
function row(id: number): Row {
  const cell = (column: number, value: unknown) => ((id + column) % 3 === 0 ? null : value)
  const text = ODD_TEXTS[id % ODD_TEXTS.length]
  return {
    id,
    word: cell(0, `${text} ${id}`),
    short: cell(1, text),
    count: cell(2, (id % 2 === 0 ? 1 : -1) * id),
    ratio: cell(3, id / 7),
    price: cell(4, `${id}.25`),
    is_set: cell(5, id % 2 === 0),
    day: cell(6, '2024-02-29'),
    at: cell(7, new Date(Date.UTC(2024, 1, 29, 23, 59, 58, id))),
    body: cell(8, Buffer.from([0, 34, 92, 39, 123, id % 256])),
    doc: cell(9, JSON.stringify({ text, list: [id, null, '"'] })),
    key: cell(10, `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`),
  }
}

onEveryDatabase('an insert of many rows', (db) => {
  let connection: Connection
  const rows = Array.from({ length: MANY }, (_, index) => row(index + 1))
  const all = (table: string) => connection.table(table).orderBy('id').get()

  beforeEach(async () => {
    connection = db.connection()
    for (const table of ['together', 'alone']) {
      await connection.statement(`drop table if exists ${table}`)
      await connection.statement(`create table ${table} (${COLUMNS[db.dialect]})`)
    }
  })

  test('stores what as many inserts of one row store', async () => {
    expect(await connection.table('together').insert(rows)).toBe(true)
    await connection.transaction(async (transaction) => {
      for (const one of rows) await transaction.table('alone').insert(one)
    })
    expect(await all('together')).toEqual(await all('alone'))
    expect(await connection.table('together').count()).toBe(MANY)
  })

  test('takes values of several types in one column', async () => {
    const mixed = [1, 2.5, '3', null, 10n, 1e20].flatMap((value, index) =>
      Array.from({ length: 10 }, (_, at) => ({
        id: index * 10 + at,
        word: String(value),
        price: value === 1e20 ? 4 : value,
      })),
    )
    await connection.table('together').insert(mixed)
    for (const one of mixed) await connection.table('alone').insert(one)
    expect(await all('together')).toEqual(await all('alone'))
  })

  test('inserts nothing when one row breaks a key, and says so', async () => {
    const twice = [...rows, { ...row(MANY + 1), id: 500 }]
    const error = await connection
      .table('together')
      .insert(twice)
      .catch((reason) => reason)
    expect(error).toBeInstanceOf(UniqueConstraintViolationException)
    expect(error.sql).toMatch(/^insert into .together. /)
    expect(await connection.table('together').count()).toBe(0)
    await connection.table('together').insert(rows)
    expect(await connection.table('together').count()).toBe(MANY)
  })

  test('leaves the transaction around it open when one row breaks a key', async () => {
    if (db.dialect === 'postgres') return
    await connection.transaction(async (transaction) => {
      await transaction.table('together').insert({ id: 1 })
      await transaction
        .table('together')
        .insert(rows)
        .catch(() => {})
    })
    expect(await connection.table('together').pluck('id')).toEqual([1])
  })

  test('refuses a value that cannot be stored, with its place, before anything is sent', async () => {
    const broken = rows.map((one, index) => (index === 700 ? { ...one, at: new Date(Number.NaN) } : one))
    const error = await connection
      .table('together')
      .insert(broken)
      .catch((reason) => reason)
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await connection.table('together').count()).toBe(0)
  })

  test('keeps what is there, or changes it, where that was asked for', async () => {
    await connection.table('together').insert({ id: 5, word: 'before' })
    expect(await connection.table('together').insertOrIgnore(rows)).toBe(MANY - 1)
    expect(await connection.table('together').where('id', 5).value('word')).toBe('before')
    const changed = rows.map((one) => ({ ...one, word: `after ${one.id}` }))
    await connection.table('together').upsert(changed, ['id'], ['word'])
    expect(await connection.table('together').where('word', 'like', 'after %').count()).toBe(MANY)
  })

  test('counts the keys that the database makes in the order of the rows', async () => {
    const key = {
      postgres: 'serial primary key',
      mysql: 'int auto_increment primary key',
      sqlite: 'integer primary key',
    }
    await connection.statement('drop table if exists counted')
    await connection.statement(`create table counted (id ${key[db.dialect]}, word varchar(20))`)
    await connection.table('counted').insert(rows.map(({ id }) => ({ word: `n${id}` })))
    const found = await connection.table('counted').orderBy('id').get()
    expect(found.map(({ word }) => word)).toEqual(rows.map(({ id }) => `n${id}`))
    expect(found.map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
    await connection.statement('drop table counted')
  })
})

for (const [dialect, messages] of [
  // Bind, Execute and Sync; COM_STMT_BULK_EXECUTE.
  ['postgres', 3],
  ['mysql', 1],
] as const) {
  onDatabase(dialect, 'inserts of different numbers of rows', (db) => {
    let proxy: FaultProxy
    beforeAll(async () => {
      proxy = await FaultProxy.inFrontOf(db.url)
      db.capsule.addConnection(db.config({ host: '127.0.0.1', port: proxy.port, pool: { max: 1 } }), 'counted')
      await db.connection().statement('create table numbered (id integer primary key, word varchar(20))')
    })
    afterAll(async () => {
      await db.capsule.connection('counted').disconnect()
      await proxy.close()
    })

    test('are one statement, which the server parses once', async () => {
      const connection = db.capsule.connection('counted')
      const numbered = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => ({ id: from + index, word: `n${index}` }))
      await connection.table('numbered').insert(numbered(0, 500))
      proxy.resetCounts()
      await connection.table('numbered').insert(numbered(1_000, 2_000))
      await connection.table('numbered').insert(numbered(5_000, 33))
      expect(proxy.messages.toServer).toBe(2 * messages)
      expect(await connection.table('numbered').count()).toBe(2_533)
    })

    test('follow a column whose type was changed', async () => {
      const connection = db.capsule.connection('counted')
      const text = { postgres: 'alter column id type varchar(20)', mysql: 'modify id varchar(20) not null' }[dialect]
      await connection.table('numbered').delete()
      await connection.statement(`alter table numbered ${text}`)
      await connection
        .table('numbered')
        .insert(Array.from({ length: 100 }, (_, index) => ({ id: `00${index}`, word: 'x' })))
      expect(await connection.table('numbered').where('id', '007').count()).toBe(1)
    })
  })
}

onDatabase('postgres', 'an insert of many rows into columns of special types', (db) => {
  test('takes arrays, enums and domains, and answers its rows in order', async () => {
    const connection = db.connection()
    await connection.unprepared(
      `create type mood as enum ('sad', 'ok'); create domain percent as integer check (value between 0 and 100);
       create table special (id integer primary key, tags text[], mood mood, share percent)`,
    )
    const rows = Array.from({ length: 200 }, (_, id) => ({
      id: 200 - id,
      tags: [`t${id}`, '"'],
      mood: 'ok',
      share: id % 100,
    }))
    await connection.table('special').insert(rows)
    expect(await connection.table('special').where('id', 1).first()).toEqual(rows[199])
    const bad = connection.table('special').insert(rows.map((one) => ({ ...one, id: one.id + 500, share: 101 })))
    await expect(bad).rejects.toBeInstanceOf(QueryException)
    const returned = await connection.select(
      'insert into special (id) select n from generate_series(901, 903) as n returning id',
    )
    expect(returned.map(({ id }) => id)).toEqual([901, 902, 903])
  })
})
