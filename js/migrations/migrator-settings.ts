import { type BackupSettings, backupSettings } from './backups/backup-settings'
import type { Policies } from './engine'
import { type MigrationEventDispatcher, migrationEvents } from './events'
import { type MigrationHooks, settleHooks } from './hooks'
import { type LintSettings, settleLint } from './lint/lint-engine'
import { OWN_TABLES } from './meta'
import type { MigrationConnection } from './migration-connection'
import type { LockMode, MigratorOptions } from './migrator-options'
import { RunControl } from './run-control'
import { logTableBeside, type SettledLimits, settleLimits, settleLockMode, settlePolicy } from './run-options'
import type { PartialFailurePolicy } from './steps/settlement'

export const DEFAULT_MIGRATIONS_PATH = 'database/migrations'
export const DEFAULT_MIGRATIONS_TABLE = 'migrations'
export const DEFAULT_LOCK_TIMEOUT = 60_000

/** A migrator's options, checked, with nothing left out. */
export interface MigratorSettings extends Pick<MigratorOptions, 'schemaDump' | 'resolveConnection' | 'progress'> {
  connection: MigrationConnection
  table: string
  logTable: string | false
  paths: string[]
  lockTimeout: number
  events: MigrationEventDispatcher
  policies: Policies
  limits: SettledLimits
  control: RunControl
  backups: BackupSettings
  hooks: MigrationHooks
  policy: PartialFailurePolicy
  lock: LockMode
  /** Null: statements are not looked at. */
  lint: LintSettings | null
}

/** @throws InvalidArgumentException for options that cannot work. */
export function settleMigrator(connection: MigrationConnection, options: MigratorOptions): MigratorSettings {
  const { table = DEFAULT_MIGRATIONS_TABLE, schemaDump, resolveConnection, progress } = options
  return {
    connection,
    table,
    schemaDump,
    resolveConnection,
    progress,
    logTable: options.logTable ?? logTableBeside(table),
    paths: options.paths ?? [DEFAULT_MIGRATIONS_PATH],
    lockTimeout: options.lockTimeout ?? DEFAULT_LOCK_TIMEOUT,
    events: options.events ?? migrationEvents,
    policies: { checksums: options.checksums, outOfOrder: options.outOfOrder },
    limits: settleLimits(options),
    control: options.control ?? new RunControl(),
    backups: backupSettings(options.backup, options.environment, [table, ...OWN_TABLES]),
    hooks: settleHooks(options),
    policy: settlePolicy(options.onPartialFailure),
    lock: settleLockMode(options.lock),
    lint: options.lint === false ? null : settleLint(connection, options.lint ?? {}),
  }
}
