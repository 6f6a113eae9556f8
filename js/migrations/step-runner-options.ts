import type { BackupSettings } from './backups/backup-settings'
import type { MigrationContext } from './context'
import type { Step } from './engine'
import type { MigrationEventDispatcher } from './events'
import type { Journal } from './journal'
import type { LintRun } from './lint/lint-run'
import type { AttemptLog } from './log'
import type { MigrationConnection } from './migration-connection'
import type { ProgressTimer } from './progress'
import type { RunControl } from './run-control'
import type { SettledLimits } from './run-options'
import type { PartialAttempt } from './steps/partial-attempts'
import type { Doubt } from './steps/replay'
import type { PartialFailurePolicy } from './steps/settlement'
import type { TransactionLock } from './transaction-lock'

/** What a runner works with. */
export interface StepRunnerOptions {
  session: MigrationConnection
  journal: Journal
  /** Null: attempts are not logged. */
  log: AttemptLog | null
  /** Set where the session cannot keep the lock. */
  lock: TransactionLock | undefined
  events: MigrationEventDispatcher
  limits: SettledLimits
  control: RunControl
  backups: BackupSettings
  /** What is done about steps that remain. */
  policy: PartialFailurePolicy
  /** Attempts that are gone on from. */
  partials: readonly PartialAttempt[]
  /** What becomes of a statement whose end nobody saw. */
  doubt: Doubt | undefined
  resolveConnection?: ((name: string) => MigrationConnection) | undefined
  /** Without one statements are not linted. */
  lint?: LintRun | null
  /** Called before a migration begins; throwing stops it. */
  beforeEach?: (step: Step) => Promise<void>
  /** Tells about statements that take long. */
  progress?: ProgressTimer | undefined
  /** The session is in a transaction that several migrations share; `defer` takes what waits for its commit. */
  joint?: { defer(name: string, context: MigrationContext): void }
  /** Runs `work` on a new session that has the lock, once the server has ended the lost one. */
  recover<T>(work: (session: MigrationConnection) => Promise<T>): Promise<T>
}
