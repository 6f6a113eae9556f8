import type { BackupOptions } from './backups/backup-options'
import type { Policies } from './engine'
import type { MigrationEventDispatcher } from './events'
import type { MigrationConnection, Statement } from './migration-connection'
import type { RunControl } from './run-control'
import type { RunLimits } from './run-options'

/** `names`: only the names, without running `up()` or `down()`. */
export type Pretend = boolean | 'names' | 'sql'

export interface MigrationOptions {
  /** Show, do not run. */
  pretend?: Pretend
  /** `run`: each migration gets a batch of its own. `rollback`: how many batches. */
  step?: boolean | number
}

/** What of the pending migrations runs; at most one of `to` and `only`. */
export interface RunOptions extends MigrationOptions {
  /** The last migration to run; those before it run as well. */
  to?: string
  /** The only migration to run. */
  only?: string
  /** How many run at most. */
  limit?: number
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
  /** The first line of what went wrong. */
  error?: string
  pretend?: boolean
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

export interface MigratorOptions extends RunLimits {
  /** Folders with migrations. Default `database/migrations`. */
  paths?: string[]
  /** The table that remembers what ran. Default `migrations`. */
  table?: string
  /** The file of the schema dump that an empty database begins with, if it is there. */
  schemaDump?: string
  /** Longest wait for another runner, in milliseconds. Default 60 000. */
  lockTimeout?: number
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
  /** Finds the connection that a migration names in its `connection`. */
  resolveConnection?: (name: string) => MigrationConnection
  /** What a file does that was edited after it was applied. Default `warn`. */
  checksums?: Policies['checksums']
  /** What a pending file does that is older than one that is applied. Default `warn`. */
  outOfOrder?: Policies['outOfOrder']
}
