import { loadDump } from '../migrations/dump-loader'
import { structureOf } from '../migrations/dumper'
import { MigrationEventDispatcher } from '../migrations/events'
import { Journal } from '../migrations/journal'
import { OWN_TABLES } from '../migrations/meta'
import type { MigrationConnection } from '../migrations/migration-connection'
import { Migrator } from '../migrations/migrator'
import type { SchemaDump } from '../migrations/schema-dump'
import type { Change } from '../schema/change'
import type { Database as Structure } from '../schema/database'
import type { Database } from './database'
import { withScratchDatabase } from './scratch-database'

/** Where the migrations are that a dump stands for. */
export interface Sources {
  paths: string[]
  /** The dump that was there before, which may stand for files that are gone. */
  schemaDump: string
}

/**
 * Loads a dump into one scratch database and runs the migrations in another, and compares them.
 *
 * @returns What differs, one line each; nothing when both are the same.
 */
export async function differencesOf(database: Database, dump: SchemaDump, sources: Sources): Promise<string[]> {
  const { table } = database.config.migrations
  const loaded = await withScratchDatabase(database, async ({ connection, name }) => {
    const journal = await Journal.open(connection, 'migrations', table)
    await journal.prepare(connection)
    await connection.pin((session) => loadDump(session, journal, dump))
    return structure(connection, name, table)
  })
  return withScratchDatabase(database, async ({ connection, name }) => {
    const migrator = new Migrator(connection, { ...sources, table, events: new MigrationEventDispatcher() })
    const failed = (await migrator.run()).find((result) => !result.success)
    if (failed !== undefined)
      return [`The migrations do not run on an empty database: ${failed.name} - ${failed.error}`]
    const migrated = await structure(connection, name, table)
    const command = { do: 'schema.diff', current: loaded, wanted: migrated }
    const changes = (await connection.native(command)) as Change[]
    return [...changes.map(lineOf), ...others(loaded, migrated)]
  })
}

/** A structure, without the name of the database that it is in. */
async function structure(connection: MigrationConnection, name: string, table: string): Promise<Structure> {
  const found = await structureOf(connection, [table, ...OWN_TABLES])
  return JSON.parse(JSON.stringify(found).replaceAll(name, 'scratch')) as Structure
}

function lineOf(change: Change): string {
  const table = 'table' in change ? (typeof change.table === 'string' ? change.table : change.table.name) : ''
  return `${table}: ${change.kind} by the migrations, not by the dump`
}

/** Differences of what is kept as text. */
function others(loaded: Structure, migrated: Structure): string[] {
  const kinds = ['views', 'enums', 'sequences', 'triggers', 'routines'] as const
  return kinds.flatMap((kind) => {
    const texts = (from: Structure) => new Map((from[kind] ?? []).map((one) => [one.name, JSON.stringify(one)]))
    const [one, other] = [texts(loaded), texts(migrated)]
    const names = new Set([...one.keys(), ...other.keys()])
    return [...names].filter((name) => one.get(name) !== other.get(name)).map((name) => `${name}: differs (${kind})`)
  })
}
