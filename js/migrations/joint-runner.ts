import type { MigrationContext } from './context'
import type { Step } from './engine'
import { MigrationEventDispatcher, type MigrationEventMap } from './events'
import { failureOf, type MigrationFailure } from './failure'
import type { Progress } from './failure-state'
import { asksForSwitch, transactionWithoutForeignKeys } from './foreign-keys'
import type { LoadedMigration } from './loader'
import type { RunningAttempt } from './log'
import type { MigrationConnection } from './migration-connection'
import { MigrationError } from './migration-error'
import type { MigrationResult } from './migrator-options'
import { migrationOf, type Prepared } from './prepared'
import { StepRunner } from './step-runner'
import type { StepRunnerOptions } from './step-runner-options'

/** Ends a transaction that is not to be committed. */
class Undone extends Error {}

/** How all of them ran. */
interface Outcome {
  results: MigrationResult[]
  ended: MigrationEventMap['migration.ended'][]
  /** What waits for the commit; the backups of each are there too. */
  afterwards: { name: string; context: MigrationContext }[]
  failure: MigrationFailure | undefined
  /** What the commit threw. */
  error: unknown
}

export interface JointRunnerOptions extends StepRunnerOptions {
  /** What becomes of the one transaction. */
  ending: 'commit' | 'rollback'
  /** Runs in it before the first migration. */
  begin?: (transaction: MigrationConnection) => Promise<void>
  /** The result of a migration, after its hook. */
  afterEach?: (step: Step, result: MigrationResult, progress: Progress) => Promise<MigrationResult>
}

/**
 * Runs migrations in one transaction, each in a savepoint: all of them are applied or none. Or, to rehearse, none in
 * any case.
 */
export class JointRunner {
  private readonly options: JointRunnerOptions

  constructor(options: JointRunnerOptions) {
    this.options = options
  }

  /** @throws MigrationError where a database or a migration cannot: nothing was run. */
  async run({ steps, migrations }: Prepared): Promise<MigrationResult[]> {
    const { session, journal, events, ending } = this.options
    mustBeTransactional(session, journal.transactionalDdl, ending)
    const isInside = (step: Step) => isTransactional(migrationOf(step, migrations), session)
    const prepared = { steps: steps.filter(isInside), migrations }
    const outside = steps.filter((step) => !isInside(step)).map(({ name }) => name)
    if (outside.length > 0 && ending === 'commit') {
      throw new MigrationError(
        'refused',
        `${outside.join(', ')} cannot share a transaction: without --single-transaction each runs as it says. Nothing was run.`,
      )
    }
    for (const migration of outside) {
      await events.dispatch('migration.notRehearsed', { migration, reason: 'it runs outside of the transaction' })
    }
    if (prepared.steps.length === 0) return []
    const stopped = await this.beforeEach(prepared)
    if (stopped !== null) return [stopped]
    const attempts = await this.startLog(prepared)
    const keys = journal.questions.foreignKeys
    let outcome = await this.attempt(prepared, (work) => session.transaction(work))
    if (outcome.failure !== undefined && asksForSwitch(outcome.failure.error, keys)) {
      await events.dispatch('migration.foreignKeysOff', { migration: outcome.failure.migration })
      await discardBackups(outcome)
      outcome = await this.attempt(prepared, (work) =>
        transactionWithoutForeignKeys(session, keys, null, async (transaction) => {
          await work(transaction)
          return undefined
        }),
      )
    }
    return this.conclude(prepared, outcome, attempts)
  }

  /** Before the transaction begins. */
  private async beforeEach({ steps }: Prepared): Promise<MigrationResult | null> {
    const { beforeEach, events } = this.options
    for (const step of steps) {
      try {
        await beforeEach?.(step)
      } catch (error) {
        const { name, direction, path } = step
        const notRun = steps.filter((other) => other !== step).map((other) => other.name)
        const about = { migration: name, method: direction, path, statement: null, state: 'nothing was run.', notRun }
        const failure = failureOf(error, about)
        await events.dispatch('migration.failed', failure)
        return { name, success: false, time: 0, error: failure.message }
      }
    }
    return null
  }

