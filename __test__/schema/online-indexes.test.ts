/** Indexes that are built while others write. */
import { beforeEach, expect, test } from 'vitest'
import { DB, QueryException, Schema } from '../../js/index'
import { onDatabase } from '../support/databases'

onDatabase('postgres', 'an index that is built online', () => {
  beforeEach(async () => {
    await Schema.dropIfExists('people')
    await Schema.create('people', (table) => {
      table.id()
      table.string('name')
    })
  })

  test('may become a constraint in the same call', async () => {
    await Schema.table('people', (table) => table.unique('name').online())
    expect(await Schema.hasIndex('people', ['name'], 'unique')).toBe(true)
  })

  test('may come with other changes', async () => {
    await Schema.table('people', (table) => {
      table.string('nick').nullable()
      table.index('nick').online()
    })
    expect(await Schema.hasIndex('people', ['nick'])).toBe(true)
  })

  test('is refused by the server inside of a transaction', async () => {
    const inside = DB.transaction(() => Schema.table('people', (table) => table.index('name').online()))
    await expect(inside).rejects.toBeInstanceOf(QueryException)
  })
})
