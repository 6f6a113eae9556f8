/** Collections of models. */
import { expect, test } from 'vitest'
import {
  Collection,
  collect,
  EloquentCollection,
  InvalidArgumentException,
  Model,
  ModelNotFoundException,
} from '../../js'
import { onEveryDatabase } from '../support/databases'

onEveryDatabase('collections of models', (db) => {
  const prepare = async () => {
    await db.connection().schema().dropIfExists('members')
    await db
      .connection()
      .schema()
      .create('members', (table) => {
        table.id()
        table.string('name')
        table.integer('votes').default(0)
        table.json('tags').nullable()
      })
    class Member extends Model<{ id: number; name: string; votes: number; tags: unknown }> {
      static table = 'members'
      static fillable = ['name', 'votes', 'tags']
      static timestamps = false
      static casts = { tags: 'collection' }
    }
    for (const [name, votes] of [
      ['Ada', 3],
      ['Grace', 2],
      ['Joan', 1],
    ] as const)
      await Member.create({ name, votes })
    return Member
  }

  test('E18: find() takes keys, whatever their type, lists of keys, and functions', async () => {
    const Member = await prepare()
    const all = await Member.get()
    const { id } = all[1] as { id: number }
    expect([all.find(id)?.name, all.find(String(id))?.name, all.find(BigInt(id))?.name]).toEqual([
      'Grace',
      'Grace',
      'Grace',
    ])
    expect([all.find(999), all.find(999, 'none')]).toEqual([null, 'none'])
    expect(all.find((member) => member.name === 'Joan')?.votes).toBe(1)
    expect(all.find([id, 999]).pluck('name').all()).toEqual(['Grace'])
    expect(all.find([])).toHaveLength(0)
    expect(() => all.findOrFail([id, 999])).toThrow(ModelNotFoundException)
    expect(all.findOrFail(id).name).toBe('Grace')
  })

  test('models are the same by their keys', async () => {
    const Member = await prepare()
    const [one, again] = [await Member.orderBy('id').get(), await Member.orderBy('id').get()]
    const [first] = again
    expect([
      one.contains(first as never),
      one.contains(String(first?.id) as never),
      one.contains(999 as never),
    ]).toEqual([true, true, false])
    expect(one.contains('name', 'Ada')).toBe(true)
    expect(one.merge(again)).toHaveLength(3)
    expect(one.concat(again).unique()).toHaveLength(3)
    expect(one.diff(again.take(1)).pluck('name').all()).toEqual(['Grace', 'Joan'])
    expect(one.intersect(again.take(1)).pluck('name').all()).toEqual(['Ada'])
    expect(one.except([String(first?.id)]).modelKeys()).toEqual(one.modelKeys().slice(1))
    expect(Object.values(one.getDictionary()).map(({ name }) => name)).toEqual(['Ada', 'Grace', 'Joan'])
    expect(new EloquentCollection([Member.make({ name: 'a' }), Member.make({ name: 'b' })]).unique()).toHaveLength(2)
  })

  test('scenario 96: what stays models stays a collection of models, all else is a plain one', async () => {
    const Member = await prepare()
    const all = await Member.get()
    expect(all.filter((member) => member.votes > 1)).toBeInstanceOf(EloquentCollection)
    expect(all.map((member) => member)).toBeInstanceOf(EloquentCollection)
    expect(all.sortBy('votes')).toBeInstanceOf(EloquentCollection)
    expect(all.groupBy('votes')[1]).toBeInstanceOf(EloquentCollection)
    for (const plain of [all.map(({ votes }) => votes), all.pluck('name'), all.toBase(), all.chunk(2)]) {
      expect(plain).toBeInstanceOf(Collection)
      expect(plain).not.toBeInstanceOf(EloquentCollection)
    }
    expect(all.reject((member) => member.votes > 1)[0]?.name).toBe('Joan')
    expect(all.sum('votes')).toBe(6)
    expect(all.makeHidden('votes', 'tags').toArray()[0]).toEqual({ id: all[0]?.id, name: 'Ada' })
    expect(JSON.parse(JSON.stringify(all.makeVisible('votes')))[0]).toMatchObject({ votes: 3 })
  })

  test('fresh() reads all models in one query, and leaves out those that are gone; toQuery() asks for them', async () => {
    const Member = await prepare()
    const all = await Member.orderBy('id').get()
    await Member.where('name', 'Ada').delete()
    await Member.where('name', 'Joan').update({ votes: 50 })
    db.connection().enableQueryLog()
    const fresh = await all.fresh()
    expect(await new EloquentCollection<(typeof all)[0]>().fresh()).toHaveLength(0)
    expect(db.connection().getQueryLog()).toHaveLength(1)
    db.connection().disableQueryLog()
    db.connection().flushQueryLog()
    expect(fresh.pluck('votes').all()).toEqual([2, 50])
    expect(await fresh.take(1).toQuery().update({ votes: 7 })).toBe(1)
    expect(await Member.where('votes', 7).count()).toBe(1)
    expect(() => new EloquentCollection().toQuery()).toThrow(InvalidArgumentException)
  })

  test("E18: the cast 'collection' keeps a list of one number, and what is changed in it is saved", async () => {
    const Member = await prepare()
    const member = await Member.create({ name: 'Alan', tags: [3] })
    const found = await Member.findOrFail(member.id)
    const tags = found.tags as Collection<number>
    expect(tags).toBeInstanceOf(Collection)
    expect(tags.all()).toEqual([3])
    tags.push(4)
    expect(found.isDirty('tags')).toBe(true)
    await found.save()
    expect(((await Member.findOrFail(member.id)).tags as Collection).all()).toEqual([3, 4])
    await found.update({ tags: collect([1]) })
    expect((await Member.findOrFail(member.id)).toArray().tags).toEqual([1])
  })
})
