import type { Bindable } from '../support/types'
import {
  type ColumnArgument,
  type ColumnValues,
  type ConditionTuple,
  columnComparison,
  columnOperand,
  conjunction,
  likeness,
  membership,
  predicateFrom,
  type Queryable,
  range,
  rawText,
  rawValues,
  selectOf,
  type ValueArgument,
  type WhereArguments,
} from './arguments'
import type { Conjunction, Predicate } from './ast'
import type { AnyRow } from './columns'
import type { Expression } from './expression'
import { QueryState } from './state'

/** The list of a `whereIn`: values, or a query that finds them. */
type Members = Iterable<Bindable | Expression> | Queryable

/** The two ends of a `whereBetween`, both included. */
type Bounds = readonly [from: ValueArgument, to: ValueArgument]

/** Conditions on rows: the part that every filterable query shares. */
export abstract class Wheres<Row = AnyRow> extends QueryState {
  /** Adds a condition, unless it is an empty group. */
  protected addWhere(predicate: Predicate | undefined): this {
    if (predicate === undefined) return this
    this.query.wheres ??= []
    this.query.wheres.push(predicate)
    return this
  }

  /**
   * Keeps the rows whose column compares as asked. Calls add up with `and`.
   *
   * @param column - Name, `table.name`, or a JSON path such as `meta->lang`.
   * @param operator - Left out, it is `=`.
   * @param value - Sent as a binding, never as SQL text; `null` asks for `is null`.
   * @throws InvalidArgumentException for `undefined`; when the query runs, for an operator that the database lacks.
   * @example
   * DB.table('users').where('votes', '>', 100).where({ active: true })
   * // select * from "users" where "votes" > $1 and ("active" = $2)
   */
  where(column: ColumnArgument<Row>, value: ValueArgument): this
  where(column: ColumnArgument<Row>, operator: string, value: ValueArgument, join?: string): this
  where(columns: ColumnValues<Row> | readonly ConditionTuple<Row>[]): this
  where(group: (query: this) => unknown): this
  where(condition: Expression): this
  where(...args: WhereArguments<this, Row>): this {
    return this.addWhere(predicateFrom('and', args, this, 'wheres'))
  }

  /**
   * As {@link where}, joined by `or`.
   *
   * @example
   * DB.table('users').where('votes', '>', 100).orWhere('name', 'Ada')
   * // select * from "users" where "votes" > $1 or "name" = $2
   */
  orWhere(column: ColumnArgument<Row>, value: ValueArgument): this
  orWhere(column: ColumnArgument<Row>, operator: string, value: ValueArgument): this
  orWhere(columns: ColumnValues<Row> | readonly ConditionTuple<Row>[]): this
  orWhere(group: (query: this) => unknown): this
  orWhere(condition: Expression): this
  orWhere(...args: WhereArguments<this, Row>): this {
    return this.addWhere(predicateFrom('or', args, this, 'wheres'))
  }

  /**
   * Keeps the rows for which the condition, or the group, is not true.
   *
   * @example
   * DB.table('users').whereNot((query) => query.where('votes', '<', 10).orWhere('banned', true))
   * // select * from "users" where not ("votes" < $1 or "banned" = $2)
   */
  whereNot(column: ColumnArgument<Row>, value: ValueArgument): this
  whereNot(column: ColumnArgument<Row>, operator: string, value: ValueArgument): this
  whereNot(columns: ColumnValues<Row> | readonly ConditionTuple<Row>[]): this
  whereNot(group: (query: this) => unknown): this
  whereNot(condition: Expression): this
  whereNot(...args: WhereArguments<this, Row>): this {
    return this.addWhere(predicateFrom('and not', args, this, 'wheres'))
  }

  /**
   * As {@link whereNot}, joined by `or`.
   *
   * @example
   * DB.table('users').where('votes', 1).orWhereNot('name', 'Ada')
   * // select * from "users" where "votes" = $1 or not "name" = $2
   */
  orWhereNot(column: ColumnArgument<Row>, value: ValueArgument): this
  orWhereNot(column: ColumnArgument<Row>, operator: string, value: ValueArgument): this
  orWhereNot(columns: ColumnValues<Row> | readonly ConditionTuple<Row>[]): this
  orWhereNot(group: (query: this) => unknown): this
  orWhereNot(condition: Expression): this
  orWhereNot(...args: WhereArguments<this, Row>): this {
    return this.addWhere(predicateFrom('or not', args, this, 'wheres'))
  }

  /**
   * Compares two columns.
   *
   * @example
   * DB.table('users').whereColumn('updated_at', '>', 'created_at')
   * // select * from "users" where "updated_at" > "created_at"
   */
  whereColumn(first: string | Expression, second: string | Expression): this
  whereColumn(first: string | Expression, operator: string, second: string | Expression): this
  whereColumn(pairs: readonly (readonly [string, string] | readonly [string, string, string])[]): this
  whereColumn(...args: readonly unknown[]): this {
    return this.addColumns('and', args)
  }

