/** Who sees every statement of a session: migrations, which refuse, count, limit and stop what users send. */
import type { GuruORMError } from '../errors'
import type { FaultData } from '../native/fault'

export interface StatementWatcher {
  /**
   * Called before a statement is sent; throwing refuses it.
   *
   * @returns What to call when its answer is there, with what went wrong.
   */
  before(sql: string): (fault: FaultData | undefined) => void
  /** What has to be done before a statement that was let through is sent; rejecting keeps it back. */
  readonly prepare?: ((sql: string) => Promise<void>) | undefined
  /** Whether a statement that failed is sent again, after a pause of the watcher's. */
  mayRetry(fault: FaultData): Promise<boolean>
  /** Called when the work has returned; statements that have not ended then were not waited for. */
  returned(): void
  /** Longest time of a statement without a limit of its own, in milliseconds. 0: none. */
  readonly timeout: number
  /** Stops the statement that runs. */
  readonly signal: AbortSignal
}

/** An error as a watcher is told of it. */
export function faultOf(error: unknown): FaultData {
  const { code = 'QUERY', message, sql, nativeCode } = error as GuruORMError
  return { code, message, ...(sql !== undefined && { sql }), ...(nativeCode !== undefined && { nativeCode }) }
}
