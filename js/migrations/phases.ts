import type { Operation, Step } from './engine'
import type { Progress } from './failure-state'
import { HookRunner } from './hook-runner'
import type { MigrationHooks } from './hooks'
import { JointRunner, type JointRunnerOptions } from './joint-runner'
import type { MigrationConnection } from './migration-connection'
import { MigrationError } from './migration-error'
import type { MigrationResult } from './migrator-options'
import { methodsOf, migrationOf, type Prepared } from './prepared'
import { ProgressTimer, type ProgressTimes } from './progress'
import { type Next, transactionKind } from './running-step'
import { StepRunner } from './step-runner'
import type { StepRunnerOptions } from './step-runner-options'

export interface PhasesOptions extends StepRunnerOptions {
  /** Where a second connection comes from. */
  connection: MigrationConnection
  hooks: MigrationHooks
  /** When statements that take long are told about. */
  times: ProgressTimes | false | undefined
  /** Whether all migrations of a phase share one transaction. */
  isJoint: boolean
}

/** Runs the steps of an operation, those down before those up, between the hooks. The first failure ends it. */
export async function runPhases(
  operation: Operation,
  prepared: Prepared,
  options: PhasesOptions,
): Promise<MigrationResult[]> {
  const { connection, session, events, times } = options
  const hooks = new HookRunner(options.hooks, session, events)
  const progress = await ProgressTimer.open(connection, session, events, times)
  const beforeEach = options.hooks.beforeEach && ((step: Step) => hooks.beforeEach(step))
  const runnerOptions = { ...options, progress, ...(beforeEach && { beforeEach }) }
  return hooks.around(prepared.steps, async () => {
    const results: MigrationResult[] = []
    for (const method of methodsOf(operation)) {
      const steps = prepared.steps.filter((step) => step.direction === method)
      if (steps.length === 0) {
        await events.dispatch('migrations.none', { method })
        continue
      }
      await events.dispatch('migrations.started', { method })
      const phase = { ...prepared, steps }
      const ended = options.isJoint
        ? await runJointly(phase, runnerOptions, hooks)
        : await runOneByOne(phase, runnerOptions, hooks)
      results.push(...ended.results)
      if (ended.isStopped) return results
      await events.dispatch('migrations.ended', { method })
    }
    return results
  })
}

interface Ended {
  results: MigrationResult[]
  /** Whether nothing more runs. */
  isStopped: boolean
}

async function runJointly(prepared: Prepared, options: StepRunnerOptions, hooks: HookRunner): Promise<Ended> {
  const afterEach: JointRunnerOptions['afterEach'] = (...given) => hooks.afterEach(...given)
  const results = await new JointRunner({ ...options, ending: 'commit', afterEach }).run(prepared)
  return { results, isStopped: results.some(({ success }) => !success) }
}

async function runOneByOne(prepared: Prepared, options: StepRunnerOptions, hooks: HookRunner): Promise<Ended> {
  const runner = new StepRunner(options)
  try {
    return await runWith(runner, prepared, options, hooks)
  } finally {
    await runner.end()
  }
}

async function runWith(
  runner: StepRunner,
  { steps, migrations }: Prepared,
  { events, control, journal }: StepRunnerOptions,
  hooks: HookRunner,
): Promise<Ended> {
  const results: MigrationResult[] = []
  const nextOf = (next: Step): Next | undefined => {
    const migration = migrationOf(next, migrations)
    if (migration.connection !== undefined) return undefined
    return { step: next, mode: transactionKind(migration.withinTransaction, journal.transactionalDdl) }
  }
  for (const [index, step] of steps.entries()) {
    const from = (place: number) => steps.slice(place).map(({ name }) => name)
    if (control.isStopping) {
      await events.dispatch('migrations.stopped', { method: step.direction, notRun: from(index) })
      return { results, isStopped: true }
    }
    if (runner.isLost) {
      throw new MigrationError('refused', `The connection was lost. Not run: ${from(index).join(', ')}. Run again.`)
    }
    const progress: Progress = {
      done: results.length,
      get notRun() {
        return from(index + 1)
      },
    }
    const following = hooks.areBetween ? undefined : steps[index + 1]
    const ran = await runner.run(step, migrationOf(step, migrations), progress, following && nextOf(following))
    if (ran === null) continue
    const result = ran.success && hooks.isAfterEach ? await hooks.afterEach(step, ran, progress) : ran
    results.push(result)
    if (!result.success) return { results, isStopped: true }
  }
  return { results, isStopped: false }
}
