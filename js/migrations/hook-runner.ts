import { MigrationException } from '../errors'
import type { Step } from './engine'
import type { MigrationEventDispatcher } from './events'
import { failureOf } from './failure'
import { othersOf, type Progress } from './failure-state'
import type { HOOKS, MigrationHooks } from './hooks'
import type { MigrationConnection } from './migration-connection'
import type { MigrationResult } from './migrator-options'

/** A hook threw. */
export class HookError extends MigrationException {
  constructor(hook: string, cause: unknown) {
    super(`${hook}: ${cause instanceof Error ? cause.message : String(cause)}`, { code: 'HOOK', cause })
    this.name = 'HookError'
  }
}

/** Calls the hooks of one run. */
export class HookRunner {
  private readonly hooks: MigrationHooks
  private readonly connection: MigrationConnection
  private readonly events: MigrationEventDispatcher

  constructor(hooks: MigrationHooks, connection: MigrationConnection, events: MigrationEventDispatcher) {
    this.hooks = hooks
    this.connection = connection
    this.events = events
  }

  /** Runs `work` between `beforeAll` and `afterAll`. A hook that throws is a result, not a rejection. */
  async around(steps: readonly Step[], work: () => Promise<MigrationResult[]>): Promise<MigrationResult[]> {
    const migrations = steps.map(({ name }) => name)
    if (migrations.length === 0) return work()
    const { connection } = this
    try {
      await this.call('beforeAll', { migrations, connection })
    } catch (error) {
      return [await this.failed('beforeAll', error, { state: 'nothing was run.', notRun: migrations })]
    }
    const results: MigrationResult[] = []
    try {
      results.push(...(await work()))
    } finally {
      try {
        await this.call('afterAll', { migrations, connection, results })
      } catch (error) {
        results.push(await this.failed('afterAll', error, { state: 'every migration stays as it is.', notRun: [] }))
      }
    }
    return results
  }

  /** Whether something of the project's runs between two migrations. */
  get areBetween(): boolean {
    return this.hooks.beforeEach !== undefined || this.hooks.afterEach !== undefined
  }

  /** Whether something of the project's runs after each migration. */
  get isAfterEach(): boolean {
    return this.hooks.afterEach !== undefined
  }

  /** @throws HookError */
  async beforeEach({ name, direction, batch }: Step): Promise<void> {
    await this.call('beforeEach', { migration: name, method: direction, batch, connection: this.connection })
  }

  /** The result of a migration, after its hook. */
  async afterEach(step: Step, result: MigrationResult, progress: Progress): Promise<MigrationResult> {
    const { name, direction, batch } = step
    try {
      const { connection } = this
      await this.call('afterEach', { migration: name, method: direction, batch, connection, time: result.time })
      return result
    } catch (error) {
      const kept = `this migration is ${direction === 'up' ? 'applied' : 'rolled back'} and stays so; its hook failed.`
      const state = kept + othersOf({ direction, batch, done: progress.done })
      return this.failed(name, error, { state, notRun: progress.notRun, step, time: result.time })
    }
  }

  private async call<Hook extends (typeof HOOKS)[number]>(
    hook: Hook,
    about: Parameters<NonNullable<MigrationHooks[Hook]>>[0],
  ): Promise<void> {
    try {
      await (this.hooks[hook] as ((given: typeof about) => unknown) | undefined)?.(about)
    } catch (error) {
      throw new HookError(hook, error)
    }
  }

  private async failed(
    name: string,
    error: unknown,
    about: { state: string; notRun: string[]; step?: Step; time?: number },
  ): Promise<MigrationResult> {
    const { state, notRun, step, time = 0 } = about
    const { path = '', direction = 'up' } = step ?? {}
    const failure = failureOf(error, { migration: name, method: direction, path, statement: null, state, notRun })
    await this.events.dispatch('migration.failed', failure)
    return { name, success: false, time, error: failure.message }
  }
}
