/** What a migration asks before it drops something. */
import type { MigrationContext } from '../context'
import { GuardError } from './backup-error'
import { countStatement, dependents } from './engine'
import type { MigrationBackups } from './migration-backups'
import { asOwnWork } from './own-work'
import { type SizedTable, structureAround, tableNamed } from './table-catalogue'

/**
 * Looks whether a column may be dropped: nothing may depend on it, and in production it has to be backed up.
 *
 * @returns Whether the column is there. A warning says so when it is not.
 * @throws GuardError with the names of the foreign keys, indexes and views that depend on it; BackupError in production
 * without a backup of this run, unless `--no-backup` was said.
 * @example
 * if (await guardColumnDrop(context, 'users', 'nick')) {
 *   await context.table('users', (table) => table.dropColumn('nick'))
 * }
 */
export async function guardColumnDrop(context: MigrationContext, table: string, column: string): Promise<boolean> {
  const { connection, backups } = context
  // Nothing is sent while it is pretended.
  if (backups === undefined) return true
  const found = await asOwnWork(() => tableNamed(connection, table))
  if (found === null) {
    await backups.warn(`guardColumnDrop: there is no table "${table}"`)
    return false
  }
  const same = (name: string) => name.toLowerCase() === column.toLowerCase()
  const held = found.columns.find(({ name }) => name === column) ?? found.columns.find(({ name }) => same(name))
  if (held === undefined) {
    await backups.warn(`guardColumnDrop: "${table}" has no column "${column}"`)
    return false
  }
  await guard(context, backups, found, held.name)
  return true
}

/**
 * Looks whether a table may be dropped, as {@link guardColumnDrop} does for a column.
 *
 * @returns Whether the table is there.
 * @example
 * if (await guardTableDrop(context, 'old_users')) await context.drop('old_users')
 */
export async function guardTableDrop(context: MigrationContext, table: string): Promise<boolean> {
  const { connection, backups } = context
  if (backups === undefined) return true
  const found = await asOwnWork(() => tableNamed(connection, table))
  if (found === null) {
    await backups.warn(`guardTableDrop: there is no table "${table}"`)
    return false
  }
  await guard(context, backups, found)
  return true
}

async function guard(
  { connection }: MigrationContext,
  backups: MigrationBackups,
  { table }: SizedTable,
  column?: string,
): Promise<void> {
  const what = column === undefined ? `"${table.name}"` : `"${table.name}"."${column}"`
  const { database, name } = await structureAround(connection, table)
  const names = dependents(connection, { database, table: name, column: column ?? null })
  if (names.length > 0) throw new GuardError(`${what} cannot be dropped: ${names.join(', ')} depend on it.`)
  const { numberIn } = await import('./backup-taker.js')
  const rows = await asOwnWork(() => numberIn(connection, countStatement(connection, table, column ?? null)))
  await backups.note(
    column === undefined
      ? `${what} has ${rows} ${rows === 1 ? 'row' : 'rows'}`
      : `${what} has a value in ${rows} ${rows === 1 ? 'row' : 'rows'}`,
  )
  backups.mustBeBackedUp(table.name, column)
}
