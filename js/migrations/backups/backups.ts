import type { MigrationConnection } from '../migration-connection'
import { MigrationError } from '../migration-error'
import type { Backup, RestoreOptions, RestoreResult, TableName } from './backup'
import { type BackupOptions, type SettledBackups, settleBackups } from './backup-options'
import { dropStatement, prunable } from './engine'
import { asOwnWork } from './own-work'
import { tableNamed } from './table-catalogue'

/**
 * Backups of what migrations destroyed, and of what a program asks for.
 *
 * @example
 * const backups = new Backups(capsule.connection())
 * const [newest] = await backups.list('users')
 * if (newest) await backups.restore(newest, { mode: 'missing-rows' })
 */
export class Backups {
  private readonly connection: MigrationConnection
  private readonly settings: SettledBackups

  /** @throws InvalidArgumentException for options that cannot work. */
  constructor(connection: MigrationConnection, options: BackupOptions = {}) {
    this.connection = connection
    this.settings = settleBackups(options)
  }

  /** The backups that are there, the newest first; those of one table where it is named. */
  list(table?: string): Promise<Backup[]> {
    return asOwnWork(async () => {
      const { remembered } = await import('./backup-records.js')
      const backups = await remembered(this.connection, this.settings.directory)
      return table === undefined ? backups : backups.filter((backup) => isOf(backup, table, this.prefix))
    })
  }

  /**
   * Backs up a table, or one column of it with the primary key.
   *
   * @returns Null when there is no such table or column, or nothing in it.
   * @throws BackupError when it cannot be done, or is larger than the limit.
   * @example
   * await backups.take('users', 'nick')
   */
  async take(table: string | Partial<TableName>, column?: string): Promise<Backup | null> {
    const found = await asOwnWork(() => tableNamed(this.connection, table))
    if (found === null) return null
    const { BackupTaker } = await import('./backup-taker.js')
    return new BackupTaker(this.settings).take(this.connection, found, column === undefined ? [] : [column])
  }

  /**
   * Brings a backup back, in one transaction. Removes no row; a table that has rows gets missing ones only.
   *
   * @param backup - What {@link list} answered, or its `id`.
   * @throws MigrationError when it cannot be done so. Nothing was changed.
   */
  async restore(backup: Backup | string, options: RestoreOptions = {}): Promise<RestoreResult> {
    const { restoreBackup } = await import('./backup-restorer.js')
    return restoreBackup(this.connection, await this.found(backup), options)
  }

  /** Drops a backup's table, or removes its file. */
  async remove(backup: Backup | string): Promise<void> {
    const found = await this.found(backup)
    await asOwnWork(async () => {
      if (found.source !== undefined) await this.connection.unprepared(dropStatement(this.connection, found.source))
      const { forget } = await import('./backup-records.js')
      await forget(this.connection, found)
    })
  }

  /**
   * Removes what is no longer kept: what is older than `keepDays`, and what is more than `keep` of a table. The newest
   * of a table stays in any case.
   *
   * @returns What was removed.
   */
  async prune(): Promise<Backup[]> {
    const backups = await this.list()
    const aged = backups.map(({ id, table, takenAt }) => ({
      id,
      table: JSON.stringify([table.schema, table.name]),
      at: Date.parse(takenAt),
    }))
    const { keep, keepDays: days } = this.settings
    const ids = new Set(prunable(this.connection, { backups: aged, keep, days, now: Date.now() }))
    const gone = backups.filter(({ id }) => ids.has(id))
    for (const backup of gone) await this.remove(backup)
    return gone
  }

  private get prefix(): string {
    return this.connection.getTablePrefix()
  }

  private async found(backup: Backup | string): Promise<Backup> {
    if (typeof backup !== 'string') return backup
    const found = (await this.list()).find(({ id }) => id === backup)
    if (found === undefined) throw new MigrationError('refused', `There is no backup "${backup}". Nothing was changed.`)
    return found
  }
}

/** Whether a backup is of the table that is named so. */
export function isOf({ table }: Backup, name: string, prefix = ''): boolean {
  return table.name === `${prefix}${name}` || `${table.schema}.${table.name}` === name || table.name === name
}
