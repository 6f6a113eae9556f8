import { describe, expect, test } from 'vitest'
import { DB, type QueryBuilder } from '../../js/index'
import { namesOf, scenarios } from './shop'

const users = (): QueryBuilder => DB.table('users')
const ALL = ['Ada', 'Grace', 'Linus', 'Barbara', 'Alan']

async function collected(rows: AsyncIterable<object>): Promise<unknown[]> {
  const list: object[] = []
  for await (const row of rows) list.push(row)
  return namesOf(list)
}

scenarios('many rows with the query builder', () => {
  test('scenario 36: chunk stops at false, chunkById skips nothing that it changes', async () => {
    let pages = 0
    const whole = await users()
      .orderBy('id')
      .chunk(2, () => {
        pages += 1
        return false
      })
    expect([whole, pages]).toEqual([false, 1])

    const seen: unknown[] = []
    await users()
      .where('active', true)
      .chunkById(2, async (rows) => {
        seen.push(...namesOf(rows))
        for (const row of rows)
          await users()
            .where('id', row.id as number)
            .update({ active: false })
      })
    expect(seen).toEqual(['Ada', 'Grace', 'Barbara'])
    expect(await users().where('active', true).count()).toBe(0)
  })

  test('scenario 37: lazy and lazyById go through the rows', async () => {
    expect(await collected(users().orderBy('id').lazy())).toEqual(ALL)
    expect(await collected(users().orderBy('id').lazy(2))).toEqual(ALL)
    expect(await collected(users().lazyById(2))).toEqual(ALL)
  })

  test('scenario 38: lazyById by a column loses no row on ties', async () => {
    await users().update({ votes: 1 })
    expect((await collected(users().lazyById(2, 'votes'))).sort()).toEqual([...ALL].sort())
    await users().update({ created_at: '2026-01-01 00:00:00' })
    expect((await collected(users().lazyById(1, 'created_at'))).sort()).toEqual([...ALL].sort())
  })

  test('scenario 39: cursor() gives one row after the other', async () => {
    expect(await collected(users().orderBy('id').cursor())).toEqual(ALL)
    for await (const row of users().orderBy('id').cursor()) {
      expect(row).toMatchObject({ name: 'Ada' })
      break
    }
    expect(await users().count()).toBe(5)
  })

  test('scenario 71: paginate answers data, total, perPage, currentPage, lastPage', async () => {
    const page = await users().orderBy('id').paginate(2, 2)
    expect(page).toMatchObject({ total: 5, perPage: 2, currentPage: 2, lastPage: 3 })
    expect(namesOf(page.data)).toEqual(['Linus', 'Barbara'])
  })

  test('scenario 72: simplePaginate says whether there are more', async () => {
    const first = await users().orderBy('id').simplePaginate(3, 1)
    expect([namesOf(first.data), first.hasMore]).toEqual([['Ada', 'Grace', 'Linus'], true])
    const second = await users().orderBy('id').simplePaginate(3, 2)
    expect([namesOf(second.data), second.hasMore]).toEqual([['Barbara', 'Alan'], false])
  })

  test('scenario 73: cursorPaginate(n, nextCursor) is the next page', async () => {
    const first = await users().cursorPaginate(2)
    const second = await users().cursorPaginate(2, first.nextCursor)
    const third = await users().cursorPaginate(2, second.nextCursor)
    expect([first, second, third].map(({ data }) => namesOf(data))).toEqual([
      ['Ada', 'Grace'],
      ['Linus', 'Barbara'],
      ['Alan'],
    ])
    expect(third.nextCursor).toBeNull()
    const back = await users().cursorPaginate(2, third.prevCursor)
    expect(namesOf(back.data)).toEqual(['Linus', 'Barbara'])
  })

  test('scenario 74: cursorPaginate(n, null, column) is sorted by the column', async () => {
    const order = ['Barbara', 'Ada', 'Grace', 'Linus', 'Alan']
    const seen: unknown[] = []
    let cursor: string | null = null
    do {
      const page: { data: object[]; nextCursor: string | null } = await users().cursorPaginate(2, cursor, 'created_at')
      seen.push(...namesOf(page.data))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(order)
  })

  test('scenario 233: chunk of the query builder', async () => {
    const seen: unknown[] = []
    await users()
      .where('votes', '>', 50)
      .orderBy('id')
      .chunk(3, (rows) => {
        seen.push(namesOf(rows))
      })
    expect(seen).toEqual([['Ada', 'Grace', 'Linus'], ['Barbara']])
  })

  describe('beyond 2.1.24', () => {
    test('paginate counts groups, distinct rows and unions', async () => {
      const groups = await users().select('votes').groupBy('votes').orderBy('votes').paginate(3)
      expect([groups.total, groups.data.length]).toEqual([4, 3])
      const union = await users().select('name').union(DB.table('orders').select('kind')).orderBy('name').paginate(3)
      expect([union.total, union.data.length]).toEqual([8, 3])
    })

    test('each, eachById, chunkMap', async () => {
      const seen: unknown[] = []
      await users()
        .orderBy('id')
        .each((row, index) => {
          seen.push([row.name, index])
          return index < 1
        }, 1)
      expect(seen).toEqual([
        ['Ada', 0],
        ['Grace', 1],
      ])
      expect(
        await users()
          .orderBy('id')
          .chunkMap((row) => row.name, 2),
      ).toEqual(ALL)
    })

    test('cursor pages of a column with null keep every row', async () => {
      const seen: unknown[] = []
      let cursor: string | null = null
      do {
        const page: { data: object[]; nextCursor: string | null } = await users()
          .orderBy('city')
          .cursorPaginate(1, cursor)
        seen.push(...namesOf(page.data))
        cursor = page.nextCursor
      } while (cursor !== null)
      expect([...seen].sort()).toEqual([...ALL].sort())
    })
  })
})
