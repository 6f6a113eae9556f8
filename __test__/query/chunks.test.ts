import { beforeEach, describe, expect, test } from 'vitest'
import { DB, InvalidArgumentException, LazyCollection } from '../../js/index'
import { onEveryDatabase } from '../support/databases'
import { createVisits, type Visit } from './visits'

const ids = (rows: readonly Pick<Visit, 'id'>[]) => rows.map(({ id }) => id)
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

onEveryDatabase('Reading in pieces', (db) => {
  beforeEach(() => createVisits(db, 23))

  const visits = () => DB.table<Visit>('visits')

  describe('chunk()', () => {
    test('gives every row once, in order of the id unless the query has an order', async () => {
      const pages: number[][] = []
      expect(await visits().chunk(10, (rows) => pages.push(ids(rows)))).toBe(true)
      expect(pages.map((page) => page.length)).toEqual([10, 10, 3])
      expect(pages.flat()).toEqual(upTo(23))
      const backwards: number[] = []
      await visits()
        .orderByDesc('id')
        .chunk(10, (rows) => backwards.push(...ids(rows)))
      expect(backwards).toEqual(upTo(23).reverse())
    })

    test('keeps the limit and the offset of the query', async () => {
      const found: number[][] = []
      await visits()
        .offset(5)
        .limit(7)
        .chunk(3, (rows) => found.push(ids(rows)))
      expect(found).toEqual([[6, 7, 8], [9, 10, 11], [12]])
    })

    test('waits for async callbacks and ends at false', async () => {
      let running = 0
      const pages: number[] = []
      const toTheEnd = await visits().chunk(5, async (_rows, page) => {
        running += 1
        expect(running).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 2))
        running -= 1
        pages.push(page)
        return page < 3
      })
      expect(toTheEnd).toBe(false)
      expect(pages).toEqual([1, 2, 3])
    })

    test('refuses pages without rows', async () => {
      await expect(visits().chunk(0, () => {})).rejects.toThrow('The chunk size should be at least 1')
    })
  })

  test('chunkMap() gathers what a function makes of each row', async () => {
    expect(await visits().chunkMap(async ({ id }) => id * 2, 7)).toEqual(upTo(23).map((id) => id * 2))
  })

  test('each() counts the rows and ends at false', async () => {
    const seen: number[][] = []
    expect(await visits().each(({ id }, index) => void seen.push([id, index]), 4)).toBe(true)
    expect(seen).toEqual(upTo(23).map((id) => [id, id - 1]))
    expect(await visits().each(({ id }) => id < 3, 2)).toBe(false)
  })

  describe('chunkById()', () => {
    test('misses no row whose condition the callback changes', async () => {
      const found: number[] = []
      await visits()
        .where('seen', false)
        .chunkById(4, async (rows) => {
          found.push(...ids(rows))
          await visits().whereIn('id', ids(rows)).update({ seen: true })
        })
      expect(found).toEqual(upTo(23))
    })

    test('keeps the limit and the offset of the query', async () => {
      const found: number[][] = []
      await visits()
        .offset(2)
        .limit(5)
        .chunkById(2, (rows) => found.push(ids(rows)))
      expect(found).toEqual([[3, 4], [5, 6], [7]])
    })

    test('goes backwards as chunkByIdDesc()', async () => {
      const found: number[] = []
      await visits().chunkByIdDesc(9, (rows) => found.push(...ids(rows)))
      expect(found).toEqual(upTo(23).reverse())
    })

    test('loses no row that shares the value of the column with others', async () => {
      for (const column of ['page', 'at']) {
        for (const size of [1, 2, 4, 5, 23]) {
          const up: number[] = []
          await visits().chunkById(size, (rows) => up.push(...ids(rows)), column)
          expect(up.length, `${column} ${size}`).toBe(23)
          expect(up.toSorted((a, b) => a - b)).toEqual(upTo(23))
          const down: number[] = []
          await visits().chunkByIdDesc(size, (rows) => down.push(...ids(rows)), column)
          expect(down.toSorted((a, b) => a - b)).toEqual(upTo(23))
        }
      }
    })

    test('keeps conditions that are joined by or, by a column that is no id', async () => {
      const found: number[] = []
      await visits()
        .where('id', '<', 9)
        .orWhere('page', 'page 0')
        .chunkById(4, (rows) => found.push(...ids(rows)), 'at')
      expect(found.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 16, 19, 22])
    })

    test('says when the rows lack the column', async () => {
      await expect(
        visits()
          .select('page')
          .chunkById(5, () => {}),
      ).rejects.toThrow(/no "id".*select it/)
      await expect(
        visits()
          .select('page')
          .chunkById(5, () => {}, 'page'),
      ).rejects.toThrow(/add a unique one/)
    })

    test('ends instead of giving the same rows forever', async () => {
      const endless = visits().where('id', '<', 3).orWhere('page', 'page 0')
      await expect(endless.chunkById(2, () => {})).rejects.toThrow(/parentheses/)
    })

    test('takes a name with its table, and another name of it', async () => {
      const found: number[] = []
      await visits()
        .select('visits.id as number')
        .chunkById(10, (rows) => found.push(...rows.map(({ number }) => number as number)), 'visits.id', 'number')
      expect(found).toEqual(upTo(23))
    })
  })

  test('eachById() counts the rows over all pages', async () => {
    const seen: number[] = []
    await visits().eachById((_row, index) => void seen.push(index), 6)
    expect(seen).toEqual(upTo(23).map((id) => id - 1))
  })

  describe('lazy collections', () => {
    test('read as many pages as are wanted', async () => {
      const before = db.connection().getQueryLog().length
      db.connection().enableQueryLog()
      const first = await visits().lazy(5).take(7).toArray()
      expect(ids(first)).toEqual(upTo(7))
      expect(db.connection().getQueryLog().length - before).toBe(2)
      db.connection().disableQueryLog()
      db.connection().flushQueryLog()
    })

    test('give every row, forwards and backwards, and again when read again', async () => {
      const lazy = visits().lazyById(4)
      expect(lazy).toBeInstanceOf(LazyCollection)
      expect(ids(await lazy.toArray())).toEqual(upTo(23))
      expect(ids(await lazy.toArray())).toEqual(upTo(23))
      expect(ids(await visits().lazyByIdDesc(4).all())).toEqual(upTo(23).reverse())
      expect((await visits().lazyById(5, 'page').toArray()).length).toBe(23)
    })

    test('are the query as it was when they were made', async () => {
      const query = visits()
      const lazy = query.lazy()
      query.where('id', 1)
      expect(await lazy.count()).toBe(23)
    })

    test('map, filter and cut without reading more than they need', async () => {
      let read = 0
      const found = await visits()
        .lazy(2)
        .tapEach(() => {
          read += 1
        })
        .filter(({ id }) => id % 2 === 0)
        .map(({ id }) => id * 10)
        .skip(1)
        .chunk(2)
        .first()
      expect(found).toEqual([40, 60])
      expect(read).toBe(6)
    })

    test('refuse pages without rows at once', () => {
      expect(() => visits().lazy(0)).toThrow(InvalidArgumentException)
      expect(() => visits().lazyById(0)).toThrow('The chunk size should be at least 1')
    })
  })
})
