/** Global scopes hold for every call that runs a query. */
import { expect, test } from 'vitest'
import { type EloquentBuilder, Model, type Scope } from '../../js'
import { onEveryDatabase } from '../support/databases'

class VisibleScope implements Scope<EloquentBuilder> {
  apply(query: EloquentBuilder): void {
    query.where('hidden', false)
  }
}

class Item extends Model {
  static table = 'scoped_items'
  static guarded = []
  static override booted() {
    Item.addGlobalScope(new VisibleScope())
  }
}

type Query = EloquentBuilder<Record<string, number>>

/** Every call that runs a query, with what it answers when rows 1 and 2 of three are seen. */
const READS: Record<string, [(query: Query) => unknown, unknown]> = {
  get: [async (query) => (await query.get()).length, 2],
  all: [async (query) => (await query.all()).length, 2],
  getModels: [async (query) => (await query.getModels()).length, 2],
  first: [async (query) => (await query.orderByDesc('number').first())?.number, 2],
  firstOrFail: [async (query) => (await query.orderByDesc('number').firstOrFail()).number, 2],
  firstOr: [(query) => query.where('number', 3).firstOr(() => 'none'), 'none'],
  firstWhere: [(query) => query.firstWhere('number', 3), null],
  firstOrNew: [async (query) => (await query.firstOrNew({ number: 3 })).exists, false],
  find: [async (query) => (await query.find([1, 2, 3])).length, 2],
  findMany: [async (query) => (await query.findMany([2, 3])).length, 1],
  findOr: [(query) => query.findOr(3, () => 'none'), 'none'],
  findSole: [async (query) => (await query.findSole(2)).number, 2],
  sole: [async (query) => (await query.where('number', '>', 1).sole()).number, 2],
  soleValue: [(query) => query.where('number', '>', 1).soleValue('number'), 2],
  value: [(query) => query.orderByDesc('number').value('number'), 2],
  rawValue: [async (query) => Number(await query.rawValue('max(number)')), 2],
  pluck: [(query) => query.orderBy('number').pluck('number'), [1, 2]],
  implode: [(query) => query.orderBy('number').implode('number', '-'), '1-2'],
  count: [(query) => query.count(), 2],
  sum: [async (query) => Number(await query.sum('number')), 3],
  avg: [async (query) => Number(await query.avg('number')), 1.5],
  min: [(query) => query.min('number'), 1],
  max: [(query) => query.max('number'), 2],
  aggregate: [async (query) => Number(await query.aggregate('max', 'number')), 2],
  exists: [(query) => query.where('number', 3).exists(), false],
  doesntExist: [(query) => query.where('number', 3).doesntExist(), true],
  existsOr: [(query) => query.where('number', 3).existsOr(() => 'none'), 'none'],
  chunk: [(query) => collected((add) => query.orderBy('id').chunk(1, (rows) => add(rows.length))), 2],
  chunkById: [(query) => collected((add) => query.chunkById(1, (rows) => add(rows.length))), 2],
  chunkMap: [async (query) => (await query.chunkMap((row) => row)).length, 2],
  each: [(query) => collected((add) => query.orderBy('id').each(() => add(1))), 2],
  eachById: [(query) => collected((add) => query.eachById(() => add(1))), 2],
  lazy: [(query) => counted(query.orderBy('id').lazy(1)), 2],
  lazyById: [(query) => counted(query.lazyById(1)), 2],
  cursor: [(query) => counted(query.cursor()), 2],
  paginate: [async (query) => (await query.paginate(5)).total, 2],
  simplePaginate: [async (query) => (await query.orderBy('id').simplePaginate(5)).data.length, 2],
  cursorPaginate: [async (query) => (await query.orderBy('id').cursorPaginate(5)).data.length, 2],
  getCountForPagination: [(query) => query.getCountForPagination(), 2],
  toBase: [async (query) => (await query.toBase().get()).length, 2],
  toSql: [(query) => query.toSql().includes('hidden'), true],
  union: [async (query) => (await query.clone().union(query.clone()).get()).length, 2],
  subquery: [async (query) => (await Item.withoutGlobalScopes().whereIn('id', query.select('id')).get()).length, 2],
}

/** What changes rows: with how many of the three rows it touches. */
const WRITES: Record<string, [(query: Query) => Promise<unknown>, unknown]> = {
  update: [(query) => query.update({ number: 9 }), 2],
  increment: [(query) => query.increment('number'), 2],
  decrement: [(query) => query.decrement('number'), 2],
  incrementEach: [(query) => query.incrementEach({ number: 2 }), 2],
  touch: [(query) => query.touch(), 2],
  updateOrInsert: [(query) => query.updateOrInsert({ id: 2 }, { number: 9 }), true],
  delete: [(query) => query.delete(), 2],
  forceDelete: [(query) => query.forceDelete(), 2],
  'delete by key': [(query) => query.delete(3), 0],
}

async function counted(rows: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of rows) count += 1
  return count
}

async function collected(work: (add: (count: number) => void) => Promise<unknown>): Promise<number> {
  let count = 0
  await work((each) => {
    count += each
  })
  return count
}

