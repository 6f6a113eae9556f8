import { InvalidArgumentException } from '../errors'
import {
  type ColumnArgument,
  columnOperand,
  randomNode,
  rawText,
  rawValues,
  rowCount,
  type ValueArgument,
  valueOperand,
} from './arguments'
import { limitClause, type Operand, type Order } from './ast'
import type { AnyRow, ColumnName } from './columns'
import type { Expression } from './expression'
import { Groups } from './groups'

/** What rows are sorted by: a column of the table, or one that the query reads under a name of its own. */
export type OrderColumn<Row, Result> = ColumnArgument<Row> | (keyof Result & string) | ComputedColumn

/** Names of what is computed of related rows. */
type ComputedColumn = `${string}_${'count' | 'exists'}` | `${string}_${'sum' | 'avg' | 'min' | 'max'}_${string}`

/** The order of the rows, and how many. After a `union` they are about all members together. */
export abstract class Orders<Row = AnyRow, Result = Row> extends Groups<Row, Result> {
  /**
   * Sorts the rows; later calls decide between rows that are equal so far.
   *
   * @param direction - `asc` or `desc`, in any case.
   * @param nulls - `first` or `last`: where rows without a value go. Left out, the database decides.
   * @example
   * DB.table('users').orderBy('name').orderBy('email', 'desc')
   * // select * from "users" order by "name" asc, "email" desc
   * DB.table('users').orderBy('seen_at', 'desc', 'last')
   * // postgres: select * from "users" order by "seen_at" desc nulls last
   * // mysql:    select * from `users` order by case when `seen_at` is null then 1 else 0 end, `seen_at` desc
   */
  orderBy(column: OrderColumn<Row, Result>, direction: string = 'asc', nulls?: 'first' | 'last'): this {
    const lower = typeof direction === 'string' ? direction.toLowerCase() : direction
    if (lower !== 'asc' && lower !== 'desc') {
      throw new InvalidArgumentException('Order direction must be "asc" or "desc".')
    }
    if (nulls !== undefined && nulls !== 'first' && nulls !== 'last') {
      throw new InvalidArgumentException('Rows without a value go "first" or "last".')
    }
    return this.addOrder({ by: columnOperand(column, this), direction: lower, nulls })
  }

  /**
   * Sorts the rows, the largest first.
   *
   * @example
   * DB.table('users').orderByDesc('votes')
   * // select * from "users" order by "votes" desc
   */
  orderByDesc(column: OrderColumn<Row, Result>): this {
    return this.orderBy(column, 'desc')
  }

  /**
   * Sorts the rows by SQL of your own, with a value for each `?`.
   *
   * @example
   * DB.table('users').orderByRaw('coalesce(votes, ?) desc', [0])
   * // select * from "users" order by coalesce(votes, $1) desc
   */
  orderByRaw(sql: string | Expression, bindings?: readonly unknown[]): this {
    return this.addOrder(unsaid({ kind: 'raw', sql: rawText(sql), values: rawValues(bindings) }))
  }

  /**
   * Sorts the rows by the place of a column's value in a list; rows with another value come last.
   *
   * @throws InvalidArgumentException for an empty list.
   * @example
   * DB.table('tickets').inOrderOf('priority', ['high', 'medium', 'low'])
   * // select * from "tickets" order by case when "priority" = $1 then 0 when "priority" = $2 then 1 when "priority" = $3 then 2 else 3 end
   */
  inOrderOf(column: OrderColumn<Row, Result>, values: readonly ValueArgument[]): this {
    if (values.length === 0) throw new InvalidArgumentException('inOrderOf() needs at least one value.')
    const places = values.map((value) => valueOperand(value, column, this))
    return this.addOrder(unsaid({ kind: 'position', column: columnOperand(column, this), values: places }))
  }

  /**
   * Sorts the rows by chance.
   *
   * @param seed - A whole number that makes the order the same each time (MySQL, MariaDB).
   * @example
   * DB.table('users').inRandomOrder()
   * // postgres: select * from "users" order by RANDOM()
   */
  inRandomOrder(seed: number | string = ''): this {
    return this.addOrder(unsaid(randomNode(seed)))
  }

  /**
   * The newest rows first.
   *
   * @example
   * DB.table('users').latest()
   * // select * from "users" order by "created_at" desc
   */
  latest(column: OrderColumn<Row, Result> = 'created_at' as ColumnName<Row>): this {
    return this.orderBy(column, 'desc')
  }

  /**
   * The oldest rows first.
   *
   * @example
   * DB.table('users').oldest()
   * // select * from "users" order by "created_at" asc
   */
  oldest(column: OrderColumn<Row, Result> = 'created_at' as ColumnName<Row>): this {
    return this.orderBy(column, 'asc')
  }