  /** Runs all of them, inside of what `open` opens. */
  private async attempt(
    { steps, migrations }: Prepared,
    open: (work: (transaction: MigrationConnection) => Promise<void>) => Promise<void>,
  ): Promise<Outcome> {
    const { begin, ending, journal } = this.options
    const outcome: Outcome = { results: [], ended: [], afterwards: [], failure: undefined, error: undefined }
    const run = async (transaction: MigrationConnection) => {
      await begin?.(transaction)
      const events = this.eventsInto(outcome)
      const defer = (name: string, context: MigrationContext) => outcome.afterwards.push({ name, context })
      const runner = new StepRunner({
        ...this.options,
        session: transaction,
        log: null,
        events,
        beforeEach: undefined,
        joint: { defer },
      })
      for (const [index, step] of steps.entries()) {
        const notRun = steps.slice(index + 1).map(({ name }) => name)
        const result = await runner.run(step, migrationOf(step, migrations), { done: 0, notRun })
        if (result === null) continue
        outcome.results.push(result)
        if (!result.success) throw new Undone()
      }
      const { deferredChecks } = journal.questions
      if (deferredChecks !== null) await transaction.statement(deferredChecks)
      if (ending === 'rollback') throw new Undone()
    }
    try {
      await open(run)
    } catch (error) {
      if (!(error instanceof Undone)) outcome.error = error
    }
    return outcome
  }

  /** What the steps tell, except for what is true only once all of them have ended. */
  private eventsInto(outcome: Outcome): MigrationEventDispatcher {
    const events = new MigrationEventDispatcher()
    const forward = <Type extends keyof MigrationEventMap>(type: Type) =>
      events.listen(type, (event) => this.options.events.dispatch(type, event))
    forward('migration.started')
    forward('migration.skipped')
    forward('migration.retrying')
    forward('migrations.warning')
    forward('migration.note')
    forward('migration.message')
    events.listen('migration.ended', (event) => {
      outcome.ended.push(event)
    })
    events.listen('migration.failed', (failure) => {
      outcome.failure = failure
    })
    return events
  }

  private async conclude(
    prepared: Prepared,
    outcome: Outcome,
    attempts: Map<string, RunningAttempt>,
  ): Promise<MigrationResult[]> {
    const { events, ending, control, session } = this.options
    const failure = outcome.failure ?? (await this.failureAtEnd(prepared, outcome))
    if (failure !== undefined) return this.failed(outcome, failure, attempts)
    if (ending === 'rollback') return this.rehearsed(outcome)
    for (const { name, context } of outcome.afterwards) {
      const made = context.backups?.logged()
      const attempt = attempts.get(name)
      if (made !== undefined && attempt !== undefined) attempt.metadata.backups = made
    }
    await this.finishLog(attempts, (name) => {
      const ended = outcome.ended.find(({ migration }) => migration === name)
      if (ended === undefined) return { status: 'failed', duration: null, error: 'skipped' }
      return { status: 'success', duration: ended.time, error: null }
    })
    for (const ended of outcome.ended) await events.dispatch('migration.ended', ended)
    for (const { context } of outcome.afterwards) await control.orCancelled(context.finish(session))
    return this.afterEach(prepared, outcome.results)
  }

  private async afterEach({ steps }: Prepared, results: MigrationResult[]): Promise<MigrationResult[]> {
    const { afterEach } = this.options
    const hooked: MigrationResult[] = []
    for (const result of results) {
      const step = steps.find(({ name }) => name === result.name)
      const progress = { done: 0, notRun: [] }
      hooked.push(step === undefined || afterEach === undefined ? result : await afterEach(step, result, progress))
    }
    return hooked
  }

  /** What went wrong when the transaction ended, with the last migration. */
  private async failureAtEnd({ steps }: Prepared, outcome: Outcome): Promise<MigrationFailure | undefined> {
    const last = steps.at(-1)
    if (outcome.error === undefined || last === undefined) return undefined
    const { code } = outcome.error as { code?: unknown }
    let state = STATE
    if (code === 'COMMIT_UNKNOWN' || code === 'LOST_CONNECTION') {
      const rows = await this.options.recover((session) => this.options.journal.rows(session)).catch(() => null)
      if (rows?.some(({ name }) => name === last.name)) return undefined
      state = rows === null ? 'UNKNOWN, check with migrate:status.' : `rolled back by the server (checked); ${NOTHING}`
    }
    const { name, direction, path } = last
    return failureOf(outcome.error, { migration: name, method: direction, path, statement: null, state, notRun: [] })
  }

