import { setTimeout as sleep } from 'node:timers/promises'
import { MigrationCancelledError } from './body-errors'

/**
 * Ends a run from outside: a signal, a deadline.
 *
 * @example
 * const control = new RunControl()
 * process.once('SIGTERM', () => control.cancel())
 * await new Migrator(connection, { control }).run()
 */
export class RunControl {
  private readonly abort = new AbortController()
  private stops = false
  /** Reject what waits. A listener for each would cost more than most of what it waits for. */
  private readonly waiting = new Set<() => void>()

  /** Finishes the migration that runs, then stops. */
  stop(): void {
    this.stops = true
  }

  /** Stops now: the statement that runs is cancelled on the server, and its migration rolled back. */
  cancel(): void {
    this.stops = true
    this.abort.abort()
    for (const stop of this.waiting) stop()
  }

  /** Whether no further migration is to begin. */
  get isStopping(): boolean {
    return this.stops
  }

  get isCancelled(): boolean {
    return this.abort.signal.aborted
  }

  /** Aborted by {@link cancel}. */
  get signal(): AbortSignal {
    return this.abort.signal
  }

  /** @throws MigrationCancelledError once it is cancelled, in the middle of the pause too. */
  async pause(milliseconds: number): Promise<void> {
    try {
      await sleep(milliseconds, undefined, { signal: this.signal })
    } catch (cause) {
      if (this.isCancelled) throw new MigrationCancelledError()
      throw cause
    }
  }

  /** What `work` answers, or a rejection as soon as it is cancelled: user code may wait for anything. */
  orCancelled<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(new MigrationCancelledError())
      if (this.isCancelled) stop()
      else this.waiting.add(stop)
      const ended = <Answer>(answer: (value: Answer) => void) => {
        return (value: Answer) => {
          this.waiting.delete(stop)
          answer(value)
        }
      }
      // Also where it is not the answer any more: its rejection must not end the process.
      work.then(ended(resolve), ended(reject))
    })
  }
}
