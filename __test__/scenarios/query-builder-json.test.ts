import { describe, expect, test } from 'vitest'
import { DB, type QueryBuilder, raw, UnsupportedException } from '../../js/index'
import { namesOf, scenarios } from './shop'

const names = async (query: QueryBuilder): Promise<unknown[]> => namesOf(await query.orderBy('id').get())
const users = (): QueryBuilder => DB.table('users')

/** The JSON of a user's preferences, parsed. */
async function prefsOf(id: number): Promise<Record<string, unknown>> {
  const prefs = await users().where('id', id).value<unknown>('prefs')
  return (typeof prefs === 'string' ? JSON.parse(prefs) : prefs) as Record<string, unknown>
}

scenarios('JSON in the query builder', (db) => {
  const isSqlite = db.dialect === 'sqlite'

  test('scenario 55: where with a JSON path', async () => {
    expect(await names(users().where('prefs->dining->meal', 'salad'))).toEqual(['Ada'])
    expect(await names(users().whereIn('prefs->dining->meal', ['salad', 'soup']))).toEqual(['Ada', 'Grace'])
    expect(await names(users().where('prefs->lang[1]', 'fr'))).toEqual(['Ada'])
    expect(await names(users().where('prefs->beta', true))).toEqual(['Ada'])
    expect(await names(users().where('prefs->beta', false))).toEqual(['Grace'])
    expect(await names(users().where('prefs->beta', '!=', true))).toEqual(['Grace'])
  })

  test('scenario 56: whereJsonContains, whereJsonDoesntContain, whereJsonLength', async () => {
    expect(await names(users().whereJsonContains('prefs->lang', 'en'))).toEqual(['Ada', 'Grace'])
    expect(await names(users().whereJsonContains('prefs->lang', ['en', 'fr']))).toEqual(['Ada'])
    const without = users().whereNotNull('prefs').whereJsonDoesntContain('prefs->lang', 'en')
    expect(await names(without)).toEqual(['Linus', 'Alan'])
    expect(await names(users().whereJsonLength('prefs->lang', 0))).toEqual(['Linus'])
    expect(await names(users().whereJsonLength('prefs->lang', '>', 1))).toEqual(['Ada', 'Alan'])
  })

  describe('beyond 2.1.24', () => {
    test('whereJsonContains of booleans, numbers and null', async () => {
      await users()
        .where('id', 4)
        .update({ prefs: { flags: [true, null, 3, 'x'] } })
      expect(await names(users().whereJsonContains('prefs->flags', true))).toEqual(['Barbara'])
      expect(await names(users().whereJsonContains('prefs->flags', 3))).toEqual(['Barbara'])
      expect(await names(users().whereJsonContains('prefs->flags', null))).toEqual(['Barbara'])
      expect(await names(users().whereJsonContains('prefs->flags', [3, 'x']))).toEqual(['Barbara'])
      expect(await names(users().whereJsonContains('prefs->flags', 4))).toEqual([])
      expect(await names(users().whereJsonContains('prefs->level', 3))).toEqual(['Grace'])
    })

    test('false is not contained where true is', async () => {
      await users()
        .where('id', 4)
        .update({ prefs: { flags: [true, 'x'] } })
      expect(await names(users().whereJsonContains('prefs->flags', false))).toEqual([])
    })

    test('whereJsonContains of objects, which SQLite cannot', async () => {
      const query = users().whereJsonContains('prefs->items', [{ sku: 'a' }])
      if (isSqlite) await expect(query.get()).rejects.toThrow(UnsupportedException)
      else expect(await names(query)).toEqual(['Linus'])
    })

    test('whereJsonContainsKey', async () => {
      expect(await names(users().whereJsonContainsKey('prefs->dining->meal'))).toEqual(['Ada', 'Grace'])
      expect(await names(users().whereJsonContainsKey('prefs->note'))).toEqual(['Ada'])
      expect(await names(users().whereJsonContainsKey('prefs->lang[1]'))).toEqual(['Ada', 'Alan'])
      // MariaDB 10.11 finds places counted from the end only sometimes.
      if (db.dialect !== 'mysql') {
        expect(await names(users().whereJsonContainsKey('prefs->lang[-2]'))).toEqual(['Ada', 'Alan'])
      }
      expect(await names(users().whereNotNull('prefs').whereJsonDoesntContainKey('prefs->dining'))).toEqual([
        'Linus',
        'Alan',
      ])
    })

    test('whereJsonOverlaps, where the database has it', async () => {
      const query = users().whereJsonOverlaps('prefs->lang', ['de', 'en'])
      if (db.dialect === 'mysql') expect(await names(query)).toEqual(['Ada', 'Grace', 'Alan'])
      else await expect(query.get()).rejects.toThrow(UnsupportedException)
    })

    test('a JSON null is null', async () => {
      expect(await names(users().whereNull('prefs->note').whereNotNull('prefs'))).toEqual([
        'Ada',
        'Grace',
        'Linus',
        'Alan',
      ])
      expect(await names(users().whereNotNull('prefs->dining->meal'))).toEqual(['Ada', 'Grace'])
    })

    test('orderBy, groupBy and pluck with a path', async () => {
      expect(
        await users().whereNotNull('prefs->dining->meal').orderByDesc('prefs->dining->meal').pluck('name'),
      ).toEqual(['Grace', 'Ada'])
      expect(await users().where('id', 1).value('prefs->dining->meal')).toBe('salad')
    })
  })

  describe('updates of JSON paths', () => {
    test('several paths of one column, and the others stay', async () => {
      const changes = { 'prefs->dining->meal': 'stew', 'prefs->beta': false, 'prefs->level': 7 }
      expect(await users().where('id', 1).update(changes)).toBe(1)
      expect(await prefsOf(1)).toEqual({
        dining: { meal: 'stew' },
        lang: ['en', 'fr'],
        beta: false,
        note: null,
        level: 7,
      })
    })

    test('elements of arrays', async () => {
      await users().where('id', 1).update({ 'prefs->lang[1]': 'it' })
      expect(await prefsOf(1)).toMatchObject({ lang: ['en', 'it'] })
      await users().where('id', 3).update({ 'prefs->items[0]->n': 5 })
      expect(await prefsOf(3)).toMatchObject({ items: [{ sku: 'a', n: 5 }, { sku: 'b' }] })
    })

    test('null, booleans, numbers and text keep their types', async () => {
      await users()
        .where('id', 2)
        .update({ 'prefs->beta': true, 'prefs->level': null, 'prefs->ratio': 1.5, 'prefs->text': '12' })
      expect(await prefsOf(2)).toEqual({
        dining: { meal: 'soup' },
        lang: ['en'],
        beta: true,
        level: null,
        ratio: 1.5,
        text: '12',
      })
    })

    test('objects, lists and big numbers', async () => {
      await users()
        .where('id', 2)
        .update({ 'prefs->dining': { meal: 'tea', with: ['milk'] }, 'prefs->lang': [] })
      expect(await prefsOf(2)).toMatchObject({ dining: { meal: 'tea', with: ['milk'] }, lang: [] })
      await users().where('id', 2).update({ 'prefs->level': 12n })
      expect(await prefsOf(2)).toMatchObject({ level: 12 })
    })

    test('SQL of one’s own', async () => {
      const value = { postgres: 'to_jsonb(upper(name))', mysql: 'upper(name)', sqlite: 'upper(name)' }[db.dialect]
      await users()
        .where('id', 1)
        .update({ 'prefs->dining->meal': raw(value), votes: 1 })
      expect(await prefsOf(1)).toMatchObject({ dining: { meal: 'ADA' } })
      expect(await users().where('id', 1).value('votes')).toBe(1)
    })

    test('a path with quotes is one key', async () => {
      await users().where('id', 2).update({ "prefs->it's": 1 })
      expect(await prefsOf(2)).toMatchObject({ "it's": 1 })
      expect(await names(users().where("prefs->it's", '1'))).toEqual(isSqlite ? [] : ['Grace'])
    })
  })
})
