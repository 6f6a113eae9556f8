import { MigrationEventDispatcher } from '../events'
import { Journal } from '../journal'
import { type LoadedMigration, loadMigration } from '../loader'
import type { MigrationConnection } from '../migration-connection'
import { MigrationError } from '../migration-error'
import { checkedSourcesIn } from '../migration-sources'
import { appliedRow, type MigrationResult, type Migrator } from '../migrator'
import { refusing } from '../refusal'
import { type FileFinding, type LintSettings, lintFiles } from './lint-engine'
import { LintRun } from './lint-run'
import type { LintChoice, LintReport } from './linter'

/** A migration with what it would send. */
interface Captured {
  migration: LoadedMigration
  connection: MigrationConnection
  statements: NonNullable<MigrationResult['statements']>
}

/** What a `MigrationLinter` does. */
export class LinterWork {
  private readonly migrator: Migrator
  private readonly settings: LintSettings

  constructor(migrator: Migrator, settings: LintSettings) {
    this.migrator = migrator
    this.settings = settings
  }

  async lint(choice: LintChoice): Promise<LintReport> {
    const { captured, ...report } = await this.look(choice)
    const { connection, paths, table } = this.migrator.place()
    const journal = await Journal.open(connection, 'migrations', table)
    const applied = (await journal.rows(connection)).map(appliedRow)
    const { found } = await checkedSourcesIn(connection, paths)
    const migrations = captured.map(({ migration: { name, path, downSource } }) => ({
      name,
      path,
      down: downSource ?? null,
    }))
    const about = await refusing(() =>
      lintFiles(connection, { settings: this.settings, files: found, applied, migrations }),
    )
    const isChosen = ({ migration }: FileFinding) =>
      migration === null || choice.names === undefined || choice.names.includes(migration)
    return { ...report, findings: [...about.filter(isChosen), ...report.findings] }
  }

  async lintStatements(choice: LintChoice): Promise<LintReport> {
    const { captured, ...report } = await this.look(choice)
    return report
  }

  private async look({ names, all }: LintChoice): Promise<LintReport & { captured: Captured[] }> {
    const captured = await this.capture(all ?? false)
    const looked = captured.map(({ migration: { name } }) => name)
    const unknown = names?.filter((name) => !looked.includes(name)) ?? []
    if (unknown.length > 0) {
      const advice = all ? 'There is no such file.' : 'It is not pending; --all looks at every file.'
      throw new MigrationError('refused', `${unknown.join(', ')} cannot be looked at. ${advice}`)
    }
    const isChosen = (name: string) => names === undefined || names.includes(name)
    const warnings: string[] = []
    const events = new MigrationEventDispatcher()
    events.listen('migrations.warning', ({ message }) => void warnings.push(message))
    const run = new LintRun(this.settings, events)
    const findings: FileFinding[] = []
    for (const { migration, connection, statements } of captured) {
      await run.prepare(connection)
      const lint = run.begin(migration, connection)
      const answers = statements.map(({ sql, bindings, isAssured }) => lint.look(sql, bindings, isAssured === true))
      answers.push(lint.end())
      run.state = lint.state
      const { name } = migration
      if (!isChosen(name)) continue
      for (const { findings: found, doubts } of answers) {
        findings.push(...found.map((finding) => ({ migration: name, ...finding })))
        warnings.push(...doubts.map((doubt) => `${name}: ${doubt}`))
      }
    }
    return {
      captured: captured.filter(({ migration }) => isChosen(migration.name)),
      migrations: looked.filter(isChosen),
      findings,
      warnings,
    }
  }

  /** What the pending migrations would send, or all of them on an empty database. */
  private async capture(all: boolean): Promise<Captured[]> {
    const { connection, paths, resolveConnection } = this.migrator.place()
    const results = await (all ? this.migrator.fresh({ pretend: true }) : this.migrator.run({ pretend: true }))
    const { found } = await checkedSourcesIn(connection, paths)
    const files = new Map(found.map((file) => [file.name, file]))
    const captured: Captured[] = []
    for (const { name, statements = [] } of results) {
      const file = files.get(name)
      if (file === undefined) continue
      const migration = await loadMigration(file, connection)
      const own = migration.connection === undefined ? undefined : resolveConnection?.(migration.connection)
      captured.push({ migration, connection: own ?? connection, statements })
    }
    return captured
  }
}