onEveryDatabase('global scopes', (db) => {
  const prepare = async () => {
    await db.connection().schema().dropIfExists('scoped_items')
    await db
      .connection()
      .schema()
      .create('scoped_items', (table) => {
        table.id()
        table.integer('number')
        table.boolean('hidden').default(false)
        table.timestamps()
      })
    await db
      .connection()
      .table('scoped_items')
      .insert([
        { id: 1, number: 1, hidden: false },
        { id: 2, number: 2, hidden: false },
        { id: 3, number: 3, hidden: true },
      ])
  }

  const query = () => Item.query() as unknown as Query
  const hidden = () => db.connection().table('scoped_items').where('hidden', true).value('number')

  test('E11: every call that reads sees what the scope lets it see', async () => {
    await prepare()
    const seen: Record<string, unknown> = {}
    for (const [name, [read]] of Object.entries(READS)) seen[name] = await read(query())
    expect(seen).toEqual(Object.fromEntries(Object.entries(READS).map(([name, [, wanted]]) => [name, wanted])))
    await expect(query().findOrFail(3)).rejects.toThrow('No query results for model [Item] [3] not found.')
  })

  test('E11: no call that writes touches a row that the scope hides', async () => {
    for (const [name, [write, wanted]] of Object.entries(WRITES)) {
      await prepare()
      expect([name, await write(query())]).toEqual([name, wanted])
      expect([name, await hidden()]).toEqual([name, 3])
    }
  })

  test('E11, scenarios 115, 116 and 117: a scope is left out by its class, by itself, by its name, or with all of them', async () => {
    await prepare()
    class Named extends Item {
      static override table = 'scoped_items'
    }
    Named.addGlobalScope('large', (query: EloquentBuilder) => query.where('number', '>', 1))
    expect([await Named.count(), await Item.count()]).toEqual([1, 2])
    expect(await Named.withoutGlobalScope('large').count()).toBe(2)
    expect(await Named.withoutGlobalScope(VisibleScope).count()).toBe(2)
    expect(await Named.withoutGlobalScope(new VisibleScope()).count()).toBe(2)
    expect(await Named.withoutGlobalScopes().count()).toBe(3)
    expect(await Named.withoutGlobalScopes(['large', VisibleScope]).count()).toBe(3)
    expect([Named.hasGlobalScope(VisibleScope), Item.hasGlobalScope('large')]).toEqual([true, false])
  })

  test('a macro is a method of the queries of a class, its relations and its subclasses, and of no other', async () => {
    await prepare()
    class Plain extends Model {
      static table = 'scoped_items'
      peers() {
        return this.hasMany(Plain, 'id')
      }
    }
    class Special extends Plain {
      static override table = 'scoped_items'
    }
    type Macros = EloquentBuilder & { over(number: number): Macros }
    expect(await Plain.query().count()).toBe(3)
    Plain.macro('over', function (number: number) {
      return this.where('number', '>', number)
    })
    const query = (model: unknown) => model as Macros
    expect(await query(Plain).over(1).orderBy('id').pluck('number')).toEqual([2, 3])
    expect(await query(Special.query()).over(2).count()).toBe(1)
    expect(
      await query((await Plain.findOrFail(3)).peers())
        .over(2)
        .count(),
    ).toBe(1)
    expect([Plain.hasMacro('over'), Special.hasMacro('over'), Item.hasMacro('over')]).toEqual([true, true, false])
    expect(() => query(Item.query()).over(1)).toThrow(TypeError)
    Special.macro('over', function () {
      return this.where('number', 1)
    })
    expect([await query(Special).over(2).value('number'), await query(Plain).over(2).value('number')]).toEqual([1, 3])
    expect(() => Plain.macro('where', () => 1)).toThrow('Builders have a method "where" of their own.')
    Plain.flushMacros()
    expect([Plain.hasMacro('over'), Special.hasMacro('over')]).toEqual([false, true])
    expect(() => query(Plain.query()).over(1)).toThrow(TypeError)
  })

  test('the map of scopes that a program is given is its own', async () => {
    await prepare()
    class Bare extends Model {
      static table = 'scoped_items'
    }
    class Limited extends Model {
      static table = 'scoped_items'
    }
    Limited.addGlobalScope('none', (query: EloquentBuilder) => query.where('number', '<', 0))
    for (const model of [Bare, Limited]) {
      const given = model.getGlobalScopes() as Map<string, unknown>
      given.clear()
      given.set('other', () => undefined)
    }
    expect([await Bare.count(), await Limited.count()]).toEqual([3, 0])
    expect([Bare.getGlobalScopes().size, [...Limited.getGlobalScopes().keys()]]).toEqual([0, ['none']])
  })

  test('E10: two classes of one name have their own scopes and listeners', async () => {
    await prepare()
    const make = () =>
      class Same extends Model {
        static table = 'scoped_items'
        static guarded = []
      }
    const [One, Other] = [make(), make()]
    let told = 0
    One.addGlobalScope('none', (query: EloquentBuilder) => query.where('number', '<', 0))
    One.creating(() => {
      told += 1
    })
    expect([await One.count(), await Other.count()]).toEqual([0, 3])
    await Other.create({ id: 4, number: 4 })
    expect(told).toBe(0)
    await One.create({ id: 5, number: 5 })
    expect(told).toBe(1)
  })
})
