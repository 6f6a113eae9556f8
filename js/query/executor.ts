import type { Later } from '../support/later'
import type { Query } from './ast'

/** What a statement answered. */
export interface QueryResult {
  /** The rows; none for a statement that answers none. */
  readonly rows: Record<string, unknown>[]
  /** How many rows were touched. */
  readonly affected: number
  /** The first key that the database made for an insert and reports on the side (MySQL, MariaDB, SQLite). */
  readonly lastInsertId: number | string
}

/** What a query looks like for its database. */
export interface CompiledQuery {
  /** The SQL that is sent. */
  readonly sql: string
  /** The value of each placeholder, in order. */
  readonly bindings: unknown[]
  /** The statements that run after it, all or nothing with it, where the query takes several. */
  readonly rest?: readonly CompiledQuery[]
}

/** Options of one call. Never changed once made: copies of a builder share them. */
export interface CallOptions {
  /** Longest time until the answer, in milliseconds. The server is told to stop. */
  readonly timeout?: number
  /** Ends the statement. The server is told to stop. */
  readonly signal?: AbortSignal
  /** Reads from the write server, where reads and writes go to different ones. */
  readonly useWrite?: boolean
}

/** What a builder needs of its connection. */
export interface QueryExecutor {
  /** `pgsql`, `mysql`, `mariadb`, `sqlite` or `sqlserver`. */
  readonly driverName: string

  /** The zone that dates are told in, as its `timezone` option says. Default `UTC`. */
  readonly timezone?: string | undefined

  /** The connection's name. */
  getName?(): string

  /** What is put before the names of tables. */
  getTablePrefix(): string

  /**
   * Runs one query. Inserts of many rows are cut under the limits of the server, in one transaction. What is there at once
   * is answered, or thrown, at once.
   *
   * @param how - Which server may take it, where reads and writes go to different ones.
   */
  runQuery(query: Query, how: 'read' | 'write', options?: CallOptions): Later<QueryResult>

  /** Runs a query and hands its rows on as they come, piece by piece, so that only some of them are held at a time. */
  streamQuery(query: Query, options?: CallOptions): AsyncIterable<Record<string, unknown>[]>

  /** Compiles a query without running it. */
  compileQuery(query: Query): CompiledQuery
}
