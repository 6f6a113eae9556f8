/** Events of models: who is told, when, and what they can prevent. */
import { expect, test } from 'vitest'
import { Model } from '../../js'
import { onEveryDatabase } from '../support/databases'

const EVENTS = ['saving', 'creating', 'created', 'updating', 'updated', 'saved', 'deleting', 'deleted'] as const

onEveryDatabase('events', (db) => {
  const prepare = async () => {
    await db.connection().schema().dropIfExists('event_items')
    await db
      .connection()
      .schema()
      .create('event_items', (table) => {
        table.id()
        table.string('name').nullable()
        table.integer('votes').default(0)
        table.timestamps()
      })
    return class Item extends Model {
      static table = 'event_items'
      static guarded = []
    }
  }

  test('E10, scenario 120: dispatchesEvents makes classes with the model and awaits their handle()', async () => {
    const Base = await prepare()
    const told: string[] = []
    class Created {
      readonly item: { name: unknown }
      constructor(item: { name: unknown }) {
        this.item = item
      }
      async handle() {
        await Promise.resolve()
        told.push(`created ${this.item.name}`)
      }
    }
    class Refused {
      handle() {
        return false
      }
    }
    class Item extends Base {
      static dispatchesEvents: Record<string, unknown> = {
        created: Created,
        saved: (item: { name: unknown }) => told.push(`saved ${item.name}`),
      }
    }
    class Kept extends Item {
      static override dispatchesEvents = { deleting: Refused }
    }
    const item = await Kept.create({ name: 'Ada' })
    expect(told).toEqual(['created Ada', 'saved Ada'])
    expect([await item.delete(), await Kept.count()]).toEqual([false, 1])
  })

  test('E1: what a listener of updating or saving changes is written', async () => {
    const Item = await prepare()
    Item.updating((item) => {
      item.name = `${item.name}!`
    })
    Item.saving(async (item) => {
      await Promise.resolve()
      item.votes = 7
    })
    const item = await Item.create({ name: 'Ada' })
    await item.update({ name: 'Grace' })
    expect(await db.connection().table('event_items').select('name', 'votes').first()).toEqual({
      name: 'Grace!',
      votes: 7,
    })
  })

  test('scenarios 16 and 121: an observer is a class or an object; its methods are awaited, and may prevent', async () => {
    const Item = await prepare()
    const told: string[] = []
    class Observer {
      readonly mark = 'seen'
      async created(item: { name: unknown }) {
        await Promise.resolve()
        told.push(`${this.mark} ${item.name}`)
      }
    }
    Item.observe([Observer, { deleting: () => false, other: () => told.push('never') }])
    const item = await Item.create({ name: 'Ada' })
    expect([told, await item.delete()]).toEqual([['seen Ada'], false])
    Item.flushEventListeners()
    expect(await item.delete()).toBe(true)
  })

  test('what prevents ends the event: later listeners are not told, and nothing is written', async () => {
    const Item = await prepare()
    const told: string[] = []
    Item.creating(() => void told.push('first'))
    Item.creating(async () => false)
    Item.creating(() => void told.push('never'))
    Item.created(() => false)
    expect([await Item.create({ name: 'a' }), await new Item({ name: 'b' }).save()]).toEqual([false, false])
    expect([told, await Item.count()]).toEqual([['first', 'first'], 0])
  })

  test('an error of a listener is the error of the call, and saveOrFail takes back what was written', async () => {
    const Item = await prepare()
    Item.created(async () => {
      throw new Error('no mail')
    })
    await expect(new Item({ name: 'a' }).saveOrFail()).rejects.toThrow('no mail')
    expect(await Item.count()).toBe(0)
    await expect(Item.create({ name: 'b' })).rejects.toThrow('no mail')
    expect(await Item.count()).toBe(1)
  })

  test('scenario 122: withoutEvents holds for its work alone, nested and at the same time', async () => {
    const Item = await prepare()
    const told: unknown[] = []
    Item.created((item) => void told.push(item.name))
    await Promise.all([
      Item.withoutEvents(async () => {
        await Item.create({ name: 'quiet' })
        await Item.withoutEvents(() => Item.create({ name: 'quieter' }))
        await Item.create({ name: 'still quiet' })
      }),
      Item.create({ name: 'loud' }),
    ])
    await Item.createQuietly({ name: 'quiet' })
    await Item.forceCreateQuietly({ name: 'quiet' })
    await Item.create({ name: 'again' })
    expect(told).toEqual(['loud', 'again'])
  })

  test('E10: replicating is told at once; what its listeners do later ends before the copy is saved', async () => {
    const Item = await prepare()
    const item = await Item.create({ name: 'Ada', votes: 3 })
    Item.replicating(async (copy) => {
      copy.votes = 0
      await new Promise((resolve) => setTimeout(resolve, 5))
      copy.name = `${copy.name} (copy)`
    })
    const copy = item.replicate()
    expect([copy.votes, copy.name, copy.exists, copy.created_at]).toEqual([0, 'Ada', false, undefined])
    await copy.save()
    expect(await Item.query().orderByDesc('id').value('name')).toBe('Ada (copy)')
    expect(item.replicateQuietly(['name']).only('name', 'votes')).toEqual({ name: undefined, votes: 3 })
    Item.replicating(async () => {
      throw new Error('refused')
    })
    const refused = item.replicate()
    await new Promise((resolve) => setTimeout(resolve, 10))
    await expect(refused.save()).rejects.toThrow('refused')
  })

  test('booting, boot and booted run once, in order, the parent first', async () => {
    const Base = await prepare()
    const order: string[] = []
    class Parent extends Base {
      static override booting() {
        order.push('parent booting')
      }
      static override boot() {
        // biome-ignore lint/complexity/noThisInStatic: this is what programs write.
        super.boot()
        order.push('parent boot')
      }
      static override booted() {
        order.push('parent booted')
      }
    }
    class Child extends Parent {
      static override booted() {
        order.push('child booted')
      }
    }
    await Child.count()
    await Child.count()
    await Parent.count()
    expect(order).toEqual(['parent booting', 'parent boot', 'parent booted', 'child booted'])
  })

  test('super.booted() registers nothing twice', async () => {
    const Base = await prepare()
    const told: string[] = []
    class Parent extends Base {
      static override booted() {
        // biome-ignore lint/complexity/noThisInStatic: this is what programs write.
        this.creating((item) => void told.push(`parent's ${item.name}`))
        Parent.created((item) => void told.push(`created ${item.name}`))
      }
    }
    class Child extends Parent {
      static override booted() {
        // biome-ignore lint/complexity/noThisInStatic: this is what programs write.
        super.booted()
        Child.creating((item) => void told.push(`child's ${item.name}`))
      }
    }
    await Child.create({ name: 'Ada' })
    await Parent.create({ name: 'Grace' })
    expect(told).toEqual(["parent's Ada", "child's Ada", 'created Ada', "parent's Grace", 'created Grace'])
  })

  test('the events of saving and deleting come in the order of the documents', async () => {
    const Item = await prepare()
    const told: string[] = []
    for (const event of EVENTS) Item[event](() => void told.push(event))
    const item = await Item.create({ name: 'Ada' })
    await item.increment('votes')
    await item.delete()
    expect(told).toEqual([...['saving', 'creating', 'created', 'saved', 'updating', 'updated', 'deleting', 'deleted']])
  })
})
