import { BackupError } from './backups/backup-error'
import type { BackupSettings } from './backups/backup-settings'
import { MigrationBackups } from './backups/migration-backups'
import { MigrationContext } from './context'
import type { Step } from './engine'
import type { MigrationEventDispatcher } from './events'
import { failureOf } from './failure'
import { type Found, type Progress, stateAfter } from './failure-state'
import { asksForSwitch, transactionWithoutForeignKeys } from './foreign-keys'
import type { Journal } from './journal'
import type { LoadedMigration } from './loader'
import { LockRetries } from './lock-retries'
import type { AttemptEnd, AttemptLog, RunningAttempt } from './log'
import type { MigrationConnection } from './migration-connection'
import type { MigrationResult } from './migrator'
import type { RunControl } from './run-control'
import type { SettledLimits } from './run-options'
import { StatementGuard } from './statement-guard'

/** Failures after which the session is gone, or may be. */
const LOST = new Set(['LOST_CONNECTION', 'COMMIT_UNKNOWN', 'CONNECTION', 'CLOSED', 'TRANSACTION_ROLLED_BACK'])

/** How a step runs. */
interface Mode {
  /** The migration's own connection. */
  connection: MigrationConnection
  /** Whether `up()` and the journal row share one transaction. */
  isAtomic: boolean
  /** Whether a failure leaves nothing of the migration behind. */
  isTransactional: boolean
}

/** One step on its way. */
interface Running {
  step: Step
  migration: LoadedMigration
  mode: Mode
  retries: LockRetries
  /** Of the attempt that runs, or ran last. */
  guard: StatementGuard | undefined
  /** What it was given: some of its work may wait for the commit. */
  context: MigrationContext | undefined
  isCommitted: boolean
  backups: MigrationBackups
}

/** What a runner works with. */
export interface StepRunnerOptions {
  session: MigrationConnection
  journal: Journal
  /** Null: attempts are not logged. */
  log: AttemptLog | null
  events: MigrationEventDispatcher
  limits: SettledLimits
  control: RunControl
  backups: BackupSettings
  resolveConnection?: ((name: string) => MigrationConnection) | undefined
  /** Runs `work` on a new session that has the lock, once the server has ended the lost one. */
  recover<T>(work: (session: MigrationConnection) => Promise<T>): Promise<T>
}

/** Runs one migration and keeps the journal true: a row exists exactly when its migration is applied. */
export class StepRunner {
  /** Whether the session is gone; nothing more can run on it. */
  isLost = false
  private readonly options: StepRunnerOptions

  constructor(options: StepRunnerOptions) {
    this.options = options
  }

  /** @returns Null when the migration did not want to run. A failure of the migration is a result, not a rejection. */
  async run(step: Step, migration: LoadedMigration, progress: Progress): Promise<MigrationResult | null> {
    const { events, log, session, limits, control } = this.options
    const about = { migration: step.name, batch: step.batch, method: step.direction }
    const mode = this.modeOf(migration)
    const retries = new LockRetries(step.name, limits.retries, events, control)
    const running: Running = {
      step,
      migration,
      mode,
      retries,
      guard: undefined,
      context: undefined,
      isCommitted: false,
      backups: new MigrationBackups(this.options.backups, step.name, events),
    }
    let attempt: RunningAttempt | undefined
    const start = performance.now()
    const time = () => Math.round(performance.now() - start)
    try {
      if (step.direction === 'up' && !(await migration.shouldRun())) {
        await events.dispatch('migration.skipped', { migration: step.name })
        return null
      }
      await events.dispatch('migration.started', about)
      const logged = mode.isTransactional ? 'tx' : migration.withinTransaction ? 'steps' : 'none'
      attempt = await log?.start(session, step.name, { direction: step.direction, batch: step.batch, mode: logged })
      await this.perform(running)
    } catch (error) {
      const found = await this.findOut(running, error)
      if (found !== 'recorded') return this.failed(running, error, { found, attempt, time: time(), progress })
    }
    const status = step.direction === 'up' ? 'success' : 'rolled_back'
    await this.conclude(running, attempt, { status, duration: time(), error: null })
    const result = { name: step.name, success: true, time: time() }
    await events.dispatch('migration.ended', { ...about, time: result.time, ...(this.isLost && { isConfirmed: true }) })
    return result
  }

  private async failed(
    running: Running,
    error: unknown,
    about: { found: Found | undefined; attempt: RunningAttempt | undefined; time: number; progress: Progress },
  ): Promise<MigrationResult> {
    const { step, mode, guard, isCommitted } = running
    const { found, attempt, time, progress } = about
    const { transactionalDdl } = this.options.journal
    const { isTransactional } = mode
    if (isTransactional && found !== 'unreachable' && !isCommitted) await running.backups.discard()
    const isNotStarted = error instanceof BackupError && (isTransactional || guard?.done === 0)
    const { direction, batch, path, name } = step
    const { done, notRun } = progress
    const failure = failureOf(error, {
      migration: name,
      method: direction,
      path,
      statement: guard?.numberOf(error) ?? null,
      state: stateAfter({
        direction,
        batch,
        done,
        isTransactional,
        transactionalDdl,
        isCommitted,
        isNotStarted,
        found,
      }),
      notRun,
    })
    await this.conclude(
      running,
      attempt,
      { status: 'failed', duration: time, error: failure.message },
      failure.nativeCode,
    )
    await this.options.events.dispatch('migration.failed', failure)
    return { name, success: false, time, error: failure.message }
  }

