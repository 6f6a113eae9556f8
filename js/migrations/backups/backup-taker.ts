import { join } from 'node:path'
import type { MigrationConnection } from '../migration-connection'
import { type Backup, describeBackup, type TableName } from './backup'
import { BackupError, failedBackup } from './backup-error'
import { writeRows } from './backup-file'
import { beyondLimit } from './backup-limits'
import type { SettledBackups } from './backup-options'
import { remember, removeFiles } from './backup-records'
import { type BackupPlan, backupPlan, type Destruction, destroyed, tableQuestions } from './engine'
import { asOwnWork } from './own-work'
import { cataloguedTable, ddlOf, type SizedTable, withReferrers } from './table-catalogue'

/** A backup on its way. */
interface Job {
  connection: MigrationConnection
  table: SizedTable
  plan: BackupPlan
  takenAt: Date
}

/** The last moment that a backup was named by: two of one table in a millisecond would have one name. */
let lastMoment = 0

/** Makes backups for one attempt of one migration, or for a program. */
export class BackupTaker {
  /** Those that were made, in their order. */
  readonly taken: Backup[] = []
  readonly options: SettledBackups
  private readonly migration: string | null
  private readonly skipped: readonly string[]

  /** @param skipped - Tables that are guruorm's own. */
  constructor(options: SettledBackups, migration: string | null = null, skipped: readonly string[] = []) {
    this.options = options
    this.migration = migration
    this.skipped = skipped
  }

  /**
   * Backs up what a statement destroys.
   *
   * @throws BackupError: the statement is not to be sent.
   */
  async before(connection: MigrationConnection, sql: string): Promise<void> {
    const losses = destroyed(connection, sql).filter(({ table }) => !this.skipped.includes(table.name))
    if (losses.length > 0) await asOwnWork(() => this.beforeLosses(connection, losses))
  }

  /**
   * Backs up a table, or some columns of it.
   *
   * @returns Null when there is no such table or column, or nothing in it.
   * @throws BackupError
   */
  take(connection: MigrationConnection, table: SizedTable, columns: readonly string[] = []): Promise<Backup | null> {
    const loss =
      columns.length === 0 ? { kind: 'rows', cascades: false } : { kind: 'columns', dropped: columns, retyped: [] }
    return asOwnWork(() => this.backUp(connection, table, loss))
  }

  /** Removes the files of backups whose reason was rolled back. Those in tables went with it. */
  async discard(): Promise<void> {
    for (const { file } of this.taken.splice(0)) if (file !== undefined) await removeFiles(file)
  }

  private async beforeLosses(connection: MigrationConnection, losses: Destruction[]): Promise<void> {
    const seen = new Set<string>()
    for (const { table, loss } of losses) {
      if (loss.kind === 'namespace') {
        throw new BackupError(
          `backup of everything in "${table.name}" is not possible: back it up yourself, and run with --no-backup`,
        )
      }
      const names: TableName[] =
        loss.kind === 'rows' && loss.cascades ? await withReferrers(connection, table) : [table]
      for (const name of names) {
        const found = await cataloguedTable(connection, name)
        if (found === null || seen.has(keyOf(found))) continue
        seen.add(keyOf(found))
        await this.backUp(connection, found, loss)
      }
    }
  }

  private async backUp(connection: MigrationConnection, table: SizedTable, loss: object): Promise<Backup | null> {
    try {
      const { target, maxRows } = this.options
      const takenAt = new Date(Math.max(Date.now(), lastMoment + 1))
      lastMoment = takenAt.getTime()
      const catalogued = { table: table.table, columns: table.columns }
      const request = { loss, table: catalogued, stamp: stampOf(takenAt), target, maxRows }
      const plan = backupPlan(connection, request)
      if (plan === null) return null
      const { transactional } = tableQuestions(connection, table.table)
      const job = (inside: MigrationConnection) => this.run({ connection: inside, table, plan, takenAt })
      const backup = await (transactional ? connection.transaction(job) : connection.pin(job))
      if (backup !== null) this.taken.push(backup)
      return backup
    } catch (error) {
      throw failedBackup(table.table.name, error)
    }
  }

