/** The entry: connections by name, and the same methods as on the default connection. */
import { GuruORMError } from '../errors'
import type { Bindings, Row } from '../support/types'
import type { Expression, QueryBuilder, SchemaBuilder } from './builders'
import type { ConnectionOptions } from './config'
import type { Connection } from './connection'
import type { QueryOptions } from './executor'
import { ConnectionManager } from './manager'
import type { PretendedQuery } from './pretence'
import type { QueryListener, QueryLogger } from './query-logger'
import type { BeginTransactionOptions, TransactionOptions } from './transaction-options'
import type { AfterCommit } from './transaction-scope'

/** Options of one call, or the name of a connection, as in guruorm 2. */
type CallTarget = string | QueryOptions

let globalCapsule: Capsule | undefined

export class Capsule {
  readonly #manager = new ConnectionManager()

  // Connections

  /**
   * Adds a connection. Opens nothing: an unreachable server is noticed by the first query.
   *
   * @param options - Or a URL.
   * @throws InvalidArgumentException for options that cannot work.
   * @example
   * capsule.addConnection({ driver: 'postgres', host: 'localhost', database: 'shop', username: 'shop', password: '…' })
   */
  addConnection(options: ConnectionOptions, name = 'default'): this {
    this.#manager.addConnection(options, name)
    return this
  }

  /** A connection by name, or the default one: the one that was set, `default`, or the only one. */
  connection(name?: string): Connection {
    return this.#manager.connection(name)
  }

  getConnection(name?: string): Connection {
    return this.#manager.connection(name)
  }

  hasConnection(name: string): boolean {
    return this.#manager.hasConnection(name)
  }

  setDefaultConnection(name: string): this {
    this.#manager.setDefaultConnection(name)
    return this
  }

  getDefaultConnection(): string {
    return this.#manager.getDefaultConnection()
  }

  getDatabaseManager(): ConnectionManager {
    return this.#manager
  }

  /** Makes it the one that `DB`, `Schema`, models and the static methods use. */
  setAsGlobal(): this {
    globalCapsule = this
    return this
  }

  /** For programs of guruorm 2: models find their connections in the global capsule by themselves. */
  bootEloquent(): this {
    return this
  }

  /** The global capsule. @throws GuruORMError when there is none. */
  static getInstance(): Capsule {
    if (globalCapsule !== undefined) return globalCapsule
    throw new GuruORMError('There is no global capsule: call capsule.setAsGlobal().')
  }

  /** The global capsule; an empty one becomes it when there is none. */
  static current(): Capsule {
    globalCapsule ??= new Capsule()
    return globalCapsule
  }

  // On the default connection

  /**
   * A query on a table.
   *
   * @example
   * const names = await capsule.table<User>('users').pluck('name') // string[]
   */
  table<Columns = Row>(table: string | Expression, as?: string, connection?: string): QueryBuilder<Columns> {
    return this.connection(connection).table<Columns>(table, as)
  }

  /** An empty query. */
  query<Columns = Row>(connection?: string): QueryBuilder<Columns> {
    return this.connection(connection).query<Columns>()
  }

  schema(connection?: string): SchemaBuilder {
    return this.connection(connection).schema()
  }

  raw(value: string | number | bigint): Expression
  raw(sql: string, bindings: readonly unknown[]): Expression & PromiseLike<Row[]>
  raw(value: string | number | bigint, bindings?: readonly unknown[]): Expression {
    return bindings === undefined ? this.connection().raw(value) : this.connection().raw(String(value), bindings)
  }

  select<T = Row>(sql: string, bindings?: Bindings, target?: CallTarget): Promise<T[]> {
    return this.#asked(target, (connection, options) => connection.select<T>(sql, bindings, options))
  }

  selectOne<T = Row>(sql: string, bindings?: Bindings, target?: CallTarget): Promise<T | null> {
    return this.#asked(target, (connection, options) => connection.selectOne<T>(sql, bindings, options))
  }

  scalar<T = unknown>(sql: string, bindings?: Bindings, target?: CallTarget): Promise<T | null> {
    return this.#asked(target, (connection, options) => connection.scalar<T>(sql, bindings, options))
  }

  insert(sql: string, bindings?: Bindings, target?: CallTarget): Promise<true> {
    return this.#asked(target, (connection, options) => connection.insert(sql, bindings, options))
  }

  update(sql: string, bindings?: Bindings, target?: CallTarget): Promise<number> {
    return this.#asked(target, (connection, options) => connection.update(sql, bindings, options))
  }

  delete(sql: string, bindings?: Bindings, target?: CallTarget): Promise<number> {
    return this.#asked(target, (connection, options) => connection.delete(sql, bindings, options))
  }

  statement(sql: string, bindings?: Bindings, target?: CallTarget): Promise<true> {
    return this.#asked(target, (connection, options) => connection.statement(sql, bindings, options))
  }

  affectingStatement(sql: string, bindings?: Bindings, target?: CallTarget): Promise<number> {
    return this.#asked(target, (connection, options) => connection.affectingStatement(sql, bindings, options))
  }

  unprepared(sql: string, target?: CallTarget): Promise<true> {
    return this.#asked(target, (connection, options) => connection.unprepared(sql, options))
  }

  cursor<T = Row>(sql: string, bindings?: Bindings, target?: CallTarget): AsyncGenerator<T, void> {
    return this.#on(target).cursor<T>(sql, bindings, optionsOf(target))
  }

