import { InvalidArgumentException } from '../errors'
import { columnComparison, comparison, describe, type Queryable, subQueryNode, type ValueArgument } from './arguments'
import type { JoinKind, Predicate, Source } from './ast'
import type { AnyRow } from './columns'
import { Expression } from './expression'
import { JoinClause } from './join-clause'
import { Wheres } from './wheres'

/** A table to join: its name, or raw SQL. */
export type TableArgument = string | Expression

/** Two columns that match, or a closure that says more. */
type OnArguments =
  | [first: string | Expression, second: string | Expression]
  | [first: string | Expression, operator: string, second: string | Expression]
  | [conditions: (join: JoinClause) => unknown]

/** Other tables. */
export abstract class Joins<Row = AnyRow> extends Wheres<Row> {
  /**
   * Adds the matching rows of another table; rows without a match are left out.
   *
   * @example
   * DB.table('users').join('contacts', 'users.id', '=', 'contacts.user_id')
   * // select * from "users" inner join "contacts" on "users"."id" = "contacts"."user_id"
   */
  join(table: TableArgument, ...on: OnArguments): this
  join(
    table: TableArgument,
    first: string,
    operator: string,
    second: string,
    kind: 'inner' | 'left' | 'right' | 'cross',
    comparesWithValue?: boolean,
  ): this
  join(table: TableArgument, ...args: readonly unknown[]): this {
    const kind = args[3] ?? 'inner'
    if (kind !== 'inner' && kind !== 'left' && kind !== 'right' && kind !== 'cross') {
      throw new InvalidArgumentException('A join is "inner", "left", "right" or "cross".')
    }
    return args[4] === true
      ? this.addJoin(kind, table, [comparison('and', args[0], args[1], args[2], this)])
      : this.addJoin(kind, table, this.onOf(args.slice(0, 3)))
  }

  /**
   * Adds the matching rows of another table; rows of the left side without a match are kept.
   *
   * @example
   * DB.table('users').leftJoin('posts', 'users.id', 'posts.user_id')
   * // select * from "users" left join "posts" on "users"."id" = "posts"."user_id"
   */
  leftJoin(table: TableArgument, ...on: OnArguments): this {
    return this.addJoin('left', table, this.onOf(on))
  }

  /**
   * Adds the matching rows of another table; its rows without a match are kept.
   *
   * @example
   * DB.table('users').rightJoin('posts', 'users.id', 'posts.user_id')
   * // select * from "users" right join "posts" on "users"."id" = "posts"."user_id"
   */
  rightJoin(table: TableArgument, ...on: OnArguments): this {
    return this.addJoin('right', table, this.onOf(on))
  }

  /**
   * Adds every row of another table to every row.
   *
   * @example
   * DB.table('sizes').crossJoin('colors')
   * // select * from "sizes" cross join "colors"
   */
  crossJoin(table: TableArgument, ...on: OnArguments | []): this {
    return this.addJoin('cross', table, on.length === 0 ? undefined : this.onOf(on))
  }

  /**
   * Joins rows by comparing a column with a value.
   *
   * @example
   * DB.table('users').joinWhere('contacts', 'contacts.kind', '=', 'work')
   * // select * from "users" inner join "contacts" on "contacts"."kind" = $1
   */
  joinWhere(table: TableArgument, column: string | Expression, operator: string, value: ValueArgument): this {
    return this.addJoin('inner', table, [comparison('and', column, operator, value, this)])
  }

  /**
   * As {@link joinWhere}; rows of the left side without a match are kept.
   *
   * @example
   * DB.table('users').leftJoinWhere('contacts', 'contacts.kind', '=', 'work')
   * // select * from "users" left join "contacts" on "contacts"."kind" = $1
   */
  leftJoinWhere(table: TableArgument, column: string | Expression, operator: string, value: ValueArgument): this {
    return this.addJoin('left', table, [comparison('and', column, operator, value, this)])
  }

  /**
   * As {@link joinWhere}; rows of the right side without a match are kept.
   *
   * @example
   * DB.table('users').rightJoinWhere('contacts', 'contacts.kind', '=', 'work')
   * // select * from "users" right join "contacts" on "contacts"."kind" = $1
   */
  rightJoinWhere(table: TableArgument, column: string | Expression, operator: string, value: ValueArgument): this {
    return this.addJoin('right', table, [comparison('and', column, operator, value, this)])
  }

  /**
   * Joins the rows of a query under a name.
   *
   * @example
   * DB.table('users').joinSub(DB.table('posts').select('user_id'), 'p', 'users.id', 'p.user_id')
   * // select * from "users" inner join (select "user_id" from "posts") as "p" on "users"."id" = "p"."user_id"
   */
  joinSub(query: Queryable, as: string, ...on: OnArguments): this {
    return this.addJoin('inner', subQueryNode(query, this, as), this.onOf(on))
  }

  /**
   * As {@link joinSub}; rows of the left side without a match are kept.
   *
   * @example
   * DB.table('users').leftJoinSub(DB.table('posts'), 'p', 'users.id', 'p.user_id')
   * // select * from "users" left join (select * from "posts") as "p" on "users"."id" = "p"."user_id"
   */
  leftJoinSub(query: Queryable, as: string, ...on: OnArguments): this {
    return this.addJoin('left', subQueryNode(query, this, as), this.onOf(on))
  }

  /**
   * As {@link joinSub}; rows of the query without a match are kept.
   *
   * @example
   * DB.table('users').rightJoinSub(DB.table('posts'), 'p', 'users.id', 'p.user_id')
   * // select * from "users" right join (select * from "posts") as "p" on "users"."id" = "p"."user_id"
   */
  rightJoinSub(query: Queryable, as: string, ...on: OnArguments): this {
    return this.addJoin('right', subQueryNode(query, this, as), this.onOf(on))
  }

  private onOf(args: readonly unknown[]): readonly Predicate[] | undefined {
    const [only] = args
    if (args.length !== 1) return [columnComparison('and', args, this)]
    if (typeof only !== 'function') {
      throw new InvalidArgumentException(`join() takes two columns or a closure, not ${describe(only)}.`)
    }
    const clause = new JoinClause(this)
    only(clause)
    return clause.query.wheres
  }

  private addJoin(kind: JoinKind, table: unknown, on: readonly Predicate[] | undefined): this {
    this.query.joins ??= []
    this.query.joins.push({ kind, source: sourceOf(table), on })
    return this
  }
}

/** A table as a source. */
export function sourceOf(table: unknown): Source {
  if (typeof table === 'string' || table instanceof Expression) return table
  if (table !== null && typeof table === 'object' && 'kind' in table && table.kind === 'query') return table as Source
  throw new InvalidArgumentException(`A table has to be a name or an expression, not ${describe(table)}.`)
}
