import type { FileFinding } from '../../migrations/lint/lint-engine'
import { MigrationLinter } from '../../migrations/lint/linter'
import type { Command } from '../command'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { type MigrationCommandOptions, migratorOf } from '../migration-command'
import { DATABASE, PATH } from '../options'
import { counted } from '../reporter'

interface LintCommandOptions extends MigrationCommandOptions {
  all?: boolean
}

export const migrateLint: Command<LintCommandOptions> = {
  name: 'migrate:lint',
  summary: 'Look at what the pending migrations would do to a database in use; changes nothing',
  argument: { name: 'names', description: 'only these migrations', isOptional: true, isVariadic: true },
  options: [{ flags: '--all', description: 'look at every file, as on an empty database' }, PATH, ...DATABASE],
  examples: ['guruorm migrate:lint', 'guruorm migrate:lint 2025_11_30_add_index --json', 'guruorm migrate:lint --all'],
  run(invocation) {
    const { host, options, output, list } = invocation
    loadDotenv(host)
    return withDatabase(invocation, async (database) => {
      const linter = new MigrationLinter(migratorOf(invocation, database))
      const choice = { all: options.all ?? false, ...(list.length > 0 && { names: list }) }
      const { migrations, findings, warnings } = await linter.lint(choice)
      const errors = findings.filter(({ severity }) => severity === 'error').length
      const ok = errors === 0
      output.document({
        ok,
        command: 'migrate:lint',
        connection: database.name,
        migrations,
        findings: findings.map(({ text, ...finding }) => finding),
        warnings,
      })
      for (const warning of warnings) output.note(`⚠️  ${warning}`)
      for (const line of findingLines(findings)) output.line(line)
      const looked = counted(migrations.length, 'migration')
      if (findings.length === 0) output.line(`✅ Nothing found (${looked})`)
      else if (ok) output.line(`✅ ${counted(findings.length, 'warning')}, no error (${looked})`)
      else output.error([`❌ ${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')} (${looked})`])
      return ok ? undefined : 'validation'
    })
  },
}

/** The findings, each migration under its name. */
function findingLines(findings: readonly FileFinding[]): string[] {
  const lines: string[] = []
  for (const name of new Set(findings.map(({ migration }) => migration))) {
    if (name !== null) lines.push(name)
    for (const { migration, severity, text } of findings) {
      if (migration === name) lines.push(`${severity === 'error' ? '❌' : '⚠️ '} ${text}`)
    }
  }
  return lines
}
