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
    const migrations = await migratorOf(invocation, database).status()
    const pending = migrations.filter((migration) => migration.state === 'pending').length
    output.document({
      ok: true,
      command: 'migrate:status',
      connection: database.name,
      pending,
      migrations: migrations.map(({ ran, ...migration }) => migration),
    })
    const lines = migrations.length === 0 ? ['No migrations found'] : statusTable(migrations, output.width)
    for (const line of lines) output.line(line)
    return options.pending && pending > 0 ? 'validation' : undefined
  })
}
