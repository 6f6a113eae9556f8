import type { Change } from '../schema/change'
import type { Database } from '../schema/database'
import { backupNames } from './backups/engine'
import type { MigrationConnection, Statement } from './migration-connection'
import { MigrationError } from './migration-error'

/** What a dump leaves out, and why. */
export interface LeftOut {
  name: string
  reason: string
}

export interface DumpOptions {
  /** Tables that are not dumped: the journals. */
  without: readonly string[]
  /** Tables whose rows are dumped as well. */
  rowsOf?: readonly string[]
}

/** A structure as the statements that make it again. */
export interface DumpedStructure {
  /** What was dumped. */
  database: Database
  statements: string[]
  /** What is in the database and not in the statements. */
  missing: LeftOut[]
}

/**
 * Reads a database's structure and writes it as statements. Nothing but the connection is needed: no program of the
 * server's maker.
 *
 * @throws MigrationError for a table whose rows are wanted and that is not there.
 */
export async function dumpStructure(connection: MigrationConnection, options: DumpOptions): Promise<DumpedStructure> {
  const driver = connection.getDriverName()
  const database = await structureOf(connection, options.without)
  const current = { ...database, tables: [] }
  const changes = await ask<Change[]>(connection, { do: 'schema.diff', current, wanted: database })
  const planned = (isKey: boolean) =>
    ask<string[]>(connection, {
      do: 'schema.plan',
      changes: changes.filter(({ kind }) => (kind === 'addForeignKey') === isKey),
      settled: true,
    })
  const [tables, keys] = [await planned(false), await planned(true)]

  const wanted = (options.rowsOf ?? []).map((name) => {
    const table = database.tables.find((found) => found.name === name)
    if (table === undefined) throw new MigrationError('refused', `There is no table "${name}" to take rows from.`)
    return table
  })
  const questions = await ask<{ rows: string[]; positions: Statement[] }>(connection, {
    do: 'migrate.dumpRows',
    driver,
    tables: wanted,
    sequences: database.sequences ?? [],
  })
  const rows: string[] = []
  for (const sql of questions.rows) rows.push(...texts(await connection.select(sql)))
  const positions: string[] = []
  for (const { sql, bindings } of questions.positions) positions.push(...texts(await connection.select(sql, bindings)))

  const dump = { do: 'migrate.dump', database, tables, rows: [...rows, ...positions], keys }
  const { statements, missing } = await ask<{ statements: string[]; missing: LeftOut[] }>(connection, dump)
  return { database, statements, missing }
}

/** The structure of a database without some tables. */
export async function structureOf(connection: MigrationConnection, without: readonly string[]): Promise<Database> {
  const database = await ask<Database>(connection, { do: 'schema.database', inspection: {} })
  const backups = new Set(
    backupNames(
      connection,
      database.tables.map(({ name }) => name),
    ),
  )
  const isLeft = (name: string) =>
    !backups.has(name) && !without.some((table) => name === table || name.startsWith(`${table}.`))
  return {
    ...database,
    tables: database.tables.filter(({ name }) => isLeft(name)),
    leftOut: (database.leftOut ?? []).filter(({ name }) => isLeft(name)),
  }
}

function texts(rows: Record<string, unknown>[]): string[] {
  return rows.map(({ statement }) => String(statement))
}

async function ask<Answer>(connection: MigrationConnection, command: object): Promise<Answer> {
  return (await connection.native(command)) as Answer
}
