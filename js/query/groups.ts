import { flattened } from '../support/lists'
import { columnOperand, rawText, rawValues, type ValueArgument } from './arguments'
import type { Conjunction, Predicate } from './ast'
import type { AnyRow } from './columns'
import { Expression } from './expression'
import { Selects } from './selects'
import type { QueryState } from './state'
import { conjunction, groupOf, predicateFrom, range } from './wheres/conditions'

/** Rows gathered into groups, and conditions on those. */
export abstract class Groups<Row = AnyRow, Result = Row> extends Selects<Row, Result> {
  /**
   * Gathers rows that are equal in these columns.
   *
   * @example
   * DB.table('users').select('city').groupBy('city')
   * // select "city" from "users" group by "city"
   */
  groupBy(...columns: readonly (string | Expression | readonly (string | Expression)[])[]): this {
    this.query.groups ??= []
    for (const column of flattened(columns)) this.query.groups.push(columnOperand(column, this))
    return this
  }

  /**
   * Gathers rows by SQL of your own, with a value for each `?`.
   *
   * @example
   * DB.table('orders').selectRaw('count(*)').groupByRaw('year(placed_at)')
   * // select count(*) from "orders" group by year(placed_at)
   */
  groupByRaw(sql: string | Expression, bindings?: readonly unknown[]): this {
    this.query.groups ??= []
    this.query.groups.push({ kind: 'raw', sql: rawText(sql), values: rawValues(bindings) })
    return this
  }

  /** Adds a condition on groups, unless it is an empty group of conditions. */
  protected addHaving(predicate: Predicate | undefined): this {
    if (predicate === undefined) return this
    this.query.havings ??= []
    this.query.havings.push(predicate)
    return this
  }

  /**
   * Keeps the groups that compare as asked.
   *
   * @example
   * DB.table('users').groupBy('city').having('city', '>', 'M')
   * // select * from "users" group by "city" having "city" > $1
   */
  having(column: string | Expression, value: ValueArgument): this
  having(column: string | Expression, operator: string, value: ValueArgument): this
  having(group: (query: this) => unknown): this
  having(condition: Expression): this
  having(...args: readonly unknown[]): this {
    return this.addHaving(predicateFrom('and', args, this, 'havings'))
  }

  /**
   * As {@link having}, joined by `or`.
   *
   * @example
   * DB.table('users').groupBy('city').having('city', '>', 'M').orHaving('city', 'A')
   * // select * from "users" group by "city" having "city" > $1 or "city" = $2
   */
  orHaving(column: string | Expression, value: ValueArgument): this
  orHaving(column: string | Expression, operator: string, value: ValueArgument): this
  orHaving(group: (query: this) => unknown): this
  orHaving(condition: Expression): this
  orHaving(...args: readonly unknown[]): this {
    return this.addHaving(predicateFrom('or', args, this, 'havings'))
  }

  /**
   * Conditions on groups that stand in parentheses; the same as `having` with a closure.
   *
   * @example
   * DB.table('users').groupBy('city').havingNested((query) => query.having('city', 'A').orHaving('city', 'B'))
   * // select * from "users" group by "city" having ("city" = $1 or "city" = $2)
   */
  havingNested(group: (query: this) => unknown, join = 'and'): this {
    return this.addHaving(groupOf(conjunction(join), group as (builder: QueryState) => unknown, this, 'havings'))
  }

  /**
   * Adds the conditions on groups of another builder, in parentheses.
   *
   * @example
   * DB.table('users').groupBy('city').addNestedHavingQuery(DB.table('users').having('city', 'A').orHaving('city', 'B'))
   * // select * from "users" group by "city" having ("city" = $1 or "city" = $2)
   */
  addNestedHavingQuery(query: QueryState, join = 'and'): this {
    const items = query.toSelect().havings
    return items === undefined ? this : this.addHaving({ kind: 'group', join: conjunction(join), items })
  }

  /**
   * Keeps the groups by SQL of your own, with a value for each `?`.
   *
   * @example
   * DB.table('orders').groupBy('city').havingRaw('sum(price) > ?', [2500])
   * // select * from "orders" group by "city" having sum(price) > $1
   */
  havingRaw(sql: string | Expression, bindings?: readonly unknown[]): this {
    return this.addHaving({ kind: 'raw', join: 'and', sql: rawText(sql), values: rawValues(bindings) })
  }

