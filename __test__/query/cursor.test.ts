import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { DB, LazyCollection } from '../../js/index'
import { onEveryDatabase } from '../support/databases'
import { Recorder } from './recorder'
import { createVisits, type Visit } from './visits'

const ROWS = 60_000
const PADDING = 'x'.repeat(400)

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Megabytes that the process holds, garbage left out. */
function held(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1024 / 1024
}

onEveryDatabase('cursor()', (db) => {
  beforeAll(async () => {
    await createVisits(db, 10)
    await db.connection().statement('drop table if exists many')
    await db.connection().statement('create table many (id integer primary key, padding varchar(400) not null)')
    const lastDigits = Array.from({ length: 10 }, (_, digit) => `select ${digit} as n`).join(' union all ')
    await db.connection().statement(
      `insert into many (id, padding)
       select a.n + b.n * 10 + c.n * 100 + d.n * 1000 + e.n * 10000, '${PADDING}'
       from (${lastDigits}) a cross join (${lastDigits}) b cross join (${lastDigits}) c cross join (${lastDigits}) d
       cross join (select n from (${lastDigits}) f where n < 6) e`,
    )
  })

  /** The server is told to stop; the pool hears of it a moment later. */
  const allFree = () => vi.waitFor(() => expect(db.connection().pool.stats().active).toBe(0))

  afterEach(allFree)

  test('gives every row in order', async () => {
    const cursor = DB.table<Visit>('visits').where('id', '>', 2).orderByDesc('id').cursor()
    expect(cursor).toBeInstanceOf(LazyCollection)
    const ids: number[] = []
    for await (const { id } of cursor) ids.push(id)
    expect(ids).toEqual([10, 9, 8, 7, 6, 5, 4, 3])
  })

  test('holds only some rows at a time, whatever their number', async () => {
    const before = held()
    let most = 0
    let count = 0
    for await (const row of DB.table('many').cursor()) {
      count += 1
      if (count % 5000 === 0) most = Math.max(most, held() - before)
      expect((row as { padding: string }).padding.length).toBe(400)
    }
    expect(count).toBe(ROWS)
    // All rows are 24 MB of text.
    expect(most).toBeLessThan(8)
  })

  test('frees its connection when the loop is left early', async () => {
    for await (const _ of DB.table('many').cursor()) break
    await allFree()
    expect(await DB.table('many').cursor().take(3).count()).toBe(3)
  })

  test('sees the rows of the transaction that it runs in', async () => {
    const found = await DB.transaction(async (transaction) => {
      await transaction.table('visits').insert({ id: 100, page: 'new', seen: false })
      const rows = await transaction.table('visits').where('id', 100).cursor().toArray()
      await transaction.table('visits').where('id', 100).delete()
      return rows
    })
    expect(found).toMatchObject([{ id: 100, page: 'new' }])
  })
})

describe('cursor()', () => {
  test('passes each row through the callbacks, and leaves out those they empty', async () => {
    const db = new Recorder([{ rows: [{ id: 1 }, { id: 2 }, { id: 3 }] }])
    const rows = db
      .table('users')
      .afterQuery((found) => found.filter(({ id }) => id !== 2))
      .cursor()
    expect(await rows.toArray()).toEqual([{ id: 1 }, { id: 3 }])
  })
})
