import { columnOperand } from './arguments'
import type { AggregateFunction, Query } from './ast'
import type { AnyRow } from './columns'
import type { Expression } from './expression'
import { Locks } from './locks'

/** A column to compute with. */
type AggregateColumn = string | Expression

/** Numbers about the rows. None of these calls changes the builder. */
export abstract class Aggregates<Row = AnyRow, Result = Row> extends Locks<Row, Result> {
  /**
   * How many rows there are, or how many have a value in the column.
   *
   * @example
   * await DB.table('users').count()
   * // select count(*) as "aggregate" from "users"
   */
  async count(columns: AggregateColumn | readonly AggregateColumn[] = '*'): Promise<number> {
    return Number((await this.aggregate('count', columns)) ?? 0)
  }

  /**
   * The sum of a column; 0 when there is no row. Of the type that the database computes with.
   *
   * @example
   * await DB.table('orders').sum('price')
   * // select sum("price") as "aggregate" from "orders"
   */
  async sum(column: AggregateColumn): Promise<number | string> {
    return ((await this.aggregate('sum', column)) ?? 0) as number | string
  }

  /**
   * The mean of a column; `null` when there is no row.
   *
   * @example
   * await DB.table('orders').avg('price')
   * // select avg("price") as "aggregate" from "orders"
   */
  async avg(column: AggregateColumn): Promise<number | string | null> {
    return ((await this.aggregate('avg', column)) ?? null) as number | string | null
  }

  /**
   * Another name of {@link avg}.
   *
   * @example
   * await DB.table('orders').average('price')
   * // select avg("price") as "aggregate" from "orders"
   */
  average(column: AggregateColumn): Promise<number | string | null> {
    return this.avg(column)
  }

  /**
   * The smallest value of a column; `null` when there is no row.
   *
   * @example
   * await DB.table('orders').min('price')
   * // select min("price") as "aggregate" from "orders"
   */
  async min<T = number | string | Date | null>(column: AggregateColumn): Promise<T> {
    return ((await this.aggregate('min', column)) ?? null) as T
  }

  /**
   * The largest value of a column; `null` when there is no row.
   *
   * @example
   * await DB.table('orders').max('price')
   * // select max("price") as "aggregate" from "orders"
   */
  async max<T = number | string | Date | null>(column: AggregateColumn): Promise<T> {
    return ((await this.aggregate('max', column)) ?? null) as T
  }

  /**
   * Whether there is any row.
   *
   * @example
   * await DB.table('users').where('votes', '>', 100).exists()
   * // select exists(select * from "users" where "votes" > $1) as "exists"
   */
  async exists(): Promise<boolean> {
    const { rows } = await this.executor.runQuery({ kind: 'exists', query: this.toSelect() }, this.readMode())
    const [row] = rows
    return row !== undefined && Boolean(row.exists)
  }

  /**
   * Whether there is no row.
   *
   * @example
   * await DB.table('users').where('votes', '>', 100).doesntExist()
   * // select exists(select * from "users" where "votes" > $1) as "exists"
   */
  async doesntExist(): Promise<boolean> {
    return !(await this.exists())
  }

  /**
   * What a function computes of the rows, as the database answers it.
   *
   * @example
   * await DB.table('orders').aggregate('max', 'price')
   * // select max("price") as "aggregate" from "orders"
   */
  async aggregate(name: AggregateFunction, columns: AggregateColumn | readonly AggregateColumn[]): Promise<unknown> {
    const { rows } = await this.executor.runQuery(this.aggregateQuery(name, columns), this.readMode())
    return rows[0]?.aggregate
  }

  /** The query of an aggregate. Columns and order say nothing about it, unless they are inside. */
  protected aggregateQuery(name: AggregateFunction, columns: AggregateColumn | readonly AggregateColumn[]): Query {
    const query = this.selectCopy()
    const list = Array.isArray(columns) ? columns : [columns]
    query.aggregate = { function: name, columns: list.map((column) => columnOperand(column, this)) }
    if (query.unions === undefined && query.havings === undefined) query.columns = undefined
    else query.columns ??= [...query.aggregate.columns]
    if (query.groups === undefined) query.orders = undefined
    return { kind: 'select', query }
  }

  /** Which server reads go to. */
  protected readMode(): 'read' | 'write' {
    return this.query.lock === undefined ? 'read' : 'write'
  }
}
