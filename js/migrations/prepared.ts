/** Steps in their order with their files loaded. */
import type { Operation, Step } from './engine'
import type { LoadedMigration } from './loader'
import { MigrationError } from './migration-error'

export interface Prepared {
  steps: Step[]
  /** By path. */
  migrations: Map<string, LoadedMigration>
}

/** The phases of an operation. */
export function methodsOf(operation: Operation): ('up' | 'down')[] {
  if ('migrate' in operation) return ['up']
  return 'refresh' in operation || 'redo' in operation ? ['down', 'up'] : ['down']
}

export function migrationOf(step: Step, migrations: Map<string, LoadedMigration>): LoadedMigration {
  const migration = migrations.get(step.path)
  if (migration === undefined) throw new MigrationError('load', `${step.name} was not loaded`)
  return migration
}

/** A count as it was given. */
export function positive(name: string, count: number | undefined): number | undefined {
  if (count === undefined || (Number.isInteger(count) && count > 0)) return count
  throw new MigrationError('refused', `${name} must be a whole number from 1. Nothing was run.`)
}
