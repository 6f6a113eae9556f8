import { InvalidArgumentException } from '../errors'
import type { Later } from '../support/later'
import { type Conflict, copySelect, emptySelect, type Operand, type Query, type SelectQuery, type Source } from './ast'
import type { QueryBuilder } from './builder'
import type { CallOptions, QueryExecutor, QueryResult } from './executor'

/** Changes a query just before it is compiled or run. */
export type BeforeQuery<Builder = QueryState> = (query: Builder) => unknown

/** Changes what a query answered. `undefined` and `null` leave it. */
export type AfterQuery = (result: never) => unknown

/** Owns the clauses of one query. Methods append to them; calls that run the query only read them. */
export abstract class QueryState {
  // All fields are here: a class of the chain that has some has a constructor of its own, which every builder pays for.

  /** The connection. */
  readonly executor: QueryExecutor

  /** The clauses so far. */
  query: SelectQuery

  /** How the query runs: its time limit, its signal, its server. */
  protected callOptions: CallOptions | undefined = undefined

  /** What is called before it runs. */
  protected beforeCallbacks: readonly BeforeQuery[] | undefined = undefined

  /** What is called with its rows. */
  protected afterCallbacks: readonly AfterQuery[] | undefined = undefined

  /** What a write answers of its rows, where it does. */
  protected returned: readonly Operand[] | undefined = undefined

  /** What an insert does with rows that are there already. */
  protected conflict: ((columns: readonly string[]) => Conflict) | undefined = undefined

  constructor(executor: QueryExecutor, from?: Source) {
    this.executor = executor
    this.query = emptySelect(from)
  }

  /**
   * The query as it will run, as data. Builders that add conditions of their own (scopes) give a changed copy.
   *
   * @example
   * DB.table('users').where('id', 1).toSelect().wheres
   */
  toSelect(): SelectQuery {
    return this.beforeCallbacks === undefined
      ? this.query
      : this.copyInto(this.newGroup()).applyBeforeQueryCallbacks().query
  }

  /** An empty builder for a query inside of this one. */
  abstract newQuery(): QueryBuilder

  /** An empty builder like this one, for conditions that stand in parentheses. */
  abstract newGroup(): this

  /** The same builder with clauses of its own. */
  protected copyInto(copy: this): this {
    copy.query = copySelect(this.query)
    copy.callOptions = this.callOptions
    copy.beforeCallbacks = this.beforeCallbacks
    copy.afterCallbacks = this.afterCallbacks
    copy.returned = this.returned
    copy.conflict = this.conflict
    return copy
  }

  /**
   * Lets the callbacks of `beforeQuery()` change this builder now. They are not called again.
   *
   * @example
   * DB.table('users').beforeQuery((query) => query.where('active', true)).applyBeforeQueryCallbacks()
   */
  applyBeforeQueryCallbacks(): this {
    // A callback may add another one.
    while (this.beforeCallbacks !== undefined) {
      const callbacks = this.beforeCallbacks
      this.beforeCallbacks = undefined
      for (const callback of callbacks) callback(this)
    }
    return this
  }

  /** A copy of the query as it will run, to be changed for one call. */
  protected selectCopy(): SelectQuery {
    return copySelect(this.toSelect())
  }

  /** Runs a query that reads. Rows that are locked, and those that were asked for there, come from the write server. */
  protected runRead(query: Query & { readonly query: SelectQuery }): Later<QueryResult> {
    return this.executor.runQuery(query, 'read', this.readOptions(query.query))
  }

  /** Runs a query that writes. */
  protected runWrite(query: Query): Later<QueryResult> {
    return this.executor.runQuery(query, 'write', this.callOptions)
  }

  /** The options of a call that reads. */
  protected readOptions(query: SelectQuery): CallOptions | undefined {
    return query.lock === undefined ? this.callOptions : { ...this.callOptions, useWrite: true }
  }

  /** The column that tells rows apart where nothing else is said. */
  protected keyColumn(): string {
    return 'id'
  }

  /** The table's name without its alias. */
  protected tableName(): string {
    const from = this.toSelect().from
    if (typeof from === 'string') return /\s/.test(from) ? (from.split(/\s+as\s+/i)[0]?.trim() ?? from) : from
    throw new InvalidArgumentException(
      from === undefined
        ? 'The query names no table: call from() first.'
        : 'Only the rows of a table can be written, not those of a sub-query or of raw SQL.',
    )
  }

  /** The name that the table's columns go by. */
  protected tableAlias(): string | undefined {
    return aliasOf(this.toSelect().from)
  }
}

/** The name that the columns of a source go by; none for raw SQL. */
export function aliasOf(from: Source | undefined): string | undefined {
  if (from === undefined || (typeof from === 'object' && from.kind === 'raw')) return undefined
  return typeof from === 'string' ? (from.split(/\s+as\s+/i)[1]?.trim() ?? from) : from.alias
}
