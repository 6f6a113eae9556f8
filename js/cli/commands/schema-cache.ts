import { relative } from 'node:path'
import type { Command, DatabaseOptions } from '../command'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { DATABASE } from '../options'
import { counted } from '../reporter'
import { schemaCacheOf } from '../schema-cache'

interface SchemaCacheOptions extends DatabaseOptions {
  clear?: boolean
}

export const schemaCache: Command<SchemaCacheOptions> = {
  name: 'schema:cache',
  summary: 'Write the structure of the database into .guruorm, for programs that read it',
  options: [{ flags: '--clear', description: 'remove the file' }, ...DATABASE],
  examples: ['guruorm schema:cache', 'guruorm schema:cache --clear'],
  async run(invocation) {
    const { host, options, output } = invocation
    loadDotenv(host)
    return withDatabase(invocation, async (database) => {
      const cache = schemaCacheOf(invocation, database)
      const file = relative(host.cwd, cache.path)
      const about = { ok: true, command: 'schema:cache', connection: database.name, file }
      if (options.clear) {
        const isCleared = cache.clear()
        output.line(isCleared ? `✅ Removed ${file}` : `✅ There is no ${file}`)
        output.document({ ...about, cleared: isCleared })
      } else {
        const { tables } = await cache.write()
        output.line(`✅ Cached ${counted(tables.length, 'table')}: ${file}`)
        output.document({ ...about, tables: tables.length })
      }
      return undefined
    })
  },
}
