/** What ran, how long it took: for slow-query logs and tests. */
import type { QueryExecuted } from './events'

/** A line of `QueryLogger.getQueryLog()`. */
export interface QueryLog {
  sql: string
  bindings: readonly unknown[]
  /** Milliseconds on the connection. */
  time: number
  /** The connection's name. */
  connection: string
  timestamp: Date
}

/** Hears of queries. */
export type QueryListener = (query: QueryExecuted) => void

/** Keeps the newest of many. */
export class RingBuffer<T> {
  #items: T[] = []
  #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get limit(): number {
    return this.#limit
  }

  set limit(limit: number) {
    this.#limit = limit
    this.#items = this.#items.slice(-limit)
  }

  push(item: T): void {
    this.#items.push(item)
    // Cut in pieces: moving everything for each item would make a full log slow.
    if (this.#items.length >= this.#limit * 2) this.#items = this.#items.slice(-this.#limit)
  }

  /** From the oldest to the newest. */
  toArray(): T[] {
    return this.#items.slice(-this.#limit)
  }

  clear(): void {
    this.#items = []
  }
}

/** Most queries that a log keeps. */
export const LOG_SIZE = 1000

/**
 * Hears of the queries of the connections it is attached to. Its static half is one log for the
 * whole program.
 *
 * @example
 * const logger = new QueryLogger()
 * logger.onQuery((query) => { if (query.time > 1000) console.warn(`Slow: ${query.sql} (${query.time} ms)`) })
 * capsule.connection().setQueryLogger(logger)
 */
export class QueryLogger {
  static #isEnabled = false
  static readonly #log = new RingBuffer<QueryLog>(LOG_SIZE)
  static readonly #everybody = new Set<QueryListener>()
  readonly #listeners = new Set<QueryListener>()

  /** Calls back after every query. Answers a function that ends it. */
  onQuery(callback: QueryListener): () => void {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  /** Tells the callbacks of a query. */
  log(query: QueryExecuted): void {
    for (const callback of this.#listeners) callback(query)
  }

  /** Starts the program-wide log. */
  static enable(): void {
    QueryLogger.#isEnabled = true
  }

  static disable(): void {
    QueryLogger.#isEnabled = false
  }

  static isEnabled(): boolean {
    return QueryLogger.#isEnabled
  }

  /** Whether anybody wants to hear of queries. */
  static get isListening(): boolean {
    return QueryLogger.#isEnabled || QueryLogger.#everybody.size > 0
  }

  /** How many queries the log keeps. Default 1 000. */
  static setMaxSize(size: number): void {
    QueryLogger.#log.limit = size
  }

  static getMaxSize(): number {
    return QueryLogger.#log.limit
  }

  /** Adds a query. Connections do it by themselves. */
  static log(query: QueryExecuted): void {
    if (QueryLogger.#isEnabled) {
      const { sql, bindings, time, connectionName, timestamp } = query
      QueryLogger.#log.push({ sql, bindings, time, connection: connectionName, timestamp })
    }
    for (const listener of QueryLogger.#everybody) listener(query)
  }

  static getQueryLog(): QueryLog[] {
    return QueryLogger.#log.toArray()
  }

  static flushQueryLog(): void {
    QueryLogger.#log.clear()
  }

  static listen(listener: QueryListener): void {
    QueryLogger.#everybody.add(listener)
  }

  static removeListener(listener: QueryListener): void {
    QueryLogger.#everybody.delete(listener)
  }

  /** Milliseconds of all queries in the log. */
  static getTotalTime(): number {
    return QueryLogger.getQueryLog().reduce((total, { time }) => total + time, 0)
  }

  static getQueryCount(): number {
    return QueryLogger.getQueryLog().length
  }

  /** Queries that took at least this many milliseconds. */
  static getSlowQueries(threshold = 100): QueryLog[] {
    return QueryLogger.getQueryLog().filter(({ time }) => time >= threshold)
  }

  /** The log for people, without values. */
  static prettyPrint(): string {
    return QueryLogger.getQueryLog()
      .map(({ sql, time, connection }, index) => `${index + 1}. [${connection}] ${time.toFixed(2)} ms  ${sql}`)
      .join('\n')
  }
}
