/** What a run is about to do: its steps, and their files loaded. */
import type { AppliedRow, Operation, Step } from './engine'
import type { JournalRow } from './journal'
import type { LoadedMigration } from './loader'
import { MigrationError } from './migration-error'

/** Ordered steps with their files loaded, by path. */
export interface Prepared {
  steps: Step[]
  migrations: Map<string, LoadedMigration>
}

export function methodsOf(operation: Operation): ('up' | 'down')[] {
  if ('migrate' in operation) return ['up']
  return 'refresh' in operation || 'redo' in operation ? ['down', 'up'] : ['down']
}

export function migrationOf(step: Step, migrations: Map<string, LoadedMigration>): LoadedMigration {
  const migration = migrations.get(step.path)
  if (migration === undefined) throw new MigrationError('load', `${step.name} was not loaded`)
  return migration
}

/** A row of the journal as the engine takes it. */
export function appliedRow({ id, name, batch, checksum }: JournalRow): AppliedRow {
  return { id, migration: name, batch, checksum }
}

/** A count as it was given. */
export function positive(name: string, count: number | undefined): number | undefined {
  if (count === undefined || (Number.isInteger(count) && count > 0)) return count
  throw new MigrationError('refused', `${name} must be a whole number from 1. Nothing was run.`)
}
