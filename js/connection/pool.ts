/** A connection's pool, from outside. */
import type { PoolStats } from '../native/environment'
import type { ConnectionSource } from './source'

export class Pool {
  readonly #source: ConnectionSource

  constructor(source: ConnectionSource) {
    this.#source = source
  }

  /** How many connections are open. */
  getPoolSize(): number {
    return this.stats().size
  }

  /** Everything about it at this moment. */
  stats(): PoolStats {
    return this.#source.environment.stats(this.#source.handle)
  }

  /** Connections in use. */
  numUsed(): number {
    return this.stats().active
  }

  /** Connections that wait for work. */
  numFree(): number {
    return this.stats().idle
  }

  /** Requests that wait for a connection. */
  numPendingAcquires(): number {
    return this.stats().waiting
  }
}
