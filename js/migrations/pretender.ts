import type { PretendedQuery } from '../connection/pretence'
import { MigrationContext } from './context'
import type { Step } from './engine'
import type { MigrationEventDispatcher } from './events'
import { failureOf } from './failure'
import type { Journal } from './journal'
import type { LoadedMigration } from './loader'
import type { MigrationConnection, Statement } from './migration-connection'
import type { MigrationResult, Pretend } from './migrator-options'
import { PretendedDatabase } from './pretended-database'
import { scriptOf } from './pretended-script'
import type { SchemaDump } from './schema-dump'

export interface PretenderOptions {
  connection: MigrationConnection
  journal: Journal
  /** Loaded before, where the run begins with it. */
  dump: SchemaDump | null
  /** Whether everything is dropped before. */
  isFresh: boolean
  events: MigrationEventDispatcher
  /** The migration's own connection. */
  connectionOf(migration: LoadedMigration): MigrationConnection
}

/** Runs migrations with their writes recorded instead of sent, each as if those before it had run. */
export class Pretender {
  private readonly options: PretenderOptions
  private readonly pretend: Pretend
  private readonly databases = new Map<MigrationConnection, PretendedDatabase>()
  /** What comes before the first migration, until a script has it. */
  private preparation: Statement[]

  constructor(options: PretenderOptions, pretend: Pretend) {
    this.options = options
    this.pretend = pretend
    const { journal, dump } = options
    const loaded = dump?.statements ?? []
    this.preparation = [
      ...[...journal.preparation, ...loaded].map((sql) => ({ sql, bindings: [] })),
      ...(dump?.migrations ?? []).map(({ name }) => journal.recording(name, 0)),
    ]
  }

  /** Begins as a run would: with everything dropped, or with the schema dump. Needed before the first {@link run}. */
  async begin(): Promise<void> {
    const { connection, dump, isFresh } = this.options
    if (this.pretend === 'names') return
    const database = this.databaseOf(connection)
    if (isFresh) await database.wiped()
    if (dump !== null) await database.ran(dump.statements)
  }

  /** @returns Null when the migration does not want to run. One that throws is a result, not a rejection. */
  async run(step: Step, migration: LoadedMigration, notRun: string[]): Promise<MigrationResult | null> {
    const { events, connectionOf } = this.options
    const about = { migration: step.name, method: step.direction }
    if (this.pretend === 'names') {
      await events.dispatch('migration.pretended', { ...about, statements: [] })
      return {
        name: step.name,
        method: step.direction,
        batch: step.batch,
        success: true,
        time: 0,
        pretend: true,
        statements: [],
      }
    }
    const connection = connectionOf(migration)
    const database = this.databaseOf(connection)
    const statements: PretendedQuery[] = []
    database.begin({
      withinTransaction: migration.withinTransaction,
      note: (text) => statements.push(commented(`note: ${text}`)),
    })
    try {
      if (step.direction === 'up' && (await migration.shouldRun?.()) === false) {
        await events.dispatch('migration.skipped', { migration: step.name, reason: 'shouldRun returned false' })
        return null
      }
      const body = () => connection.asDefault(() => this.body(step, migration, connection))
      await connection.pretend(body, database, statements)
    } catch (error) {
      return this.failed(step, error, { statements, sent: database.sent, notRun })
    }
    const script = this.pretend === 'script' ? await this.script(step, migration, statements, connection) : undefined
    await events.dispatch('migration.pretended', { ...about, statements, ...(script && { script }) })
    return {
      name: step.name,
      method: step.direction,
      batch: step.batch,
      success: true,
      time: 0,
      pretend: true,
      statements,
    }
  }

  private databaseOf(connection: MigrationConnection): PretendedDatabase {
    const database = this.databases.get(connection) ?? new PretendedDatabase(connection)
    this.databases.set(connection, database)
    return database
  }

  private async body(step: Step, migration: LoadedMigration, connection: MigrationConnection): Promise<void> {
    const context = new MigrationContext(connection, (level, message) => {
      this.options.events.dispatch('migration.message', { migration: step.name, level, message }).catch(() => {})
    })
    await migration[step.direction]?.(context)
    await context.finish(connection)
  }

  private async failed(
    step: Step,
    error: unknown,
    about: { statements: PretendedQuery[]; sent: number; notRun: string[] },
  ): Promise<MigrationResult> {
    const { name, direction, path } = step
    const { statements, sent, notRun } = about
    const { events } = this.options
    await events.dispatch('migration.pretended', { migration: name, method: direction, statements, fails: true })
    const hasSql = typeof (error as { sql?: unknown } | null)?.sql === 'string'
    const failure = failureOf(error, {
      migration: name,
      method: direction,
      path,
      statement: hasSql ? sent : null,
      state: 'pretended; nothing was changed.',
      notRun,
    })
    await events.dispatch('migration.failed', failure)
    const { batch } = step
    return {
      name,
      method: direction,
      batch,
      success: false,
      time: 0,
      pretend: true,
      statements,
      error: failure.message,
    }
  }

  /** The statements, what keeps the journal, and the transaction around them. */
  private async script(
    step: Step,
    migration: LoadedMigration,
    statements: PretendedQuery[],
    connection: MigrationConnection,
  ): Promise<string[]> {
    const { journal } = this.options
    const kept: Statement =
      step.direction === 'up'
        ? journal.recording(step.name, step.batch, step.checksum)
        : { sql: journal.forgetting, bindings: [Number(step.id)] }
    const prepared = await scriptOf(connection, this.preparation, false)
    this.preparation = []
    const title = `-- ${step.direction === 'up' ? 'Would run' : 'Would rollback'}: ${step.name}`
    if (!migration.withinTransaction) {
      return [...prepared, title, ...(await scriptOf(connection, [...statements, kept], false))]
    }
    const first = journal.transactionalDdl ? [kept, ...statements] : [...statements, kept]
    return [...prepared, title, ...(await scriptOf(connection, first, true))]
  }
}

/** A comment among statements. */
function commented(text: string): PretendedQuery {
  return { sql: `-- ${text}`, query: `-- ${text}`, bindings: [], time: 0 }
}
