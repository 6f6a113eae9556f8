import type { EdgeStatement, LastStatement } from '../connection/edged-transactions'
import { AttemptKeeper, EndNotWritten } from './attempt-keeper'
import { BackupError } from './backups/backup-error'
import { MigrationBackups } from './backups/migration-backups'
import { MigrationContext } from './context'
import type { Step } from './engine'
import { failureOf } from './failure'
import { type Found, type Progress, stateAfter, stateBefore } from './failure-state'
import { asksForSwitch, transactionWithoutForeignKeys } from './foreign-keys'
import { HookError } from './hook-runner'
import type { LoadedMigration } from './loader'
import { LockRetries } from './lock-retries'
import type { AttemptEnd } from './log'
import { isLostWith } from './lost-session'
import type { MigrationConnection } from './migration-connection'
import { MigrationError } from './migration-error'
import type { MigrationResult } from './migrator'
import { type Mode, type Next, type Running, transactionKind } from './running-step'
import { StatementGuard } from './statement-guard'
import type { StepRunnerOptions } from './step-runner-options'
import { OnlineIndexes } from './steps/online-indexes'
import { isOf } from './steps/partial-attempts'
import { SteppedRun } from './steps/stepped-run'
import { DoneElsewhere } from './transaction-lock'

/** Runs one migration and keeps the journal true: a row exists exactly when its migration is applied. */
export class StepRunner {
  /** Whether the session is gone; nothing more can run on it. */
  isLost = false
  private hasWarned = false
  private readonly options: StepRunnerOptions
  private readonly attempts: AttemptKeeper

  constructor(options: StepRunnerOptions) {
    this.options = options
    this.attempts = new AttemptKeeper(options)
  }

  /** Takes back what was said of a step that does not run any more. */
  end(): Promise<void> {
    return this.attempts.withdraw(this.isLost)
  }

  /**
   * @param next - The step that comes next, as long as nothing of a user's comes between.
   * @returns Null when the migration did not want to run. A failure of the migration is a result, not a rejection.
   */
  async run(step: Step, migration: LoadedMigration, progress: Progress, next?: Next): Promise<MigrationResult | null> {
    const { events, limits, control, lint, joint } = this.options
    const about = { migration: step.name, batch: step.batch, method: step.direction }
    const mode = this.modeOf(migration)
    const retries = new LockRetries(step.name, limits.retries, events, control)
    const running: Running = {
      step,
      migration,
      mode,
      next,
      retries,
      guard: undefined,
      context: undefined,
      attempt: undefined,
      from: this.options.partials.find((one) => isOf(one, step)),
      stepped: undefined,
      isCommitted: false,
      isFenced: false,
      isConcluded: false,
      invalidIndex: null,
      backups: new MigrationBackups(this.options.backups, step.name, events),
    }
    if (running.from !== undefined && mode.name === 'tx') throw cannotResume(step.name)
    const start = performance.now()
    const time = () => Math.round(performance.now() - start)
    const status = step.direction === 'up' ? 'success' : 'rolled_back'
    const end = (): AttemptEnd => ({ status, duration: time(), error: null })
    try {
      if (step.direction === 'up' && migration.shouldRun !== undefined && !(await migration.shouldRun())) {
        await events.dispatch('migration.skipped', { migration: step.name, reason: 'shouldRun returned false' })
        return null
      }
      if (this.options.beforeEach !== undefined) await this.options.beforeEach(step)
      const claiming = this.attempts.claim(running)
      const claimed = claiming instanceof Promise ? await claiming : claiming
      if (claimed === 'done') return await this.skipped(step)
      running.attempt = claimed.attempt
      if (events.hasListeners('migration.started')) await events.dispatch('migration.started', about)
      if (step.direction === 'up' && lint?.isPrepared(mode.connection) === false) await lint.prepare(mode.connection)
      if (mode.name !== 'tx') {
        this.beginSteps(running, mode.name)
        if (mode.name === 'steps' && this.options.log === null) await this.warnOfSteps()
      }
      await (mode.isAtomic ? this.atomically(running, end) : this.apart(running, end))
      running.isCommitted = true
      const { context } = running
      if (context !== undefined && joint !== undefined) joint.defer(step.name, context)
      else if (context?.hasMore) await this.afterCommit(running, context)
    } catch (error) {
      if (error instanceof DoneElsewhere) {
        const failed: AttemptEnd = { status: 'failed', duration: time(), error: doneElsewhere(step) }
        await this.attempts.conclude(running, failed, { isLost: this.isLost })
        return this.skipped(step)
      }
      const found = await this.findOut(running, error)
      if (found !== 'recorded') return this.failed(running, error, { found, time: time(), progress })
    }
    if (!running.isConcluded) await this.attempts.conclude(running, end(), { isLost: this.isLost })
    const counted = { sent: running.guard?.done ?? 0, ...(joint && { rows: running.guard?.rows ?? 0 }) }
    const result = {
      name: step.name,
      method: step.direction,
      batch: step.batch,
      success: true,
      time: time(),
      ...counted,
    }
    if (events.hasListeners('migration.ended')) {
      const ended = { ...about, time: result.time, ...(this.isLost && { isConfirmed: true as const }) }
      await events.dispatch('migration.ended', ended)
    }
    return result
  }

