import type { Step } from '../engine'
import type { MigrationEventDispatcher } from '../events'
import type { LoadedMigration } from '../loader'
import type { MigrationConnection } from '../migration-connection'
import { MigrationError } from '../migration-error'
import { type LintFinding, type LintSettings, type TableFacts, tableFacts } from './lint-engine'
import type { LintState } from './lint-state'
import { MigrationLint } from './migration-lint'

/** What the catalogue said of the tables of one connection. */
export interface KnownTables {
  tables: readonly {
    facts: TableFacts
    /** Its own name and those of its indexes, in lower case. */
    names: readonly string[]
  }[]
  /** Whether it was asked, so that a table that is not among them is not there. */
  isComplete: boolean
}

const NOTHING_KNOWN: KnownTables = { tables: [], isComplete: false }

/** Looks at the statements of one run of migrations: what is large, and what the run made itself. */
export class LintRun {
  readonly settings: LintSettings
  /** What the migrations before did. */
  state: LintState = {}
  private readonly events: MigrationEventDispatcher
  private readonly known = new Map<MigrationConnection, KnownTables>()
  private readonly told = new Set<string>()

  constructor(settings: LintSettings, events: MigrationEventDispatcher) {
    this.settings = settings
    this.events = events
  }

  /** Whether there is nothing for {@link prepare} to ask. */
  isPrepared(connection: MigrationConnection): boolean {
    return !this.settings.needsCatalogue || this.known.has(connection)
  }

  /** Asks the catalogue, once for each connection and only when a rule needs it. Outside of transactions. */
  async prepare(connection: MigrationConnection): Promise<void> {
    if (this.isPrepared(connection)) return
    try {
      const tables = (await tableFacts(connection)).map((facts) => ({ facts, names: namesOf(facts) }))
      this.known.set(connection, { tables, isComplete: true })
    } catch (error) {
      this.known.set(connection, NOTHING_KNOWN)
      const message = `Rules about large tables are left out, the catalogue cannot be read: ${(error as Error).message}`
      await this.events.dispatch('migrations.warning', { message })
    }
  }

  /**
   * @param connection - The one that the migration was prepared with; its statements may go by another object of it.
   */
  begin(
    migration: Pick<LoadedMigration, 'name' | 'withinTransaction'>,
    connection: MigrationConnection,
  ): MigrationLint {
    return new MigrationLint(this, migration, connection, this.known.get(connection) ?? NOTHING_KNOWN)
  }

  /** Tells what stops nothing, once. */
  async tell(migration: string, findings: readonly LintFinding[], doubts: readonly string[]): Promise<void> {
    for (const message of doubts) {
      if (this.isNew(message)) await this.events.dispatch('migrations.warning', { message })
    }
    for (const finding of findings) {
      if (this.isNew(`${migration} ${finding.text}`))
        await this.events.dispatch('migration.lint', { migration, finding })
    }
  }

  /**
   * Looks at files of SQL before anything runs: no code of a user is needed for that. What is said about a table that
   * an earlier migration of the run may make is left to the statement on its way.
   *
   * @throws MigrationError that names what a rule refuses.
   */
  refuseScripts(migrations: readonly LoadedMigration[], connection: MigrationConnection): void {
    const refused: string[] = []
    const before = this.state
    for (const migration of migrations) {
      if (migration.script === undefined) continue
      const lint = this.begin(migration, connection)
      const findings = migration.script.flatMap((sql) => lint.look(sql).findings)
      this.state = lint.state
      for (const { severity, table, rows, text } of findings) {
        if (severity === 'error' && (table === null || rows !== null)) refused.push(`${migration.name}: ${text}`)
      }
    }
    this.state = before
    if (refused.length > 0) throw new MigrationError('validation', [...refused, 'Nothing was run.'].join('\n'))
  }

  private isNew(text: string): boolean {
    const isNew = !this.told.has(text)
    this.told.add(text)
    return isNew
  }
}

/**
 * What looks at a run that is about to begin; null when nothing looks at it.
 *
 * @throws MigrationError for what a rule refuses in a file of SQL.
 */
export async function lintRunFor(
  settings: LintSettings | null,
  about: {
    steps: readonly Step[]
    migrations: ReadonlyMap<string, LoadedMigration>
    events: MigrationEventDispatcher
    session: MigrationConnection
  },
): Promise<LintRun | null> {
  const { steps, migrations, events, session } = about
  const up = steps.filter(({ direction }) => direction === 'up').map(({ path }) => migrations.get(path))
  if (settings === null || up.length === 0) return null
  const run = new LintRun(settings, events)
  await run.prepare(session)
  run.refuseScripts(
    up.filter((migration) => migration !== undefined),
    session,
  )
  return run
}

function namesOf({ name, index_names }: TableFacts): string[] {
  return [name, ...(JSON.parse(index_names ?? '[]') as string[])].map((each) => each.toLowerCase())
}
