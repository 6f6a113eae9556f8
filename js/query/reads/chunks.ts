import { InvalidArgumentException } from '../../errors'
import { describe } from '../arguments'
import type { AnyRow, ColumnName } from '../columns'
import { cellNamed, grouped } from './keyset'
import { KeysetPages, pageSize } from './keyset-pages'

/** Rows in lists, with the number of the list, from 1. */
export type Chunk<Result> = readonly [rows: Result[], page: number]

/** Which rows a page by id begins with, and how they are sorted. */
interface ById {
  readonly column: string
  /** Its name in the rows. */
  readonly alias: string
  readonly isDescending: boolean
}

/** Many rows, a piece at a time. None of these calls changes the builder. */
export abstract class Chunks<Row = AnyRow, Result = Row> extends KeysetPages<Row, Result> {
  /**
   * Gives the rows to a callback, a page at a time. `limit()` and `offset()` of the query are kept.
   *
   * Pages are cut by counting rows, so the order has to stay the same from page to page: rows are
   * sorted by `id` unless the query says otherwise. To change the rows on the way, use {@link chunkById}.
   *
   * @param size - Rows on a page.
   * @param callback - May be async. `false` ends it.
   * @returns Whether it went to the end.
   * @example
   * await DB.table('users').orderBy('name').chunk(100, async (users) => { … })
   * // select * from "users" order by "name" asc limit 100 offset 0
   */
  async chunk(size: number, callback: (rows: Result[], page: number) => unknown): Promise<boolean> {
    for await (const [rows, page] of this.pages(size)) if ((await callback(rows, page)) === false) return false
    return true
  }

  /**
   * What a function makes of each row, read a page at a time.
   *
   * @example
   * const names = await DB.table('users').orderBy('id').chunkMap((user) => user.name)
   * // select * from "users" order by "id" asc limit 1000 offset 0
   */
  async chunkMap<Made>(make: (row: Result) => Made, size = 1000): Promise<Awaited<Made>[]> {
    const made: Awaited<Made>[] = []
    for await (const [rows] of this.pages(size)) for (const row of rows) made.push(await make(row))
    return made
  }

  /**
   * Gives the rows to a callback one by one, read a page at a time as {@link chunk} does.
   *
   * @param callback - May be async. `false` ends it.
   * @returns Whether it went to the end.
   * @example
   * await DB.table('users').orderBy('id').each(async (user, index) => { … })
   * // select * from "users" order by "id" asc limit 1000 offset 0
   */
  async each(callback: (row: Result, index: number) => unknown, size = 1000): Promise<boolean> {
    let index = 0
    for await (const [rows] of this.pages(size)) {
      for (const row of rows) if ((await callback(row, index++)) === false) return false
    }
    return true
  }

  /**
   * Gives the rows to a callback, a page at a time, by the value of a column.
   *
   * Rows may be changed and removed on the way: each page starts after the last row of the one before.
   *
   * @param column - Not null. Where rows are equal in it, their column `id` decides.
   * @param alias - Its name in the rows, where that differs.
   * @returns Whether it went to the end.
   * @throws InvalidArgumentException when the rows lack the column.
   * @example
   * await DB.table('users').where('active', false).chunkById(100, async (users) => { … })
   * // select * from "users" where "active" = $1 and "id" > $2 order by "id" asc limit 100
   */
  async chunkById(
    size: number,
    callback: (rows: Result[], page: number) => unknown,
    column?: string | null,
    alias?: string | null,
  ): Promise<boolean> {
    const pages = this.pagesById(size, byId(column ?? this.keyColumn(), alias, false))
    for await (const [rows, page] of pages) if ((await callback(rows, page)) === false) return false
    return true
  }

  /**
   * As {@link chunkById}, from the largest id to the smallest.
   *
   * @example
   * await DB.table('users').chunkByIdDesc(100, async (users) => { … })
   * // select * from "users" where "id" < $1 order by "id" desc limit 100
   */
  async chunkByIdDesc(
    size: number,
    callback: (rows: Result[], page: number) => unknown,
    column?: string | null,
    alias?: string | null,
  ): Promise<boolean> {
    const pages = this.pagesById(size, byId(column ?? this.keyColumn(), alias, true))
    for await (const [rows, page] of pages) if ((await callback(rows, page)) === false) return false
    return true
  }

  /**
   * {@link chunkById}, or {@link chunkByIdDesc} when the last argument says so.
   *
   * @example
   * await DB.table('users').orderedChunkById(100, async (users) => { … }, 'id', 'id', true)
   * // select * from "users" where "id" < $1 order by "id" desc limit 100
   */
  orderedChunkById(
    size: number,
    callback: (rows: Result[], page: number) => unknown,
    column?: string | null,
    alias?: string | null,
    descending = false,
  ): Promise<boolean> {
    return descending
      ? this.chunkByIdDesc(size, callback, column, alias)
      : this.chunkById(size, callback, column, alias)
  }

  /**
   * Gives the rows to a callback one by one, read a page at a time as {@link chunkById} does.
   *
   * @example
   * await DB.table('users').eachById(async (user) => { … })
   * // select * from "users" where "id" is not null order by "id" asc limit 1000
   */
  async eachById(
    callback: (row: Result, index: number) => unknown,
    size = 1000,
    column?: string | null,
    alias?: string | null,
  ): Promise<boolean> {
    let index = 0
    for await (const [rows] of this.pagesById(size, byId(column ?? this.keyColumn(), alias, false))) {
      for (const row of rows) if ((await callback(row, index++)) === false) return false
    }
    return true
  }

