import { rowCount } from './arguments'
import { copySelect, type Operand, type Query, type SelectQuery } from './ast'
import type { AnyRow } from './columns'
import { LengthAwarePaginator } from './counted-page'
import { Expression } from './expression'
import { pageSize } from './keyset-pages'
import { Lazies } from './lazies'
import type { Columns, Read, ValueColumn } from './results'
import { Paginator } from './simple-page'

/** Columns of a page: a list, or one of them. */
type PageColumns<Row> = Columns<Row> | Expression | '*' | null

/** What a call was given after the size of a page: the number of the page, or columns first, as in Laravel. */
type PageArguments = readonly [columns?: unknown, pageName?: unknown, page?: unknown, total?: unknown]

/** Numbered pages. None of these calls changes the builder. */
export abstract class Paginates<Row = AnyRow, Result = Row> extends Lazies<Row, Result> {
  /**
   * One page, and how many rows and pages there are in all. Counts the rows first.
   *
   * @param perPage - Rows on a page, or a function that is given the total.
   * @param page - From 1.
   * @example
   * const { data, total, lastPage } = await DB.table('users').orderBy('id').paginate(15, 2)
   * // select count(*) as "aggregate" from "users"
   * // select * from "users" order by "id" asc limit 15 offset 15
   */
  paginate(
    perPage?: number | ((total: number) => number),
    page?: number | string | null,
  ): Promise<LengthAwarePaginator<Result>>
  paginate<const Names extends Columns<Row>>(
    perPage: number | ((total: number) => number),
    columns: Names | PageColumns<Row>,
    pageName?: string,
    page?: number | string | null,
    total?: number | (() => number | Promise<number>) | null,
  ): Promise<LengthAwarePaginator<Read<Row, Result, Names>>>
  async paginate(
    perPage: number | ((total: number) => number) = 15,
    ...args: PageArguments
  ): Promise<LengthAwarePaginator<unknown>> {
    const { columns, page } = pageArguments(args)
    const given: unknown = typeof args[3] === 'function' ? await args[3]() : args[3]
    const total = given === undefined || given === null ? await this.getCountForPagination() : rowCount(given, 'total')
    const size = pageSize(typeof perPage === 'function' ? perPage(total) : perPage)
    const rows =
      total === 0
        ? []
        : await this.clone()
            .forPage(page, size)
            .get(...(columns as []))
    return new LengthAwarePaginator<unknown>(rows, total, size, page)
  }

  /**
   * One page, and whether there is another one. Counts nothing: reads one row more.
   *
   * @param page - From 1.
   * @example
   * const { data, hasMore } = await DB.table('users').orderBy('id').simplePaginate(15, 2)
   * // select * from "users" order by "id" asc limit 16 offset 15
   */
  simplePaginate(perPage?: number, page?: number | string | null): Promise<Paginator<Result>>
  simplePaginate<const Names extends Columns<Row>>(
    perPage: number,
    columns: Names | PageColumns<Row>,
    pageName?: string,
    page?: number | string | null,
  ): Promise<Paginator<Read<Row, Result, Names>>>
  async simplePaginate(perPage = 15, ...args: PageArguments): Promise<Paginator<unknown>> {
    const { columns, page } = pageArguments(args)
    const size = pageSize(perPage)
    const rows: unknown[] = await this.clone()
      .offset((page - 1) * size)
      .limit(size + 1)
      .get(...(columns as []))
    return new Paginator<unknown>(rows.slice(0, size), size, page, rows.length > size)
  }

  /**
   * How many rows all pages have: groups are counted as rows; order, limit and offset do not matter.
   *
   * @example
   * await DB.table('users').groupBy('city').getCountForPagination()
   * // select count(*) as "aggregate" from (select * from "users" group by "city") as "aggregate_table"
   */
  async getCountForPagination(columns: readonly ValueColumn<Row>[] = ['*']): Promise<number> {
    const { rows } = await this.runRead(this.countQuery(columns.map(withoutAlias)))
    return Number(rows[0]?.aggregate ?? 0)
  }

  private countQuery(columns: readonly Operand[]): Query & { readonly query: SelectQuery } {
    const query = copySelect(this.toSelect())
    if (query.groups !== undefined || query.havings !== undefined) {
      query.orders = undefined
      query.limit = undefined
      query.offset = undefined
      const table = this.tableAlias()
      if (query.columns === undefined && query.joins !== undefined && table !== undefined) {
        query.columns = [`${table}.*`]
      }
      return { kind: 'count', query }
    }
    query.aggregate = { function: 'count', columns }
    if (query.unions !== undefined) {
      query.unionOrders = undefined
      query.unionLimit = undefined
      query.unionOffset = undefined
    } else {
      query.columns = undefined
      query.orders = undefined
      query.limit = undefined
      query.offset = undefined
    }
    return { kind: 'select', query }
  }
}

/** `paginate(15, 2)` names a page, `paginate(15, ['id'], 'page', 2)` columns first. */
function pageArguments([first, , third]: PageArguments): { columns: readonly unknown[]; page: number } {
  const isPage = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))
  const page = isPage ? first : third
  return { columns: isPage ? [] : columnsOf(first), page: Math.max(1, rowCount(page ?? 1, 'A page')) }
}

function columnsOf(columns: unknown): readonly unknown[] {
  if (columns === undefined || columns === null) return []
  return Array.isArray(columns) ? columns : [columns]
}

/** Only what is read can be counted, not its name in the result. */
function withoutAlias(column: string | Expression): string | Expression {
  return column instanceof Expression ? column : (column.split(/\s+as\s+/i)[0] ?? column)
}
