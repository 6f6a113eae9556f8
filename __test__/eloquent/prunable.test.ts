/** Models that are removed when they are old. */
import { expect, test } from 'vitest'
import { MassPrunable, MassPrunableModel, Model, Prunable, PrunableModel, SoftDeletes } from '../../js'
import { onEveryDatabase } from '../support/databases'

onEveryDatabase('pruning', (db) => {
  const prepare = async (rows = 10) => {
    await db.connection().schema().dropIfExists('visits')
    await db
      .connection()
      .schema()
      .create('visits', (table) => {
        table.id()
        table.integer('age')
        table.softDeletes()
      })
    const ages = Array.from({ length: rows }, (_, at) => ({ age: at }))
    await db.connection().table('visits').insert(ages)
  }
  const left = () => db.connection().table('visits').orderBy('age').pluck('age')

  test('E21: all of them are removed, whatever the size of the pieces', async () => {
    class Visit extends Prunable(Model) {
      static table = 'visits'
      static timestamps = false
      prunable() {
        return Visit.where('age', '<', 8).orWhere('age', 9)
      }
    }
    class Bulk extends MassPrunable(Model) {
      static table = 'visits'
      prunable() {
        return Bulk.where('age', '<', 8).orWhere('age', 9)
      }
    }
    for (const Class of [Visit, Bulk]) {
      await prepare()
      expect(await Class.countPrunable()).toBe(9)
      expect(await Class.prune(3)).toBe(9)
      expect(await left()).toEqual([8])
      expect(await Class.prune(3)).toBe(0)
    }
  })

  test('hooks and listeners are told, and may keep a model; in bulk nobody is told and no row is read', async () => {
    await prepare(4)
    const told: string[] = []
    class Visit extends PrunableModel {
      static table = 'visits'
      static timestamps = false
      prunable() {
        return Visit.where('age', '>=', 0)
      }
      pruning() {
        told.push(`pruning ${this.age}`)
        return this.age !== 1
      }
      pruned() {
        told.push(`pruned ${this.age}`)
      }
    }
    Visit.pruning((visit) => visit.age !== 2)
    Visit.deleted((visit) => void told.push(`deleted ${visit.age}`))
    expect(await Visit.prune(1)).toBe(2)
    expect(await left()).toEqual([1, 2])
    expect(told).toEqual([
      ...['pruning 0', 'deleted 0', 'pruned 0', 'pruning 1', 'pruning 2'],
      ...['pruning 3', 'deleted 3', 'pruned 3'],
    ])
    class Bulk extends MassPrunableModel {
      static table = 'visits'
      prunable() {
        return Bulk.where('age', '>=', 0)
      }
    }
    Bulk.deleted(() => void told.push('never'))
    Bulk.retrieved(() => void told.push('never'))
    db.connection().enableQueryLog()
    expect(await new Bulk().pruneAll()).toBe(2)
    const sql = db.connection().getQueryLog()
    db.connection().disableQueryLog()
    db.connection().flushQueryLog()
    expect([told.includes('never'), sql.length]).toEqual([false, 2])
  })

  test('of models whose deleted rows stay, deleted ones are removed for good', async () => {
    await prepare(6)
    class Visit extends SoftDeletes(Prunable(Model)) {
      static table = 'visits'
      static timestamps = false
      prunable() {
        return Visit.where('age', '<', 4)
      }
    }
    class Bulk extends MassPrunable(SoftDeletes(Model)) {
      static table = 'visits'
      static timestamps = false
      prunable() {
        return Bulk.where('age', '<', 6)
      }
    }
    await Visit.where('age', '<', 2).delete()
    await Visit.where('age', 5).delete()
    expect(await Visit.prune(2)).toBe(4)
    expect(await left()).toEqual([4, 5])
    expect(await Bulk.prune(1)).toBe(2)
    expect(await left()).toEqual([])
  })

  test('a class that does not say what is old is an error', async () => {
    await prepare(1)
    class Visit extends PrunableModel {
      static table = 'visits'
    }
    expect(() => Visit.countPrunable()).toThrow('Visit needs a method prunable() that answers a query.')
    expect(await left()).toEqual([0])
  })
})