  private modeOf(migration: LoadedMigration): Mode {
    const { session, journal, resolveConnection } = this.options
    const { connection: name, withinTransaction } = migration
    if (name === undefined || name === session.getName?.() || resolveConnection === undefined) {
      const isAtomic = withinTransaction && journal.transactionalDdl
      return { connection: session, isAtomic, isTransactional: isAtomic }
    }
    const connection = resolveConnection(name)
    const isSameKind = connection.getDriverName() === session.getDriverName()
    return { connection, isAtomic: false, isTransactional: withinTransaction && isSameKind && journal.transactionalDdl }
  }

  private async perform(running: Running): Promise<void> {
    const { step, mode } = running
    const { session } = this.options
    if (mode.isAtomic) await this.atomically(running)
    else {
      const body = (connection: MigrationConnection) => this.body(running, connection)
      if (mode.isTransactional) await this.inTransaction(step, mode.connection, body)
      else await mode.connection.pin(body)
      await this.keepJournal(session, step)
    }
    running.isCommitted = true
    if (running.context !== undefined) {
      await this.options.control.orCancelled(running.context.finish(mode.connection))
    }
  }

  /** `up()` or `down()`, every statement of it under guard. */
  private async body(running: Running, connection: MigrationConnection): Promise<void> {
    const { step, migration, mode, retries } = running
    const { control, limits } = this.options
    // What another attempt left was rolled back with it.
    if (mode.isTransactional) await running.backups.discard()
    const guard = new StatementGuard(connection, {
      backups: running.backups.automatic,
      path: step.path,
      method: step.direction,
      withinTransaction: migration.withinTransaction,
      statementTimeout: limits.statement,
      control,
      // Inside of a transaction all of it has to run again.
      retries: mode.isTransactional ? undefined : retries,
    })
    running.guard = guard
    const context = new MigrationContext(connection, running.backups)
    await guard.run(connection, mode.isTransactional, async () => migration[step.direction]?.(context))
    running.context = context
  }

  /** Runs `work` in a transaction, again with foreign keys off where it needs that to alter a table. */
  private async inTransaction(
    step: Step,
    connection: MigrationConnection,
    work: (transaction: MigrationConnection) => Promise<void>,
  ): Promise<void> {
    try {
      await connection.transaction(work)
    } catch (error) {
      const keys = this.options.journal.questions.foreignKeys
      if (!asksForSwitch(error, keys)) throw error
      await this.options.events.dispatch('migration.foreignKeysOff', { migration: step.name })
      await transactionWithoutForeignKeys(connection, keys, work)
    }
  }

  private async atomically(running: Running): Promise<void> {
    const { step } = running
    const { session, journal } = this.options
    for (;;) {
      try {
        return await this.inTransaction(step, session, async (transaction) => {
          for (const { sql, bindings } of journal.questions.transactionStart) await transaction.select(sql, bindings)
          // First, so that a runner without the lock waits here and then fails on the unique name.
          await this.keepJournal(transaction, step)
          await this.body(running, transaction)
        })
      } catch (error) {
        if (!(await running.retries.mayRetry(error as Error | null))) throw error
      }
    }
  }

  private keepJournal(connection: MigrationConnection, step: Step): Promise<void> {
    return step.direction === 'up'
      ? this.options.journal.record(connection, step.name, step.batch, step.checksum)
      : this.options.journal.forget(connection, Number(step.id))
  }

  /** Looks whether the migration was recorded, when its connection was lost; undefined when it was not lost. */
  private async findOut({ step, isCommitted, mode }: Running, error: unknown): Promise<Found | undefined> {
    if (!LOST.has(String((error as { code?: unknown } | null)?.code))) return undefined
    this.isLost = true
    try {
      const rows = await this.options.recover((session) => this.options.journal.rows(session))
      const isRecorded = rows.some((row) => row.name === step.name)
      return !isCommitted && mode.isAtomic && isRecorded === (step.direction === 'up') ? 'recorded' : 'absent'
    } catch {
      return 'unreachable'
    }
  }

  /** Brings the log's row to its end, on a new connection where the old one is lost. */
  private async conclude(
    { guard, backups }: Running,
    attempt: RunningAttempt | undefined,
    end: AttemptEnd,
    sqlstate: string | null = null,
  ): Promise<void> {
    const { log, session, control, events } = this.options
    if (log === null || attempt === undefined) return
    attempt.metadata.steps = { done: guard?.done ?? 0, last_sql: guard?.lastSql ?? null }
    const made = backups.logged()
    if (made !== undefined) attempt.metadata.backups = made
    if (sqlstate !== null) attempt.metadata.sqlstate = sqlstate
    if (control.isCancelled) attempt.metadata.cancelled = true
    const write = (connection: MigrationConnection) => log.finish(connection, attempt, end)
    try {
      await (this.isLost ? this.options.recover(write) : write(session))
    } catch (error) {
      // The migration is what counts; the next run brings the row to its end.
      const message = `The end of the attempt could not be written to ${log.table}: ${(error as Error).message}`
      await events.dispatch('migrations.warning', { message })
    }
  }
}
