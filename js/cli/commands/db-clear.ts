import { META_TABLE } from '../../migrations/meta'
import { clearRows } from '../../migrations/sweep'
import type { Command, DatabaseOptions } from '../command'
import type { Database } from '../database'
import { withGuardedDatabase } from '../guarded-database'
import { DATABASE, FORCE } from '../options'

export const dbClear: Command<DatabaseOptions> = {
  name: 'db:clear',
  summary: 'Delete the rows of all tables, but what migrations ran',
  options: [FORCE, ...DATABASE],
  examples: ['guruorm db:clear', 'guruorm db:clear --database=testing'],
  async run(invocation) {
    const { output } = invocation
    return withGuardedDatabase('db:clear', invocation, async (database) => {
      await clearTables(database)
      output.line('✅ Cleared all tables')
      output.document({ ok: true, command: 'db:clear', connection: database.name })
      return undefined
    })
  },
}

/** Empties every table but those that say what the structure is. What seeders ran is forgotten: their rows are gone. */
export async function clearTables({ config, connection }: Database): Promise<void> {
  const own = config.migrations.table.split('.').at(-1) ?? ''
  await clearRows(connection, [own, 'migration_logs', META_TABLE])
}