  private async failed(
    outcome: Outcome,
    failure: MigrationFailure,
    attempts: Map<string, RunningAttempt>,
  ): Promise<MigrationResult[]> {
    const { migration, message, state } = failure
    const isKnown = state.startsWith('UNKNOWN') || state.startsWith('rolled back by the server')
    if (!state.startsWith('UNKNOWN')) await discardBackups(outcome)
    await this.finishLog(attempts, (name) => {
      const error = name === migration ? message : `rolled back with ${migration}`
      return { status: 'failed', duration: null, error }
    })
    await this.options.events.dispatch('migration.failed', isKnown ? failure : { ...failure, state: STATE })
    const others = outcome.results.filter(({ name }) => name !== migration)
    const own = outcome.results.find(({ name }) => name === migration)
    return [
      ...others.map((result) => ({ ...result, success: false, error: `rolled back with ${migration}` })),
      { ...(own ?? { name: migration, time: 0 }), success: false, error: message },
    ]
  }

  private async rehearsed(outcome: Outcome): Promise<MigrationResult[]> {
    const { events } = this.options
    const { results, afterwards } = outcome
    await discardBackups(outcome)
    for (const { name, time, rows = 0 } of results) {
      await events.dispatch('migration.rehearsed', { migration: name, time, rows })
      if (afterwards.some((waiting) => waiting.name === name && waiting.context.isWaiting)) {
        await events.dispatch('migration.notRehearsed', { migration: name, reason: 'what waits for its commit' })
      }
    }
    await events.dispatch('migrations.rehearsed', { migrations: results.length })
    return results.map((result) => ({ ...result, rehearsed: true }))
  }

  private async startLog({ steps }: Prepared): Promise<Map<string, RunningAttempt>> {
    const { log, session } = this.options
    const attempts = new Map<string, RunningAttempt>()
    for (const { name, direction, batch } of log === null ? [] : steps) {
      const attempt = await log?.start(session, name, { direction, batch, mode: 'tx' })
      if (attempt !== undefined) attempts.set(name, attempt)
    }
    return attempts
  }

  private async finishLog(
    attempts: Map<string, RunningAttempt>,
    endOf: (name: string) => Parameters<NonNullable<StepRunnerOptions['log']>['finish']>[2],
  ): Promise<void> {
    const { log, session, events } = this.options
    try {
      for (const [name, attempt] of attempts) await log?.finish(session, attempt, endOf(name))
    } catch (error) {
      // The next run brings the rows to their end.
      const message = `The end of the attempts could not be written to ${log?.table}: ${(error as Error).message}`
      await events.dispatch('migrations.warning', { message })
    }
  }
}

const NOTHING = 'nothing of this run remains.'
const STATE = `rolled back; ${NOTHING}`

/** Removes the files of backups whose reason was rolled back. Those in tables went with it. */
async function discardBackups({ afterwards }: Outcome): Promise<void> {
  for (const { context } of afterwards) await context.backups?.discard()
}

/** Whether a migration can be part of a transaction of this session. */
function isTransactional({ withinTransaction, connection }: LoadedMigration, session: MigrationConnection): boolean {
  return withinTransaction && (connection === undefined || connection === session.getName?.())
}

function mustBeTransactional(session: MigrationConnection, isIt: boolean, ending: JointRunnerOptions['ending']): void {
  if (isIt) return
  const option = ending === 'commit' ? '--single-transaction' : '--rehearse'
  const database = session.getDriverName() === 'mysql' ? 'MySQL' : 'MariaDB'
  throw new MigrationError(
    'refused',
    `${database} commits at every schema change, so it cannot roll them back: ${option} works on PostgreSQL, SQLite and SQL Server. Nothing was run.`,
  )
}
