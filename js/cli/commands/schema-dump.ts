import { relative, resolve } from 'node:path'
import { Journal } from '../../migrations/journal'
import { writeWhole } from '../../support/write-whole'
import type { Command } from '../command'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { dumpPath } from '../dump-path'
import { DATABASE } from '../options'
import { counted } from '../reporter'
import { DUMP_OPTIONS, type DumpOptions, makeDump } from '../write-dump'

export const schemaDump: Command<DumpOptions> = {
  name: 'schema:dump',
  summary: 'Write the structure of the database as SQL',
  options: [...DUMP_OPTIONS, ...DATABASE],
  examples: ['guruorm schema:dump', 'guruorm schema:dump --include-data=roles --output=schema.sql'],
  async run(invocation) {
    const { host, options, output } = invocation
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
