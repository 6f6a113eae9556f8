/** One named connection: SQL, queries, schema, transactions, logs. */

import { Flag, Kind } from '../native/addon-types'
import type { KnownQuery } from '../native/compiled-queries'
import { Fault } from '../native/fault'
import type { Outcome } from '../native/requests'
import type { Later } from '../support/later'
import type { Row } from '../support/types'
import {
  builders,
  type CompiledQuery,
  type Expression,
  type Grammar,
  type Query,
  type QueryBuilder,
  type SchemaBuilder,
} from './builders'
import { type ConnectionConfig, databaseOf, redact } from './config'
import type { ConnectionLogger } from './connection-logger'
import { currentPretence, runPretending } from './context'
import type { QueryOptions, Statement } from './executor'
import type { QueryLogEntry, TransactionListener } from './observers'
import type { Pool } from './pool'
import type { Pretence, PretenceReader, PretendedQuery } from './pretence'
import type { QueryListener, QueryLogger } from './query-logger'
import { Structures } from './structures'
import type { TransactionScope } from './transaction-scope'

/** What a query of the query builder answered. */
export interface QueryResult {
  rows: Row[]
  affected: number
  lastInsertId: number
}

/** Longest wait for running work when a connection is closed, in milliseconds. */
const CLOSE_DEADLINE_MS = 5_000

export class Connection extends Structures {
  protected inScope(scope: TransactionScope): this {
    return new (this.constructor as typeof Connection)(this.source, scope) as this
  }

  /** Its pool. */
  get pool(): Pool {
    return this.source.pool
  }

  // Names

  getName(): string {
    return this.source.name
  }

  /** `pgsql`, `mysql`, `mariadb`, `sqlite` or `sqlserver`. */
  getDriverName(): string {
    return this.source.driver
  }

  /** The same, for builders. */
  get driverName(): string {
    return this.source.driver
  }

  /** The zone that dates are told in. */
  get timezone(): string | undefined {
    return this.source.config.timezone
  }

  /** The database's name; on SQLite the path of its file. */
  getDatabaseName(): string {
    return databaseOf(this.source.config)
  }

  /**
   * A connection to another database of the same server, with the same options. It has a pool of its own, which
   * whoever asked for it closes.
   */
  beside(database: string): this {
    return new (this.constructor as typeof Connection)(this.source.beside(database)) as this
  }

  /** What is put before every table name. */
  getTablePrefix(): string {
    return this.source.config.prefix ?? ''
  }

  /** PostgreSQL: the first schema of the search path. */
  getSchemaName(): string | undefined {
    const { searchPath, schema } = this.source.config
    const path = searchPath ?? schema
    return typeof path === 'string' ? path.split(',')[0]?.trim() : path?.[0]
  }

  /** The options it was made with, without passwords; or one of them. */
  getConfig(): ConnectionConfig
  getConfig(option: string): unknown
  getConfig(option?: string): unknown {
    const config = redact(this.source.config)
    return option === undefined ? config : (config as Record<string, unknown>)[option]
  }

  // Queries and schema

  /** An empty query. */
  query<Columns = Row>(): QueryBuilder<Columns> {
    return builders().query(this) as unknown as QueryBuilder<Columns>
  }

  /**
   * A query on a table.
   *
   * @example
   * await DB.connection().table('users as u').where('u.votes', '>', 100).get()
   * const names = await DB.connection().table<User>('users').pluck('name') // string[]
   */
  table<Columns = Row>(table: string | Expression, as?: string): QueryBuilder<Columns> {
    return this.query<Columns>().from(table, as)
  }

  /**
   * SQL that is written as it is. With bindings, awaiting it runs it and answers the rows.
   *
   * @example
   * DB.table('users').select(DB.raw('count(*) as total'))
   * await DB.raw('select * from users where id = ?', [1])
   */
  raw(value: string | number | bigint): Expression
  raw(sql: string, bindings: readonly unknown[]): Expression & PromiseLike<Row[]>
  raw(value: string | number | bigint, bindings?: readonly unknown[]): Expression {
    const expression = builders().raw(value, bindings)
    if (bindings === undefined) return expression
    // Not enumerable: as part of a query it is an expression like any other.
    return Object.defineProperty(expression, 'then', {
      value: (...handlers: Parameters<Promise<Row[]>['then']>) =>
        this.select(String(value), bindings).then(...handlers),
    })
  }

  /** The structure of its database. */
  schema(): SchemaBuilder {
    return builders().schema(this)
  }

  /** The same as {@link schema}. */
  getSchemaBuilder(): SchemaBuilder {
    return this.schema()
  }

  /**
   * How its database spells names, values and some statements.
   *
   * @example
   * DB.connection().getQueryGrammar().wrap('users.name') // "users"."name"
   */
  getQueryGrammar(): Grammar {
    return builders().grammar(this)
  }

  /** Runs a query of the query builder. What is there at once is answered, or thrown, at once. */
  runQuery(query: Query, how: 'read' | 'write', options?: QueryOptions): Later<QueryResult> {
    const statement = shapeOf(query, how === 'write')
    const sent = this.send(statement, options)
    return sent instanceof Promise ? this.#queried(sent, statement, options) : this.#result(sent, statement, options)
  }

