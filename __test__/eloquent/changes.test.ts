/** What was changed, what is strict about it, and times. */
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { InvalidArgumentException, MassAssignmentException, MissingAttributeException, Model } from '../../js'
import { onEveryDatabase } from '../support/databases'

onEveryDatabase('changes of models', (db) => {
  const prepare = async () => {
    await db.connection().schema().dropIfExists('change_items')
    await db
      .connection()
      .schema()
      .create('change_items', (table) => {
        table.id()
        table.string('name').nullable()
        table.decimal('price', 12, 2).nullable()
        table.bigInteger('big').nullable()
        table.integer('votes').default(0)
        table.json('data').nullable()
        table.timestamps()
      })
    class Item extends Model {
      static table = 'change_items'
      static guarded: string[] = []
      static casts: Record<string, string> = { price: 'decimal:2', data: 'array' }
    }
    return Item
  }

  test('scenario 106: getOriginal, getChanges, getPrevious, wasChanged and discardChanges tell before from after', async () => {
    const Item = await prepare()
    const item = await Item.create({ name: 'Ada', votes: 1 })
    expect([item.wasChanged(), item.isDirty(), item.wasRecentlyCreated]).toEqual([false, false, true])
    item.name = 'Grace'
    expect([item.isDirty('name'), item.isClean('votes'), item.getOriginal('name')]).toEqual([true, true, 'Ada'])
    expect([item.getDirty(), item.getOriginal('none', 'else')]).toEqual([{ name: 'Grace' }, 'else'])
    await item.save()
    expect([item.wasChanged('name'), item.wasChanged('votes'), item.getChanges().name]).toEqual([true, false, 'Grace'])
    expect([item.getPrevious().name, item.getOriginal('name')]).toEqual(['Ada', 'Grace'])
    item.fill({ name: 'Joan', data: { a: 1 } }).discardChanges()
    expect([item.name, item.isDirty(), item.wasChanged()]).toEqual(['Grace', false, false])
    item.name = 'Joan'
    expect(item.syncOriginal().isDirty()).toBe(false)
  })

  test('scenario 212: increment keeps decimals and large numbers exact, and writes no other change', async () => {
    const Item = await prepare()
    const item = await Item.create({ name: 'Ada', price: '0.10', big: '9007199254740993' })
    item.name = 'not saved'
    await item.increment('price', 0.2)
    await item.increment('big', 2, { votes: 5 })
    await item.decrement('votes', 2)
    expect([item.price, String(item.big), item.votes, item.isDirty('price', 'big', 'votes')]).toEqual([
      ...['0.30', '9007199254740995', 3, false],
    ])
    expect([item.wasChanged('votes'), item.isDirty('name')]).toEqual([true, true])
    const found = await Item.firstOrFail()
    expect([found.price, String(found.big), found.votes, found.name]).toEqual(['0.30', '9007199254740995', 3, 'Ada'])
    await expect(new Item().increment('votes')).rejects.toThrow(InvalidArgumentException)
  })

  test('strict: an attribute that was not read is an error, and what tools ask of any object is none', async () => {
    const Item = await prepare()
    await Item.create({ name: 'Ada' })
    const found = (await Item.query().select('id', 'name').firstOrFail()) as unknown as InstanceType<typeof Item>
    expect(found.votes).toBeUndefined()
    Model.preventAccessingMissingAttributes()
    try {
      expect(() => found.votes).toThrow(MissingAttributeException)
      expect(() => found.votes).toThrow('[votes] either does not exist or was not retrieved for model [Item]')
      expect(() => found.data).toThrow(MissingAttributeException)
      expect([await found, found.toArray(), inspect(found), JSON.stringify(found)]).toHaveLength(4)
      expect((await Item.create({ name: 'new' })).data).toBeUndefined()
      expect(new Item().votes).toBeUndefined()
      expect(await found.update({ votes: 3 })).toBe(true)
    } finally {
      Model.preventAccessingMissingAttributes(false)
    }
  })

  test('strict: attributes that may not be assigned in bulk are an error; so is any where none may', async () => {
    const Item = await prepare()
    class Guarded extends Item {
      static override guarded: string[] = ['votes']
    }
    class Total extends Model {
      static table = 'change_items'
    }
    expect((await Guarded.create({ name: 'a', votes: 9 })).votes).toBeUndefined()
    expect((await Guarded.forceCreate({ name: 'a', votes: 9 })).votes).toBe(9)
    expect(() => new Total({ name: 'a' })).toThrow(MassAssignmentException)
    Model.shouldBeStrict()
    try {
      expect([Model.preventsSilentlyDiscardingAttributes(), Model.preventsLazyLoading()]).toEqual([true, true])
      expect(() => new Guarded({ name: 'a', votes: 9 })).toThrow('does not take these attributes in bulk: votes')
    } finally {
      Model.shouldBeStrict(false)
    }
    const attack = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1, "name": "x"}') as object
    const filled = new Item(attack)
    expect([filled.getAttributes(), (filled as { admin?: unknown }).admin]).toEqual([{ name: 'x' }, undefined])
    expect(await Item.unguarded(() => new Guarded({ votes: 3 })).votes).toBe(3)
  })

  test('times: one of them may be missing, have another name, or be left alone', async () => {
    const Item = await prepare()
    class Once extends Item {
      static UPDATED_AT = null
    }
    const once = await Once.create({ name: 'a' })
    expect([once.created_at, once.updated_at]).toEqual([expect.any(Date), undefined])
    expect(await once.touch()).toBe(false)
    await Item.withoutTimestamps(async () => {
      const bare = await Item.create({ name: 'b' })
      expect(bare.created_at).toBeUndefined()
    })
    const item = await Item.create({ name: 'c' })
    await db
      .connection()
      .table('change_items')
      .update({ updated_at: new Date('2020-01-01T00:00:00Z') })
    await item.refresh()
    expect([await item.touch(), item.updated_at > new Date('2021-01-01')]).toEqual([true, true])
    expect([Once.isIgnoringTouch(), Item.isIgnoringTouch()]).toEqual([true, false])
    Item.withoutTouching(() =>
      expect([Item.isIgnoringTouch(), class extends Item {}.isIgnoringTouch()]).toEqual([true, true]),
    )
    Model.withoutTouchingOn([Item], () => expect(Item.isIgnoringTouch()).toBe(true))
  })

  test('E16, scenarios 99 and 100: calls on the class and on its query that the documents name', async () => {
    const Item = await prepare()
    for (const [at, name] of ['a', 'b', 'c'].entries()) await Item.create({ name, votes: at, price: at })
    expect((await Item.firstWhere('name', 'b'))?.votes).toBe(1)
    expect((await Item.firstWhere('votes', '>', 1))?.name).toBe('c')
    expect([
      await Item.findOr(99, () => 'none'),
      await Item.query()
        .where('votes', 9)
        .firstOr(() => 1),
    ]).toEqual(['none', 1])
    expect((await Item.findSole(1)).name).toBe('a')
    expect(await Item.orWhere('votes', 1).orWhereIn('votes', [2]).orderBy('id').pluck('name')).toEqual(['b', 'c'])
    await db
      .connection()
      .table('change_items')
      .where('name', 'a')
      .update({ created_at: new Date('2030-01-01T00:00:00Z') })
    expect([(await Item.latest().first())?.name, (await Item.oldest().orderByDesc('id').first())?.name]).toEqual([
      'a',
      'c',
    ])
    const found = await Item.fromQuery('select * from change_items where votes > ?', [0])
    expect([found.length, found[0] instanceof Item, found[0]?.price]).toEqual([2, true, '1.00'])
    expect(await Item.toBase().first()).not.toBeInstanceOf(Item)
    expect([await Item.updateOrInsert({ name: 'a' }, { votes: 9 }), await Item.orderBy('id').value('price')]).toEqual([
      true,
      '0.00',
    ])
    expect(await Item.whereLike('name', 'A').take(1).get()).toHaveLength(1)
    expect(typeof (Item as unknown as Record<string, unknown>).delete).toBe('undefined')
    expect(typeof (Item as unknown as Record<string, unknown>).update).toBe('undefined')
  })

  test('scenario 109: rows that are added at once have casts, times and defaults; upsert keeps what it does not name', async () => {
    const Item = await prepare()
    class Unique extends Item {
      static attributes = { votes: 4 }
    }
    await db
      .connection()
      .schema()
      .table('change_items', (table) => {
        table.unique('name')
      })
    expect(await Unique.fillAndInsert([{ name: 'a', data: { x: 1 }, price: 1.005 }, { name: 'b' }])).toBe(true)
    const first = await Item.firstOrFail()
    expect([first.data, first.votes, first.price, first.created_at]).toEqual([{ x: 1 }, 4, '1.01', expect.any(Date)])
    expect(await Unique.fillAndInsertOrIgnore([{ name: 'a' }, { name: 'c' }])).toBe(1)
    const id = (await Unique.fillAndInsertGetId({ name: 'd' })) as number
    expect((await Item.findOrFail(id)).name).toBe('d')
    const old = new Date('2020-01-01T00:00:00Z')
    await db.connection().table('change_items').update({ created_at: old, updated_at: old })
    await Item.upsert(
      [
        { name: 'a', votes: 8, price: 5 },
        { name: 'e', votes: 1, price: 5 },
      ],
      'name',
      ['votes'],
    )
    const changed = await Item.where('name', 'a').firstOrFail()
    expect([changed.votes, changed.price, changed.created_at, changed.updated_at > old]).toEqual([8, '1.01', old, true])
    expect((await Item.where('name', 'e').firstOrFail()).created_at).toEqual(expect.any(Date))
    await Item.upsert({ name: 'a', votes: 9 }, 'name')
    expect((await Item.where('name', 'a').firstOrFail()).created_at).toEqual(old)
    expect(await Item.upsert([], 'name')).toBe(0)
  })
})
