import { InvalidArgumentException } from '../errors'
import { copySelect, emptySelect, type SelectQuery, type Source } from './ast'
import type { QueryBuilder } from './builder'
import type { QueryExecutor } from './executor'

/** Owns the clauses of one query. Methods append to them; calls that run the query only read them. */
export abstract class QueryState {
  /** The connection. */
  readonly executor: QueryExecutor

  /** The clauses so far. */
  query: SelectQuery

  constructor(executor: QueryExecutor, from?: Source) {
    this.executor = executor
    this.query = emptySelect(from)
  }

  /** The query as it will run. Builders that add conditions of their own (scopes) give a changed copy. */
  toSelect(): SelectQuery {
    return this.query
  }

  /** An empty builder for a query inside of this one. */
  abstract newQuery(): QueryBuilder

  /** An empty builder like this one, for conditions that stand in parentheses. */
  abstract newGroup(): this

  /** The same builder with clauses of its own. */
  protected copyInto(copy: this): this {
    copy.query = copySelect(this.query)
    return copy
  }

  /** A copy of the query as it will run, to be changed for one call. */
  protected selectCopy(): SelectQuery {
    return copySelect(this.toSelect())
  }

  /** The table's name without its alias. */
  protected tableName(): string {
    const from = this.toSelect().from
    if (typeof from === 'string') return from.split(/\s+as\s+/i)[0]?.trim() ?? from
    throw new InvalidArgumentException(
      from === undefined
        ? 'The query names no table: call from() first.'
        : 'Only the rows of a table can be written, not those of a sub-query or of raw SQL.',
    )
  }

  /** The name that the table's columns go by. */
  protected tableAlias(): string | undefined {
    const from = this.toSelect().from
    if (from === undefined || (typeof from === 'object' && from.kind === 'raw')) return undefined
    return typeof from === 'string' ? (from.split(/\s+as\s+/i)[1]?.trim() ?? from) : from.alias
  }
}
