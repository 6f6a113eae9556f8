import type { Conjunction } from './ast'
import type { QueryBuilder } from './builder'
import type { Expression } from './expression'
import { Joins } from './joins'
import type { QueryState } from './state'
import { columnComparison, conjunction, groupOf } from './wheres/conditions'

/** What the closure of a join may call: conditions between columns, every `where`, and joins that are done before. */
export class JoinClause extends Joins {
  private readonly parent: QueryState

  constructor(parent: QueryState) {
    super(parent.executor)
    this.parent = parent
  }

  /** An empty builder for a sub-query. */
  override newQuery(): QueryBuilder {
    return this.parent.newQuery()
  }

  /** An empty clause for conditions in parentheses. */
  override newGroup(): this {
    return new JoinClause(this.parent) as this
  }

  protected override newJoinClause(): JoinClause {
    return new JoinClause(this.parent)
  }

  /**
   * Matches rows by two columns, or by a group of conditions.
   *
   * @example
   * DB.table('users').join('orders', (join) => join.on('users.id', '=', 'orders.user_id').where('orders.paid', true))
   * // select * from "users" inner join "orders" on "users"."id" = "orders"."user_id" and "orders"."paid" = $1
   */
  on(first: string | Expression, second: string | Expression): this
  on(first: string | Expression, operator: string, second: string | Expression, join?: string): this
  on(group: (join: this) => unknown): this
  on(...args: readonly unknown[]): this {
    return this.addOn('and', args)
  }

  /**
   * As {@link on}, joined by `or`.
   *
   * @example
   * DB.table('users').join('orders', (join) => join.on('users.id', 'orders.user_id').orOn('users.id', 'orders.payer_id'))
   * // select * from "users" inner join "orders" on "users"."id" = "orders"."user_id" or "users"."id" = "orders"."payer_id"
   */
  orOn(first: string | Expression, second: string | Expression): this
  orOn(first: string | Expression, operator: string, second: string | Expression): this
  orOn(group: (join: this) => unknown): this
  orOn(...args: readonly unknown[]): this {
    return this.addOn('or', args)
  }

  private addOn(join: Conjunction, args: readonly unknown[]): this {
    const [only] = args
    if (args.length === 1 && typeof only === 'function') {
      return this.addWhere(groupOf(join, only as (builder: QueryState) => unknown, this, 'wheres'))
    }
    const joined = args[3] === undefined ? join : conjunction(args[3])
    return this.addWhere(columnComparison(joined, args.slice(0, 3), this))
  }
}
