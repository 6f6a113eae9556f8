/** Runs migrations of a project and keeps what was said, for the tests of backups. */
import { MigrationEventDispatcher } from '../../js/migrations/events'
import { failureLines, type MigrationFailure } from '../../js/migrations/failure'
import { Migrator, type MigratorOptions } from '../../js/migrations/migrator'
import type { TestDatabase } from '../support/databases'
import { type Project, project } from './project'

/** A migration with these bodies. */
export const doing = (up: string, down = ''): string => `export default class {
  async up(context) { ${up} }
  async down(context) { ${down} }
}`

export interface Ran {
  failure: MigrationFailure | undefined
  lines: string[]
  warnings: string[]
  notes: string[]
  migrator: Migrator
}

/** Runs `up` as a migration of its own, and `down` when told to. */
export async function running(
  db: TestDatabase,
  up: string,
  options: MigratorOptions = {},
  down?: string,
): Promise<Ran & { made: Project }> {
  const made = project({ [`${nextName()}.mjs`]: doing(up, down) })
  return { made, ...(await runIn(db, made, options)) }
}

export async function runIn(db: TestDatabase, made: Project, options: MigratorOptions = {}): Promise<Ran> {
  const events = new MigrationEventDispatcher()
  const migrator = new Migrator(db.connection(), { paths: [made.path], events, checksums: 'off', ...options })
  const ran: Ran = { failure: undefined, lines: [], warnings: [], notes: [], migrator }
  events.listen('migration.failed', (failure) => {
    ran.failure = failure
    ran.lines = failureLines(failure, made.path)
  })
  events.listen('migrations.warning', ({ message }) => void ran.warnings.push(message))
  events.listen('migration.note', ({ message }) => void ran.notes.push(message))
  // What another test left half-way would refuse this one.
  await db.connection().schema().dropIfExists('migration_logs')
  await migrator.run()
  return ran
}

let names = 0

function nextName(): string {
  names += 1
  return `m${String(names).padStart(4, '0')}`
}
