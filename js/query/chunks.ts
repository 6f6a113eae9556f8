import { InvalidArgumentException } from '../errors'
import { rowCount } from './arguments'
import type { AnyRow, ColumnName } from './columns'
import { Writes } from './writes'

/** Many rows, a piece at a time. */
export abstract class Chunks<Row = AnyRow, Result = Row> extends Writes<Row, Result> {
  /** The rows. */
  abstract get(): Promise<Result[]>

  /**
   * Gives the rows to a callback, a page at a time. `limit()` and `offset()` of the query are kept.
   *
   * Pages are cut by counting rows, so the order has to stay the same from page to page: rows are
   * sorted by `id` unless the query says otherwise. To change the rows on the way, use {@link chunkById}.
   *
   * @param size - Rows on a page.
   * @param callback - `false` ends it.
   * @returns Whether it went to the end.
   * @example
   * await DB.table('users').orderBy('name').chunk(100, async (users) => { … })
   * // select * from "users" order by "name" asc limit 100 offset 0
   */
  async chunk(size: number, callback: (rows: Result[], page: number) => unknown): Promise<boolean> {
    const rows = pageSize(size)
    const { unions, orders, unionOrders, limit, unionLimit, offset, unionOffset } = this.query
    const ordered =
      (unions === undefined ? orders : unionOrders) === undefined ? this.clone().orderBy('id' as ColumnName<Row>) : this
    let left = (unions === undefined ? limit : unionLimit) ?? Number.POSITIVE_INFINITY
    let skipped = (unions === undefined ? offset : unionOffset) ?? 0
    for (let page = 1; left > 0; page += 1) {
      const wanted = Math.min(rows, left)
      const found = await ordered.clone().offset(skipped).limit(wanted).get()
      if (found.length === 0) break
      if ((await callback(found, page)) === false) return false
      if (found.length < wanted) break
      skipped += found.length
      left -= found.length
    }
    return true
  }

  /**
   * Gives the rows to a callback, a page at a time, by the value of a unique column.
   *
   * Rows may be changed and removed on the way: each page starts after the last row of the one before.
   *
   * @param column - Unique and not null.
   * @param alias - Its name in the rows, where that differs.
   * @returns Whether it went to the end.
   * @example
   * await DB.table('users').where('active', false).chunkById(100, async (users) => { … })
   * // select * from "users" where "active" = $1 and "id" > $2 order by "id" asc limit 100
   */
  async chunkById(
    size: number,
    callback: (rows: Result[], page: number) => unknown,
    column = 'id',
    alias = column.split('.').at(-1) ?? column,
  ): Promise<boolean> {
    const rows = pageSize(size)
    let left = this.query.limit ?? Number.POSITIVE_INFINITY
    let last: number | string | bigint | null = null
    for (let page = 1; left > 0; page += 1) {
      const wanted = Math.min(rows, left)
      const found = await this.clone()
        .tap((query) => {
          if (page > 1) query.query.offset = undefined
        })
        .forPageAfterId(wanted, last, column)
        .get()
      if (found.length === 0) break
      if ((await callback(found, page)) === false) return false
      if (found.length < wanted) break
      last = (found.at(-1) as Record<string, typeof last>)[alias] ?? null
      if (last === null) {
        throw new InvalidArgumentException(`chunkById() needs the column "${alias}" in every row: select it.`)
      }
      left -= found.length
    }
    return true
  }

  /**
   * The rows after the one with this id.
   *
   * @example
   * DB.table('users').forPageAfterId(15, 30)
   * // select * from "users" where "id" > $1 order by "id" asc limit 15
   */
  forPageAfterId(perPage = 15, lastId: number | string | bigint | null = 0, column = 'id'): this {
    const name = column as ColumnName<Row>
    this.query.orders = this.query.orders?.filter((order) => order.by !== column)
    if (lastId === null) this.whereNotNull(name)
    else this.where(name, '>', lastId)
    return this.orderBy(name).limit(perPage)
  }

  /** Gives the builder to a function. */
  abstract tap(callback: (query: this) => unknown): this
}

function pageSize(size: number): number {
  const rows = rowCount(size, 'A page')
  if (rows < 1) throw new InvalidArgumentException('A page holds at least one row.')
  return rows
}