  private async skipped(step: Step): Promise<null> {
    await this.options.events.dispatch('migration.skipped', { migration: step.name, reason: doneElsewhere(step) })
    return null
  }

  /** Begins to keep its steps. */
  private beginSteps(running: Running, name: 'steps' | 'none'): void {
    const { step, mode, from, attempt } = running
    const { log, session, journal, events, doubt } = this.options
    const { connection } = mode
    const resumed = from?.metadata.steps
    running.stepped = new SteppedRun({
      step,
      session,
      connection,
      mode: name,
      journal,
      log,
      attempt,
      resumed,
      doubt,
      events,
    })
  }

  private async warnOfSteps(): Promise<void> {
    if (this.hasWarned) return
    this.hasWarned = true
    const message = 'Attempts are not logged (logTable: false): a migration that fails half-way cannot be resumed'
    await this.options.events.dispatch('migrations.warning', { message })
  }

  private async failed(
    running: Running,
    error: unknown,
    about: { found: Found | undefined; time: number; progress: Progress },
  ): Promise<MigrationResult> {
    const { step, mode, guard, isCommitted, invalidIndex } = running
    const { found, time, progress } = about
    const { isTransactional } = mode
    if (isTransactional && found !== 'unreachable' && !isCommitted) await running.backups.discard()
    const isNotStarted = error instanceof BackupError && (isTransactional || guard?.done === 0)
    const { direction, batch, path, name } = step
    const { done, notRun } = progress
    const remains = isCommitted || found === 'unreachable' ? undefined : await this.settle(running)
    const failure = failureOf(error, {
      migration: name,
      method: direction,
      path,
      statement: guard?.numberOf(error) ?? null,
      state:
        error instanceof HookError
          ? stateBefore({ direction, batch, done })
          : stateAfter({ direction, batch, done, remains, isCommitted, isNotStarted, found, invalidIndex }),
      notRun,
    })
    const end: AttemptEnd = { status: 'failed', duration: time, error: failure.message }
    await this.attempts.conclude(running, end, { sqlstate: failure.nativeCode, isLost: this.isLost })
    await this.options.events.dispatch('migration.failed', failure)
    return { name, method: direction, batch, success: false, time, error: failure.message, sent: guard?.done ?? 0 }
  }

  /** What is left of a migration that went step by step, in words; what can be undone is. */
  private async settle({ stepped }: Running): Promise<string | undefined> {
    if (stepped === undefined) return undefined
    const { session, policy, events } = this.options
    try {
      const settling = (connection: MigrationConnection) => stepped.settle(connection, policy)
      return stepped.state(await (this.isLost ? this.options.recover(settling) : settling(session)))
    } catch (cause) {
      const message = `What remains could not be looked at: ${(cause as Error).message}`
      await events.dispatch('migrations.warning', { message })
      const steps = stepped.steps.record()
      return stepped.state({ steps, reversed: 0, reversal: null, invalidIndex: null })
    }
  }

  private modeOf(migration: LoadedMigration): Mode {
    const { session, journal, resolveConnection } = this.options
    const { connection: name, withinTransaction } = migration
    if (name === undefined || name === session.getName?.() || resolveConnection === undefined) {
      const kind = transactionKind(withinTransaction, journal.transactionalDdl)
      return { connection: session, isAtomic: kind === 'tx', isTransactional: kind === 'tx', name: kind }
    }
    const connection = resolveConnection(name)
    const isSameKind = connection.getDriverName() === session.getDriverName()
    const kind = transactionKind(withinTransaction, isSameKind && journal.transactionalDdl)
    return { connection, isAtomic: false, isTransactional: kind === 'tx', name: kind }
  }

  /** Runs it where its record does not share its transaction. */
  private async apart(running: Running, end: () => AttemptEnd): Promise<void> {
    const { step, mode, stepped } = running
    const { session, journal } = this.options
    const body = (connection: MigrationConnection) => this.body(running, connection)
    if (mode.isTransactional) await this.inTransaction(step, mode.connection, null, body)
    else await (mode.connection === session ? body(session) : mode.connection.pin(body))
    const conclude = (connection: MigrationConnection) => this.attempts.concludeWithin(connection, running, end())
    await (stepped === undefined ? journal.keep(session, step) : stepped.end(conclude))
  }

