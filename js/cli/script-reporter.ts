import type { MigrationEventDispatcher } from '../migrations/events'
import { Reporter } from './reporter'

/** Prints pretended migrations as a SQL script: everything else about them is a comment, or goes to stderr. */
export class ScriptReporter extends Reporter {
  override listen(events: MigrationEventDispatcher): () => void {
    const { output } = this
    const ends = [
      events.listen('migrations.none', ({ method }) =>
        output.line(method === 'up' ? '-- Nothing to migrate' : '-- Nothing to rollback'),
      ),
      events.listen('migration.pretended', ({ migration, script, fails }) => {
        if (fails) output.line(`-- Would fail: ${migration}`)
        for (const line of script ?? []) output.line(line)
      }),
      events.listen('migration.skipped', ({ migration, reason }) =>
        output.line(`-- Skipped: ${migration} (${reason})`),
      ),
      ...this.listenForTrouble(events),
    ]
    return () => {
      for (const end of ends) end()
    }
  }
}
