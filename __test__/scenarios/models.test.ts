/** What the documents promise of models, as they write it. */
import { beforeEach, expect, test } from 'vitest'
import { DB, type EloquentBuilder, EloquentCollection, Model, ModelNotFoundException, Schema } from '../../js'
import { onEveryDatabase } from '../support/databases'

onEveryDatabase('documented models', (db) => {
  beforeEach(async () => {
    await Schema.dropIfExists('flights')
    await Schema.create('flights', (table) => {
      table.id()
      table.string('name')
      table.string('destination').nullable()
      table.integer('price').default(0)
      table.boolean('active').default(true)
      table.timestamps()
    })
  })

  /** A class for each test: what is said about one stays with it. */
  const flightClass = () =>
    class Flight extends Model {
      static table = 'flights'
      static fillable = ['name', 'destination', 'price', 'active']
    }

  /** Flights `A` to the letter that `count` reaches, each dearer by 10. */
  const fly = async (count: number) => {
    const Flight = flightClass()
    for (let at = 0; at < count; at += 1)
      await Flight.create({ name: String.fromCharCode(65 + at), price: at * 10, destination: at % 2 ? 'Oslo' : 'Rome' })
    return Flight
  }

  test('scenarios 28 and 134: pages of models, by cursor and by number', async () => {
    const Flight = await fly(5)
    const first = await Flight.cursorPaginate(2)
    expect([first.data.length, first.data[0] instanceof Flight, first.hasMore]).toEqual([2, true, true])
    const second = await Flight.cursorPaginate(2, first.nextCursor)
    expect(second.data.map(({ name }) => name)).toEqual(['C', 'D'])
    const page = await Flight.where('price', '>', 0).orderBy('id').paginate(3, 2)
    expect([page.data.map(({ name }) => name), page.total, page.lastPage]).toEqual([['E'], 4, 2])
    expect(page.data[0]).toBeInstanceOf(Flight)
  })

  test('scenarios 29, 97 and 98: lazy(), chunk() and cursor() give every model', async () => {
    const Flight = await fly(5)
    const names: string[] = []
    for await (const flight of Flight.lazy(2)) names.push(flight.name)
    for await (const flight of Flight.where('price', '>', 20).cursor()) names.push(flight.name)
    const sizes: number[] = []
    await Flight.chunk(2, (flights) => void sizes.push(flights.length))
    expect([names.join(''), sizes]).toEqual(['ABCDEDE', [2, 2, 1]])
  })

  test('scenarios 31 and 103: an attribute that is set is written by save() and by update()', async () => {
    const Flight = flightClass()
    const flight = new Flight()
    flight.name = 'London to Paris'
    expect(await flight.save()).toBe(true)
    expect([flight.exists, flight.created_at, flight.updated_at]).toEqual([true, expect.any(Date), expect.any(Date)])
    flight.name = 'Paris to London'
    expect(await flight.update()).toBe(true)
    expect(await DB.table('flights').pluck('name')).toEqual(['Paris to London'])
  })

  test('E1, scenario 14: touch() writes updated_at', async () => {
    const Flight = await fly(1)
    const old = new Date('2020-01-01T00:00:00Z')
    await DB.table('flights').update({ updated_at: old, created_at: old })
    const flight = await Flight.firstOrFail()
    expect(await flight.touch()).toBe(true)
    const found = await Flight.firstOrFail()
    expect([found.updated_at > old, found.created_at]).toEqual([true, old])
  })

  test('E20, scenario 87: the table is the plural of the class in snake case', () => {
    const tables = ['Flight', 'AirTrafficController', 'Category', 'Person', 'News', 'Box', 'Child'].map((name) =>
      new (({ [name]: class extends Model {} })[name] as typeof Model)().getTable(),
    )
    expect(tables).toEqual([
      ...['flights', 'air_traffic_controllers', 'categories', 'people', 'news', 'boxes', 'children'],
    ])
  })

  test('E6, scenarios 88, 89, 90 and 91: the key, its type and the times are what statics say', async () => {
    await Schema.dropIfExists('planes')
    await Schema.create('planes', (table) => {
      table.string('code', 10).primary()
      table.string('name').nullable()
      table.timestamp('made_on').nullable()
      table.timestamp('seen_on').nullable()
    })
    class Plane extends Model {
      static primaryKey = 'code'
      static incrementing = false
      static keyType = 'string'
      static guarded = []
      static CREATED_AT = 'made_on'
      static UPDATED_AT = 'seen_on'
    }
    class Timeless extends Plane {
      static table = 'planes'
      static timestamps = false
    }
    const plane = await Plane.create({ code: '007', name: 'Comet' })
    expect([plane.getKey(), plane.made_on, plane.seen_on]).toEqual(['007', expect.any(Date), expect.any(Date)])
    expect((await Plane.findOrFail('007')).name).toBe('Comet')
    await plane.update({ name: 'Concorde' })
    await Timeless.create({ code: 'x' })
    expect(await DB.table('planes').orderBy('code').get('code', 'name', 'made_on')).toEqual([
      { code: '007', name: 'Concorde', made_on: expect.anything() },
      { code: 'x', name: null, made_on: null },
    ])
  })

  test('E6, scenario 92: static connection names another connection', async () => {
    await fly(1)
    db.capsule.addConnection({ driver: 'sqlite', database: ':memory:' }, 'elsewhere')
    try {
      await Schema.connection('elsewhere').create('flights', (table) => {
        table.id()
        table.string('name')
      })
      class Flight extends Model {
        static connection = 'elsewhere'
        static timestamps = false
        static guarded = []
      }
      await Flight.create({ name: 'there' })
      expect([await Flight.pluck('name'), await DB.table('flights').pluck('name')]).toEqual([['there'], ['A']])
      expect((await Flight.firstOrFail()).getConnectionName()).toBe('elsewhere')
    } finally {
      await db.capsule.purge('elsewhere')
    }
  })

  test('scenario 93: attributes that the constructor sets are defaults, and rows have their own', async () => {
    class Flight extends Model {
      static fillable = ['name', 'price']
      constructor(attributes: Record<string, unknown> = {}) {
        super()
        Object.assign(this, { attributes: { destination: 'Nowhere', price: 5 } })
        this.fill(attributes)
      }
    }
    await new Flight({ name: 'A' }).save()
    await Flight.create({ name: 'B', price: 7 })
    await DB.table('flights').where('name', 'A').update({ destination: null })
    const found = await Flight.query().orderBy('name').get()
    expect(found.map((flight) => [flight.destination, flight.price]).all()).toEqual([
      [null, 5],
      ['Nowhere', 7],
    ])
  })

  test('scenario 94: all(), and a query of models', async () => {
    const Flight = await fly(4)
    expect(await Flight.all()).toBeInstanceOf(EloquentCollection)
    const found = await Flight.where('active', true).orderBy('name', 'desc').limit(2).get()
    expect(found.map(({ name }) => name).all()).toEqual(['D', 'C'])
  })

  test('scenario 102: firstOrCreate adds what is missing, firstOrNew only makes it', async () => {
    const Flight = flightClass()
    const made = await Flight.firstOrCreate({ name: 'A' }, { price: 3 })
    const again = await Flight.firstOrCreate({ name: 'A' }, { price: 9 })
    expect([made.wasRecentlyCreated, again.id, again.price]).toEqual([true, made.id, 3])
    const fresh = await Flight.firstOrNew({ name: 'B' }, { price: 4 })
    expect([fresh.exists, fresh.name, fresh.price, await Flight.count()]).toEqual([false, 'B', 4, 1])
    await fresh.save()
    expect((await Flight.firstOrNew({ name: 'B' })).id).toBe(fresh.id)
  })

  test('E1, scenario 105: a query changes many rows, and their updated_at', async () => {
    const Flight = await fly(3)
    const old = new Date('2020-01-01T00:00:00Z')
    await DB.table('flights').update({ updated_at: old })
    expect(await Flight.where('active', true).where('destination', 'Rome').update({ price: 1 })).toBe(2)
    const rows = await DB.table('flights').orderBy('id').get('price', 'updated_at')
    expect(rows.map((row) => [row.price, (row.updated_at as Date) > old])).toEqual([
      [1, true],
      [10, false],
      [1, true],
    ])
  })

  test('S7, scenarios 107 and 108: what may be assigned holds for classes, queries, relations and constructors', async () => {
    const Static = flightClass()
    class Fields extends Model {
      protected table = 'flights'
      protected fillable = ['name']
    }
    class Guarded extends Model {
      static table = 'flights'
      static guarded = ['price']
    }
    class Open extends Model {
      static table = 'flights'
      static guarded = []
    }
    class Total extends Model {
      static table = 'flights'
    }
    const given = { name: 'A', id: 77, price: 9 }
    for (const Flight of [Static, Fields]) {
      const made = [
        new Flight(given),
        await Flight.create(given),
        await Flight.query().create(given),
        await Flight.firstOrCreate({ name: 'B' }, given),
        await Flight.query().firstOrCreate({ name: 'C' }, given),
        (await Flight.firstOrFail()).hasMany(Flight, 'price').make(given),
      ]
      for (const flight of made) expect(flight.id).not.toBe(77)
    }
    expect([new Fields(given).price, new Guarded(given).price, new Open(given).id]).toEqual([undefined, undefined, 77])
    await expect(Total.create({ name: 'A' })).rejects.toMatchObject({ name: 'MassAssignmentException' })
    expect((await Total.forceCreate({ name: 'D' })).name).toBe('D')
  })

  test('scenarios 110 and 111: destroy takes one key, a list, and several', async () => {
    const Flight = await fly(7)
    const ids = (await Flight.orderBy('id').pluck('id')) as number[]
    expect(await Flight.destroy(ids[0])).toBe(1)
    expect(await Flight.destroy([ids[1], ids[2]])).toBe(2)
    expect(await Flight.destroy(ids[3], ids[4], ids[5])).toBe(3)
    expect(await Flight.pluck('name')).toEqual(['G'])
  })

  test('scenario 101: findOrFail and firstOrFail name what is not there', async () => {
    const Flight = await fly(1)
    await expect(Flight.findOrFail(99)).rejects.toThrow(ModelNotFoundException)
    const failed = Flight.where('price', '>', 100).firstOrFail()
    await expect(failed).rejects.toMatchObject({ name: 'ModelNotFoundException', model: 'Flight' })
  })

  test('scenario 118: local scopes are chained, with and without arguments', async () => {
    await fly(4)
    class Flight extends Model {
      static table = 'flights'
      scopeActive(query: EloquentBuilder) {
        query.where('active', true)
      }
      scopeTo(query: EloquentBuilder, destination: string) {
        return query.where('destination', destination)
      }
    }
    type Scopes = EloquentBuilder & { active(): Scopes; to(destination: string): Scopes }
    const Scoped = Flight as unknown as Scopes
    expect(await Scoped.active().to('Oslo').orderBy('name').pluck('name')).toEqual(['B', 'D'])
    expect(await (Flight.query() as unknown as Scopes).to('Rome').where('name', 'A').count()).toBe(1)
  })

  test('scenario 119: models are the same by table, key and connection', async () => {
    const Flight = await fly(2)
    const [one, other] = await Flight.orderBy('id').get()
    const again = await Flight.findOrFail(one?.id)
    expect([one?.is(again), one?.isNot(again), one?.is(other), one?.isNot(other)]).toEqual([true, false, false, true])
  })

  test('scenario 123: saveQuietly tells nobody', async () => {
    const Flight = await fly(1)
    let told = 0
    Flight.saving(() => void told++)
    Flight.updated(() => void told++)
    const flight = await Flight.firstOrFail()
    flight.name = 'Quiet'
    expect(await flight.saveQuietly()).toBe(true)
    expect([told, await Flight.value('name')]).toEqual([0, 'Quiet'])
  })

  test('E2, E9, scenarios 125 and 127: casts of every documented name, written and read', async () => {
    await Schema.dropIfExists('bookings')
    await Schema.create('bookings', (table) => {
      table.id()
      table.boolean('paid').nullable()
      table.json('options').nullable()
      table.json('tags').nullable()
      table.integer('seats').nullable()
      table.double('weight').nullable()
      table.dateTime('leaves_at').nullable()
      table.timestamps()
    })
    class Booking extends Model {
      static guarded = []
      static casts = {
        ...{ paid: 'boolean', options: 'json', tags: 'array', seats: 'integer', weight: 'float' },
        leaves_at: 'datetime',
      }
    }
    const at = new Date('2026-05-06T07:08:09Z')
    await Booking.create({
      paid: 1,
      options: { meal: 'soup' },
      tags: ['a', 'b'],
      seats: '3',
      weight: '1.5',
      leaves_at: at,
    })
    const found = await Booking.firstOrFail()
    expect(found.only('paid', 'options', 'tags', 'seats', 'weight', 'leaves_at')).toEqual({
      ...{ paid: true, options: { meal: 'soup' }, tags: ['a', 'b'], seats: 3, weight: 1.5, leaves_at: at },
    })
    found.leaves_at = '2026-05-06 10:00:00'
    await found.save()
    expect((await Booking.firstOrFail()).leaves_at).toEqual(new Date('2026-05-06T10:00:00Z'))
  })

  test('S10, scenario 130: what one model shows is its own affair', async () => {
    await fly(2)
    class Flight extends Model {
      static table = 'flights'
      static hidden = ['price', 'active', 'created_at', 'updated_at']
    }
    class Narrow extends Model {
      static table = 'flights'
      static visible = ['name']
    }
    const [one, other] = await Flight.orderBy('id').get()
    expect(one?.makeVisible('price').toArray()).toEqual({ id: one?.id, name: 'A', destination: 'Rome', price: 0 })
    expect(other?.toArray()).not.toHaveProperty('price')
    expect((await Flight.findOrFail(one?.id)).toJSON()).not.toHaveProperty('price')
    expect(one?.makeHidden('id', 'destination').toArray()).toEqual({ name: 'A', price: 0 })
    expect(other?.toArray()).toHaveProperty('destination')
    expect((await Narrow.orderBy('id').first())?.toArray()).toEqual({ name: 'A' })
  })

  test('E5, E6, scenario 131: an accessor that appends names is in arrays and in JSON', async () => {
    await fly(1)
    class Flight extends Model {
      static table = 'flights'
      static appends = ['full_name']
      static visible = ['full_name', 'name']
      getFullNameAttribute() {
        return `${this.name} to ${this.destination}`
      }
    }
    const flight = await Flight.firstOrFail()
    expect(flight.full_name).toBe('A to Rome')
    expect(flight.toArray()).toEqual({ name: 'A', full_name: 'A to Rome' })
    expect(JSON.parse(JSON.stringify(flight))).toEqual({ name: 'A', full_name: 'A to Rome' })
  })

  test('scenario 133: replicate() copies all but the key, the times and what it is told', async () => {
    const Flight = await fly(2)
    const copy = (await Flight.where('name', 'B').firstOrFail()).replicate(['destination'])
    expect([copy.exists, copy.id, copy.name, copy.destination, copy.price]).toEqual([
      ...[false, undefined, 'B', undefined, 10],
    ])
    await copy.save()
    expect(await Flight.count()).toBe(3)
  })

  test('E23: what is said of one model is of no other, and of no query of the class', async () => {
    const Flight = await fly(1)
    const one = new Flight({ name: 'B' })
    one.setTable('nowhere')
    one.mergeCasts({ price: 'string' })
    await expect(one.save()).rejects.toThrow('nowhere')
    expect([await Flight.count(), new Flight().getTable(), (await Flight.firstOrFail()).price]).toEqual([
      1,
      'flights',
      0,
    ])
    let tenant = 'flights'
    class Tenant extends Model {
      override getTable() {
        return tenant
      }
      peers() {
        return this.hasMany(Tenant, 'id')
      }
    }
    const found = await Tenant.firstOrFail()
    expect([await Tenant.count(), await found.peers().count(), await found.touch()]).toEqual([1, 1, true])
    tenant = 'nowhere'
    await expect(Tenant.count()).rejects.toThrow('nowhere')
    await expect(found.peers().count()).rejects.toThrow('nowhere')
  })
})
