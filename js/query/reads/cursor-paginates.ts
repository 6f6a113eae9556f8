import { InvalidArgumentException } from '../../errors'
import { describe } from '../arguments'
import type { AnyRow, ColumnName } from '../columns'
import { Expression } from '../expression'
import { Cursor } from './cursor'
import { CursorPaginator } from './cursor-page'
import { cellNamed, type SortKey } from './keyset'
import { pageSize } from './keyset-pages'
import { Paginates } from './paginates'
import type { Columns, Read } from './results'

/** Where a page begins: what the page before gave. */
type CursorArgument = string | Cursor | null

/** Options of guruorm 2. */
export interface CursorPageOptions {
  /** Where the page begins; without it, at the first row. */
  readonly cursor?: CursorArgument | undefined
  /** The columns that sort the rows, unless the query has an order. */
  readonly cursorColumns?: string | readonly string[] | undefined
  /** Whether the page after the cursor is meant or the one before. */
  readonly direction?: 'next' | 'prev' | undefined
}

/** What a call means, in whichever form it was written. */
interface CursorCall {
  readonly columns: readonly unknown[]
  readonly cursor: Cursor | null
  /** Columns that are to sort the rows. */
  readonly sortedBy: readonly string[]
}

/** Pages by the place of their first row: as fast far behind as at the beginning, and steady while rows are added. */
export abstract class CursorPaginates<Row = AnyRow, Result = Row> extends Paginates<Row, Result> {
  /**
   * The page behind a cursor, and the cursors of its neighbours.
   *
   * Rows are sorted as the query says, else by `id`. Rows that are equal in the order are told apart by `id`; rows
   * without a value in the order have their pages as well.
   *
   * @param cursor - `nextCursor` or `prevCursor` of another page; `null` for the first page.
   * @param column - What sorts the rows, unless the query has an order.
   * @throws InvalidArgumentException for a cursor that no page gave, for one of another order, and for an order by SQL of
   * one's own, by a list or by chance.
   * @example
   * const page = await DB.table('users').orderBy('votes', 'desc').cursorPaginate(20)
   * // select * from "users" order by "votes" desc limit 21
   * const next = await DB.table('users').orderBy('votes', 'desc').cursorPaginate(20, page.nextCursor)
   * // select * from "users" where ("votes" < $1) order by "votes" desc limit 21
   */
  cursorPaginate(
    perPage?: number,
    cursor?: CursorArgument | CursorPageOptions,
    column?: string,
  ): Promise<CursorPaginator<Result>>
  cursorPaginate<const Names extends Columns<Row>>(
    perPage: number,
    columns: Names,
    cursorName?: string,
    cursor?: CursorArgument,
  ): Promise<CursorPaginator<Read<Row, Result, Names>>>
  async cursorPaginate(perPage = 15, ...args: readonly unknown[]): Promise<CursorPaginator<unknown>> {
    const size = pageSize(perPage)
    const { columns, cursor, sortedBy } = cursorCall(args)
    this.refuseUndirected()
    const query = this.sortedFor(sortedBy)
    const isBackwards = cursor?.pointsToPreviousItems() ?? false
    const order = query.sortKeys()
    const id = this.keyColumn()
    const isTold = cursor?.has(id) === true && !order.some(({ name }) => name === id)
    const told: SortKey[] = isTold ? [{ name: id, by: id, direction: order.at(-1)?.direction ?? 'asc' }] : []
    const { rows, keys } = await query.keysetPage(size, columns, {
      keys: [...order, ...told],
      values: cursor === null ? undefined : [...order, ...told].map(({ name }) => cursor.parameter(name)),
      isBackwards,
      wantsNulls: cursor?.isOfPage ?? false,
      groupsConditions: cursor?.isOfPage ?? false,
    })
    const isCut = rows.length > size
    const data = isCut ? rows.slice(0, size) : rows
    if (isBackwards) data.reverse()
    const place = (row: Result | undefined, pointsToNext: boolean) =>
      row === undefined ? null : cursorAt(row as object, keys, pointsToNext)
    const hasNext = isBackwards || isCut
    const hasPrevious = isBackwards ? isCut : cursor !== null
    return new CursorPaginator<unknown>(
      data,
      size,
      hasNext ? place(data.at(-1), true) : null,
      hasPrevious ? place(data[0], false) : null,
    )
  }

  /** Pages begin behind the values of a row: an order that is no value of a column cannot be found again. */
  private refuseUndirected(): void {
    const { orders, unionOrders } = this.toSelect()
    if ([...(orders ?? []), ...(unionOrders ?? [])].every(({ direction }) => direction !== undefined)) return
    throw new InvalidArgumentException(
      'cursorPaginate() needs orderBy() with columns: rows that are sorted by SQL of your own, by a list or by chance ' +
        'have no place to go on from.',
    )
  }

  /** A copy that sorts its rows, by these columns if it did not. */
  private sortedFor(columns: readonly string[]): this {
    const sorted = this.clone()
    const isSorted = this.sortKeys().length > 0
    if (isSorted && columns.length === 0) return sorted
    const names = columns.length === 0 ? [this.keyColumn()] : columns
    const known = new Set(this.sortKeys().map(({ name }) => name))
    for (const name of names) if (!known.has(name)) sorted.orderBy(name as ColumnName<Row>)
    return sorted
  }
}

/** `(cursor)`, `(cursor, column)`, `({ cursor, … })` or, as in Laravel, `(columns, name, cursor)`. */
function cursorCall([first, second, third]: readonly unknown[]): CursorCall {
  if (first === undefined || first === null) {
    const sortedBy = third === undefined && typeof second === 'string' ? [second] : []
    return { columns: [], cursor: cursorOf(third), sortedBy }
  }
  if (first instanceof Cursor || (typeof first === 'string' && first !== '*')) {
    return { columns: [], cursor: cursorOf(first), sortedBy: typeof second === 'string' ? [second] : [] }
  }
  if (Array.isArray(first) || first === '*' || first instanceof Expression) {
    return { columns: Array.isArray(first) ? first : [first], cursor: cursorOf(third), sortedBy: [] }
  }
  if (typeof first !== 'object') {
    throw new InvalidArgumentException(`cursorPaginate() takes a cursor or columns, not ${describe(first)}.`)
  }
  const { cursor, cursorColumns = [], direction } = first as CursorPageOptions
  if (direction !== undefined && direction !== 'next' && direction !== 'prev') {
    throw new InvalidArgumentException('The direction of a page is "next" or "prev".')
  }
  const given = cursorOf(cursor)
  const turned = given === null || direction === undefined ? given : turnedTo(given, direction === 'next')
  return { columns: [], cursor: turned, sortedBy: [cursorColumns].flat() }
}

function cursorOf(cursor: unknown): Cursor | null {
  if (cursor instanceof Cursor) return cursor
  if (cursor === undefined || cursor === null || typeof cursor === 'string') return Cursor.fromEncoded(cursor)
  throw new InvalidArgumentException(`A cursor is the text that a page has given, not ${describe(cursor)}.`)
}

function turnedTo(cursor: Cursor, pointsToNextItems: boolean): Cursor {
  const { _pointsToNextItems, ...parameters } = cursor.toArray()
  return new Cursor(parameters, pointsToNextItems, cursor.isOfPage)
}

/** The place beside a row. */
function cursorAt(row: object, keys: readonly SortKey[], pointsToNextItems: boolean): Cursor {
  const values = keys.map(({ name }) => [name, cellNamed(row, name) ?? null])
  return new Cursor(Object.fromEntries(values), pointsToNextItems, true)
}