  private async run(job: Job): Promise<Backup | null> {
    const { connection, table, plan } = job
    if (plan.lock !== null) await connection.unprepared(plan.lock)
    const rows = await numberIn(connection, plan.count)
    if (rows === 0) return null
    this.mustFit(table, plan, rows)
    const backup = { ...(await this.about(job)), rows }
    return this.options.target === 'file' ? this.toFile(job, backup) : this.toTable(job, backup)
  }

  private mustFit({ table, estimate, bytes }: SizedTable, plan: BackupPlan, rows: number): void {
    const { maxRows, maxBytes } = this.options
    const isBeyond = maxRows !== null && rows > maxRows
    // What single columns take is known once they are copied.
    const isTooLarge = plan.lost.length === 0 && maxBytes !== null && bytes !== null && bytes > maxBytes
    if (!isBeyond && !isTooLarge) return
    const known = isBeyond && plan.lost.length === 0 && estimate !== null && estimate >= rows ? estimate : null
    throw beyondLimit(table.name, { rows: known ?? rows, isAtLeast: isBeyond && known === null, bytes })
  }

  private async about({ connection, table, plan, takenAt }: Job): Promise<Omit<Backup, 'rows'>> {
    const { lost, columns, key } = plan
    return {
      id: plan.name.name,
      target: this.options.target,
      driver: connection.getDriverName(),
      table: table.table,
      lost,
      columns,
      key,
      takenAt: takenAt.toISOString(),
      migration: this.migration,
      ddl: await ddlOf(connection, table.table),
    }
  }

  private async toTable({ connection, table, plan }: Job, about: Backup): Promise<Backup> {
    const backup = { ...about, source: plan.name }
    const { transactional } = tableQuestions(connection, table.table)
    await connection.unprepared(plan.create)
    try {
      mustBeWhole(backup, await numberIn(connection, plan.verify))
      const { maxBytes } = this.options
      if (maxBytes !== null && plan.size !== null) {
        const [size] = await connection.select(plan.size.sql, plan.size.bindings)
        const bytes = Number(size?.bytes ?? 0)
        if (bytes > maxBytes) throw beyondLimit(table.table.name, { rows: backup.rows, isAtLeast: false, bytes })
      }
      await remember(connection, backup)
    } catch (error) {
      if (!transactional) await connection.unprepared(plan.drop)
      throw error
    }
    return backup
  }

  private async toFile({ connection, table, plan }: Job, about: Backup): Promise<Backup> {
    const file = join(this.options.directory, `${fileNameOf(plan.name.name)}.jsonl.gz`)
    const { maxBytes } = this.options
    const check = (rows: number, bytes: number) => {
      if (maxBytes !== null && bytes > maxBytes) {
        throw beyondLimit(table.table.name, { rows, isAtLeast: true, bytes: Math.max(bytes, table.bytes ?? 0) })
      }
    }
    for (const sql of plan.before) await connection.unprepared(sql)
    try {
      const written = await writeRows(file, connection.cursor(plan.lines ?? ''), check)
      const backup = { ...about, file, sha256: written.sha256 }
      try {
        mustBeWhole(backup, written.rows)
        await remember(connection, backup)
      } catch (error) {
        await removeFiles(file)
        throw error
      }
      return backup
    } finally {
      for (const sql of plan.after) await connection.unprepared(sql)
    }
  }
}

/** The rows that a question counts. */
export async function numberIn(connection: MigrationConnection, sql: string): Promise<number> {
  const [row] = await connection.select(sql)
  return Number(row?.number ?? 0)
}

function mustBeWhole(backup: Backup, rows: number): void {
  if (rows === backup.rows) return
  throw new BackupError(
    `backup of ${describeBackup(backup)} holds ${rows} rows instead of ${backup.rows}: others write to the table meanwhile; run again`,
  )
}

/** `20251130T120000123` */
export function stampOf(moment: Date): string {
  return moment.toISOString().replace(/[-:.Z]/g, '')
}

function keyOf({ table }: SizedTable): string {
  return JSON.stringify([table.schema, table.name])
}

/** A table's name as a file's: what some system refuses in one is written as its number. */
function fileNameOf(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.-]|^\.+/gu, (letters) =>
    [...letters].map((letter) => `%${letter.codePointAt(0)?.toString(16)}`).join(''),
  )
}
