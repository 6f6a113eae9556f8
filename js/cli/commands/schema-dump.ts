import { relative, resolve } from 'node:path'
import { Journal } from '../../migrations/journal'
import { writeWhole } from '../../support/write-whole'
import type { Command } from '../command'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { dumpPath } from '../dump-path'
import type { MigrationCommandOptions } from '../migration-command'
import { DATABASE, FORCE, PATH } from '../options'
import { counted } from '../reporter'
import { DUMP_OPTIONS, type DumpOptions, makeDump } from '../write-dump'
import { migrateSquash } from './migrate-squash'

type SchemaDumpOptions = DumpOptions & MigrationCommandOptions & { prune?: boolean }

export const schemaDump: Command<SchemaDumpOptions> = {
  name: 'schema:dump',
  summary: 'Write the structure of the database as SQL',
  options: [
    { flags: '--prune', description: 'as migrate:squash --prune: delete the files of the migrations it stands for' },
    ...DUMP_OPTIONS,
    FORCE,
    PATH,
    ...DATABASE,
  ],
  examples: ['guruorm schema:dump', 'guruorm schema:dump --include-data=roles --output=schema.sql'],
  async run(invocation) {
    const { host, options, output } = invocation
    if (options.prune) return migrateSquash.run(invocation)
    loadDotenv(host)
    return withDatabase(invocation, async (database) => {
      const { config, connection, name } = database
      const journal = await Journal.open(connection, 'migrations', config.migrations.table)
      const migrations = (await journal.rows(connection)).map((row) => ({ name: row.name, checksum: null }))
      const { text, structure } = await makeDump(database, migrations, options)
      const path = options.output === undefined ? dumpPath(host, name) : resolve(host.cwd, options.output)
      writeWhole(path, text)
      const file = relative(host.cwd, path)
      const tables = structure.database.tables.length
      output.line(`✅ Dumped ${counted(tables, 'table')}: ${file}`)
      output.document({
        ok: true,
        command: 'schema:dump',
        connection: name,
        file,
        tables,
        migrations: migrations.length,
        missing: structure.missing,
      })
      return undefined
    })
  },
}
