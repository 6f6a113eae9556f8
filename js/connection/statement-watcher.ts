/** Who sees every statement of a session: migrations, which refuse, count, limit and stop what users send. */
import type { FaultData } from '../native/fault'
import type { Outcome } from '../native/requests'
import type { Later } from '../support/later'

/** One statement on its way. */
export interface WatchedStatement {
  readonly sql: string
  readonly bindings: readonly unknown[]
  /** How many transactions of the user's are open around it. */
  readonly level: number
  /** Whether the engine cuts it into several, in a transaction of its own. */
  readonly isCut: boolean
  /** Does what has to be done before it is sent, or before one of its statements is. */
  prepare(sql?: string): Later<void>
  /** Sends it, again where the watcher says so. */
  send(): Later<Outcome>
  /** Sends SQL of the watcher's own on the same session, unseen. `script`: as it is written, without values. */
  aside(how: 'read' | 'write' | 'script', sql: string, bindings?: readonly unknown[]): Later<Outcome>
}

/** What a transaction, or a savepoint in one, did. `beginning` comes before it begins. */
export type WatchedTransaction = 'beginning' | 'committed' | 'rolledBack'

/** SQL on the session, unseen by its watcher. */
export type Aside = WatchedStatement['aside']

export interface StatementWatcher {
  /**
   * Called before a statement is sent; throwing refuses it.
   *
   * @returns What to call when its answer is there, with what went wrong, and how many rows it changed.
   */
  before(sql: string, bindings?: readonly unknown[]): (fault: FaultData | undefined, changed?: number) => void
  /** What has to be done before a statement that was let through is sent; rejecting keeps it back. */
  readonly prepare?: ((sql: string) => Promise<void>) | undefined
  /** Sends a statement, once it is prepared, or answers for it. Without it every statement is sent. */
  perform?(statement: WatchedStatement): Later<Outcome>
  /** Hears of transactions of the user's; `level` 1 is the outermost. Waited for. */
  transaction?(event: WatchedTransaction, level: number, aside: Aside): Promise<void>
  /** Whether a statement that failed is sent again, after a pause of the watcher's. */
  mayRetry(fault: FaultData): Promise<boolean>
  /** Called when the work has returned; statements that have not ended then were not waited for. */
  returned(): void
  /** Longest time of a statement without a limit of its own, in milliseconds. 0: none. */
  readonly timeout: number
  /** Stops the statement that runs. */
  readonly signal: AbortSignal
}
