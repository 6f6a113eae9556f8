import { type DumpedStructure, dumpStructure } from '../migrations/dumper'
import { OWN_TABLES } from '../migrations/meta'
import { type DumpedMigration, formatDump, parseDump, type SchemaDump } from '../migrations/schema-dump'
import type { DatabaseOptions } from './command'
import { CommandError } from './command-error'
import type { Database } from './database'

export interface DumpOptions extends DatabaseOptions {
  allowMissing?: boolean
  includeData?: string[]
  output?: string
}

export const DUMP_OPTIONS = [
  { flags: '--output <file>', description: 'the file to write instead of database/schema/<connection>-schema.sql' },
  {
    flags: '--include-data <table>',
    description: 'dump the rows of this table as well; may be repeated',
    parse: (value: string, previous: unknown) => [...((previous as string[] | undefined) ?? []), value],
  },
  { flags: '--allow-missing', description: 'write the dump although it cannot hold everything' },
]

/**
 * Dumps the structure of a database. Writes nothing.
 *
 * @throws CommandError of kind `refused` with everything that the dump cannot hold.
 */
export async function makeDump(
  { config, connection }: Database,
  migrations: DumpedMigration[],
  options: DumpOptions,
): Promise<{ dump: SchemaDump; text: string; structure: DumpedStructure }> {
  const without = [config.migrations.table, config.seeders.table, ...OWN_TABLES]
  const structure = await dumpStructure(connection, { without, rowsOf: options.includeData })
  if (structure.missing.length > 0 && !options.allowMissing) {
    throw new CommandError(
      'refused',
      [
        'A dump cannot hold everything that is in this database. Nothing was written. --allow-missing leaves out:',
        ...structure.missing.map(({ name, reason }) => `${name}: ${reason}`),
      ].join('\n'),
    )
  }
  const driver = connection.getDriverName()
  const text = formatDump({ driver, migrations, statements: structure.statements })
  return { dump: parseDump(text, options.output ?? ''), text, structure }
}
