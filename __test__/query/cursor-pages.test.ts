import { beforeEach, describe, expect, test } from 'vitest'
import { Cursor, type CursorPaginator, DB, InvalidArgumentException, type QueryBuilder } from '../../js/index'
import { onEveryDatabase } from '../support/databases'
import { createVisits, type Visit } from './visits'

type Visits = QueryBuilder<Visit>

/** The ids of a page. Rows that are equal in the order have none of their own inside of a page. */
const idsOf = (page: CursorPaginator<Visit>) => page.data.map(({ id }) => id).toSorted((a, b) => a - b)

/** The ids of all pages, from the first to the last. */
async function forwards(query: () => Visits, size: number): Promise<number[][]> {
  const pages: number[][] = []
  let cursor: string | null = null
  do {
    const page: CursorPaginator<Visit> = await query().cursorPaginate(size, cursor)
    pages.push(idsOf(page))
    cursor = page.nextCursor
  } while (cursor !== null && pages.length < 100)
  return pages
}

/** The ids of all pages, from the last to the first. */
async function backwards(query: () => Visits, size: number): Promise<number[][]> {
  let page = await query().cursorPaginate(size)
  while (page.nextCursor !== null) page = await query().cursorPaginate(size, page.nextCursor)
  const pages = [idsOf(page)]
  while (page.prevCursor !== null && pages.length < 100) {
    page = await query().cursorPaginate(size, page.prevCursor)
    pages.unshift(idsOf(page))
  }
  return pages
}

