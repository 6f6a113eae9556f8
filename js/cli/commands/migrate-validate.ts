import { type LintReport, MigrationLinter } from '../../migrations/lint/linter'
import type { Migrator } from '../../migrations/migrator'
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
      const migrator = migratorOf(invocation, database)
      const problems: { name: string; problem: string; message: string }[] = await new MigrationRecords(
        migrator,
      ).validate()
      // What cannot be loaded cannot be asked what it would do.
      if (!problems.some(({ problem }) => problem === 'unloadable')) {
        const { findings, warnings } = await lintOf(migrator)
        for (const warning of warnings) output.note(`⚠️  ${warning}`)
        for (const { severity, migration, rule, text } of findings) {
          if (severity === 'error')
            problems.push({ name: migration ?? '', problem: rule, message: `${migration}: ${text}` })
          else output.note(`⚠️  ${migration}: ${text}`)
        }
      }
      const ok = problems.length === 0
      output.document({ ok, command: 'migrate:validate', connection: database.name, problems })
      for (const { message } of problems) output.line(`⚠️  ${message}`)
      if (ok) output.line('✅ Migrations and records fit')
      else output.error([`❌ ${counted(problems.length, 'problem')} found. Nothing was changed.`])
      return ok ? undefined : 'validation'
    })
  },
}

/** What lint says of the pending migrations; code that cannot be pretended is no misfit of files and records. */
async function lintOf(migrator: Migrator): Promise<Pick<LintReport, 'findings' | 'warnings'>> {
  if (migrator.place().lint === null) return { findings: [], warnings: [] }
  try {
    return await new MigrationLinter(migrator).lintStatements()
  } catch (error) {
    return { findings: [], warnings: [`Lint was left out: ${(error as Error).message.split('\n')[0]}`] }
  }
}
