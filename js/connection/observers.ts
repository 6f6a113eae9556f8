/** Who hears of a connection's queries and transactions: listeners, a logger, the query log. */

import type { ConnectionConfig } from './config'
import { ConnectionLogger } from './connection-logger'
import { QueryExecuted, type TransactionEvent } from './events'
import { LOG_SIZE, type QueryListener, QueryLogger, RingBuffer } from './query-logger'

/** A line of `connection.getQueryLog()`. */
export interface QueryLogEntry {
  query: string
  bindings: readonly unknown[]
  /** Milliseconds on the connection. */
  time: number
}

/** Hears of transactions. */
export type TransactionListener = (event: TransactionEvent) => void

export class Observers {
  readonly listeners = new Set<QueryListener>()
  readonly transactionListeners = new Set<TransactionListener>()
  readonly log = new RingBuffer<QueryLogEntry>(LOG_SIZE)
  readonly messages: ConnectionLogger
  isLogging = false
  logger: QueryLogger | undefined
  readonly #isDebugging: boolean
  /** Those of the capsule: they hear of all its connections. */
  readonly #shared: ReadonlySet<QueryListener>

  constructor(config: ConnectionConfig, shared: ReadonlySet<QueryListener>) {
    this.messages = new ConnectionLogger(config.log)
    this.#isDebugging = config.debug === true
    this.#shared = shared
  }

  /** Whether anybody wants to hear of queries: if not, their SQL need not be put together. */
  get areWatching(): boolean {
    return (
      this.isLogging ||
      this.#isDebugging ||
      this.logger !== undefined ||
      this.listeners.size > 0 ||
      this.#shared.size > 0 ||
      QueryLogger.isListening
    )
  }

  /** Tells everybody of a query. */
  report(sql: string, bindings: readonly unknown[], time: number, connectionName: string, driver: string): void {
    if (this.isLogging) this.log.push({ query: sql, bindings, time })
    if (this.#isDebugging) this.messages.debug(`[${connectionName}] ${sql} (${time.toFixed(2)} ms)`)
    const query = new QueryExecuted(sql, bindings, time, connectionName, driver)
    for (const listener of [...this.#shared, ...this.listeners]) guarded(() => listener(query))
    guarded(() => this.logger?.log(query))
    guarded(() => QueryLogger.log(query))
  }

  /** Tells everybody of a transaction. */
  reportTransaction(event: TransactionEvent): void {
    for (const listener of this.transactionListeners) guarded(() => listener(event))
  }
}

/** A listener's own error must not make a statement that succeeded look as if it had failed. */
function guarded(call: () => unknown): void {
  try {
    const called = call()
    // An `async` listener: its rejection would end the process.
    if (called instanceof Promise) called.catch(warn)
  } catch (error) {
    warn(error)
  }
}

function warn(error: unknown): void {
  process.emitWarning(
    `A query listener threw: ${error instanceof Error ? error.stack : String(error)}`,
    'GuruORMWarning',
  )
}