  /**
   * Takes the order back, and sets the largest first of another one if a column is given.
   *
   * @example
   * DB.table('users').orderBy('name').reorderDesc('email')
   * // select * from "users" order by "email" desc
   */
  reorderDesc(column?: OrderColumn<Row, Result>): this {
    return this.reorder(column, 'desc')
  }

  /**
   * Takes the order back, and sets another one if a column is given.
   *
   * @example
   * DB.table('users').orderBy('name').reorder('email', 'desc')
   * // select * from "users" order by "email" desc
   */
  reorder(column?: OrderColumn<Row, Result>, direction: string = 'asc'): this {
    this.query.orders = undefined
    this.query.unionOrders = undefined
    return column === undefined ? this : this.orderBy(column, direction)
  }

  protected addOrder(order: Order): this {
    const clause = this.query.unions === undefined ? 'orders' : 'unionOrders'
    this.query[clause] ??= []
    this.query[clause].push(order)
    return this
  }

  /**
   * At most so many rows; `null` takes the limit back.
   *
   * @param rows - A whole number, not bound but part of the SQL text.
   * @throws InvalidArgumentException for a negative number, and for what is no whole number.
   * @example
   * DB.table('users').limit(5)
   * // select * from "users" limit 5
   */
  limit(rows: number | string | null): this {
    this.query[limitClause(this.query)] = rows === null ? undefined : mostRows(rows, 'limit()')
    return this
  }

  /**
   * At most so many rows of each group: those with the same value in a column. The query's own order says which.
   *
   * @throws InvalidArgumentException for a negative number, and for what is no whole number.
   * @example
   * DB.table('posts').orderByDesc('created_at').groupLimit(3, 'user_id')
   * // select * from (select *, row_number() over (partition by "user_id" order by "created_at" desc) as "laravel_row"
   * //   from "posts") as "laravel_table" where "laravel_row" <= 3 order by "laravel_row"
   */
  groupLimit(rows: number | string, column: OrderColumn<Row, Result>): this {
    this.query.groupLimit = { rows: mostRows(rows, 'groupLimit()'), column: columnOperand(column, this) }
    return this
  }

  /**
   * The limit, if there is one.
   *
   * @example
   * DB.table('users').limit(5).getLimit()
   * // 5
   */
  getLimit(): number | null {
    return this.query[limitClause(this.query)] ?? null
  }

  /**
   * How many rows are skipped, if any number was given.
   *
   * @example
   * DB.table('users').offset(5).getOffset()
   * // 5
   */
  getOffset(): number | null {
    return (this.query.unions === undefined ? this.query.offset : this.query.unionOffset) ?? null
  }

  /**
   * Another name of {@link limit}.
   *
   * @example
   * DB.table('users').take(5)
   * // select * from "users" limit 5
   */
  take(rows: number | string | null): this {
    return this.limit(rows)
  }

  /**
   * Skips so many rows; `null` skips none.
   *
   * @param rows - A whole number, not bound but part of the SQL text. A negative one counts as 0.
   * @example
   * DB.table('users').offset(10).limit(5)
   * // select * from "users" limit 5 offset 10
   */
  offset(rows: number | string | null): this {
    const clause = this.query.unions === undefined ? 'offset' : 'unionOffset'
    this.query[clause] = rows === null ? 0 : Math.max(0, rowCount(rows, 'offset()'))
    return this
  }

  /**
   * Another name of {@link offset}.
   *
   * @example
   * DB.table('users').skip(10).take(5)
   * // select * from "users" limit 5 offset 10
   */
  skip(rows: number | string | null): this {
    return this.offset(rows)
  }

  /**
   * The rows of one page.
   *
   * @param page - Counted from 1.
   * @param perPage - Rows on a page.
   * @example
   * DB.table('users').forPage(2, 15)
   * // select * from "users" limit 15 offset 15
   */
  forPage(page: number | string, perPage: number | string = 15): this {
    const rows = mostRows(perPage, 'forPage()')
    return this.offset((rowCount(page, 'forPage()') - 1) * rows).limit(rows)
  }
}

/** A limit: a negative one is a mistake of the program, not a wish for every row. */
function mostRows(value: unknown, what: string): number {
  const count = rowCount(value, what)
  if (count < 0) throw new InvalidArgumentException(`${what} takes no negative number: there are no ${count} rows.`)
  return count
}

/** An order whose SQL says itself which end comes first. */
function unsaid(by: Operand): Order {
  return { by, direction: undefined, nulls: undefined }
}
