import { LazyCollection } from '../../support/lazy-collection'
import { PiecewiseIterator } from '../../support/piecewise-iterator'
import type { AnyRow } from '../columns'
import { byId, type Chunk, Chunks } from './chunks'
import { pageSize } from './keyset-pages'

/** Many rows one by one, read a page at a time. None of these calls changes the builder. */
export abstract class Lazies<Row = AnyRow, Result = Row> extends Chunks<Row, Result> {
  /**
   * The rows one by one, read a page at a time as `chunk()` does. No connection is taken between the pages.
   *
   * @param size - Rows on a page.
   * @example
   * for await (const user of DB.table('users').orderBy('id').lazy()) { … }
   * // select * from "users" order by "id" asc limit 1000 offset 0
   */
  lazy(size = 1000): LazyCollection<Result> {
    return this.rowsOf(size, (query) => query.pages(size))
  }

  /**
   * The rows one by one, read a page at a time as `chunkById()` does: they may be changed on the way.
   *
   * @param column - Where rows are equal in it, their column `id` decides.
   * @param alias - Its name in the rows, where that differs.
   * @example
   * for await (const user of DB.table('users').lazyById()) { … }
   * // select * from "users" where "id" > $1 order by "id" asc limit 1000
   */
  lazyById(size = 1000, column?: string | null, alias?: string | null): LazyCollection<Result> {
    return this.lazyBy(size, column, alias, false)
  }

  /**
   * As {@link lazyById}, from the largest id to the smallest.
   *
   * @example
   * for await (const user of DB.table('users').lazyByIdDesc()) { … }
   * // select * from "users" where "id" < $1 order by "id" desc limit 1000
   */
  lazyByIdDesc(size = 1000, column?: string | null, alias?: string | null): LazyCollection<Result> {
    return this.lazyBy(size, column, alias, true)
  }

  private lazyBy(
    size: number,
    column: string | null | undefined,
    alias: string | null | undefined,
    isDescending: boolean,
  ): LazyCollection<Result> {
    return this.rowsOf(size, (query) => query.pagesById(size, byId(column ?? query.keyColumn(), alias, isDescending)))
  }

  /** The rows of pages. The query is as it was when it was called. */
  private rowsOf(size: number, pagesOf: (query: this) => AsyncIterable<Chunk<Result>>): LazyCollection<Result> {
    pageSize(size, 'The chunk size should be at least 1')
    const query = this.clone()
    return new LazyCollection(() => new PiecewiseIterator(withoutNumbers(pagesOf(query))))
  }
}

async function* withoutNumbers<Result>(pages: AsyncIterable<Chunk<Result>>): AsyncGenerator<Result[], void> {
  for await (const [rows] of pages) yield rows
}
