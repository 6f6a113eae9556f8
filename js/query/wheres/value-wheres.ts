import type { Bindable } from '../../support/types'
import { type ColumnArgument, columnOperand, type Queryable, type ValueArgument } from '../arguments'
import type { Conjunction } from '../ast'
import type { AnyRow, ColumnName } from '../columns'
import type { Expression } from '../expression'
import { BasicWheres } from './basic-wheres'
import {
  columnRange,
  conjunction,
  integersOf,
  membership,
  nullSafeComparison,
  range,
  rowComparison,
  valueRange,
} from './conditions'

/** The list of a `whereIn`: values, or a query that finds them. */
type Members = Iterable<Bindable | Expression> | Queryable | Readonly<Record<string, unknown>>

/** The two ends of a range, both included. */
type Bounds = readonly [from: ValueArgument, to: ValueArgument]

/** Two columns that are the ends of a range. */
type ColumnBounds<Row> = readonly [from: ColumnName<Row> | Expression, to: ColumnName<Row> | Expression]

/** Conditions on one column and several values: lists, ranges, `null`. */
export abstract class ValueWheres<Row = AnyRow> extends BasicWheres<Row> {
  /**
   * Keeps the rows whose column equals one of the values. None is in an empty list.
   *
   * @example
   * DB.table('users').whereIn('id', [1, 2, 3])
   * // select * from "users" where "id" in ($1, $2, $3)
   * DB.table('users').whereIn('id', (query) => query.from('orders').select('user_id'))
   * // select * from "users" where "id" in (select "user_id" from "orders")
   */
  whereIn(column: ColumnArgument<Row>, values: Members, join = 'and', not = false): this {
    return this.addWhere(membership(conjunction(join), not, column, values, this))
  }

  /**
   * As {@link whereIn}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereIn('id', [1, 2])
   * // select * from "users" where "admin" = $1 or "id" in ($2, $3)
   */
  orWhereIn(column: ColumnArgument<Row>, values: Members): this {
    return this.addWhere(membership('or', false, column, values, this))
  }

  /**
   * Keeps the rows whose column equals none of the values. Every row passes an empty list.
   *
   * @example
   * DB.table('users').whereNotIn('id', [1, 2])
   * // select * from "users" where "id" not in ($1, $2)
   */
  whereNotIn(column: ColumnArgument<Row>, values: Members, join = 'and'): this {
    return this.addWhere(membership(conjunction(join), true, column, values, this))
  }

  /**
   * As {@link whereNotIn}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereNotIn('id', [1, 2])
   * // select * from "users" where "admin" = $1 or "id" not in ($2, $3)
   */
  orWhereNotIn(column: ColumnArgument<Row>, values: Members): this {
    return this.addWhere(membership('or', true, column, values, this))
  }

  /**
   * As {@link whereIn} with a query; guruorm 2's name for it.
   *
   * @example
   * DB.table('users').whereInSub('id', (query) => query.from('orders').select('user_id'))
   * // select * from "users" where "id" in (select "user_id" from "orders")
   */
  whereInSub(column: ColumnArgument<Row>, query: Queryable, join = 'and', not = false): this {
    return this.addWhere(membership(conjunction(join), not, column, query, this))
  }

  /**
   * As {@link whereNotIn} with a query; guruorm 2's name for it.
   *
   * @example
   * DB.table('users').whereNotInSub('id', (query) => query.from('orders').select('user_id'))
   * // select * from "users" where "id" not in (select "user_id" from "orders")
   */
  whereNotInSub(column: ColumnArgument<Row>, query: Queryable, join = 'and'): this {
    return this.addWhere(membership(conjunction(join), true, column, query, this))
  }

  /**
   * Keeps the rows whose column is one of these integers, which become part of the SQL: for lists of many thousands,
   * where each value would take a placeholder. Whatever is no integer becomes one: `"12 apples"` 12, other text 0.
   *
   * @example
   * DB.table('users').whereIntegerInRaw('id', [1, 2, 3])
   * // select * from "users" where "id" in (1, 2, 3)
   */
  whereIntegerInRaw(column: ColumnArgument<Row>, values: Iterable<unknown>, join = 'and', not = false): this {
    return this.addIntegers(conjunction(join), not, column, values)
  }

  /**
   * As {@link whereIntegerInRaw}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereIntegerInRaw('id', [1, 2])
   * // select * from "users" where "admin" = $1 or "id" in (1, 2)
   */
  orWhereIntegerInRaw(column: ColumnArgument<Row>, values: Iterable<unknown>): this {
    return this.addIntegers('or', false, column, values)
  }

  /**
   * Keeps the rows whose column is none of these integers, which become part of the SQL.
   *
   * @example
   * DB.table('users').whereIntegerNotInRaw('id', [1, 2])
   * // select * from "users" where "id" not in (1, 2)
   */
  whereIntegerNotInRaw(column: ColumnArgument<Row>, values: Iterable<unknown>, join = 'and'): this {
    return this.addIntegers(conjunction(join), true, column, values)
  }

