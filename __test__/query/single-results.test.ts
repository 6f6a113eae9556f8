import { beforeAll, expect, test } from 'vitest'
import { DB, MultipleRecordsFoundException, RecordNotFoundException, raw } from '../../js/index'
import { onEveryDatabase } from '../support/databases'
import { createPeople } from '../support/people'

interface Person {
  id: number
  first_name: string
  last_name: string
  email: string
  age: number
  votes: number
  city: string | null
}

onEveryDatabase('Single results', (db) => {
  beforeAll(() => createPeople(db))

  const people = () => DB.table<Person>('people').orderBy('people.id')
  const nobody = () => people().where('people.id', '>', 100)

  test('first() and its relatives answer a row, or say that there is none', async () => {
    expect(await people().first('first_name')).toEqual({ first_name: 'Ada' })
    expect(await nobody().first()).toBeNull()
    expect(await people().firstOr(() => 'none')).toMatchObject({ id: 1 })
    expect(await nobody().firstOr(async () => 'none')).toBe('none')
    expect(await people().firstOr(['id'], () => 'none')).toEqual({ id: 1 })
    expect(await nobody().firstOr(['id'], () => 'none')).toBe('none')
    expect(await people().firstOrFail('id', 'age')).toEqual({ id: 1, age: 36 })
    await expect(nobody().firstOrFail()).rejects.toThrow(RecordNotFoundException)
    await expect(nobody().firstOrFail(['*'], 'gone')).rejects.toThrow('gone')
    expect(await people().firstWhere('votes', '>', 100)).toMatchObject({ first_name: 'Grace' })
    expect(await people().firstWhere({ age: 55 })).toMatchObject({ first_name: 'Linus' })
    expect(await people().firstWhere('age', 1)).toBeNull()
  })

  test('find() and its relatives look for an id', async () => {
    const table = () => DB.table<Person>('people')
    expect(await table().find(2, 'first_name')).toEqual({ first_name: 'Grace' })
    expect(await table().find(99)).toBeNull()
    expect(await table().findOr(2, () => 'none')).toMatchObject({ id: 2 })
    expect(await table().findOr(99, ['id'], () => 'none')).toBe('none')
    expect(await table().findOrFail(3)).toMatchObject({ id: 3 })
    await expect(table().findOrFail(99)).rejects.toThrow(RecordNotFoundException)
  })

  test('sole() wants exactly one row', async () => {
    expect(await people().where('age', 36).sole('id')).toEqual({ id: 1 })
    expect(await people().where('age', 36).soleValue('email')).toBe('ada@example.com')
    await expect(nobody().sole()).rejects.toThrow(RecordNotFoundException)
    await expect(people().sole()).rejects.toMatchObject({ count: 2 })
    await expect(people().soleValue('id')).rejects.toThrow(MultipleRecordsFoundException)
  })

  test('value() and rawValue() are one cell of the first row', async () => {
    expect(await people().value('people.first_name')).toBe('Ada')
    expect(await people().value('first_name as name')).toBe('Ada')
    expect(await people().value(raw('upper(first_name)'))).toBe('ADA')
    expect(await people().value('city')).toBeNull()
    expect(await nobody().value('first_name')).toBeNull()
    expect(Number(await people().rawValue('age + ?', [4]))).toBe(40)
    expect(await nobody().rawValue('age')).toBeNull()
  })

  test('pluck() takes one column of every row, by a key if wanted', async () => {
    expect(await people().pluck('first_name')).toEqual(['Ada', 'Grace', 'Linus'])
    expect(await people().pluck('first_name', 'people.id')).toEqual({ 1: 'Ada', 2: 'Grace', 3: 'Linus' })
    expect(await people().pluck('email as address', 'first_name as name')).toMatchObject({ Ada: 'ada@example.com' })
    expect(await people().pluck('age', 'city')).toEqual({ '': 55 })
    expect(await people().pluck(raw('upper(first_name)'))).toEqual(['ADA', 'GRACE', 'LINUS'])
    expect(await people().pluck('votes', raw('upper(first_name)'))).toEqual({ ADA: 100, GRACE: 250, LINUS: 75 })
    expect(await people().pluck('id', 'id')).toEqual({ 1: 1, 2: 2, 3: 3 })
    expect(await nobody().pluck('first_name')).toEqual([])
    expect(await nobody().pluck('first_name', 'id')).toEqual({})
  })

  test('implode() puts a column together', async () => {
    expect(await people().implode('first_name', ', ')).toBe('Ada, Grace, Linus')
    expect(await people().implode('city')).toBe('')
    expect(await nobody().implode('first_name', ', ')).toBe('')
  })

  test('exists() and its relatives', async () => {
    expect(await people().exists()).toBe(true)
    expect(await nobody().doesntExist()).toBe(true)
    expect(await people().existsOr(() => 'none')).toBe(true)
    expect(await nobody().existsOr(async () => 'none')).toBe('none')
    expect(await people().doesntExistOr(() => 'some')).toBe('some')
    expect(await nobody().doesntExistOr(() => 'some')).toBe(true)
  })

  test('aggregates go by name too', async () => {
    expect(Number(await people().aggregate('max', 'votes'))).toBe(250)
    expect(Number(await people().numericAggregate('sum', ['votes']))).toBe(425)
    expect(await nobody().numericAggregate('max', 'votes')).toBe(0)
  })

  test('none of them changes the builder', async () => {
    const query = people().where('votes', '>', 1)
    const before = JSON.stringify(query.query)
    await query.first()
    await query.find(1)
    await query.firstWhere('age', 36)
    await query.firstOr(() => null)
    await query.value('age')
    await query.rawValue('age')
    await query.pluck('age', 'id')
    await query.implode('age')
    await query.sole().catch(() => {})
    await query.get('id')
    expect(JSON.stringify(query.query)).toBe(before)
  })
})
