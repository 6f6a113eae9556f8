import { beforeAll, describe, expect, test } from 'vitest'
import { DB, QueryAbortedException, QueryTimeoutException, raw } from '../../js/index'
import { onEveryDatabase, type TestDatabase } from '../support/databases'
import { Recorder } from './recorder'
import { createVisits } from './visits'

/** SQL that takes ten seconds, unless it is stopped. */
function slow(db: TestDatabase) {
  const sleep = {
    postgres: '(select 1 from pg_sleep(10)) is not null',
    mysql: 'sleep(10) = 0',
    sqlite: `(with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000000) select max(i) from n) > 0`,
  }[db.dialect]
  return DB.table('visits').where('id', 1).where(raw(sleep), '=', raw('true'))
}

onEveryDatabase('Options of a call', (db) => {
  beforeAll(() => createVisits(db, 5))

  test('scenario 204: a time limit stops the server, for every way of reading', async () => {
    const started = Date.now()
    const query = slow(db).timeout(100)
    await expect(query.get()).rejects.toThrow(QueryTimeoutException)
    await expect(query.first()).rejects.toThrow(QueryTimeoutException)
    await expect(query.count()).rejects.toThrow(QueryTimeoutException)
    await expect(query.exists()).rejects.toThrow(QueryTimeoutException)
    await expect(query.pluck('id')).rejects.toThrow(QueryTimeoutException)
    await expect(query.cursor().toArray()).rejects.toThrow(QueryTimeoutException)
    await expect(query.paginate()).rejects.toThrow(QueryTimeoutException)
    expect(Date.now() - started).toBeLessThan(8000)
    expect(await DB.table('visits').timeout(5000).count()).toBe(5)
  })

  test('a time limit stops writes, and nothing is written', async () => {
    const query = slow(db).timeout(100)
    await expect(query.update({ page: 'late' })).rejects.toThrow(QueryTimeoutException)
    await expect(query.delete()).rejects.toThrow(QueryTimeoutException)
    expect(await DB.table('visits').where('page', 'late').count()).toBe(0)
    expect(await DB.table('visits').count()).toBe(5)
  })

  test('a signal stops writes, and nothing is written', async () => {
    for (const write of ['update', 'delete'] as const) {
      const controller = new AbortController()
      const query = slow(db).withSignal(controller.signal)
      const writing = write === 'update' ? query.update({ page: 'late' }) : query.delete()
      setTimeout(() => controller.abort(new Error('enough')), 50)
      await expect(writing).rejects.toThrow(QueryAbortedException)
    }
    expect(await DB.table('visits').where('page', 'late').count()).toBe(0)
    expect(await DB.table('visits').count()).toBe(5)
  })

  test('a signal stops the server; the error tells its reason', async () => {
    const controller = new AbortController()
    const rows = slow(db).withSignal(controller.signal).get()
    setTimeout(() => controller.abort(new Error('enough')), 50)
    const error = await rows.catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(QueryAbortedException)
    expect((error as Error).cause).toMatchObject({ message: 'enough' })
    await expect(DB.table('visits').withSignal(controller.signal).get()).rejects.toThrow(QueryAbortedException)
    expect(await DB.table('visits').withSignal(controller.signal).withSignal(null).count()).toBe(5)
  })
})

describe('options', () => {
  test('are checked when they are given', () => {
    const table = () => new Recorder().table('users')
    for (const milliseconds of [0, -5]) {
      expect(() => table().timeout(milliseconds)).toThrow('Timeout must be greater than zero.')
    }
    expect(() => table().timeout(Number.NaN)).toThrow(/number of milliseconds/)
    expect(() => table().timeout('5' as never)).toThrow(/number of milliseconds/)
    expect(() => table().withSignal({} as never)).toThrow(/AbortSignal/)
  })

  test('reach every call, through copies', async () => {
    const db = new Recorder()
    const { signal } = new AbortController()
    const query = db.table('users').timeout(50).withSignal(signal).useWritePdo().clone()
    await query.get()
    await query.first()
    await query.count()
    await query.exists()
    await query.pluck('name')
    await query.lazy().toArray()
    await query.cursor().toArray()
    await query.explain()
    await query.insert({ a: 1 })
    await query.update({ a: 1 })
    await query.delete()
    for (const { options } of db.shapes.filter(({ how }) => how !== 'compile')) {
      expect(options).toMatchObject({ timeout: 50, signal, useWrite: true })
    }
    db.shapes.length = 0
    await query.timeout(null).get()
    expect(db.shapes[0]?.options).toMatchObject({ timeout: undefined })
  })

  test('locked rows and those asked for there are read from the write server', async () => {
    const db = new Recorder()
    await db.table('users').get()
    await db.table('users').useWriteConnection().get()
    await db.table('users').lockForUpdate().cursor().toArray()
    expect(db.shapes.map(({ how }) => how)).toEqual(['read', 'write', 'write'])
  })
})