  /**
   * As {@link whereIntegerNotInRaw}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereIntegerNotInRaw('id', [1, 2])
   * // select * from "users" where "admin" = $1 or "id" not in (1, 2)
   */
  orWhereIntegerNotInRaw(column: ColumnArgument<Row>, values: Iterable<unknown>): this {
    return this.addIntegers('or', true, column, values)
  }

  private addIntegers(join: Conjunction, not: boolean, column: ColumnArgument<Row>, values: Iterable<unknown>): this {
    return this.addWhere({
      kind: 'in',
      join,
      not,
      column: columnOperand(column, this),
      values: { integers: integersOf(values) },
    })
  }

  /**
   * Keeps the rows whose column lies between two values, both included.
   *
   * @example
   * DB.table('users').whereBetween('votes', [1, 100])
   * // select * from "users" where "votes" between $1 and $2
   */
  whereBetween(column: ColumnArgument<Row>, bounds: Bounds, join = 'and', not = false): this {
    return this.addWhere(range(conjunction(join), not, column, bounds, this))
  }

  /**
   * As {@link whereBetween}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereBetween('votes', [1, 100])
   * // select * from "users" where "admin" = $1 or "votes" between $2 and $3
   */
  orWhereBetween(column: ColumnArgument<Row>, bounds: Bounds): this {
    return this.addWhere(range('or', false, column, bounds, this))
  }

  /**
   * Keeps the rows whose column lies outside of two values.
   *
   * @example
   * DB.table('users').whereNotBetween('votes', [1, 100])
   * // select * from "users" where "votes" not between $1 and $2
   */
  whereNotBetween(column: ColumnArgument<Row>, bounds: Bounds, join = 'and'): this {
    return this.addWhere(range(conjunction(join), true, column, bounds, this))
  }

  /**
   * As {@link whereNotBetween}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereNotBetween('votes', [1, 100])
   * // select * from "users" where "admin" = $1 or "votes" not between $2 and $3
   */
  orWhereNotBetween(column: ColumnArgument<Row>, bounds: Bounds): this {
    return this.addWhere(range('or', true, column, bounds, this))
  }

  /**
   * Keeps the rows whose column lies between two other columns.
   *
   * @example
   * DB.table('patients').whereBetweenColumns('weight', ['min_weight', 'max_weight'])
   * // select * from "patients" where "weight" between "min_weight" and "max_weight"
   */
  whereBetweenColumns(column: ColumnArgument<Row>, bounds: ColumnBounds<Row>, join = 'and', not = false): this {
    return this.addWhere(columnRange(conjunction(join), not, column, bounds, this))
  }

  /**
   * As {@link whereBetweenColumns}, joined by `or`.
   *
   * @example
   * DB.table('patients').where('id', 1).orWhereBetweenColumns('weight', ['min_weight', 'max_weight'])
   * // select * from "patients" where "id" = $1 or "weight" between "min_weight" and "max_weight"
   */
  orWhereBetweenColumns(column: ColumnArgument<Row>, bounds: ColumnBounds<Row>): this {
    return this.addWhere(columnRange('or', false, column, bounds, this))
  }

  /**
   * Keeps the rows whose column lies outside of two other columns.
   *
   * @example
   * DB.table('patients').whereNotBetweenColumns('weight', ['min_weight', 'max_weight'])
   * // select * from "patients" where "weight" not between "min_weight" and "max_weight"
   */
  whereNotBetweenColumns(column: ColumnArgument<Row>, bounds: ColumnBounds<Row>, join = 'and'): this {
    return this.addWhere(columnRange(conjunction(join), true, column, bounds, this))
  }

  /**
   * As {@link whereNotBetweenColumns}, joined by `or`.
   *
   * @example
   * DB.table('patients').where('id', 1).orWhereNotBetweenColumns('weight', ['min_weight', 'max_weight'])
   * // select * from "patients" where "id" = $1 or "weight" not between "min_weight" and "max_weight"
   */
  orWhereNotBetweenColumns(column: ColumnArgument<Row>, bounds: ColumnBounds<Row>): this {
    return this.addWhere(columnRange('or', true, column, bounds, this))
  }

  /**
   * Keeps the rows with a value between two of their columns.
   *
   * @example
   * DB.table('rentals').whereValueBetween(new Date(), ['starts_at', 'ends_at'])
   * // select * from "rentals" where $1 between "starts_at" and "ends_at"
   */
  whereValueBetween(value: ValueArgument, columns: ColumnBounds<Row>, join = 'and', not = false): this {
    return this.addWhere(valueRange(conjunction(join), not, value, columns, this))
  }

