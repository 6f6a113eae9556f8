/** What SQLite answers in the call that asks is the same as what it answers later, and in the same order. */
import { beforeEach, expect, test } from 'vitest'
import type { Connection } from '../../js/index'
import { onDatabase } from '../support/databases'
import { withNotes } from './notes'

/** Counts, about 0.1 µs a number. */
const COUNT =
  'with recursive c(n) as (select 1 union all select n + 1 from c where n < ?) select count(*) as total from c'
const NUMBERS = 'with recursive c(n) as (select 1 union all select n + 1 from c where n < ?) select n from c'

onDatabase('sqlite', 'answers at once', (db) => {
  const { add, ids } = withNotes(db)
  let connection: Connection

  beforeEach(() => {
    connection = db.connection()
  })

  test('are whole, whether the same statement has few rows or many', async () => {
    for (const count of [3, 3, 511, 512, 513, 3, 2000, 3, 3, 2000]) {
      const rows = await connection.select<{ n: number }>(NUMBERS, [count])
      expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: count }, (_, index) => index + 1))
    }
  })

  test('do not overtake a long statement of their transaction', async () => {
    await connection.transaction(async (trx) => {
      await add(trx, 1)
      await trx.select(COUNT, [5])
      const order: string[] = []
      const told = (name: string) => () => order.push(name)
      await Promise.all([
        trx.select(COUNT, [2_000_000]).then(told('long')),
        add(trx, 2).then(told('short')),
        trx.select(COUNT, [5]).then(told('shorter')),
      ])
      expect(order).toEqual(['long', 'short', 'shorter'])
    })
    expect(await ids()).toEqual([1, 2])
  })

  test('count what is on its way, so that a commit waits for it', async () => {
    await add(connection, 1)
    await connection.transaction((trx) => {
      trx.select(COUNT, [1_000_000]).catch(() => {})
      add(trx, 2).catch(() => {})
    })
    expect(await ids()).toEqual([1, 2])
  })

  test('are failures that name the statement, and leave the next one alone', async () => {
    await add(connection, 1)
    for (let time = 0; time < 3; time++) {
      await expect(add(connection, 1)).rejects.toMatchObject({
        code: 'UNIQUE_VIOLATION',
        sql: 'insert into notes (id, body) values (?, ?)',
        bindings: [1, 'note 1'],
      })
    }
    await add(connection, 2)
    expect(await ids()).toEqual([1, 2])
  })

  test('let timers run between them', async () => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    const until = performance.now() + 200
    while (performance.now() < until) await connection.scalar('select 1 as one')
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(5)
  })
})
