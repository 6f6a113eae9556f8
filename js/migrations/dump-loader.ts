import { dirname, relative } from 'node:path'
import { structureOf } from './dumper'
import type { AppliedRow, MigrationFile } from './engine'
import type { Journal } from './journal'
import { OWN_TABLES } from './meta'
import type { MigrationConnection } from './migration-connection'
import { MigrationError } from './migration-error'
import type { SchemaDump } from './schema-dump'
import { wipe } from './sweep'

/** MySQL and MariaDB read each other's statements. */
const FAMILY: Record<string, string> = { mysql: 'mysql', mariadb: 'mysql' }

/**
 * Makes an empty database what a dump says and records the dump's migrations as batch 0, in one transaction where the
 * database has transactional definitions; elsewhere a failure takes back what was made.
 *
 * @throws MigrationError when the database is not empty, or the dump is another database's. Nothing was changed.
 */
export async function loadDump(session: MigrationConnection, journal: Journal, dump: SchemaDump): Promise<void> {
  await mayLoad(session, journal.table, dump)
  const load = async (connection: MigrationConnection) => {
    for (const sql of dump.statements) await connection.unprepared(sql)
    for (const { name, checksum } of dump.migrations) await journal.record(connection, name, 0, checksum)
  }
  if (journal.transactionalDdl) return session.transaction(load)
  try {
    await load(session)
  } catch (error) {
    // It was empty: everything in it is the dump's.
    await wipe(session)
    throw error
  }
}

/** @throws MigrationError when a dump cannot be loaded here. Changes nothing. */
export async function mayLoad(session: MigrationConnection, table: string, dump: SchemaDump): Promise<void> {
  const driver = session.getDriverName()
  if ((FAMILY[dump.driver] ?? dump.driver) !== (FAMILY[driver] ?? driver)) {
    throw new MigrationError(
      'refused',
      `${shown(dump)} is a dump of ${dump.driver}, and this database is ${driver}. Nothing was changed.`,
    )
  }
  const { tables, views = [] } = await structureOf(session, [table, ...OWN_TABLES])
  if (tables.length === 0 && views.length === 0) return
  throw new MigrationError('guarded', 'Database is not empty and has no migration records; run migrate:baseline')
}

/** The dump's migrations as rows, for planning what comes after it. */
export function rowsOf(dump: SchemaDump): AppliedRow[] {
  return dump.migrations.map(({ name, checksum }, index) => ({ id: index + 1, migration: name, batch: 0, checksum }))
}

/** Files as they are on disk, and the dump in place of each that it replaces and that is gone. */
export function withDumped(files: MigrationFile[], dump: SchemaDump | null): MigrationFile[] {
  const known = new Set(files.flatMap(({ name, stem = name }) => [name, stem]))
  const gone = dump?.migrations.filter(({ name }) => !known.has(name)) ?? []
  return [...files, ...gone.map(({ name }) => ({ name, path: dump?.path ?? '' }))]
}

/** @throws MigrationError for a migration that has to run and is only in the dump. */
export function mustHaveFiles(steps: readonly MigrationFile[], dump: SchemaDump | null): void {
  const lost = steps.filter((step) => step.path === dump?.path).map((step) => step.name)
  if (dump === null || lost.length === 0) return
  throw new MigrationError(
    'refused',
    `${lost.join(', ')} did not run here, and only ${shown(dump)} has it, which is for empty databases. Restore the file; nothing was run.`,
  )
}

function shown({ path }: SchemaDump): string {
  return relative(process.cwd(), path) || dirname(path)
}
