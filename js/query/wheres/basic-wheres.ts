import { InvalidArgumentException } from '../../errors'
import {
  type ColumnArgument,
  type ColumnValues,
  type ConditionTuple,
  type Queryable,
  rawText,
  rawValues,
  selectOf,
  type ValueArgument,
  type WhereArguments,
} from '../arguments'
import type { Conjunction, Predicate } from '../ast'
import type { AnyRow, ColumnName } from '../columns'
import type { Expression } from '../expression'
import { QueryState } from '../state'
import { columnComparison, conjunction, groupOf, predicateFrom } from './conditions'

/** Conditions of every form: comparisons, groups, sub-queries, SQL of one's own. */
export abstract class BasicWheres<Row = AnyRow> extends QueryState {
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
  whereNot(column: ColumnArgument<Row>, operator: string, value: ValueArgument, join?: string): this
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
   * Conditions that stand in parentheses; the same as `where` with a closure.
   *
   * @example
   * DB.table('users').where('admin', true).whereNested((query) => query.where('votes', 1).orWhere('votes', 2), 'or')
   * // select * from "users" where "admin" = $1 or ("votes" = $2 or "votes" = $3)
   */
  whereNested(group: (query: this) => unknown, join = 'and'): this {
    return this.addWhere(groupOf(conjunction(join), group as (builder: QueryState) => unknown, this, 'wheres'))
  }

  /**
   * An empty builder on the same table, whose conditions {@link addNestedWhereQuery} takes.
   *
   * @example
   * const inner = query.forNestedWhere().where('votes', 1).orWhere('votes', 2)
   */
  forNestedWhere(): this {
    return this.newGroup()
  }

  /**
   * Adds the conditions of another builder, in parentheses.
   *
   * @example
   * DB.table('users').where('admin', true).addNestedWhereQuery(DB.table('users').where('votes', 1).orWhere('votes', 2))
   * // select * from "users" where "admin" = $1 and ("votes" = $2 or "votes" = $3)
   */
  addNestedWhereQuery(query: QueryState, join = 'and'): this {
    if (!(query instanceof QueryState)) throw new InvalidArgumentException('addNestedWhereQuery() takes a builder.')
    const items = query.toSelect().wheres
    return items === undefined ? this : this.addWhere({ kind: 'group', join: conjunction(join), items })
  }

  /**
   * Adds conditions as another builder holds them. For libraries that put queries together.
   *
   * @example
   * DB.table('users').mergeWheres(DB.table('people').where('age', '>', 18).query.wheres)
   * // select * from "users" where "age" > $1
   */
  mergeWheres(predicates: readonly Predicate[] | undefined): this {
    for (const predicate of predicates ?? []) this.addWhere(predicate)
    return this
  }

  /**
   * Compares two columns.
   *
   * @example
   * DB.table('users').whereColumn('updated_at', '>', 'created_at')
   * // select * from "users" where "updated_at" > "created_at"
   */
  whereColumn(first: ColumnName<Row> | Expression, second: ColumnName<Row> | Expression): this
  whereColumn(
    first: ColumnName<Row> | Expression,
    operator: string,
    second: ColumnName<Row> | Expression,
    join?: string,
  ): this
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
  orWhereColumn(first: ColumnName<Row> | Expression, second: ColumnName<Row> | Expression): this
  orWhereColumn(first: ColumnName<Row> | Expression, operator: string, second: ColumnName<Row> | Expression): this
  orWhereColumn(pairs: readonly (readonly [string, string] | readonly [string, string, string])[]): this
  orWhereColumn(...args: readonly unknown[]): this {
    return this.addColumns('or', args)
  }

  private addColumns(join: Conjunction, args: readonly unknown[]): this {
    const [pairs] = args
    const joined = args[3] === undefined ? join : conjunction(args[3])
    if (args.length > 1 || pairs === null || typeof pairs !== 'object')
      return this.addWhere(columnComparison(joined, args.slice(0, 3), this))
    const list: readonly (readonly unknown[])[] = Array.isArray(pairs) ? pairs : Object.entries(pairs)
    const items = list.map((pair) => columnComparison(join, pair, this))
    return this.addWhere(items.length === 0 ? undefined : { kind: 'group', join, items })
  }

  /**
   * Compares a column with what a query finds.
   *
   * @example
   * DB.table('users').whereSub('votes', '>', (query) => query.from('polls').selectRaw('avg(votes)'))
   * // select * from "users" where "votes" > (select avg(votes) from "polls")
   */
  whereSub(column: ColumnArgument<Row>, operator: string, query: Queryable, join = 'and'): this {
    return this.addWhere(predicateFrom(conjunction(join), [column, operator, query], this, 'wheres'))
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

  /**
   * As {@link whereExists}, with a builder.
   *
   * @example
   * DB.table('users').addWhereExistsQuery(DB.table('orders').whereColumn('orders.user_id', 'users.id'))
   * // select * from "users" where exists (select * from "orders" where "orders"."user_id" = "users"."id")
   */
  addWhereExistsQuery(query: QueryState, join = 'and', not = false): this {
    return this.addExists(conjunction(join), not, query)
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
}
