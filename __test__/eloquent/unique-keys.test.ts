/** Keys that are made here, keys of several columns, and classes without a key. */
import { expect, test } from 'vitest'
import { HasUlids, HasUuids, InvalidArgumentException, Model, UlidModel, UuidModel } from '../../js'
import { ulid, uuid7 } from '../../js/support/unique-ids'
import { onEveryDatabase } from '../support/databases'

test('UUIDs of version 7 and ULIDs sort by the order in which they were made', () => {
  for (const make of [uuid7, ulid]) {
    const ids = Array.from({ length: 20_000 }, make)
    expect(new Set(ids).size).toBe(ids.length)
    expect([...ids].sort()).toEqual(ids)
  }
  expect(uuid7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Math.abs(Number.parseInt(uuid7().replace('-', '').slice(0, 12), 16) - Date.now())).toBeLessThan(5000)
  expect(ulid()).toMatch(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/)
})

onEveryDatabase('keys', (db) => {
  const create = async (name: string, kind: 'uuid' | 'string') => {
    await db.connection().schema().dropIfExists(name)
    await db
      .connection()
      .schema()
      .create(name, (table) => {
        if (kind === 'uuid') table.uuid('id').primary()
        else table.string('id', 40).primary()
        table.string('title').nullable()
        table.string('public_id', 40).nullable()
      })
  }

  test('E8: UUIDs and ULIDs are made before the row is added, for listeners too', async () => {
    await create('key_items', 'uuid')
    await create('key_words', 'string')
    class Item extends HasUuids(Model) {
      static table = 'key_items'
      static timestamps = false
      static guarded = []
    }
    class Word extends UlidModel {
      static table = 'key_words'
      static timestamps = false
      static guarded = []
    }
    class Ready extends UuidModel {
      static table = 'key_items'
      static timestamps = false
    }
    const seen: unknown[] = []
    Item.creating((item) => void seen.push(item.id))
    const item = await Item.create({ title: 'a' })
    expect([seen, item.getKeyType(), item.getIncrementing()]).toEqual([[item.id], 'string', false])
    expect((await Item.findOrFail(item.id)).title).toBe('a')
    const own = uuid7()
    expect((await Item.create({ id: own })).id).toBe(own)
    expect((await Word.create({ title: 'b' })).id).toMatch(/^[0-9a-z]{26}$/)
    expect(await new Ready().save()).toBe(true)
    await Item.upsert([{ title: 'c' }], 'id')
    await Item.fillAndInsert([{ title: 'd' }, { title: 'e' }])
    expect(await Item.whereNotNull('id').count()).toBe(6)
    expect(item.replicate().id).toBeUndefined()
  })

  test('E8: uniqueIds() may name other columns; the database makes the key then', async () => {
    await db.connection().schema().dropIfExists('key_notes')
    await db
      .connection()
      .schema()
      .create('key_notes', (table) => {
        table.id()
        table.string('public_id', 40)
      })
    class Note extends HasUlids(Model) {
      static table = 'key_notes'
      static timestamps = false
      override uniqueIds() {
        return ['public_id']
      }
    }
    const note = await Note.create()
    expect([note.id, note.public_id]).toEqual([1, expect.stringMatching(/^[0-9a-z]{26}$/)])
    expect([note.getIncrementing(), note.getKeyType()]).toEqual([true, 'int'])
  })

  test('a key of several columns finds its row; what needs a single one says so', async () => {
    await db.connection().schema().dropIfExists('key_pairs')
    await db
      .connection()
      .schema()
      .create('key_pairs', (table) => {
        table.integer('a')
        table.integer('b')
        table.string('text').nullable()
        table.primary(['a', 'b'])
      })
    class Pair extends Model {
      static table = 'key_pairs'
      static primaryKey = ['a', 'b']
      static timestamps = false
      static guarded = []
    }
    class Keyless extends Model {
      static table = 'key_pairs'
      static primaryKey = null
      static timestamps = false
    }
    const pair = await Pair.create({ a: 1, b: 1, text: 'x' })
    await Pair.create({ a: 1, b: 2, text: 'y' })
    await pair.update({ text: 'z' })
    expect(await Pair.query().orderBy('b').pluck('text')).toEqual(['z', 'y'])
    expect([(await pair.fresh())?.text, pair.is(await pair.fresh()), (await pair.refresh()).b]).toEqual(['z', true, 1])
    expect(await pair.delete()).toBe(true)
    expect(await Pair.count()).toBe(1)
    await expect(Pair.find(1)).rejects.toThrow('Pair has a primary key of 2 columns, and a single one is needed here.')
    expect(() => pair.getKey()).toThrow(InvalidArgumentException)
    const keyless = await Keyless.firstOrFail()
    await expect(keyless.delete()).rejects.toThrow('Keyless has no primary key to find its row by.')
    await expect(keyless.forceFill({ text: 'all' }).save()).rejects.toThrow(InvalidArgumentException)
    expect([await Pair.count(), keyless.is(await Keyless.first())]).toEqual([1, false])
  })

  test('a model whose key was not read is not saved: never a write without its row', async () => {
    await create('key_words', 'string')
    class Word extends Model {
      static table = 'key_words'
      static timestamps = false
      static incrementing = false
      static keyType = 'string'
      static guarded = []
    }
    await Word.create({ id: 'a', title: 'one' })
    await Word.create({ id: 'b', title: 'two' })
    const word = (await Word.query().select('title').firstOrFail()) as unknown as Word
    await expect(word.forceFill({ title: 'all' }).save()).rejects.toThrow('its "id" is not known')
    await expect(word.delete()).rejects.toThrow(InvalidArgumentException)
    await expect(new Word({ title: 'x' }).increment('title')).rejects.toThrow('is not in the database')
    expect(await Word.count()).toBe(2)
  })
})
