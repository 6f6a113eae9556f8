/** What has to run, in its order, before any of its files is loaded. */
import { mustHaveFiles, withDumped } from './dump-loader'
import { type AppliedRow, type MigrationFile, type Operation, type Policies, plan, type Step } from './engine'
import type { MigrationEventDispatcher } from './events'
import { type LoadedMigration, loadMigration } from './loader'
import type { MigrationConnection } from './migration-connection'
import { MigrationError } from './migration-error'
import type { Sources } from './migration-sources'
import { migrationOf, type Prepared } from './prepared'
import { refusing } from './refusal'
import type { SchemaDump } from './schema-dump'

export interface Planned {
  steps: Step[]
  /** What is to be told before they run. */
  warnings: string[]
  /** What refuses the run. */
  refusals: string[]
  /** By path. */
  files: Map<string, MigrationFile>
}

export interface Planning {
  sources: Sources
  paths: string[]
  policies: Policies
  operation: Operation
  applied: AppliedRow[]
  /** What stands for files that are gone. */
  dump: SchemaDump | null
}

/** Orders what has to run. Tells nobody. */
export async function planned(
  connection: MigrationConnection,
  { sources: { found }, paths, policies, operation, applied, dump }: Planning,
): Promise<Planned> {
  const request = { operation, files: withDumped(found, dump), applied, paths, policies }
  const answer = await refusing(() => plan(connection, request))
  mustHaveFiles(answer.steps, dump)
  const files = new Map(found.map((file) => [file.path, file]))
  return {
    steps: answer.steps.map((step) => ({ ...step, checksum: files.get(step.path)?.checksum })),
    warnings: answer.warnings,
    refusals: answer.refusals ?? [],
    files,
  }
}

/** @throws MigrationError where something refuses the run. */
export async function tellOf({ warnings, refusals }: Planned, events: MigrationEventDispatcher): Promise<void> {
  for (const message of warnings) await events.dispatch('migrations.warning', { message })
  if (refusals.length > 0) throw new MigrationError('validation', [...refusals, 'Nothing was run.'].join('\n'))
}

/** Loads the file of every step, so that a broken one stops the run before it begins. */
export async function loaded(
  { steps, files }: Planned,
  connection: MigrationConnection,
  events: MigrationEventDispatcher,
): Promise<Prepared> {
  const migrations = new Map<string, LoadedMigration>()
  for (const step of steps) {
    if (!migrations.has(step.path)) {
      const loading = loadMigration({ ...files.get(step.path), ...step }, connection)
      const migration = loading instanceof Promise ? await loading : loading
      migrations.set(step.path, migration)
      for (const message of migration.warnings ?? []) await events.dispatch('migrations.warning', { message })
    }
    if (step.direction === 'down' && migrationOf(step, migrations).down === undefined) {
      throw new MigrationError('refused', `${step.name} has no down(); nothing was rolled back.`)
    }
  }
  return { steps, migrations }
}
