/** Who sees every statement of a session: migrations, which refuse, count, limit and stop what users send. */
import type { FaultData } from '../native/fault'

export interface StatementWatcher {
  /**
   * Called before a statement is sent; throwing refuses it.
   *
   * @returns What to call when its answer is there, with what went wrong, and how many rows it changed.
   */
  before(sql: string, bindings?: readonly unknown[]): (fault: FaultData | undefined, changed?: number) => void
  /** Whether a statement that failed is sent again, after a pause of the watcher's. */
  mayRetry(fault: FaultData): Promise<boolean>
  /** Called when the work has returned; statements that have not ended then were not waited for. */
  returned(): void
  /** Longest time of a statement without a limit of its own, in milliseconds. 0: none. */
  readonly timeout: number
  /** Stops the statement that runs. */
  readonly signal: AbortSignal
}
