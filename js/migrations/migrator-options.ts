import type { BackupOptions } from './backups/backup-options'
import type { AppliedRow, Policies } from './engine'
import type { MigrationEventDispatcher } from './events'
import type { MigrationHooks } from './hooks'
import type { JournalRow } from './journal'
import type { LintOptions, LintSettings } from './lint/lint-engine'
import type { MigrationConnection, Statement } from './migration-connection'
import type { ProgressTimes } from './progress'
import type { RunControl } from './run-control'
import type { RunLimits } from './run-options'
import type { Resume } from './steps/partial-attempts'
import type { PartialFailurePolicy } from './steps/settlement'

/**
 * `names`: only the names, without running `up()` or `down()`. `script`: each event `migration.pretended` has the lines
 * of a SQL script as well, with transactions, values and the rows of the journal.
 */
export type Pretend = boolean | 'names' | 'sql' | 'script'

export interface MigrationOptions {
  /**
   * Goes on with a migration of which an earlier attempt left a part: its first statements are verified, not sent.
   * `skip`, `retry`: what becomes of a statement whose end nobody saw and the database does not tell.
   */
  resume?: Resume
  /** Show, do not run. */
  pretend?: Pretend
  /** `run`: each migration gets a batch of its own. `rollback`: how many batches. */
  step?: boolean | number
}

/** What a rebuilt database is for. */
export interface FreshOptions extends MigrationOptions {
  /** Asked first, while no other runner does anything: true leaves everything as it is. */
  unless?: (session: MigrationConnection) => Promise<boolean>
  /** What belongs to it as well, before other runners go on. */
  afterwards?: (session: MigrationConnection, results: MigrationResult[]) => Promise<void>
}

/** What of the pending migrations runs; at most one of `to` and `only`. */
export interface RunOptions extends MigrationOptions {
  /** The last migration to run; those before it run as well. */
  to?: string
  /** The only migration to run. */
  only?: string
  /** How many run at most. */
  limit?: number
  /** All of them run in one transaction: all are applied or none. PostgreSQL, SQLite and SQL Server only. */
  singleTransaction?: boolean
}

/** What is rolled back, instead of the last batches; at most one choice. */
export interface RollbackOptions extends MigrationOptions {
  /** The last so many migrations. */
  migrations?: number
  /** This batch. */
  batch?: number
  /** Everything that ran after this migration, which stays. */
  to?: string
  /** Leave out those whose file is gone, instead of refusing. */
  skipMissing?: boolean
}

export interface MigrationResult {
  name: string
  success: boolean
  /** Milliseconds. */
  time: number
  /** Which half ran. */
  method?: 'up' | 'down'
  /** The run that applied it. */
  batch?: number
  /** How many statements it sent. */
  sent?: number
  /** The first line of what went wrong. */
  error?: string
  pretend?: boolean
  /** It ran and was rolled back. */
  rehearsed?: boolean
  /** How many rows it changed, where it was rehearsed or shared a transaction. */
  rows?: number
  /** What would be sent, when pretending. */
  statements?: Statement[]
}

export interface MigrationStatus {
  name: string
  ran: boolean
  batch: number | null
  /**
   * `edited`: its file is not the one that was applied. `missing`: applied, but its file is gone. `interrupted`: an
   * attempt to run it never came to its end.
   */
  state: 'applied' | 'pending' | 'edited' | 'missing' | 'interrupted'
  executedAt: Date | null
  /** The fingerprint of the source that was applied; null where none was recorded. */
  checksum: string | null
  file: string | null
}

/** Whether a lock belongs to a session or to a transaction. */
export type LockMode = 'auto' | 'session' | 'transaction'

export interface MigratorOptions extends RunLimits, MigrationHooks {
  /** When statements that take long are told about; false: never. */
  progress?: ProgressTimes | false
  /** Folders with migrations. Default `database/migrations`. */
  paths?: string[]
  /** The table that remembers what ran. Default `migrations`. */
  table?: string
  /** The file of the schema dump that an empty database begins with, if it is there. */
  schemaDump?: string
  /** Longest wait for another runner, in milliseconds. Default 60 000. */
  lockTimeout?: number
  /**
   * How runners are kept apart. `auto`, the default: by a lock of the session, or of each migration's transaction where
   * a pooler stands in between (PgBouncer in transaction mode). `session`: never look for a pooler.
   */
  lock?: LockMode
  events?: MigrationEventDispatcher
  /** The table of attempts. Default: `migration_logs`, beside a journal of that name. False: none. */
  logTable?: string | false
  /**
   * Whether what statements destroy is backed up before they are sent, and where and how much. False refuses what
   * guards ask for as well. Default: none is made.
   */
  backup?: boolean | BackupOptions
  /** `production`: guards of dropped tables and columns ask for a backup. Default: `NODE_ENV`. */
  environment?: string
  /** Ends runs from outside. */
  control?: RunControl
  /**
   * What is done when a migration fails that no transaction takes back: `reverse` (default) undoes its steps where all
   * of them created something; `stop` leaves them.
   */
  onPartialFailure?: PartialFailurePolicy
  /** Finds the connection that a migration names in its `connection`. */
  resolveConnection?: (name: string) => MigrationConnection
  /** What a file does that was edited after it was applied. Default `warn`. */
  checksums?: Policies['checksums']
  /** What the rules of lint do; false: statements are not looked at. */
  lint?: LintOptions | false
  /** What a pending file does that is older than one that is applied. Default `warn`. */
  outOfOrder?: Policies['outOfOrder']
}

/** Where a migrator works and by which rules. */
export interface MigratorPlace {
  connection: MigrationConnection
  paths: readonly string[]
  table: string
  schemaDump: string | undefined
  /** Null: statements are not looked at. */
  lint: LintSettings | null
  resolveConnection: MigratorOptions['resolveConnection']
}

/** A row of the journal as the engine takes it. */
export function appliedRow({ id, name, batch, checksum }: JournalRow): AppliedRow {
  return { id, migration: name, batch, checksum }
}
