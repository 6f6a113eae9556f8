/** What a project wants done around its migrations. */
import { InvalidArgumentException } from '../errors'
import type { MigrationConnection } from './migration-connection'
import type { MigrationResult } from './migrator-options'

/** What hooks around a run are given. */
export interface HookedRun {
  /** Names, in their order. */
  migrations: string[]
  /** The session that they run on. */
  connection: MigrationConnection
}

/** What hooks around a migration are given. */
export interface HookedStep {
  migration: string
  method: 'up' | 'down'
  batch: number
  /** The session that it runs on. */
  connection: MigrationConnection
}

/** Called around migrations; none of it is called when nothing is to run, pretended or rehearsed. */
export interface MigrationHooks {
  /** Throwing stops the run before anything. */
  beforeAll?(run: HookedRun): unknown
  /** Called when a migration failed as well: for what `beforeAll` did. */
  afterAll?(run: HookedRun & { results: MigrationResult[] }): unknown
  /** Called outside of the migration's transaction. Throwing stops the run before it. */
  beforeEach?(step: HookedStep): unknown
  /** Called once it is committed and recorded. Throwing stops the run; the migration stays. */
  afterEach?(step: HookedStep & { time: number }): unknown
}

export const HOOKS = ['beforeAll', 'afterAll', 'beforeEach', 'afterEach'] as const

/** @throws InvalidArgumentException for a hook that is no function. */
export function settleHooks(options: MigrationHooks): MigrationHooks {
  for (const name of HOOKS) {
    const hook: unknown = options[name]
    if (hook !== undefined && typeof hook !== 'function') {
      throw new InvalidArgumentException(`\`${name}\` must be a function.`)
    }
  }
  const { beforeAll, afterAll, beforeEach, afterEach } = options
  return { beforeAll, afterAll, beforeEach, afterEach }
}
