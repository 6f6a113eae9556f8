/** What cannot be stored as it was given is refused before anything is sent. */
import { beforeAll, describe, expect, test } from 'vitest'
import { InvalidArgumentException } from '../../js/index'
import type { ValueArgument } from '../../js/query/arguments'
import { onDatabase, onEveryDatabase } from '../support/databases'

class Money {
  readonly cents = 5
}

const circle: unknown[] = []
circle.push(circle)

/** Values that no database can hold, and what the message says of them. */
const NEVER: readonly (readonly [name: string, value: unknown, says: string])[] = [
  ['undefined', undefined, 'undefined'],
  ['a function', () => 1, 'function'],
  ['a symbol', Symbol('s'), 'symbol'],
  ['an invalid Date', new Date(Number.NaN), 'invalid Date'],
  ['a Map', new Map([['a', 1]]), 'Object.fromEntries'],
  ['a Set', new Set([1]), '[...set]'],
  ['a Promise', Promise.resolve(1), 'await'],
  ['an instance of a class', new Money(), 'Money'],
  ['a lone high surrogate', 'a\ud83d', 'surrogate'],
  ['a lone low surrogate', '\udc00b', 'surrogate'],
  ['surrogates in the wrong order', '\udc00\ud800', 'surrogate'],
  ['a lone surrogate after much text', `${'x'.repeat(10_000)}\ud800`, 'surrogate'],
  ['undefined in an array', [1, undefined], 'undefined'],
  ['a function in an object', { a: () => 1 }, 'function'],
  ['NaN in an object', { a: Number.NaN }, 'NaN'],
  ['an invalid Date in an object', { a: new Date(Number.NaN) }, 'invalid Date'],
  ['a lone surrogate in an object', { a: '\ud800' }, 'surrogate'],
  ['a lone surrogate in a key', { '\ud800': 1 }, 'surrogate'],
  ['a Map in an array', [new Map()], 'Object.fromEntries'],
  ['a circle', circle, 'itself'],
]

onEveryDatabase('Refused values', (db) => {
  // Nobody listens there: whatever is sent ends in another error.
  beforeAll(() => {
    const nowhere = db.dialect === 'sqlite' ? { database: '/nowhere/at/all.sqlite' } : { port: 1 }
    db.capsule.addConnection(db.config(nowhere), 'nowhere')
  })

  for (const [name, value, says] of NEVER) {
    test(`${name}: nothing is sent, and the message says where`, async () => {
      const connection = db.capsule.connection('nowhere')
      const given = value as ValueArgument
      const attempts: Record<string, () => unknown> = {
        'raw select': () => connection.select('select * from kept where id = ? and value = ?', [1, value]),
        'raw insert': () => connection.insert('insert into kept (id, value) values (?, ?)', [2, value]),
        'raw update': () => connection.update('update kept set value = ?', [value]),
        'raw delete': () => connection.delete('delete from kept where value = ?', [value]),
        named: () => connection.select('select * from kept where value = :value', { value }),
        insert: () => connection.table('kept').insert({ id: 2, value: given }),
        'insert many': () =>
          connection.table('kept').insert([
            { id: 2, value: 'x' },
            { id: 3, value: given },
          ]),
        update: () => connection.table('kept').update({ value: given }),
        where: () => connection.table('kept').where('value', given).get(),
        'where and delete': () => connection.table('kept').where('value', given).delete(),
        whereIn: () =>
          connection
            .table('kept')
            .whereIn('value', ['x', given as never])
            .get(),
        whereBetween: () => connection.table('kept').whereBetween('value', ['x', given]).get(),
        having: () => connection.table('kept').select('id').groupBy('id').having('id', '>', given).get(),
      }
      for (const [way, attempt] of Object.entries(attempts)) {
        const error = await caught(attempt)
        expect(error, way).toBeInstanceOf(InvalidArgumentException)
        // Some are no values to the builder in the first place: functions build subqueries, lists are flat.
        expect(String(error), way).toMatch(
          /subquery|Nested arrays|A range/.test(String(error)) ? /./ : new RegExp(escaped(says)),
        )
        if (way === 'raw select' || way === 'raw insert') expect(String(error)).toMatch(/binding 2/i)
      }
    })
  }
})

onDatabase('postgres', 'NUL', (db) => {
  test('a NUL character is refused by the position of its value', async () => {
    const connection = db.connection()
    await connection.statement('create table texts (id integer, value text, tags text[], doc jsonb)')
    for (const [column, value] of [
      ['value', 'a\0b'],
      ['value', '\0'],
      ['tags', ['x', 'a\0']],
    ] as const) {
      const error = await caught(() => connection.table('texts').insert({ id: 1, [column]: value as string }))
      expect(error).toBeInstanceOf(InvalidArgumentException)
      expect(String(error)).toContain('binding 2')
      expect(String(error)).toContain('NUL')
    }
    // Inside JSON it is an escape, which only `json` keeps; `jsonb` says no itself.
    await expect(connection.table('texts').insert({ id: 1, doc: { a: '\0' } })).rejects.toMatchObject({
      nativeCode: '22P05',
    })
    expect(await connection.table('texts').count()).toBe(0)
  })

  test('a NUL character in a name or in SQL is refused', async () => {
    const connection = db.connection()
    await expect(connection.select("select 'a\0b'")).rejects.toBeInstanceOf(InvalidArgumentException)
    await expect(connection.table('texts').where('a\0b', 1).get()).rejects.toBeInstanceOf(InvalidArgumentException)
  })
})

describe('numbers that an integer column cannot hold', () => {
  onEveryDatabase('Integers', (db) => {
    beforeAll(async () => {
      await db.connection().statement('create table numbers (id integer primary key, value bigint)')
    })

    const outcome = async (value: number | bigint): Promise<unknown> => {
      await db.connection().table('numbers').delete()
      try {
        await db.connection().table('numbers').insert({ id: 1, value })
      } catch (error) {
        return (error as { code: string }).code
      }
      return await db.connection().table('numbers').value('value')
    }

    test('NaN and infinity are errors', async () => {
      const isSqlite = db.dialect === 'sqlite'
      const code = 'INVALID_ARGUMENT'
      expect(await outcome(Number.NaN)).toBe(code)
      // SQLite's columns take any number.
      expect(await outcome(Number.POSITIVE_INFINITY)).toBe(isSqlite ? Number.POSITIVE_INFINITY : code)
    })

    test('an integer of more than 64 bits is an error, or a double on SQLite', async () => {
      const read = await outcome(2n ** 64n)
      if (db.dialect === 'sqlite') expect(read).toBe(2 ** 64)
      else expect(read).toMatch(/^[A-Z_]+$/)
    })
  })
})

function escaped(text: string): string {
  return text.replace(/[[\].]/g, '\\$&')
}

async function caught(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt()
  } catch (error) {
    return error
  }
  return undefined
}
