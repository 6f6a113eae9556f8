import { columnOperand } from './arguments'
import type { AggregateFunction, Query, SelectQuery } from './ast'
import { Callbacks } from './callbacks'
import type { AnyRow } from './columns'
import type { AggregateColumn, KnownColumn, Value } from './reads/results'

/** Numbers about the rows. None of these calls changes the builder. */
export abstract class Aggregates<Row = AnyRow, Result = Row> extends Callbacks<Row, Result> {
  /**
   * How many rows there are, or how many have a value in the column.
   *
   * @example
   * await DB.table('users').count()
   * // select count(*) as "aggregate" from "users"
   */
  async count(columns: AggregateColumn<Row> | readonly AggregateColumn<Row>[] = '*'): Promise<number> {
    return Number((await this.aggregate('count', columns)) ?? 0)
  }

  /**
   * The sum of a column; 0 when there is no row. Of the type that the database computes with.
   *
   * @example
   * await DB.table('orders').sum('price')
   * // select sum("price") as "aggregate" from "orders"
   */
  sum(column: AggregateColumn<Row>): Promise<number | string> {
    return this.numericAggregate('sum', column)
  }

  /**
   * The mean of a column; `null` when there is no row.
   *
   * @example
   * await DB.table('orders').avg('price')
   * // select avg("price") as "aggregate" from "orders"
   */
  async avg(column: AggregateColumn<Row>): Promise<number | string | null> {
    return ((await this.aggregate('avg', column)) ?? null) as number | string | null
  }

  /**
   * Another name of {@link avg}.
   *
   * @example
   * await DB.table('orders').average('price')
   * // select avg("price") as "aggregate" from "orders"
   */
  average(column: AggregateColumn<Row>): Promise<number | string | null> {
    return this.avg(column)
  }

  /**
   * The smallest value of a column; `null` when there is no row.
   *
   * @example
   * await DB.table('orders').min('price')
   * // select min("price") as "aggregate" from "orders"
   */
  min<const Column extends KnownColumn<Row>>(column: Column): Promise<Value<Row, Column> | null>
  min<T = number | string | Date | null>(column: AggregateColumn<Row>): Promise<T>
  async min(column: AggregateColumn<Row>): Promise<unknown> {
    return (await this.aggregate('min', column)) ?? null
  }

  /**
   * The largest value of a column; `null` when there is no row.
   *
   * @example
   * await DB.table('orders').max('price')
   * // select max("price") as "aggregate" from "orders"
   */
  max<const Column extends KnownColumn<Row>>(column: Column): Promise<Value<Row, Column> | null>
  max<T = number | string | Date | null>(column: AggregateColumn<Row>): Promise<T>
  async max(column: AggregateColumn<Row>): Promise<unknown> {
    return (await this.aggregate('max', column)) ?? null
  }

  /**
   * What a function computes of the rows, as the database answers it.
   *
   * @example
   * await DB.table('orders').aggregate('max', 'price')
   * // select max("price") as "aggregate" from "orders"
   */
  async aggregate(
    name: AggregateFunction,
    columns: AggregateColumn<Row> | readonly AggregateColumn<Row>[] = '*',
  ): Promise<unknown> {
    const read = this.runRead(this.aggregateQuery(name, columns))
    const { rows } = read instanceof Promise ? await read : read
    return rows[0]?.aggregate
  }

  /**
   * As {@link aggregate}, with 0 where the database answers nothing.
   *
   * @example
   * await DB.table('orders').numericAggregate('sum', 'price')
   * // select sum("price") as "aggregate" from "orders"
   */
  async numericAggregate(
    name: AggregateFunction,
    columns: AggregateColumn<Row> | readonly AggregateColumn<Row>[] = '*',
  ): Promise<number | string> {
    return ((await this.aggregate(name, columns)) ?? 0) as number | string
  }

  /** The query of an aggregate. Columns and order say nothing about it, unless they are inside. */
  protected aggregateQuery(
    name: AggregateFunction,
    columns: AggregateColumn<Row> | readonly AggregateColumn<Row>[],
  ): Query & { readonly query: SelectQuery } {
    const query = this.selectCopy()
    const list = Array.isArray(columns) ? columns : [columns]
    query.aggregate = { function: name, columns: list.map((column) => columnOperand(column, this)) }
    if (query.unions === undefined && query.havings === undefined) query.columns = undefined
    else query.columns ??= [...query.aggregate.columns]
    if (query.groups === undefined) query.orders = undefined
    return { kind: 'select', query }
  }

  /**
   * Whether there is any row.
   *
   * @example
   * await DB.table('users').where('votes', '>', 100).exists()
   * // select exists(select * from "users" where "votes" > $1) as "exists"
   */
  async exists(): Promise<boolean> {
    const read = this.runRead({ kind: 'exists', query: this.toSelect() })
    const { rows } = read instanceof Promise ? await read : read
    return Boolean(rows[0]?.exists)
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
   * `true` when there is any row, else what the callback answers.
   *
   * @example
   * await DB.table('users').where('email', email).existsOr(() => 'unknown')
   * // select exists(select * from "users" where "email" = $1) as "exists"
   */
  async existsOr<T>(callback: () => T): Promise<true | Awaited<T>> {
    return (await this.exists()) ? true : await callback()
  }

  /**
   * `true` when there is no row, else what the callback answers.
   *
   * @example
   * await DB.table('users').where('email', email).doesntExistOr(() => 'taken')
   * // select exists(select * from "users" where "email" = $1) as "exists"
   */
  async doesntExistOr<T>(callback: () => T): Promise<true | Awaited<T>> {
    return (await this.doesntExist()) ? true : await callback()
  }
}
