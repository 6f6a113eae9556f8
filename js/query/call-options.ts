import { InvalidArgumentException } from '../errors'
import { describe } from './arguments'
import type { AnyRow } from './columns'
import type { CallOptions } from './executor'
import { Locks } from './locks'

/** How the query runs. Copies of the builder run the same way. */
export abstract class QueryOptions<Row = AnyRow, Result = Row> extends Locks<Row, Result> {
  /**
   * Gives the query so many milliseconds; `null` takes that back. The server is told to stop.
   *
   * @throws InvalidArgumentException unless it is a positive number; when it runs, QueryTimeoutException.
   * @example
   * const users = await DB.table('users').timeout(500).get()
   */
  timeout(milliseconds: number | null): this {
    if (milliseconds === null) return this.withOption({ timeout: undefined })
    if (typeof milliseconds !== 'number' || Number.isNaN(milliseconds)) {
      throw new InvalidArgumentException(
        `timeout() takes a number of milliseconds or null, not ${describe(milliseconds)}.`,
      )
    }
    if (milliseconds <= 0) throw new InvalidArgumentException('Timeout must be greater than zero.')
    return this.withOption({ timeout: milliseconds })
  }

  /**
   * Lets a signal end the query; `null` takes that back. The server is told to stop.
   *
   * @throws QueryAbortedException when the query runs; its `cause` is the signal's reason.
   * @example
   * const controller = new AbortController()
   * const users = DB.table('users').withSignal(controller.signal).get()
   * controller.abort()
   */
  withSignal(signal: AbortSignal | null): this {
    if (signal !== null && !(signal instanceof AbortSignal)) {
      throw new InvalidArgumentException(`withSignal() takes an AbortSignal or null, not ${describe(signal)}.`)
    }
    return this.withOption({ signal: signal ?? undefined })
  }

  /**
   * Reads from the write server, where reads and writes go to different ones.
   *
   * @example
   * await DB.table('users').useWriteConnection().find(1)
   */
  useWriteConnection(): this {
    return this.withOption({ useWrite: true })
  }

  /**
   * Laravel's name of {@link useWriteConnection}.
   *
   * @example
   * await DB.table('users').useWritePdo().find(1)
   */
  useWritePdo(): this {
    return this.useWriteConnection()
  }

  private withOption(option: CallOptions): this {
    this.callOptions = { ...this.callOptions, ...option }
    return this
  }
}
