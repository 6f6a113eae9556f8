import type { Command, DatabaseOptions } from '../command'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { guardProduction } from '../guard'
import { DATABASE, FORCE } from '../options'

export const dbWipe: Command<DatabaseOptions> = {
  name: 'db:wipe',
  summary: 'Drop all tables',
  options: [FORCE, ...DATABASE],
  examples: ['guruorm db:wipe', 'guruorm db:wipe --database=testing'],
  async run(invocation) {
    const { host, options, output } = invocation
    loadDotenv(host)
    guardProduction(host, options, 'db:wipe')
    return withDatabase(invocation, async ({ connection, name }) => {
      await connection.schema().dropAllTables()
      output.line('✅ Dropped all tables')
      output.document({ ok: true, command: 'db:wipe', connection: name })
      return undefined
    })
  },
}
