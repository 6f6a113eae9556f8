import { wipe } from '../../migrations/sweep'
import type { Command, DatabaseOptions } from '../command'
import { withGuardedDatabase } from '../guarded-database'
import { DATABASE, FORCE } from '../options'

export const dbWipe: Command<DatabaseOptions> = {
  name: 'db:wipe',
  summary: 'Drop all tables, views, types and routines',
  options: [FORCE, ...DATABASE],
  examples: ['guruorm db:wipe', 'guruorm db:wipe --database=testing'],
  async run(invocation) {
    const { output } = invocation
    return withGuardedDatabase('db:wipe', invocation, async ({ connection, name }) => {
      await wipe(connection)
      output.line('✅ Dropped all tables')
      output.document({ ok: true, command: 'db:wipe', connection: name })
      return undefined
    })
  },
}
