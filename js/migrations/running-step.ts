import type { MigrationBackups } from './backups/migration-backups'
import type { MigrationContext } from './context'
import type { Step } from './engine'
import type { LoadedMigration } from './loader'
import type { LockRetries } from './lock-retries'
import type { RunningAttempt } from './log'
import type { MigrationConnection } from './migration-connection'
import type { StatementGuard } from './statement-guard'
import type { PartialAttempt } from './steps/partial-attempts'
import type { SteppedRun } from './steps/stepped-run'

/** How a step runs. */
export interface Mode {
  /** The migration's own connection. */
  connection: MigrationConnection
  /** Whether `up()` and the journal row share one transaction. */
  isAtomic: boolean
  /** Whether a failure leaves nothing of the migration behind. */
  isTransactional: boolean
  /** As it is logged. */
  name: 'tx' | 'steps' | 'none'
}

/** How a migration runs, by what it wants and what its database can take back. */
export function transactionKind(withinTransaction: boolean, hasTransactionalDdl: boolean): Mode['name'] {
  if (!withinTransaction) return 'none'
  return hasTransactionalDdl ? 'tx' : 'steps'
}

/** The step that comes after another one. */
export interface Next {
  step: Step
  /** How it will run. */
  mode: Mode['name']
}

/** One step on its way. */
export interface Running {
  step: Step
  migration: LoadedMigration
  mode: Mode
  /** Announced with the end of this one. */
  next: Next | undefined
  retries: LockRetries
  /** Of the attempt that runs, or ran last. */
  guard: StatementGuard | undefined
  /** What it was given: some of its work may wait for the commit. */
  context: MigrationContext | undefined
  attempt: RunningAttempt | undefined
  /** The attempt that it goes on from. */
  from: PartialAttempt | undefined
  /** Set where a failure leaves what was done before. */
  stepped: SteppedRun | undefined
  isCommitted: boolean
  /** Whether its end is written in a savepoint: without one it failed, and took everything along. */
  isFenced: boolean
  /** Whether the end of its attempt was committed with it. */
  isConcluded: boolean
  /** An index that could not be built after the commit. */
  invalidIndex: string | null
  backups: MigrationBackups
}
