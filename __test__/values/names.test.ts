/** Column names are untrusted: they are own properties of rows, whatever they are (promise 43, decision D16). */
import { expect, test } from 'vitest'
import { onEveryDatabase, type TestDatabase } from '../support/databases'

/** Names that mean something to JavaScript, and names that would end a string or a template in generated code. */
const EVERYWHERE = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
  '__defineGetter__',
  'isPrototypeOf',
  'a b',
  "it's",
  'back`tick',
  `dollar$${'{1}'}`,
  'back\\slash',
  'new\nline',
  '\u2028',
  '0',
  '-1',
  'x y(z)',
  '*/ evil',
  '});evil(',
  '{}',
  'SELECT',
  'v0',
  'rows',
  'chunk',
]

/** MariaDB's names have characters of three bytes at most. */
const namesOf = (db: TestDatabase) => [...EVERYWHERE, db.dialect === 'mysql' ? '界' : '🦀']

const quoted = (db: TestDatabase, name: string) =>
  db.dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`

const PROTOTYPE_BEFORE = Object.getOwnPropertyNames(Object.prototype).sort()

onEveryDatabase('Column names', (db) => {
  const names = namesOf(db)
  const expected = Object.fromEntries(names.map((name, index) => [name, index]))
  Object.defineProperty(expected, '__proto__', { value: 0, enumerable: true, writable: true, configurable: true })

  function check(row: Record<string, unknown>): void {
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
    // Numbers come first in every object, so only the set of names is compared.
    expect(Object.keys(row).sort()).toEqual([...names].sort())
    for (const [index, name] of names.entries()) {
      expect(Object.getOwnPropertyDescriptor(row, name), name).toEqual({
        value: index,
        writable: true,
        enumerable: true,
        configurable: true,
      })
    }
  }

  test('they are own properties of raw rows, read by the loop and by generated code', async () => {
    const connection = db.connection()
    const columns = names.map((name, index) => `${index} as ${quoted(db, name)}`).join(', ')
    const sql = `select ${columns.replaceAll('?', '??')}`
    // The loop reads the first few results, generated code the rest.
    for (let use = 0; use < 12; use++) check((await connection.select(sql))[0] as Record<string, unknown>)
    const many = `${sql} from (${Array.from({ length: 300 }, () => 'select 1 as one').join(' union all ')}) as t`
    const rows = await connection.select(many)
    expect(rows).toHaveLength(300)
    for (const row of rows) check(row)
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(PROTOTYPE_BEFORE)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('they are own properties of the rows of a table, and can be written and asked for', async () => {
    const connection = db.connection()
    // MariaDB allows no space at a name's end, and case or not is the server's matter; all of these are fine.
    const columns = names.map((name) => `${quoted(db, name)} integer`).join(', ')
    await connection.statement(`create table named (${columns})`)
    await connection.table('named').insert(expected)
    check((await connection.table('named').first()) as Record<string, unknown>)
    for (const [index, name] of names.entries()) {
      if (name.includes('*')) continue // `*` in a name is every column to the builder
      expect(await connection.table('named').where(name, index).count(), name).toBe(1)
      expect(await connection.table('named').value(name), name).toBe(index)
    }
  })

  test('a row with a column `then` is not taken for a promise', async () => {
    const connection = db.connection()
    const row = await connection.selectOne(`select 1 as ${quoted(db, 'then')}`)
    expect(row).toEqual({ then: 1 })
    expect(await (async () => row)()).toBe(row)
  })

  test('an object in JSON with such names changes no prototype', async () => {
    const connection = db.connection()
    const type = db.dialect === 'postgres' ? 'jsonb' : 'json'
    await connection.statement(`create table docs (doc ${type})`)
    await connection.insert('insert into docs (doc) values (?)', [
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
    ])
    const doc = (await connection.table('docs').value('doc')) as Record<string, unknown>
    expect(Object.hasOwn(doc, '__proto__')).toBe(true)
    expect(Object.getPrototypeOf(doc)).toBe(Object.prototype)
    expect(doc.polluted).toBeUndefined()
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('of columns with the same name the last wins, and its neighbours stay right', async () => {
    const connection = db.connection()
    const sql = "select 1 as a, 'x' as b, 'naïve' as a, 3 as c, '日本' as a, 'y' as d"
    for (let use = 0; use < 12; use++) {
      expect(await connection.select(sql)).toStrictEqual([{ a: '日本', b: 'x', c: 3, d: 'y' }])
    }
  })
})
