/** Deleted rows that stay, with the time of their end. */
import { expect, test } from 'vitest'
import {
  type EloquentBuilder,
  InvalidArgumentException,
  Model,
  SoftDeleteModel,
  SoftDeletes,
  SoftDeletingScope,
} from '../../js'
import { onEveryDatabase } from '../support/databases'

onEveryDatabase('soft deletes', (db) => {
  const prepare = async () => {
    await db.connection().schema().dropIfExists('flights')
    await db
      .connection()
      .schema()
      .create('flights', (table) => {
        table.id()
        table.string('number').unique()
        table.integer('seats').default(0)
        table.timestamps()
        table.softDeletes()
      })
    class Flight extends SoftDeletes(Model) {
      static fillable = ['number', 'seats']
      scopeBig(query: EloquentBuilder) {
        query.where('seats', '>', 100)
      }
    }
    for (const [at, number] of ['A1', 'B2', 'C3'].entries()) await Flight.create({ number, seats: 50 + at * 50 })
    return Flight
  }
  const rows = () => db.connection().table('flights').count()

  test('E7, scenario 112: deleting through a query, a model and destroy() keeps the row, and reading leaves it out', async () => {
    const Flight = await prepare()
    const [first, second] = await Flight.query().orderBy('id').get()
    expect(first?.trashed()).toBe(false)
    expect(await first?.delete()).toBe(true)
    expect(await Flight.where('number', 'B2').delete()).toBe(1)
    expect(await rows()).toBe(3)
    expect([await Flight.count(), await Flight.pluck('number'), await Flight.find(second?.id)]).toEqual([
      1,
      ['C3'],
      null,
    ])
    expect([first?.trashed(), first?.modelExists(), first?.isDirty()]).toEqual([true, true, false])
    expect(await Flight.destroy((await Flight.firstOrFail()).id)).toBe(1)
    expect([await Flight.exists(), await rows()]).toEqual([false, 3])
    expect((await Flight.query().withTrashed().get()).every((flight) => flight.trashed())).toBe(true)
  })

  test('E7, S11: an or of the program does not reach deleted rows', async () => {
    const Flight = await prepare()
    await Flight.where('number', 'A1').delete()
    expect(await Flight.where('number', 'B2').orWhere('number', 'A1').pluck('number')).toEqual(['B2'])
    expect(await Flight.where('number', 'A1').orWhere('number', 'A1').update({ seats: 1 })).toBe(0)
    expect(await Flight.onlyTrashed().where('number', 'B2').orWhere('number', 'A1').pluck('number')).toEqual(['A1'])
  })

  test('scenario 113: withTrashed, onlyTrashed and withoutTrashed say which rows there are', async () => {
    const Flight = await prepare()
    await Flight.where('number', 'A1').delete()
    const counts = [Flight.withTrashed(), Flight.onlyTrashed(), Flight.withoutTrashed(), Flight.withTrashed(false)]
    expect(await Promise.all(counts.map((query) => query.count()))).toEqual([3, 1, 2, 2])
    expect(await Flight.query().withoutGlobalScope(SoftDeletingScope).count()).toBe(3)
    expect(await Flight.query().withoutGlobalScopes().count()).toBe(3)
  })

  test('E7, scenario 112: a trashed model can be saved and restored; both are written', async () => {
    const Flight = await prepare()
    const flight = await Flight.where('number', 'A1').firstOrFail()
    await flight.delete()
    expect(await flight.update({ seats: 7 })).toBe(true)
    expect(await db.connection().table('flights').where('number', 'A1').value('seats')).toBe(7)
    expect(await Flight.find(flight.id)).toBeNull()
    expect(await flight.restore()).toBe(true)
    expect([flight.trashed(), (await Flight.findOrFail(flight.id)).seats]).toEqual([false, 7])
  })

  test('E7, scenario 114: rows are restored in bulk, and only those that were deleted', async () => {
    const Flight = await prepare()
    await Flight.whereIn('number', ['A1', 'B2']).delete()
    expect(await Flight.withTrashed().where('number', 'A1').restore()).toBe(1)
    expect(await Flight.count()).toBe(2)
    expect(await Flight.onlyTrashed().restore()).toBe(1)
    expect(await Flight.query().restore()).toBe(0)
  })

  test('scenario 112: forceDelete and forceDestroy remove rows', async () => {
    const Flight = await prepare()
    const [first, second, third] = await Flight.query().orderBy('id').get()
    await first?.delete()
    expect(await first?.forceDelete()).toBe(true)
    expect([await rows(), first?.modelExists()]).toEqual([2, false])
    expect(await Flight.where('id', second?.id).forceDelete()).toBe(1)
    await third?.delete()
    expect(await Flight.forceDestroy([third?.id])).toBe(1)
    expect([await rows(), await Flight.forceDestroy([])]).toEqual([0, 0])
  })

  test('E7, E10, scenario 124: events are told in order, and not where it is done quietly', async () => {
    const Flight = await prepare()
    const told: string[] = []
    for (const event of [
      'deleting',
      'trashed',
      'deleted',
      'forceDeleting',
      'forceDeleted',
      'restoring',
      'restored',
    ] as const) {
      Flight[event]((flight) => {
        told.push(`${event}${flight.isForceDeleting() ? '!' : ''}`)
      })
    }
    const flight = await Flight.firstOrFail()
    await flight.delete()
    await flight.restore()
    expect(told.splice(0)).toEqual(['deleting', 'trashed', 'deleted', 'restoring', 'restored'])
    await flight.deleteQuietly()
    await flight.restoreQuietly()
    expect([told, flight.trashed()]).toEqual([[], false])
    await flight.forceDelete()
    expect(told).toEqual(['forceDeleting', 'deleting!', 'deleted!', 'forceDeleted'])
    const other = await Flight.firstOrFail()
    Flight.restoring(() => false)
    await other.delete()
    expect([await other.restore(), other.trashed(), await other.forceDeleteQuietly()]).toEqual([false, true, true])
    expect(await rows()).toBe(1)
  })

  test('restoreOrCreate and createOrRestore find deleted models', async () => {
    const Flight = await prepare()
    await Flight.where('number', 'A1').delete()
    const back = await Flight.restoreOrCreate({ number: 'A1' }, { seats: 9 })
    expect([back.trashed(), back.seats, await Flight.count()]).toEqual([false, 50, 3])
    await Flight.where('number', 'B2').delete()
    const again = await Flight.createOrRestore({ number: 'B2' })
    expect([again.trashed(), again.wasRecentlyCreated, await rows()]).toEqual([false, false, 3])
    expect((await Flight.createOrRestore({ number: 'D4' })).wasRecentlyCreated).toBe(true)
  })

  test('all three ways to say it do the same, and a subclass may take it back', async () => {
    const Flight = await prepare()
    class Static extends Model {
      static table = 'flights'
      static softDeletes = true
    }
    class Ready extends SoftDeleteModel {
      static table = 'flights'
    }
    class Hard extends Flight {
      static softDeletes = false
      static table = 'flights'
    }
    await Flight.where('number', 'A1').delete()
    expect([await Static.count(), await Ready.count(), await Hard.count()]).toEqual([2, 2, 3])
    await Ready.where('number', 'B2').delete()
    expect([await Static.count(), await rows()]).toEqual([1, 3])
    expect(await Hard.where('number', 'A1').delete()).toBe(1)
    expect(await rows()).toBe(2)
    expect(() => Hard.query().withTrashed()).toThrow(InvalidArgumentException)
    await expect((await Hard.firstOrFail()).restore()).rejects.toThrow('Hard has no softDeletes')
    expect((await Hard.firstOrFail()).trashed()).toBe(false)
  })
})