  /**
   * The rows after the one with this id.
   *
   * @param lastId - `null`: from the first row that has one.
   * @example
   * DB.table('users').forPageAfterId(15, 30)
   * // select * from "users" where "id" > $1 order by "id" asc limit 15
   */
  forPageAfterId(perPage = 15, lastId: unknown = 0, column: string | null = this.keyColumn()): this {
    return this.forPageById(perPage, lastId, byId(column, null, false))
  }

  /**
   * The rows before the one with this id, the largest id first.
   *
   * @param lastId - `null`: from the last row that has one.
   * @example
   * DB.table('users').forPageBeforeId(15, 30)
   * // select * from "users" where "id" < $1 order by "id" desc limit 15
   */
  forPageBeforeId(perPage = 15, lastId: unknown = 0, column: string | null = this.keyColumn()): this {
    return this.forPageById(perPage, lastId, byId(column, null, true))
  }

  private forPageById(perPage: number, lastId: unknown, { column, isDescending }: ById): this {
    const name = column as ColumnName<Row>
    const others = this.query.orders?.filter((order) => order.by !== column)
    this.query.orders = others?.length === 0 ? undefined : others
    if (lastId === null) this.whereNotNull(name)
    else this.where(name, isDescending ? '<' : '>', lastId as number)
    return this.orderBy(name, isDescending ? 'desc' : 'asc').limit(perPage)
  }

  /** The pages of {@link chunk}. */
  protected async *pages(size: number): AsyncGenerator<Chunk<Result>, void> {
    const rows = pageSize(size, 'The chunk size should be at least 1')
    const { unions, orders, unionOrders, limit, unionLimit, offset, unionOffset } = this.toSelect()
    const isOrdered = (unions === undefined ? orders : unionOrders) !== undefined
    const ordered = isOrdered ? this : this.clone().orderBy(this.keyColumn() as ColumnName<Row>)
    let left = (unions === undefined ? limit : unionLimit) ?? Number.POSITIVE_INFINITY
    let skipped = (unions === undefined ? offset : unionOffset) ?? 0
    for (let page = 1; left > 0; page += 1) {
      const wanted = Math.min(rows, left)
      const found = await ordered.clone().offset(skipped).limit(wanted).get()
      if (found.length === 0) return
      yield [found, page]
      if (found.length < rows) return
      skipped += found.length
      left -= found.length
    }
  }

  /** The pages of {@link chunkById}. */
  protected async *pagesById(size: number, by: ById): AsyncGenerator<Chunk<Result>, void> {
    const rows = pageSize(size, 'The chunk size should be at least 1')
    if (by.alias !== this.keyColumn() && this.query.offset === undefined && this.query.unions === undefined) {
      yield* this.pagesByColumn(rows, by)
      return
    }
    let left = this.query.limit ?? Number.POSITIVE_INFINITY
    let last: unknown = null
    for (let page = 1; left > 0; page += 1) {
      const wanted = Math.min(rows, left)
      const next = this.clone()
      if (page > 1 && (this.query.offset ?? 0) > 0) next.offset(0)
      const found = await next.forPageById(wanted, last, by).get()
      if (found.length === 0) return
      // Read before the callback, which may change the rows.
      const id = cellNamed(found.at(-1) as object, by.alias)
      yield [found, page]
      if (found.length < rows) return
      const reached = present(id, by.alias)
      if (last !== null && String(last) === String(reached)) {
        throw new InvalidArgumentException(
          'The same rows came again: put conditions joined by "or" in parentheses, where((query) => …), ' +
            'and unions in fromSub().',
        )
      }
      last = reached
      left -= found.length
    }
  }

  /** The pages by a column that may have the same value in several rows. */
  private async *pagesByColumn(
    size: number,
    { column, alias, isDescending }: ById,
  ): AsyncGenerator<Chunk<Result>, void> {
    const direction = isDescending ? 'desc' : 'asc'
    const ordered = this.clone()
    ordered.query.wheres = grouped(this.query.wheres)
    ordered.whereNotNull(column as ColumnName<Row>)
    ordered.query.orders = [{ by: column, direction, nulls: undefined }]
    ordered.query.limit = undefined
    let left = this.query.limit ?? Number.POSITIVE_INFINITY
    let start = {
      keys: [{ name: alias, by: column, direction }] as const,
      values: undefined as readonly unknown[] | undefined,
      isBackwards: false,
      wantsNulls: false,
      groupsConditions: false,
    }
    for (let page = 1; left > 0; page += 1) {
      const wanted = Math.min(size, left)
      const { rows, keys } = await ordered.keysetPage(wanted, [], start)
      const found = rows.slice(0, wanted)
      if (found.length === 0) return
      // Read before the callback, which may change the rows.
      const values = keys.map((key) => present(cellNamed(found.at(-1) as object, key.name), key.name))
      yield [found, page]
      if (rows.length <= wanted) return
      start = { ...start, keys: keys as typeof start.keys, values }
      left -= found.length
    }
  }
}

/** The column that pages are cut by. */
export function byId(column: string | null | undefined, alias: string | null | undefined, isDescending: boolean): ById {
  const name: unknown = column ?? 'id'
  if (typeof name !== 'string') {
    throw new InvalidArgumentException(`Pages are cut by the name of a column, not by ${describe(name)}.`)
  }
  return { column: name, alias: alias ?? name.slice(name.lastIndexOf('.') + 1), isDescending }
}

function present(id: unknown, name: string): unknown {
  if (id !== undefined && id !== null) return id
  throw new InvalidArgumentException(`The rows have no "${name}", by which the pages are cut: select it.`)
}