  /**
   * As {@link whereColumn}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereColumn('updated_at', 'created_at')
   * // select * from "users" where "id" = $1 or "updated_at" = "created_at"
   */
  orWhereColumn(first: string | Expression, second: string | Expression): this
  orWhereColumn(first: string | Expression, operator: string, second: string | Expression): this
  orWhereColumn(pairs: readonly (readonly [string, string] | readonly [string, string, string])[]): this
  orWhereColumn(...args: readonly unknown[]): this {
    return this.addColumns('or', args)
  }

  private addColumns(join: Conjunction, args: readonly unknown[]): this {
    const [pairs] = args
    if (args.length > 1 || !Array.isArray(pairs)) return this.addWhere(columnComparison(join, args, this))
    const items = pairs.map((pair: readonly unknown[]) => columnComparison(join, pair, this))
    return this.addWhere(items.length === 0 ? undefined : { kind: 'group', join, items })
  }

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
   * Keeps the rows for which the query finds any row.
   *
   * @example
   * DB.table('users').whereExists((query) => query.from('orders').whereColumn('orders.user_id', 'users.id'))
   * // select * from "users" where exists (select * from "orders" where "orders"."user_id" = "users"."id")
   */
  whereExists(query: Queryable, join = 'and', not = false): this {
    return this.addExists(conjunction(join), not, query)
  }

  /**
   * As {@link whereExists}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereExists((query) => query.from('orders'))
   * // select * from "users" where "admin" = $1 or exists (select * from "orders")
   */
  orWhereExists(query: Queryable): this {
    return this.addExists('or', false, query)
  }

  /**
   * Keeps the rows for which the query finds no row.
   *
   * @example
   * DB.table('users').whereNotExists((query) => query.from('orders').whereColumn('orders.user_id', 'users.id'))
   * // select * from "users" where not exists (select * from "orders" where "orders"."user_id" = "users"."id")
   */
  whereNotExists(query: Queryable, join = 'and'): this {
    return this.addExists(conjunction(join), true, query)
  }

  /**
   * As {@link whereNotExists}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereNotExists((query) => query.from('orders'))
   * // select * from "users" where "admin" = $1 or not exists (select * from "orders")
   */
  orWhereNotExists(query: Queryable): this {
    return this.addExists('or', true, query)
  }

  private addExists(join: Conjunction, not: boolean, query: Queryable): this {
    return this.addWhere({ kind: 'exists', join, not, query: selectOf(query, this) })
  }

  /**
   * A condition in SQL of your own, with a value for each `?`.
   *
   * @example
   * DB.table('users').whereRaw('age > ? and votes = 100', [25])
   * // select * from "users" where age > $1 and votes = 100
   */
  whereRaw(sql: string | Expression, bindings?: readonly unknown[], join = 'and'): this {
    return this.addWhere({ kind: 'raw', join: conjunction(join), sql: rawText(sql), values: rawValues(bindings) })
  }

  /**
   * As {@link whereRaw}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereRaw('age > ?', [25])
   * // select * from "users" where "admin" = $1 or age > $2
   */
  orWhereRaw(sql: string | Expression, bindings?: readonly unknown[]): this {
    return this.whereRaw(sql, bindings, 'or')
  }

  /**
   * Keeps the rows whose column matches a pattern with `%` and `_`, whatever the case of its letters.
   *
   * @param caseSensitive - Whether `a` differs from `A`.
   * @throws UnsupportedException when the query runs, where the database cannot mind the case (SQL Server).
   * @example
   * DB.table('users').whereLike('name', '%John%')
   * // postgres: select * from "users" where "name"::text ilike $1
   * // mysql:    select * from `users` where `name` like ?
   */
  whereLike(column: ColumnArgument<Row>, pattern: ValueArgument, caseSensitive = false): this {
    return this.addWhere(likeness('and', false, column, pattern, caseSensitive, this))
  }

  /**
   * As {@link whereLike}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereLike('name', '%John%')
   * // postgres: select * from "users" where "admin" = $1 or "name"::text ilike $2
   */
  orWhereLike(column: ColumnArgument<Row>, pattern: ValueArgument, caseSensitive = false): this {
    return this.addWhere(likeness('or', false, column, pattern, caseSensitive, this))
  }

  /**
   * Keeps the rows whose column does not match a pattern.
   *
   * @example
   * DB.table('users').whereNotLike('name', '%John%')
   * // postgres: select * from "users" where "name"::text not ilike $1
   */
  whereNotLike(column: ColumnArgument<Row>, pattern: ValueArgument, caseSensitive = false): this {
    return this.addWhere(likeness('and', true, column, pattern, caseSensitive, this))
  }

  /**
   * As {@link whereNotLike}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereNotLike('name', '%John%')
   * // postgres: select * from "users" where "admin" = $1 or "name"::text not ilike $2
   */
  orWhereNotLike(column: ColumnArgument<Row>, pattern: ValueArgument, caseSensitive = false): this {
    return this.addWhere(likeness('or', true, column, pattern, caseSensitive, this))
  }
}