  stream<T = Row>(sql: string, bindings?: Bindings, target?: CallTarget): AsyncGenerator<T, void> {
    return this.cursor<T>(sql, bindings, target)
  }

  /**
   * Runs `callback` in a transaction. See {@link Connection.transaction}.
   *
   * @param options - Also a number of attempts, or the name of a connection.
   */
  transaction<T>(
    callback: (transaction: Connection) => T | Promise<T>,
    options?: TransactionOptions | number | string,
  ): Promise<T> {
    if (typeof options === 'string') return this.#asked(options, (connection) => connection.transaction(callback))
    const name = typeof options === 'number' ? undefined : options?.connection
    return this.#asked(name, (connection) => connection.transaction(callback, options))
  }

  /** See {@link Connection.beginTransaction}. Not `async`: it must reach the caller's own async flow. */
  beginTransaction(target?: string | (BeginTransactionOptions & { connection?: string })): Promise<Connection> {
    const { connection, ...options } = typeof target === 'string' ? { connection: target } : (target ?? {})
    try {
      return this.connection(connection).beginTransaction(options)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async commit(connection?: string): Promise<void> {
    await this.connection(connection).commit()
  }

  async rollBack(connection?: string): Promise<void> {
    await this.connection(connection).rollBack()
  }

  async rollback(connection?: string): Promise<void> {
    await this.connection(connection).rollBack()
  }

  transactionLevel(connection?: string): number {
    return this.connection(connection).transactionLevel()
  }

  async afterCommit(callback: AfterCommit, connection?: string): Promise<void> {
    await this.connection(connection).afterCommit(callback)
  }

  async pretend(work: (connection: Connection) => unknown, connection?: string): Promise<PretendedQuery[]> {
    return await this.connection(connection).pretend(work)
  }

  // Logs

  /** Calls back after every query of every connection. Answers a function that ends it. */
  listen(listener: QueryListener): () => void {
    this.#manager.listeners.add(listener)
    return () => this.#manager.listeners.delete(listener)
  }

  enableQueryLog(connection?: string): void {
    this.connection(connection).enableQueryLog()
  }

  disableQueryLog(connection?: string): void {
    this.connection(connection).disableQueryLog()
  }

  getQueryLog(connection?: string): ReturnType<Connection['getQueryLog']> {
    return this.connection(connection).getQueryLog()
  }

  flushQueryLog(connection?: string): void {
    this.connection(connection).flushQueryLog()
  }

  setQueryLogger(logger: QueryLogger | undefined, connection?: string): this {
    this.connection(connection).setQueryLogger(logger)
    return this
  }

  // Pools

  /** Closes one connection's pool, or all of them. Later queries open them again. */
  async disconnect(name?: string): Promise<void> {
    await this.#manager.disconnect(name)
  }

  /** The same as {@link disconnect}, of all. */
  async destroy(): Promise<void> {
    await this.#manager.disconnect()
  }

  async reconnect(name?: string): Promise<Connection> {
    return await this.#manager.reconnect(name)
  }

  async purge(name?: string): Promise<void> {
    await this.#manager.purge(name)
  }

  async testConnection(name?: string): Promise<true> {
    return await this.connection(name).testConnection()
  }

  /** What a connection answers; a rejection where there is none. Not `async`: that would make one promise more. */
  #asked<T>(
    target: CallTarget | undefined,
    ask: (connection: Connection, options: QueryOptions | undefined) => Promise<T>,
  ): Promise<T> {
    try {
      return ask(this.#on(target), optionsOf(target))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #on(target: CallTarget | undefined): Connection {
    return this.connection(typeof target === 'string' ? target : undefined)
  }

  // On the global capsule

  static connection(name?: string): Connection {
    return Capsule.current().connection(name)
  }

  static table<Columns = Row>(table: string | Expression, as?: string, connection?: string): QueryBuilder<Columns> {
    return Capsule.current().table<Columns>(table, as, connection)
  }

  static schema(connection?: string): SchemaBuilder {
    return Capsule.current().schema(connection)
  }

  static raw(value: string | number | bigint): Expression
  static raw(sql: string, bindings: readonly unknown[]): Expression & PromiseLike<Row[]>
  static raw(value: string | number | bigint, bindings?: readonly unknown[]): Expression {
    return bindings === undefined ? Capsule.current().raw(value) : Capsule.current().raw(String(value), bindings)
  }

  static select<T = Row>(sql: string, bindings?: Bindings, target?: CallTarget): Promise<T[]> {
    return Capsule.current().select<T>(sql, bindings, target)
  }

  static insert(sql: string, bindings?: Bindings, target?: CallTarget): Promise<true> {
    return Capsule.current().insert(sql, bindings, target)
  }

  static update(sql: string, bindings?: Bindings, target?: CallTarget): Promise<number> {
    return Capsule.current().update(sql, bindings, target)
  }

  static delete(sql: string, bindings?: Bindings, target?: CallTarget): Promise<number> {
    return Capsule.current().delete(sql, bindings, target)
  }

  static statement(sql: string, bindings?: Bindings, target?: CallTarget): Promise<true> {
    return Capsule.current().statement(sql, bindings, target)
  }

  static transaction<T>(
    callback: (transaction: Connection) => T | Promise<T>,
    options?: TransactionOptions | number | string,
  ): Promise<T> {
    return Capsule.current().transaction(callback, options)
  }

  static async disconnect(name?: string): Promise<void> {
    await Capsule.current().disconnect(name)
  }
}

function optionsOf(target: CallTarget | undefined): QueryOptions | undefined {
  return typeof target === 'string' ? undefined : target
}
