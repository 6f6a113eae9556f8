import { InvalidArgumentException } from '../errors'
import { describe, type Queryable, refusePromise, SubQuery, subQueryNode, type ValueArgument } from './arguments'
import type { Join, JoinKind, Predicate, Source } from './ast'
import type { AnyRow } from './columns'
import { Expression } from './expression'
import type { JoinClause } from './join-clause'
import { columnComparison, comparison } from './wheres/conditions'
import { Wheres } from './wheres/wheres'

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
   * DB.table('users').leftJoin('contacts', (join) => join.join('kinds', 'kinds.id', 'contacts.kind_id').on('users.id', 'contacts.user_id'))
   * // select * from "users" left join ("contacts" inner join "kinds" on "kinds"."id" = "contacts"."kind_id")
   * //   on "users"."id" = "contacts"."user_id"
   */
  join(table: TableArgument, ...on: OnArguments): this
  join(
    table: TableArgument,
    first: string,
    operator: string,
    second: string,
    kind: JoinKind,
    comparesWithValue?: boolean,
  ): this
  join(table: TableArgument, ...args: readonly unknown[]): this {
    return this.addJoin(joinKind(args[3] ?? 'inner'), table, this.onOrWhere(args))
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
   * As {@link join}; the rows of the left side are read first, which MySQL's optimizer otherwise decides.
   *
   * @throws UnsupportedException when the query is compiled, elsewhere than on MySQL and MariaDB.
   * @example
   * DB.table('users').straightJoin('contacts', 'users.id', 'contacts.user_id')
   * // mysql: select * from `users` straight_join `contacts` on `users`.`id` = `contacts`.`user_id`
   */
  straightJoin(table: TableArgument, ...on: OnArguments): this {
    return this.addJoin('straight', table, this.onOf(on))
  }

  /**
   * Joins rows by comparing a column with a value.
   *
   * @example
   * DB.table('users').joinWhere('contacts', 'contacts.kind', '=', 'work')
   * // select * from "users" inner join "contacts" on "contacts"."kind" = $1
   */
  joinWhere(table: TableArgument, column: string | Expression, operator: string, value: ValueArgument): this {
    return this.addJoin('inner', table, this.comparing(column, operator, value))
  }

  /**
   * As {@link joinWhere}; rows of the left side without a match are kept.
   *
   * @example
   * DB.table('users').leftJoinWhere('contacts', 'contacts.kind', '=', 'work')
   * // select * from "users" left join "contacts" on "contacts"."kind" = $1
   */
  leftJoinWhere(table: TableArgument, column: string | Expression, operator: string, value: ValueArgument): this {
    return this.addJoin('left', table, this.comparing(column, operator, value))
  }

  /**
   * As {@link joinWhere}; rows of the right side without a match are kept.
   *
   * @example
   * DB.table('users').rightJoinWhere('contacts', 'contacts.kind', '=', 'work')
   * // select * from "users" right join "contacts" on "contacts"."kind" = $1
   */
  rightJoinWhere(table: TableArgument, column: string | Expression, operator: string, value: ValueArgument): this {
    return this.addJoin('right', table, this.comparing(column, operator, value))
  }

  /**
   * As {@link joinWhere}; the rows of the left side are read first (MySQL, MariaDB).
   *
   * @example
   * DB.table('users').straightJoinWhere('contacts', 'contacts.kind', '=', 'work')
   * // mysql: select * from `users` straight_join `contacts` on `contacts`.`kind` = ?
   */
  straightJoinWhere(table: TableArgument, column: string | Expression, operator: string, value: ValueArgument): this {
    return this.addJoin('straight', table, this.comparing(column, operator, value))
  }

  /**
   * Joins the rows of a query under a name.
   *
   * @example
   * DB.table('users').joinSub(DB.table('posts').select('user_id'), 'p', 'users.id', 'p.user_id')
   * // select * from "users" inner join (select "user_id" from "posts") as "p" on "users"."id" = "p"."user_id"
   */
  joinSub(query: Queryable | Expression, as: string, ...on: OnArguments): this
  joinSub(
    query: Queryable | Expression,
    as: string,
    first: string,
    operator: string,
    second: ValueArgument,
    kind: JoinKind,
    comparesWithValue?: boolean,
  ): this
  joinSub(query: Queryable | Expression, as: string, ...args: readonly unknown[]): this {
    return this.addJoin(joinKind(args[3] ?? 'inner'), subQueryNode(query, this, as), this.onOrWhere(args))
  }

  /**
   * As {@link joinSub}; rows of the left side without a match are kept.
   *
   * @example
   * DB.table('users').leftJoinSub(DB.table('posts'), 'p', 'users.id', 'p.user_id')
   * // select * from "users" left join (select * from "posts") as "p" on "users"."id" = "p"."user_id"
   */
  leftJoinSub(query: Queryable | Expression, as: string, ...on: OnArguments): this {
    return this.addJoin('left', subQueryNode(query, this, as), this.onOf(on))
  }

  /**
   * As {@link joinSub}; rows of the query without a match are kept.
   *
   * @example
   * DB.table('users').rightJoinSub(DB.table('posts'), 'p', 'users.id', 'p.user_id')
   * // select * from "users" right join (select * from "posts") as "p" on "users"."id" = "p"."user_id"
   */
  rightJoinSub(query: Queryable | Expression, as: string, ...on: OnArguments): this {
    return this.addJoin('right', subQueryNode(query, this, as), this.onOf(on))
  }

  /**
   * As {@link joinSub}; every row matches every row.
   *
   * @example
   * DB.table('users').crossJoinSub(DB.table('sizes'), 's')
   * // select * from "users" cross join (select * from "sizes") as "s"
   */
  crossJoinSub(query: Queryable | Expression, as: string): this {
    return this.addJoin('cross', subQueryNode(query, this, as), undefined)
  }

  /**
   * As {@link joinSub}; the rows of the left side are read first (MySQL, MariaDB).
   *
   * @example
   * DB.table('users').straightJoinSub(DB.table('posts'), 'p', 'users.id', 'p.user_id')
   * // mysql: select * from `users` straight_join (select * from `posts`) as `p` on `users`.`id` = `p`.`user_id`
   */
  straightJoinSub(query: Queryable | Expression, as: string, ...on: OnArguments): this {
    return this.addJoin('straight', subQueryNode(query, this, as), this.onOf(on))
  }

  /**
   * Joins the rows that a query finds for each row of the left side: it may read the columns of the tables before it.
   *
   * @throws UnsupportedException when the query is compiled, on MariaDB and SQLite.
   * @example
   * DB.table('users').joinLateral((query) => query.from('posts').whereColumn('user_id', 'users.id').limit(3), 'newest')
   * // postgres:  select * from "users" inner join lateral (select … limit 3) as "newest" on true
   * // sqlserver: select * from [users] cross apply (select top 3 …) as [newest]
   */
  joinLateral(query: Queryable | Expression, as: string, kind: 'inner' | 'left' = 'inner'): this {
    return this.addJoin(joinKind(kind), subQueryNode(query, this, as), undefined, true)
  }

  /**
   * As {@link joinLateral}; rows of the left side without a match are kept.
   *
   * @example
   * DB.table('users').leftJoinLateral((query) => query.from('posts').whereColumn('user_id', 'users.id').limit(3), 'newest')
   * // postgres: select * from "users" left join lateral (select … limit 3) as "newest" on true
   */
  leftJoinLateral(query: Queryable | Expression, as: string): this {
    return this.joinLateral(query, as, 'left')
  }

  /** An empty clause for the conditions of a join. */
  protected abstract newJoinClause(): JoinClause

  /** Two columns, or a column and a value when the fifth argument says so. */
  private onOrWhere(args: readonly unknown[]): On {
    return args[4] === true ? this.comparing(args[0], args[1], args[2]) : this.onOf(args.slice(0, 3))
  }

  private comparing(column: unknown, operator: unknown, value: unknown): On {
    return { conditions: [comparison('and', column, operator, value, this)], joins: undefined }
  }

  private onOf(args: readonly unknown[]): On {
    const [only] = args
    if (args.length !== 1) return { conditions: [columnComparison('and', args, this)], joins: undefined }
    if (typeof only !== 'function') {
      throw new InvalidArgumentException(`join() takes two columns or a closure, not ${describe(only)}.`)
    }
    const clause = this.newJoinClause()
    refusePromise(only(clause))
    return { conditions: clause.query.wheres, joins: clause.query.joins }
  }

  private addJoin(kind: JoinKind, table: unknown, on: On | undefined, lateral = false): this {
    this.query.joins ??= []
    this.query.joins.push({ kind, source: sourceOf(table), on: on?.conditions, joins: on?.joins, lateral })
    return this
  }
}

/** What the closure of a join says. */
interface On {
  readonly conditions: readonly Predicate[] | undefined
  /** Joins that are done before. */
  readonly joins: readonly Join[] | undefined
}

function joinKind(kind: unknown): JoinKind {
  if (kind === 'inner' || kind === 'left' || kind === 'right' || kind === 'cross' || kind === 'straight') return kind
  throw new InvalidArgumentException('A join is "inner", "left", "right", "cross" or "straight".')
}

/** A table as a source. */
export function sourceOf(table: unknown): Source {
  if (typeof table === 'string' || table instanceof Expression || table instanceof SubQuery) return table
  throw new InvalidArgumentException(`A table has to be a name or an expression, not ${describe(table)}.`)
}
