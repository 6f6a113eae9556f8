import { InvalidArgumentException } from '../errors'
import { type Macro, Macros } from '../support/macros'
import { emptySelect, type SelectQuery } from './ast'
import type { AnyRow } from './columns'
import { Conditionals } from './conditionals'
import type { QueryExecutor } from './executor'
import { type Expression, raw } from './expression'
import { JoinClause } from './join-clause'

/** The clauses that a query can have. */
const CLAUSES: ReadonlySet<string> = new Set(Object.keys(emptySelect()))

/**
 * A query on its way: `DB.table('users')`.
 *
 * Methods that add a clause change the builder and answer it. Calls that run the query never change it.
 */
export class QueryBuilder<Row = AnyRow, Result = Row> extends Conditionals<Row, Result> {
  /** Marks builders whose rows are plain objects, for types alone: `select` changes what their rows are. */
  declare readonly readsPlainRows: true

  /**
   * An empty builder on the same connection.
   *
   * @example
   * const posts = DB.table('users').newQuery().from('posts')
   */
  newQuery(): QueryBuilder {
    return new QueryBuilder(this.executor)
  }

  protected override newJoinClause(): JoinClause {
    return new JoinClause(this)
  }

  /**
   * An empty builder on the same table: what closures of conditions in parentheses are given.
   *
   * @example
   * DB.table('users').newGroup()
   * // select * from "users"
   */
  newGroup(): this {
    return new QueryBuilder<Row, Result>(this.executor, this.query.from) as this
  }

  /**
   * A copy with clauses of its own.
   *
   * @example
   * const active = DB.table('users').where('active', true)
   * const count = await active.clone().where('votes', '>', 1).count()
   */
  clone(): this {
    return this.copyInto(this.newGroup())
  }

  /**
   * A copy without some clauses, named as in the query: `columns`, `joins`, `wheres`, `groups`, `havings`, `orders`,
   * `limit`, `offset`, `unions`, `lock` and others. Their values leave with them.
   *
   * @throws InvalidArgumentException for a clause that there is not.
   * @example
   * DB.table('users').where('active', true).orderBy('name').cloneWithout(['orders'])
   * // select * from "users" where "active" = $1
   */
  cloneWithout(...clauses: readonly (keyof SelectQuery | readonly (keyof SelectQuery)[])[]): this {
    const copy = this.clone()
    for (const clause of clauses.flat()) {
      if (!CLAUSES.has(clause)) throw new InvalidArgumentException(`A query has no clause "${clause}".`)
      copy.query[clause] = undefined
    }
    return copy
  }

  /**
   * A copy. Values stand in their clauses here, so they leave with those: see {@link cloneWithout}.
   *
   * @example
   * DB.table('users').cloneWithout(['orders']).cloneWithoutBindings(['order'])
   */
  cloneWithoutBindings(_except?: readonly string[]): this {
    return this.clone()
  }

  /**
   * The connection.
   *
   * @example
   * DB.table('users').getConnection().driverName
   */
  getConnection(): QueryExecutor {
    return this.executor
  }

  /**
   * SQL that is written as it is. See {@link raw}.
   *
   * @example
   * query.select(query.raw('count(*) as total'))
   */
  raw(sql: string | number, bindings?: readonly unknown[]): Expression {
    return raw(sql, bindings)
  }

  /**
   * Gives every builder a method more. TypeScript learns of it by merging with the interface of the class.
   *
   * @throws InvalidArgumentException for the name of a method that builders have.
   * @example
   * QueryBuilder.macro('active', function () { return this.where('active', true) })
   * await DB.table('users').active().get()
   */
  static macro<Builder extends QueryBuilder = QueryBuilder>(
    name: string,
    method: (this: Builder, ...args: never[]) => unknown,
  ): void {
    macros.add(name, method as Macro<QueryBuilder>)
  }

  /**
   * Whether a program has added such a method.
   *
   * @example
   * QueryBuilder.hasMacro('active')
   */
  static hasMacro(name: string): boolean {
    return macros.has(name)
  }

  /**
   * Takes all added methods away.
   *
   * @example
   * QueryBuilder.flushMacros()
   */
  static flushMacros(): void {
    macros.flush()
  }

  /**
   * Adds every method of an object. See {@link macro}.
   *
   * @param replaces - Whether methods replace those that were added before.
   * @example
   * QueryBuilder.mixin({ active() { return this.where('active', true) } })
   */
  static mixin(methods: object & ThisType<QueryBuilder>, replaces = true): void {
    macros.mix(methods, replaces)
  }
}

/** The methods that programs have added. */
const macros = new Macros<QueryBuilder>(QueryBuilder.prototype, 'Builders')