  /**
   * As {@link whereValueBetween}, joined by `or`.
   *
   * @example
   * DB.table('rentals').where('id', 1).orWhereValueBetween(5, ['first', 'last'])
   * // select * from "rentals" where "id" = $1 or $2 between "first" and "last"
   */
  orWhereValueBetween(value: ValueArgument, columns: ColumnBounds<Row>): this {
    return this.addWhere(valueRange('or', false, value, columns, this))
  }

  /**
   * Keeps the rows with a value outside of two of their columns.
   *
   * @example
   * DB.table('rentals').whereValueNotBetween(5, ['first', 'last'])
   * // select * from "rentals" where $1 not between "first" and "last"
   */
  whereValueNotBetween(value: ValueArgument, columns: ColumnBounds<Row>, join = 'and'): this {
    return this.addWhere(valueRange(conjunction(join), true, value, columns, this))
  }

  /**
   * As {@link whereValueNotBetween}, joined by `or`.
   *
   * @example
   * DB.table('rentals').where('id', 1).orWhereValueNotBetween(5, ['first', 'last'])
   * // select * from "rentals" where "id" = $1 or $2 not between "first" and "last"
   */
  orWhereValueNotBetween(value: ValueArgument, columns: ColumnBounds<Row>): this {
    return this.addWhere(valueRange('or', true, value, columns, this))
  }

  /**
   * Keeps the rows without a value in the column, or in each of them.
   *
   * @example
   * DB.table('users').whereNull('deleted_at')
   * // select * from "users" where "deleted_at" is null
   */
  whereNull(columns: ColumnArgument<Row> | readonly string[], join = 'and', not = false): this {
    return this.addNulls(conjunction(join), not, columns)
  }

  /**
   * As {@link whereNull}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereNull('deleted_at')
   * // select * from "users" where "admin" = $1 or "deleted_at" is null
   */
  orWhereNull(columns: ColumnArgument<Row> | readonly string[]): this {
    return this.addNulls('or', false, columns)
  }

  /**
   * Keeps the rows with a value in the column, or in each of them.
   *
   * @example
   * DB.table('users').whereNotNull('email')
   * // select * from "users" where "email" is not null
   */
  whereNotNull(columns: ColumnArgument<Row> | readonly string[], join = 'and'): this {
    return this.addNulls(conjunction(join), true, columns)
  }

  /**
   * As {@link whereNotNull}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereNotNull('email')
   * // select * from "users" where "admin" = $1 or "email" is not null
   */
  orWhereNotNull(columns: ColumnArgument<Row> | readonly string[]): this {
    return this.addNulls('or', true, columns)
  }

  private addNulls(join: Conjunction, not: boolean, columns: ColumnArgument<Row> | readonly string[]): this {
    for (const column of Array.isArray(columns) ? columns : [columns]) {
      this.addWhere({ kind: 'null', join, not, column: columnOperand(column, this) })
    }
    return this
  }

  /**
   * Keeps the rows whose column equals the value, where `null` equals `null`.
   *
   * @example
   * DB.table('users').whereNullSafeEquals('team_id', teamId)
   * // postgres: select * from "users" where "team_id" is not distinct from $1
   * // mysql:    select * from `users` where `team_id` <=> ?
   */
  whereNullSafeEquals(column: ColumnArgument<Row>, value: ValueArgument, join = 'and'): this {
    return this.addWhere(nullSafeComparison(conjunction(join), column, value, this))
  }

  /**
   * As {@link whereNullSafeEquals}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereNullSafeEquals('team_id', teamId)
   * // postgres: select * from "users" where "id" = $1 or "team_id" is not distinct from $2
   */
  orWhereNullSafeEquals(column: ColumnArgument<Row>, value: ValueArgument): this {
    return this.addWhere(nullSafeComparison('or', column, value, this))
  }

  /**
   * Compares several columns with as many values, the first ones first: the rows after a place in an order.
   *
   * @throws InvalidArgumentException when there are not as many values as columns.
   * @example
   * DB.table('orders').whereRowValues(['placed_at', 'id'], '>', ['2026-01-31', 7])
   * // select * from "orders" where ("placed_at", "id") > ($1, $2)
   */
  whereRowValues(
    columns: readonly ColumnName<Row>[],
    operator: string,
    values: readonly ValueArgument[],
    join = 'and',
  ): this {
    return this.addWhere(rowComparison(conjunction(join), columns, operator, values, this))
  }

  /**
   * As {@link whereRowValues}, joined by `or`.
   *
   * @example
   * DB.table('orders').where('id', 1).orWhereRowValues(['placed_at', 'id'], '>', ['2026-01-01', 5])
   * // select * from "orders" where "id" = $1 or ("placed_at", "id") > ($2, $3)
   */
  orWhereRowValues(columns: readonly ColumnName<Row>[], operator: string, values: readonly ValueArgument[]): this {
    return this.addWhere(rowComparison('or', columns, operator, values, this))
  }
}
