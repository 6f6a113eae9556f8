/** Runs migrations that no transaction takes back, for tests that look at what is left of them. */
import { MigrationEventDispatcher, type MigrationEventMap } from '../../js/migrations/events'
import { failureLines } from '../../js/migrations/failure'
import type { MigrationError } from '../../js/migrations/migration-error'
import { Migrator, type MigratorOptions, type RunOptions } from '../../js/migrations/migrator'
import type { TestDatabase } from '../support/databases'
import type { Project } from './project'

/** A migration with these bodies. */
export const migration = (up: string, { down = '', fields = '' } = {}) => `export default class {
  ${fields}
  async up(context) {
    ${up}
  }
  async down(context) {
    ${down}
  }
}`

/** Statements, one after the other. */
export const sends = (...statements: string[]) =>
  statements.map((sql) => `await context.statement(${JSON.stringify(sql)})`).join('\n    ')

/** Outside of transactions, by its own wish. */
export const OPEN = { fields: 'withinTransaction = false' }

export interface Run {
  /** The block of the failure. */
  lines: string[]
  notes: string[]
  resumed: MigrationEventMap['migration.resuming'][]
  isDone: boolean
}

export async function migrate(
  db: TestDatabase,
  made: Project,
  { resume, ...options }: MigratorOptions & RunOptions = {},
  act: 'run' | 'rollback' = 'run',
): Promise<Run> {
  const events = new MigrationEventDispatcher()
  const run: Run = { lines: [], notes: [], resumed: [], isDone: false }
  events.listen('migration.failed', (failure) => {
    run.lines = failureLines(failure, made.path)
  })
  events.listen('migration.resuming', (event) => void run.resumed.push(event))
  events.listen('migration.indexRemoved', ({ index }) => void run.notes.push(`removed ${index}`))
  events.listen('migrations.warning', ({ message }) => void run.notes.push(message))
  const migrator = new Migrator(db.connection(), { paths: [made.path], events, ...options })
  const results = await migrator[act](resume === undefined ? {} : { resume })
  run.isDone = results.every(({ success }) => success)
  return run
}

/** What refuses to begin. */
export async function refused(db: TestDatabase, made: Project, options: MigratorOptions & RunOptions = {}) {
  const error = await migrate(db, made, options).then(
    () => undefined,
    (thrown: MigrationError) => thrown,
  )
  return { kind: error?.kind, message: error?.message ?? 'It ran.' }
}

export async function lastAttempt(db: TestDatabase) {
  const [attempt] = await new Migrator(db.connection()).attempts({ limit: 1 })
  return attempt
}