onEveryDatabase('Pages by cursor', (db) => {
  beforeEach(() => createVisits(db, 23))

  const visits = (): Visits => DB.table<Visit>('visits')
  const inOrder = async (query: () => Visits) => (await query().orderBy('id').get()).map(({ id }) => id)

  test('have the documented fields', async () => {
    const first = await visits().cursorPaginate(10)
    expect(first.data.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect({ ...first, data: [] }).toEqual({
      data: [],
      perPage: 10,
      nextCursor: expect.any(String),
      prevCursor: null,
      hasMore: true,
      hasNext: true,
      hasPrev: false,
    })
    const last = await visits().cursorPaginate(100)
    expect(last).toMatchObject({ nextCursor: null, prevCursor: null, hasMore: false, hasPrev: false })
    expect([...last].length).toBe(23)
    expect(last.onFirstPage() && last.onLastPage()).toBe(true)
  })

  const orders: Record<string, (query: Visits) => Visits> = {
    'a unique column': (query) => query.orderBy('id'),
    'a unique column, descending': (query) => query.orderBy('id', 'desc'),
    'equal values': (query) => query.orderBy('page'),
    'equal values, descending': (query) => query.orderByDesc('page'),
    'values and nulls': (query) => query.orderBy('score'),
    'values and nulls, descending': (query) => query.orderByDesc('score'),
    'nulls that are to come last': (query) => query.orderBy('score', 'asc', 'last'),
    'nulls that are to come first': (query) => query.orderBy('score', 'desc', 'first'),
    'nulls behind equal values': (query) => query.orderBy('page').orderBy('score'),
    'nulls behind equal values, descending': (query) => query.orderByDesc('page').orderByDesc('score'),
    'columns in both directions': (query) => query.orderBy('page').orderByDesc('id'),
    moments: (query) => query.orderBy('at'),
    'moments, descending': (query) => query.orderByDesc('at'),
    'moments and ids': (query) => query.orderByDesc('at').orderByDesc('id'),
    'a name with its table': (query) => query.orderBy('visits.page').orderBy('visits.id'),
  }

  for (const [name, ordered] of Object.entries(orders)) {
    test(`hold every row once: ${name}`, async () => {
      const query = () => ordered(visits())
      for (const size of [1, 2, 3, 7, 22, 23]) {
        const pages = await forwards(query, size)
        expect(pages.length, `pages of ${size}`).toBe(Math.ceil(23 / size))
        expect(pages.flat().toSorted((a, b) => a - b)).toEqual(await inOrder(visits))
        const back = await backwards(query, size)
        expect(pages.every((page) => page.length <= size)).toBe(true)
        expect(
          back.flat().toSorted((a, b) => a - b),
          `back in pages of ${size}`,
        ).toEqual(await inOrder(visits))
      }
    })
  }

  test('keep conditions that are joined by or', async () => {
    const query = () => visits().where('id', '<', 9).orWhere('page', 'page 0').orderBy('id')
    expect((await forwards(query, 4)).flat()).toEqual(await inOrder(query))
    expect((await backwards(query, 4)).flat()).toEqual(await inOrder(query))
  })

  test('take the documented column as order', async () => {
    const first = await visits().cursorPaginate(10, null, 'at')
    const second = await visits().cursorPaginate(10, first.nextCursor, 'at')
    const third = await visits().cursorPaginate(10, { cursor: second.nextCursor, cursorColumns: 'at' })
    expect([first, second, third].flatMap(idsOf).toSorted((a, b) => a - b)).toEqual(await inOrder(visits))
    const back = await visits().cursorPaginate(10, {
      cursor: third.prevCursor,
      cursorColumns: ['at'],
      direction: 'prev',
    })
    expect(idsOf(back)).toEqual(idsOf(second))
  })

  test('read columns first, as in Laravel', async () => {
    const first = await visits().orderBy('id').cursorPaginate(2, ['id', 'page'])
    expect(first.data).toEqual([
      { id: 1, page: 'page 0' },
      { id: 2, page: 'page 1' },
    ])
    const next = await visits().orderBy('id').cursorPaginate(2, ['id'], 'cursor', first.getNextCursor())
    expect(next.data).toEqual([{ id: 3 }, { id: 4 }])
  })

  test('go over unions, each member by its own names', async () => {
    const query = () =>
      visits()
        .select('id', 'page as name')
        .where('id', '<=', 10)
        .unionAll(DB.table('visits').select('id', 'page as name').where('id', '>', 10))
        .reorder('name' as 'page')
        .orderBy('id') as unknown as Visits
    const pages = await forwards(query, 4)
    expect(pages.flat().toSorted((a, b) => a - b)).toEqual(await inOrder(visits))
    expect((await backwards(query, 4)).flat()).toEqual(pages.flat())
  })

  test('say when equal rows cannot be told apart', async () => {
    await expect(visits().select('page').orderBy('page').cursorPaginate(2)).rejects.toThrow(/add a unique one/)
    await expect(visits().select('page').orderBy('id').cursorPaginate(2)).rejects.toThrow(/no "id".*select it/)
  })

  test('refuse an order that has no place to go on from', async () => {
    for (const query of [
      visits().inOrderOf('page', ['b', 'a']),
      visits().inRandomOrder(),
      visits().orderByRaw('length(page)'),
    ]) {
      await expect(query.cursorPaginate(5)).rejects.toThrow(/cursorPaginate\(\) needs orderBy\(\)/)
    }
  })

  test('refuse cursors that no page gave', async () => {
    const other = new Cursor({ votes: 1 }).encode()
    const list = Buffer.from('[1]').toString('base64url')
    const object = Buffer.from('{"id":{"a":1}}').toString('base64url')
    for (const cursor of ['nonsense', '%%%', list, object, other]) {
      await expect(visits().orderBy('id').cursorPaginate(2, cursor)).rejects.toThrow(InvalidArgumentException)
    }
    await expect(visits().cursorPaginate(2, 5 as never)).rejects.toThrow(InvalidArgumentException)
  })
})

describe('a cursor', () => {
  test('keeps values that JSON lacks', () => {
    const parameters = {
      big: 2n ** 70n,
      at: new Date(1234),
      exact: '2024-01-01 00:00:00.123456+00',
      bytes: Buffer.from([0, 255]),
      nothing: null,
      ['__proto__']: 1,
    }
    const cursor = Cursor.fromEncoded(new Cursor(parameters, false).encode())
    expect(cursor.pointsToPreviousItems()).toBe(true)
    expect(cursor.parameters(Object.keys(parameters))).toEqual(Object.values(parameters))
  })

  test('reads those of Laravel and of guruorm 2', () => {
    const laravel = Buffer.from('{"id":7,"_pointsToNextItems":false}').toString('base64url')
    expect(Cursor.fromEncoded(laravel).toArray()).toEqual({ id: 7, _pointsToNextItems: false })
    const old = Buffer.from('{"id":7}').toString('base64')
    expect(Cursor.fromEncoded(old).pointsToNextItems()).toBe(true)
    expect(Cursor.fromEncoded(null)).toBeNull()
  })
})
