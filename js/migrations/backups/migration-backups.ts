import type { MigrationEventDispatcher } from '../events'
import type { AttemptMetadata } from '../log'
import type { MigrationConnection } from '../migration-connection'
import type { Backup, RestoreOptions, RestoreResult } from './backup'
import { BackupError } from './backup-error'
import { remembered } from './backup-records'
import { restoreBackup } from './backup-restorer'
import type { BackupSettings } from './backup-settings'
import { BackupTaker } from './backup-taker'
import { isOf } from './backups'
import { asOwnWork } from './own-work'
import { tableNamed } from './table-catalogue'

/** The backups of one migration that runs: those that it asks for, and those that its statements need. */
export class MigrationBackups {
  private readonly taker: BackupTaker
  private readonly events: MigrationEventDispatcher
  private readonly isProduction: boolean

  constructor(settings: BackupSettings, migration: string, events: MigrationEventDispatcher) {
    this.taker = new BackupTaker(settings.backups, migration, settings.own)
    this.events = events
    this.isProduction = settings.isProduction
  }

  /** Makes the backups that statements need; undefined when they need none. */
  get automatic(): BackupTaker | undefined {
    return this.taker.options.isAutomatic ? this.taker : undefined
  }

  async take(connection: MigrationConnection, table: string, column?: string): Promise<Backup | null> {
    const found = await asOwnWork(() => tableNamed(connection, table))
    return found === null ? null : this.taker.take(connection, found, column === undefined ? [] : [column])
  }

  /** The newest backup that can bring a table, or a column of it, back. */
  async latest(connection: MigrationConnection, table: string, column?: string): Promise<Backup | null> {
    const prefix = connection.getTablePrefix()
    const all = await asOwnWork(() => remembered(connection, this.taker.options.directory))
    const serves = (backup: Backup) => (column === undefined ? backup.lost.length === 0 : backup.lost.includes(column))
    return all.find((backup) => isOf(backup, table, prefix) && serves(backup)) ?? null
  }

  restore(connection: MigrationConnection, backup: Backup, options: RestoreOptions = {}): Promise<RestoreResult> {
    return restoreBackup(connection, backup, options)
  }

  /** @throws BackupError in production, where neither a backup was made or will be, nor somebody said that none shall. */
  mustBeBackedUp(table: string, column: string | undefined): void {
    const { options, taken } = this.taker
    if (!this.isProduction || options.isAutomatic || options.isRefused) return
    const serves = (backup: Backup) =>
      backup.lost.length === 0 || (column !== undefined && backup.lost.includes(column))
    if (taken.some((backup) => isOf(backup, table) && serves(backup))) return
    const what = column === undefined ? `"${table}"` : `"${table}" ("${column}")`
    throw new BackupError(
      `${what} has no backup of this run: run with --backup, call context.backup(), or run with --no-backup`,
    )
  }

  warn(message: string): Promise<void> {
    return this.events.dispatch('migrations.warning', { message })
  }

  note(message: string): Promise<void> {
    return this.events.dispatch('migration.note', { message })
  }

  /** Whether there are any. */
  get hasTaken(): boolean {
    return this.taker.taken.length > 0
  }

  /** Removes what an attempt that was rolled back has left outside of the database. */
  discard(): Promise<void> {
    return this.taker.discard()
  }

  /** What is logged of them. */
  logged(): AttemptMetadata['backups'] {
    if (!this.hasTaken) return undefined
    return this.taker.taken.map(({ id, table, rows, file }) => ({
      id,
      table: table.name,
      rows,
      ...(file !== undefined && { file }),
    }))
  }
}