  /** What the migration left for afterwards; an index that an earlier failure left is mended there too. */
  private async afterCommit(running: Running, context: MigrationContext): Promise<void> {
    const { step, mode, retries } = running
    const { events, control, limits } = this.options
    await mode.connection.pin(async (connection) => {
      const performer = new OnlineIndexes(connection, step.name, events)
      const guard = new StatementGuard(connection, {
        ...{ path: step.path, method: step.direction, withinTransaction: false, statementTimeout: limits.statement },
        ...{ control, retries, performer, backups: running.backups.automatic },
      })
      try {
        await guard.run(connection, false, () => connection.asDefault(() => context.finish(connection)))
      } catch (error) {
        running.invalidIndex = await performer.broken(connection).catch(() => null)
        throw error
      }
    })
  }

  /** `up()` or `down()`, every statement of it under guard. */
  private async body(running: Running, connection: MigrationConnection): Promise<undefined> {
    const { step, migration, mode, retries } = running
    const { control, limits, events, progress, session } = this.options
    // What another attempt left was rolled back with it.
    if (mode.isTransactional && running.backups.hasTaken) await running.backups.discard()
    const lint = step.direction === 'up' ? this.options.lint?.begin(migration, mode.connection) : undefined
    const guard = new StatementGuard(connection, {
      backups: running.backups.automatic,
      path: step.path,
      method: step.direction,
      withinTransaction: migration.withinTransaction,
      statementTimeout: limits.statement,
      control,
      lint,
      progress: mode.connection === session ? progress?.of(step.name) : undefined,
      // Inside of a transaction all of it has to run again.
      retries: mode.isTransactional ? undefined : retries,
      performer: running.stepped?.steps,
    })
    running.guard = guard
    const report: ConstructorParameters<typeof MigrationContext>[1] = (level, message) => {
      events.dispatch('migration.message', { migration: step.name, level, message }).catch(() => {})
    }
    const context = new MigrationContext(connection, report, running.backups)
    await guard.run(connection, mode.isTransactional, () =>
      connection.asDefault(() => migration[step.direction]?.(context) ?? Promise.resolve()),
    )
    const told = lint?.finish()
    if (told !== undefined) await told
    const over = running.stepped?.steps.finish()
    if (over !== undefined) await over
    running.context = context
    return undefined
  }

  /** Runs `work` in a transaction, again with foreign keys off where it needs that to alter a table. */
  private inTransaction(
    step: Step,
    connection: MigrationConnection,
    first: EdgeStatement | null,
    work: (transaction: MigrationConnection) => Promise<LastStatement | undefined>,
  ): Promise<void> {
    return connection.transactionWithin(first, work).catch(async (error) => {
      const keys = this.options.journal.questions.foreignKeys
      // They are switched outside of transactions.
      if (this.options.joint !== undefined || !asksForSwitch(error, keys)) throw error
      await this.options.events.dispatch('migration.foreignKeysOff', { migration: step.name })
      await transactionWithoutForeignKeys(connection, keys, first, work)
    })
  }

  private async atomically(running: Running, end: () => AttemptEnd): Promise<void> {
    const { step } = running
    const { session, journal, lock } = this.options
    for (;;) {
      try {
        // Recorded first, so that a runner without the lock waits there and then fails on the unique name.
        const first = lock === undefined ? journal.beginning(step) : journal.questions.transactionStart
        return await this.inTransaction(step, session, first, async (transaction) => {
          if (lock !== undefined) {
            await lock.enter(transaction, journal, step)
            await journal.keep(transaction, step)
          }
          await this.body(running, transaction)
          return this.attempts.concludeWithin(transaction, running, end())
        })
      } catch (error) {
        if (error instanceof EndNotWritten) running.isFenced = true
        else if (!(await running.retries.mayRetry(error as Error | null))) throw error
      }
    }
  }

  /** Looks whether the migration was recorded, when its connection was lost; undefined when it was not lost. */
  private async findOut({ step, isCommitted, mode, stepped }: Running, error: unknown): Promise<Found | undefined> {
    if (!isLostWith(error)) return undefined
    this.isLost = true
    try {
      const isDone = await this.options.recover((session) => this.options.journal.isDone(session, step))
      const isAtOnce = mode.isAtomic || stepped?.endsAtOnce === true
      return !isCommitted && isAtOnce && isDone ? 'recorded' : 'absent'
    } catch {
      return 'unreachable'
    }
  }
}

function doneElsewhere({ direction }: Step): string {
  return `already ${direction === 'up' ? 'applied' : 'rolled back'} by another process`
}

/** In a transaction its first statements could not be left out: a failure would not bring them back. */
function cannotResume(name: string): MigrationError {
  return new MigrationError(
    'partial',
    `${name} began without a transaction and is resumed without one. Nothing was run.`,
  )
}
