import { AssertionError } from 'node:assert'
import { beforeAll, expect, test } from 'vitest'
import {
  assertDatabaseCount,
  assertDatabaseEmpty,
  assertDatabaseHas,
  assertDatabaseMissing,
  DB,
  Schema,
} from '../../js/index'
import { onEveryDatabase } from '../support/databases'

const failureOf = async (assertion: Promise<void>) => {
  const error: unknown = await assertion.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AssertionError)
  return error as AssertionError
}

onEveryDatabase('assertions about a database', (db) => {
  beforeAll(async () => {
    await Schema.create('users', (table) => {
      table.integer('id').primary()
      table.string('email')
      table.string('role').nullable()
    })
    await Schema.create('jobs', (table) => table.id())
    await DB.table('users').insert([
      { id: 1, email: 'ada@x', role: 'admin' },
      { id: 2, email: 'grace@x', role: null },
    ])
  })

  test('pass', async () => {
    await assertDatabaseHas('users', { email: 'ada@x', role: 'admin' })
    await assertDatabaseHas('users', { email: 'grace@x', role: null }, db.connection())
    await assertDatabaseMissing('users', { email: 'ada@x', role: null }, 'default')
    await assertDatabaseCount('users', 2)
    await assertDatabaseEmpty('jobs')
  })

  test('has: shows the row that comes closest, and no column that was not asked about', async () => {
    const error = await failureOf(assertDatabaseHas('users', { email: 'ada@x', role: 'guest' }))
    expect(error.message).toBe(
      'No row of [users] has {"email":"ada@x","role":"guest"}. Rows that come close: [{"email":"ada@x","role":"admin"}].',
    )
    expect(error.actual).toEqual({ email: 'ada@x', role: 'admin' })
    expect(error.expected).toEqual({ email: 'ada@x', role: 'guest' })
    expect(error.stack).toContain('database-assertions.test.ts')
  })

  test('has: the row with most of the values comes first', async () => {
    const error = await failureOf(assertDatabaseHas('users', { id: 1, email: 'grace@x', role: null }))
    expect(error.actual).toEqual({ id: 2, email: 'grace@x', role: null })
  })

  test('has: says how many rows there are when none comes close', async () => {
    const error = await failureOf(assertDatabaseHas('users', { email: 'nobody@x' }))
    expect(error.message).toBe('No row of [users] has {"email":"nobody@x"}. It has 2 rows.')
    expect(error.actual).toBeNull()
  })

  test('missing: shows the rows that are there', async () => {
    const error = await failureOf(assertDatabaseMissing('users', { role: 'admin' }))
    expect(error.message).toBe('[users] has 1 row with {"role":"admin"}: [{"id":1,"email":"ada@x","role":"admin"}].')
    expect(error.actual).toHaveLength(1)
  })

  test('count and empty: say what is there', async () => {
    const count = await failureOf(assertDatabaseCount('users', 3))
    expect([count.message, count.actual, count.expected]).toEqual(['[users] has 2 rows, not 3.', 2, 3])
    const empty = await failureOf(assertDatabaseEmpty('users'))
    expect(empty.message).toContain('[users] has 2 rows, and should have none: [{"id":1')
  })
})
