import { relative, resolve } from 'node:path'
import type { Backup } from '../migrations/backups/backup'
import type { BackupOptions } from '../migrations/backups/backup-options'
import { Backups } from '../migrations/backups/backups'
import type { DatabaseOptions, FailureOutcome, Invocation } from './command'
import type { ProjectConfig } from './config'
import { type Database, withDatabase } from './database'
import { loadDotenv } from './dotenv'
import { withGuardedDatabase } from './guarded-database'
import type { Host } from './host'
import { counted } from './reporter'

/** Options of the commands about backups. */
export interface BackupCommandOptions extends DatabaseOptions {
  backupDirectory?: string
}

/** Opens the database for a command about backups; one that changes rows asks the guards. */
export async function withBackups(
  invocation: Invocation<BackupCommandOptions>,
  work: (database: Database) => Promise<void>,
  guarded?: string,
): Promise<FailureOutcome> {
  loadDotenv(invocation.host)
  if (guarded === undefined) await withDatabase(invocation, work)
  else await withGuardedDatabase(guarded, invocation, work)
  return undefined
}

/** The backups of a project, where its configuration says. */
export function backupsOf(
  { host, options }: Invocation<BackupCommandOptions>,
  { config, connection }: Database,
  more: BackupOptions = {},
): Backups {
  const directory = options.backupDirectory === undefined ? {} : { directory: options.backupDirectory }
  return new Backups(connection, inFolderOf(host, { ...configured(config), ...directory, ...more }))
}

/** What `--backup`, `--no-backup` and the configuration say together. */
export function backupSetting(
  host: Host,
  asked: boolean | undefined,
  config: ProjectConfig,
): boolean | BackupOptions | undefined {
  const setting = config.migrations.run?.backup
  if (asked === false || (asked === undefined && typeof setting !== 'object' && setting !== true)) {
    return asked ?? setting
  }
  return inFolderOf(host, configured(config))
}

/** `2025-11-30 12:00:00 users_backup_20251130T120000123: 2 rows of users (nick)` */
export function describedBackup({ id, takenAt, rows, table, lost, migration, file }: Backup, cwd: string): string {
  const columns = lost.length === 0 ? '' : ` (${lost.join(', ')})`
  const where = file === undefined ? '' : `, in ${relative(cwd, file)}`
  const why = migration === null ? '' : `, before ${migration}`
  return `${takenAt.slice(0, 19).replace('T', ' ')} ${id}: ${counted(rows, 'row')} of ${table.name}${columns}${why}${where}`
}

function configured({ migrations }: ProjectConfig): BackupOptions {
  const setting = migrations.run?.backup
  return typeof setting === 'object' ? setting : {}
}

/** A folder is relative to the project. */
function inFolderOf({ cwd }: Host, options: BackupOptions): BackupOptions {
  return { ...options, directory: resolve(cwd, options.directory ?? 'backups/migrations') }
}
