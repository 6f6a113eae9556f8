import { beforeAll, expect, test } from 'vitest'
import { DB, InvalidArgumentException, LengthAwarePaginator, Paginator } from '../../js/index'
import { onEveryDatabase } from '../support/databases'
import { createVisits, type Visit } from './visits'

onEveryDatabase('Numbered pages', (db) => {
  beforeAll(() => createVisits(db, 23))

  const visits = () => DB.table<Visit>('visits').orderBy('id')
  const ids = (rows: readonly { id: number }[]) => rows.map(({ id }) => id)

  test('paginate() gives the documented fields', async () => {
    const page = await visits().paginate(10, 3)
    expect(page).toBeInstanceOf(LengthAwarePaginator)
    expect({ ...page }).toEqual({ data: page.data, total: 23, perPage: 10, currentPage: 3, lastPage: 3 })
    expect(JSON.parse(JSON.stringify(page))).toMatchObject({ total: 23, lastPage: 3 })
    expect(ids(page.data)).toEqual([21, 22, 23])
    expect([page.firstItem(), page.lastItem(), page.count()]).toEqual([21, 23, 3])
    expect([page.hasMorePages(), page.onFirstPage(), page.onLastPage(), page.hasPages()]).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect(ids([...page])).toEqual([21, 22, 23])
    expect(page.through(({ id }) => id * 2)).toMatchObject({ data: [42, 44, 46], total: 23 })
  })

  test('paginate() begins with fifteen rows of the first page', async () => {
    const page = await visits().paginate()
    expect(page).toMatchObject({ perPage: 15, currentPage: 1, lastPage: 2 })
    expect(page.data.length).toBe(15)
  })

  test('paginate() takes columns, a page and a total as in Laravel', async () => {
    const page = await visits().paginate(2, ['id'], 'page', 2, 100)
    expect({ ...page }).toEqual({ data: [{ id: 3 }, { id: 4 }], total: 100, perPage: 2, currentPage: 2, lastPage: 50 })
    expect((await visits().paginate((total) => total, ['*'])).data.length).toBe(23)
    expect((await visits().paginate(5, '*', 'page', '2')).currentPage).toBe(2)
  })

  test('paginate() counts what it reads: groups, unions, columns with values', async () => {
    const groups = DB.table<Visit>('visits').select('page').groupBy('page').orderBy('page')
    expect(await groups.paginate(2, 2)).toMatchObject({ total: 3, lastPage: 2, data: [{ page: 'page 2' }] })
    const union = visits()
      .reorder()
      .where('id', '<', 5)
      .unionAll(DB.table('visits').where('id', '>', 20))
    expect(await union.orderBy('id').paginate(4, 2)).toMatchObject({
      total: 7,
      data: [{ id: 21 }, { id: 22 }, { id: 23 }],
    })
    const computed = visits().selectRaw('id * ? as triple', [3]).where('id', '>', 20)
    const page = await computed.paginate(2)
    expect(page.total).toBe(3)
    expect(page.data.map((row) => Number((row as unknown as { triple: number }).triple))).toEqual([63, 66])
  })

  test('a page without rows is empty, and there is one page', async () => {
    const none = await visits().where('id', '>', 100).paginate(10)
    expect({ ...none }).toEqual({ data: [], total: 0, perPage: 10, currentPage: 1, lastPage: 1 })
    expect([none.isEmpty(), none.isNotEmpty(), none.firstItem(), none.lastItem()]).toEqual([true, false, null, null])
    expect((await visits().paginate(10, 9)).data).toEqual([])
  })

  test('simplePaginate() knows whether there is more, without counting', async () => {
    const page = await visits().simplePaginate(10, 2)
    expect(page).toBeInstanceOf(Paginator)
    expect({ ...page, data: [] }).toEqual({ data: [], perPage: 10, currentPage: 2, hasMore: true })
    expect(ids(page.data)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
    const last = await visits().simplePaginate(10, ['id'], 'page', 3)
    expect({ ...last }).toEqual({
      data: [{ id: 21 }, { id: 22 }, { id: 23 }],
      perPage: 10,
      currentPage: 3,
      hasMore: false,
    })
    expect([last.firstItem(), last.lastItem(), last.onLastPage()]).toEqual([21, 23, true])
  })

  test('leave the builder as it was', async () => {
    const query = visits().select('id').where('id', '>', 1)
    const before = query.toSql()
    await query.paginate(2, 2)
    await query.simplePaginate(2)
    await query.cursorPaginate(2)
    await query.getCountForPagination()
    expect(query.toSql()).toBe(before)
    expect(await query.getCountForPagination(['id as number'])).toBe(22)
  })

  test('refuse sizes and numbers that are none', async () => {
    for (const size of [0, -1, 1.5, Number.NaN]) {
      await expect(visits().paginate(size)).rejects.toThrow(InvalidArgumentException)
      await expect(visits().simplePaginate(size)).rejects.toThrow(InvalidArgumentException)
      await expect(visits().cursorPaginate(size)).rejects.toThrow(InvalidArgumentException)
    }
    await expect(visits().paginate(5, 1.5)).rejects.toThrow(InvalidArgumentException)
    expect((await visits().paginate(5, -3)).currentPage).toBe(1)
  })
})
