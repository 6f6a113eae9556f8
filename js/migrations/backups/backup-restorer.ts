import { basename } from 'node:path'
import type { MigrationConnection } from '../migration-connection'
import { MigrationError } from '../migration-error'
import { refusing } from '../refusal'
import { type Backup, describeBackup, type RestoreMode, type RestoreOptions, type RestoreResult } from './backup'
import { hashOf, readPieces } from './backup-file'
import { numberIn, stampOf } from './backup-taker'
import { dropStatement, type RestorePlan, restorePlan, tableQuestions } from './engine'
import { asOwnWork } from './own-work'
import { cataloguedTable, type SizedTable } from './table-catalogue'

/**
 * Brings a backup back, in one transaction. Removes no row.
 *
 * @throws MigrationError when it cannot be done so. Nothing was changed.
 */
export async function restoreBackup(
  connection: MigrationConnection,
  backup: Backup,
  options: RestoreOptions,
): Promise<RestoreResult> {
  if (backup.driver !== connection.getDriverName()) {
    throw refused(`The backup of ${describeBackup(backup)} is of a ${backup.driver} database.`)
  }
  if (backup.file !== undefined && (await hashOf(backup.file)) !== backup.sha256) {
    throw refused(`${basename(backup.file)} is not the file that was written: its sha-256 is another one.`)
  }
  const mode = options.mode ?? (backup.lost.length > 0 ? 'column' : 'table')
  const { transactional } = tableQuestions(connection, backup.table)
  const { dryRun = false } = options
  return asOwnWork(() =>
    transactional
      ? connection.transaction((inside) => restoreInto(inside, backup, mode, dryRun))
      : connection.pin((session) => recreatedFirst(session, backup, mode, dryRun)),
  )
}

/** Where a schema change ends the transaction, the table is made before it begins, and goes when the rows fail. */
async function recreatedFirst(
  session: MigrationConnection,
  backup: Backup,
  mode: RestoreMode,
  dryRun: boolean,
): Promise<RestoreResult> {
  const isMissing = !dryRun && mode === 'table' && (await cataloguedTable(session, backup.table)) === null
  if (isMissing) await recreate(session, backup)
  try {
    const result = await session.transaction((inside) => restoreInto(inside, backup, mode, dryRun))
    return { ...result, isRecreated: result.isRecreated || isMissing }
  } catch (error) {
    if (isMissing) await session.unprepared(dropStatement(session, backup.table))
    throw error
  }
}

async function restoreInto(
  connection: MigrationConnection,
  backup: Backup,
  mode: RestoreMode,
  dryRun: boolean,
): Promise<RestoreResult> {
  let table = await cataloguedTable(connection, backup.table)
  const isRecreated = table === null && mode === 'table'
  if (isRecreated) {
    if (dryRun) return { backup, mode, rows: backup.rows, dryRun, isRecreated }
    table = await recreate(connection, backup)
  }
  if (table === null) throw refused(`There is no table ${describeBackup({ ...backup, lost: [] })}.`)
  const plan = await planFor(connection, backup, mode, table)
  for (const sql of plan.before) await connection.unprepared(sql)
  try {
    const rows = await run(connection, backup, plan, { mode, dryRun })
    return { backup, mode, rows, dryRun, isRecreated }
  } finally {
    for (const sql of plan.after) await connection.unprepared(sql)
  }
}

async function planFor(
  connection: MigrationConnection,
  backup: Backup,
  mode: RestoreMode,
  table: SizedTable,
): Promise<RestorePlan> {
  const { source = null, lost, columns, key } = backup
  const now = { table: table.table, columns: table.columns }
  const request = { source, lost, columns, key, mode, table: now, stamp: stampOf(new Date()) }
  return refusing(async () => restorePlan(connection, request))
}

async function run(
  connection: MigrationConnection,
  backup: Backup,
  plan: RestorePlan,
  { mode, dryRun }: { mode: RestoreMode; dryRun: boolean },
): Promise<number> {
  const { load, filled, statements, sequences } = plan
  if (filled !== null && (await connection.select(filled)).length > 0) {
    throw refused(`${describeBackup({ ...backup, lost: [] })} is not empty: restore with the mode missing-rows.`)
  }
  if (load !== null) {
    await connection.unprepared(load.create)
    for await (const piece of readPieces(backup.file ?? '')) await connection.update(load.insert, [piece])
  }
  const rows = await numberIn(connection, plan.count)
  if (mode === 'table' && rows !== backup.rows) {
    throw refused(`The backup of ${describeBackup(backup)} holds ${rows} rows; ${backup.rows} were backed up.`)
  }
  if (!dryRun) {
    for (const sql of statements) await connection.update(sql)
    for (const sql of sequences) await connection.select(sql)
  }
  if (load !== null) await connection.unprepared(load.drop)
  return rows
}

async function recreate(connection: MigrationConnection, backup: Backup): Promise<SizedTable> {
  if (backup.ddl.length === 0) {
    throw refused(
      `There is no table ${describeBackup(backup)}, and the backup cannot say how it was made: make it first.`,
    )
  }
  for (const sql of backup.ddl) await connection.unprepared(sql)
  const table = await cataloguedTable(connection, backup.table)
  if (table === null) throw refused(`The table ${describeBackup(backup)} could not be made again.`)
  return table
}

function refused(message: string): MigrationError {
  return new MigrationError('refused', `${message} Nothing was changed.`)
}