  /**
   * As {@link havingRaw}, joined by `or`.
   *
   * @example
   * DB.table('orders').groupBy('city').havingRaw('sum(price) > ?', [2500]).orHavingRaw('count(*) > 3')
   * // select * from "orders" group by "city" having sum(price) > $1 or count(*) > 3
   */
  orHavingRaw(sql: string | Expression, bindings?: readonly unknown[]): this {
    return this.addHaving({ kind: 'raw', join: 'or', sql: rawText(sql), values: rawValues(bindings) })
  }

  /**
   * Keeps the groups whose column lies between two values, both included.
   *
   * @example
   * DB.table('orders').groupBy('city').havingBetween('total', [5, 15])
   * // select * from "orders" group by "city" having "total" between $1 and $2
   */
  havingBetween(column: string | Expression, bounds: readonly [ValueArgument, ValueArgument]): this {
    return this.addHaving(range('and', false, column, bounds, this))
  }

  /**
   * As {@link havingBetween}, joined by `or`.
   *
   * @example
   * DB.table('orders').groupBy('city').having('total', 1).orHavingBetween('total', [5, 15])
   * // select * from "orders" group by "city" having "total" = $1 or "total" between $2 and $3
   */
  orHavingBetween(column: string | Expression, bounds: readonly [ValueArgument, ValueArgument]): this {
    return this.addHaving(range('or', false, column, bounds, this))
  }

  /**
   * Keeps the groups whose column lies outside of two values.
   *
   * @example
   * DB.table('orders').groupBy('city').havingNotBetween('total', [5, 15])
   * // select * from "orders" group by "city" having "total" not between $1 and $2
   */
  havingNotBetween(column: string | Expression, bounds: readonly [ValueArgument, ValueArgument]): this {
    return this.addHaving(range('and', true, column, bounds, this))
  }

  /**
   * As {@link havingNotBetween}, joined by `or`.
   *
   * @example
   * DB.table('orders').groupBy('city').having('total', 1).orHavingNotBetween('total', [5, 15])
   * // select * from "orders" group by "city" having "total" = $1 or "total" not between $2 and $3
   */
  orHavingNotBetween(column: string | Expression, bounds: readonly [ValueArgument, ValueArgument]): this {
    return this.addHaving(range('or', true, column, bounds, this))
  }

  /**
   * Keeps the groups without a value in the column.
   *
   * @example
   * DB.table('orders').groupBy('city').havingNull('city')
   * // select * from "orders" group by "city" having "city" is null
   */
  havingNull(columns: string | Expression | readonly (string | Expression)[]): this {
    return this.addHavingNulls('and', false, columns)
  }

  /**
   * As {@link havingNull}, joined by `or`.
   *
   * @example
   * DB.table('orders').groupBy('city').having('total', 1).orHavingNull('city')
   * // select * from "orders" group by "city" having "total" = $1 or "city" is null
   */
  orHavingNull(columns: string | Expression | readonly (string | Expression)[]): this {
    return this.addHavingNulls('or', false, columns)
  }

  /**
   * Keeps the groups with a value in the column.
   *
   * @example
   * DB.table('orders').groupBy('city').havingNotNull('city')
   * // select * from "orders" group by "city" having "city" is not null
   */
  havingNotNull(columns: string | Expression | readonly (string | Expression)[]): this {
    return this.addHavingNulls('and', true, columns)
  }

  /**
   * As {@link havingNotNull}, joined by `or`.
   *
   * @example
   * DB.table('orders').groupBy('city').having('total', 1).orHavingNotNull('city')
   * // select * from "orders" group by "city" having "total" = $1 or "city" is not null
   */
  orHavingNotNull(columns: string | Expression | readonly (string | Expression)[]): this {
    return this.addHavingNulls('or', true, columns)
  }

  private addHavingNulls(
    join: Conjunction,
    not: boolean,
    columns: string | Expression | readonly (string | Expression)[],
  ): this {
    const list = typeof columns === 'string' || columns instanceof Expression ? [columns] : columns
    for (const column of list) this.addHaving({ kind: 'null', join, not, column: columnOperand(column, this) })
    return this
  }
}
