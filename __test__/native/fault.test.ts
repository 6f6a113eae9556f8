import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import * as errors from '../../js/errors'
import { CLASS_OF_CODE, Fault, toError } from '../../js/native/fault'

const context = {
  connectionName: 'main',
  driver: 'pgsql',
  sql: 'insert into users values ($1)',
  bindings: ['hunter2'],
}

const duplicate = new Fault({
  code: 'UNIQUE_VIOLATION',
  message: 'duplicate key value violates unique constraint "users_email_unique"',
  nativeCode: '23505',
  driverCode: '23505',
  constraint: 'users_email_unique',
  table: 'users',
  serverDetail: 'Key (email)=(hunter2) already exists.',
})

/** The class's name in the comment of each code in `src/error.rs`. */
function codesOfRust(): Record<string, string> {
  const source = readFileSync(join(__dirname, '../../src/error.rs'), 'utf8')
  const body = /pub enum ErrorCode \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? ''
  const codes: Record<string, string> = {}
  for (const [, comment, name] of body.matchAll(/((?:\s*\/\/\/.*\n)+)\s*(\w+),/g)) {
    const code = (name as string).replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()
    codes[code] = /`(\w+)`\.\s*$/.exec((comment as string).trimEnd())?.[1] ?? ''
  }
  return codes
}

test('every code of the engine becomes the class that its comment names', () => {
  const expected = codesOfRust()
  expect(Object.keys(expected).length).toBeGreaterThan(20)
  expect(Object.fromEntries(Object.entries(CLASS_OF_CODE).map(([code, { name }]) => [code, name]))).toEqual(expected)
})

test('every class is thrown under its own name, and is a GuruORMError', () => {
  for (const [name, ErrorClass] of Object.entries(errors)) {
    const error = new (ErrorClass as new (message: string) => Error)('x')
    expect(error.name).toBe(name)
    expect(error).toBeInstanceOf(errors.GuruORMError)
    expect(error.stack?.split('\n')[0]).toContain(name)
  }
})

describe('the error of a failed statement', () => {
  const error = toError(duplicate, context)

  test('has the class and the fields that programs branch on', () => {
    expect(error).toBeInstanceOf(errors.UniqueConstraintViolationException)
    expect(error).toBeInstanceOf(errors.QueryException)
    expect(error).toMatchObject({
      code: 'UNIQUE_VIOLATION',
      nativeCode: '23505',
      constraint: 'users_email_unique',
      table: 'users',
      sql: context.sql,
      connectionName: 'main',
      driver: 'pgsql',
      bindings: ['hunter2'],
    })
  })

  test('says what, where and which statement', () => {
    expect(error.message).toBe(
      'duplicate key value violates unique constraint "users_email_unique"' +
        ' (Connection: main, Driver: pgsql, SQL: insert into users values ($1))',
    )
  })

  test('keeps values out of messages, JSON, format() and inspect', () => {
    for (const shown of [error.message, JSON.stringify(error), error.format(), inspect(error, { depth: 9 })]) {
      expect(shown).not.toContain('hunter2')
    }
    expect(Object.keys(error)).not.toContain('bindings')
  })

  test('has the original error as the JavaScript drivers spell it', () => {
    expect(error.originalError).toMatchObject({ code: '23505', sqlState: '23505', constraint: 'users_email_unique' })
    expect(error.originalError).toHaveProperty('detail', 'Key (email)=(hunter2) already exists.')
    const mysql = new Fault({ code: 'UNIQUE_VIOLATION', message: 'x', nativeCode: '1062', driverCode: 'ER_DUP_ENTRY' })
    const original = toError(mysql, { driver: 'mysql' }).originalError
    expect(original).toMatchObject({ code: 'ER_DUP_ENTRY', errno: 1062 })
    expect(original).toBeInstanceOf(Error)
  })

  test('cuts long SQL in the message, not in the field', () => {
    const sql = `select ${'x'.repeat(10_000)}`
    const long = toError(new Fault({ code: 'SYNTAX', message: 'no' }), { sql })
    expect(long.message.length).toBeLessThan(600)
    expect(long.sql).toBe(sql)
  })

  test('lists its facts in toJSON() and format()', () => {
    expect(error.toJSON()).toMatchObject({ name: 'UniqueConstraintViolationException', code: 'UNIQUE_VIOLATION' })
    expect(error.format()).toContain('\n  constraint: users_email_unique')
  })
})

test('a code that nobody knows is still a GuruORMError', () => {
  expect(toError(new Fault({ code: 'NEW_CODE', message: 'x' })).code).toBe('NEW_CODE')
})

test('an unknown commit says that its outcome is unknown', () => {
  expect(toError(new Fault({ code: 'COMMIT_UNKNOWN', message: 'x' }))).toMatchObject({ outcome: 'unknown' })
})

test('the exceptions of models keep their fields and texts', () => {
  expect(new errors.ModelNotFoundException('User', [99])).toMatchObject({
    message: 'No query results for model [User] [99] not found.',
    model: 'User',
    ids: [99],
  })
  expect(new errors.RelationNotFoundException('User', 'posts').message).toContain('[posts]')
  expect(new errors.MultipleRecordsFoundException(2)).toMatchObject({ count: 2, message: '2 records were found.' })
})
