import { MigrationRecords } from '../../migrations/records'
import type { Command } from '../command'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { type MigrationCommandOptions, migratorOf } from '../migration-command'
import { DATABASE, PATH } from '../options'
import { counted } from '../reporter'

export const migrateValidate: Command<MigrationCommandOptions> = {
  name: 'migrate:validate',
  summary: 'Compare the files with what is recorded, and load each of them; changes nothing',
  options: [PATH, ...DATABASE],
  examples: ['guruorm migrate:validate', 'guruorm migrate:validate --json'],
  run(invocation) {
    const { host, output } = invocation
    loadDotenv(host)
    return withDatabase(invocation, async (database) => {
      const problems = await new MigrationRecords(migratorOf(invocation, database)).validate()
      const ok = problems.length === 0
      output.document({ ok, command: 'migrate:validate', connection: database.name, problems })
      for (const { message } of problems) output.line(`⚠️  ${message}`)
      if (ok) output.line('✅ Migrations and records fit')
      else output.error([`❌ ${counted(problems.length, 'problem')} found. Nothing was changed.`])
      return ok ? undefined : 'validation'
    })
  },
}