  async #queried(sent: Promise<Outcome>, statement: Statement, options?: QueryOptions): Promise<QueryResult> {
    return this.#result(await sent, statement, options)
  }

  #result(outcome: Outcome, statement: Statement, options?: QueryOptions): QueryResult {
    const answer = this.conclude(outcome, statement, options)
    const { postProcessResponse } = this.source.config
    if (postProcessResponse === undefined || statement.isWrite) return answer
    return { ...answer, rows: postProcessResponse(answer.rows) as Row[] }
  }

  /** Runs a query of the query builder and hands its rows on as they come, some hundred at a time. */
  streamQuery(query: Query, options?: QueryOptions): AsyncGenerator<Row[], void> {
    return this.chunksOf(shapeOf(query, false), options)
  }

  /** The SQL of a query, and a value for each placeholder. Sends nothing. */
  compileQuery(query: Query): CompiledQuery {
    const { text, values } = builders().shapeOf(query)
    const compiled = this.source.compiled.of(text)
    if (compiled instanceof Fault) throw this.failure(compiled)
    const bound = (known: KnownQuery): CompiledQuery => ({ sql: known.sql, bindings: known.bindingsOf(values) })
    return compiled.rest === undefined ? bound(compiled) : { ...bound(compiled), rest: compiled.rest.map(bound) }
  }

  // Logs

  /** Starts to keep the queries that run: the newest thousand. */
  enableQueryLog(): void {
    this.source.observers.isLogging = true
  }

  disableQueryLog(): void {
    this.source.observers.isLogging = false
  }

  /** Whether queries are kept. */
  logging(): boolean {
    return this.source.observers.isLogging
  }

  /** The queries that were kept: `{ query, bindings, time }`, time in milliseconds. */
  getQueryLog(): QueryLogEntry[] {
    return this.source.observers.log.toArray()
  }

  flushQueryLog(): void {
    this.source.observers.log.clear()
  }

  /** Adds a query to the log and tells the listeners. */
  logQuery(query: string, bindings: readonly unknown[] = [], time = 0): void {
    this.source.observers.report(query, bindings, time, this.source.name, this.source.driver)
  }

  /** Calls back after every query. Answers a function that ends it. */
  listen(listener: QueryListener): () => void {
    this.source.observers.listeners.add(listener)
    return () => this.source.observers.listeners.delete(listener)
  }

  /** The same as {@link listen}. */
  onQuery(listener: QueryListener): () => void {
    return this.listen(listener)
  }

  /** Calls back when transactions and savepoints begin and end. Answers a function that ends it. */
  onTransaction(listener: TransactionListener): () => void {
    this.source.observers.transactionListeners.add(listener)
    return () => this.source.observers.transactionListeners.delete(listener)
  }

  /** Attaches a logger; `undefined` detaches it. */
  setQueryLogger(logger: QueryLogger | undefined): this {
    this.source.observers.logger = logger
    return this
  }

  /** Where it writes messages for people. */
  getLogger(): ConnectionLogger {
    return this.source.observers.messages
  }

  /**
   * Runs `work` without sending anything, and answers what would have been sent. Reads have no rows.
   *
   * @param reader - Answers what is read; migrations have one.
   * @param queries - Takes what would have been sent, also when `work` throws.
   * @example
   * const queries = await DB.pretend(() => DB.table('users').where('id', 1).delete())
   * // [{ sql: 'delete from "users" where "id" = $1', bindings: [1], … }]
   */
  async pretend(
    work: (connection: this) => unknown,
    reader?: PretenceReader,
    queries: PretendedQuery[] = [],
  ): Promise<PretendedQuery[]> {
    const pretence: Pretence = { queries, reader }
    await runPretending(this.source, pretence, async () => await work(this))
    return pretence.queries
  }

  /** Whether statements are collected instead of sent here. */
  pretending(): boolean {
    return currentPretence(this.source) !== undefined
  }

  // The pool

  /** Its pool. */
  getPool(): Pool {
    return this.pool
  }

  /** Opens a connection, or takes one, and asks for an answer. */
  async testConnection(): Promise<true> {
    await this.select('select 1 as answer')
    return true
  }

  /**
   * Closes its connections, after running work or at the deadline. A later query opens new ones.
   *
   * @param options.deadline - Milliseconds. Default 5 000.
   */
  async disconnect(options: { deadline?: number } = {}): Promise<void> {
    const deadlineMs = options.deadline ?? CLOSE_DEADLINE_MS
    const answer = await this.source.environment.command(this.source.handle, { do: 'close', deadlineMs })
    if (answer instanceof Fault) throw this.failure(answer)
  }

  /** Closes its connections and opens a new one. */
  async reconnect(): Promise<this> {
    await this.disconnect()
    await this.testConnection()
    return this
  }
}

/** A query as a statement. */
function shapeOf(query: Query, isWrite: boolean): Statement {
  const { text, values } = builders().shapeOf(query)
  return { kind: Kind.query, text, values, flags: isWrite ? Flag.useWrite : 0, isWrite }
}

// One name each, so that `instanceof` and guruorm 2's imports work.

export class PostgresConnection extends Connection {}
export class MySqlConnection extends Connection {}
export class SqliteConnection extends Connection {}
export class SqlServerConnection extends Connection {}
