import type { Migrator } from '../../migrations/migrator'
import type { Command, FailureOutcome, Invocation } from '../command'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { type MigrationCommandOptions, migratorOf } from '../migration-command'
import { DATABASE, PATH } from '../options'
import { inSchemas, SCHEMAS } from '../schemas'
import { statusTable } from '../status-table'

interface StatusOptions extends MigrationCommandOptions {
  pending?: boolean
}

export const migrateStatus: Command<StatusOptions> = {
  name: 'migrate:status',
  aliases: ['migration:status', 'migration:show'],
  summary: 'Show which migrations have run',
  options: [
    { flags: '--pending', description: 'exit with 1 when a migration is pending' },
    PATH,
    ...SCHEMAS,
    ...DATABASE,
  ],
  examples: ['guruorm migrate:status', 'guruorm migrate:status --json', 'guruorm migrate:status --pending'],
  async run(invocation) {
    loadDotenv(invocation.host)
    return inSchemas('migrate:status', invocation, show)
  },
}

function show(invocation: Invocation<StatusOptions>): Promise<FailureOutcome> {
  const { options, output } = invocation
  return withDatabase(invocation, async (database) => {
    const migrator = migratorOf(invocation, database)
    const migrations = await migrator.status()
    const pending = migrations.filter((migration) => migration.state === 'pending').length
    if (output.isJson) {
      const took = await durations(migrator)
      output.document({
        ok: true,
        command: 'migrate:status',
        connection: database.name,
        pending,
        migrations: migrations.map(({ ran, ...migration }) => ({
          ...migration,
          durationMs: ran ? (took.get(migration.name) ?? null) : null,
        })),
      })
    }
    const lines = migrations.length === 0 ? ['No migrations found'] : statusTable(migrations, output.width)
    for (const line of lines) output.line(line)
    return options.pending && pending > 0 ? 'validation' : undefined
  })
}

/** How long the newest successful run of each migration took, in milliseconds, as far as it is logged. */
async function durations(migrator: Migrator): Promise<Map<string, number>> {
  const took = new Map<string, number>()
  for (const { name, status, duration } of (await migrator.attempts()).toReversed()) {
    if (status === 'success' && duration !== null) took.set(name, duration)
  }
  return took
}
