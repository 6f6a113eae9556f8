import { setTimeout as sleep } from 'node:timers/promises'
import { MigrationContext } from './context'
import type { Step } from './engine'
import type { MigrationEventDispatcher } from './events'
import { failureOf } from './failure'
import { asksForSwitch, transactionWithoutForeignKeys } from './foreign-keys'
import type { Journal } from './journal'
import type { LoadedMigration } from './loader'
import type { MigrationConnection } from './migration-connection'
import type { MigrationResult } from './migrator'

/** How often a transaction that met a lock or a deadlock runs again, and the first pause in milliseconds. */
const ATTEMPTS = 5
const FIRST_DELAY = 1000

/** Failures after which the same transaction may succeed, as the engine names them. */
const RETRYABLE = new Set(['LOCK_TIMEOUT', 'DEADLOCK', 'SERIALIZATION_FAILURE'])

/** Where in its run a step stands. */
export interface Progress {
  /** How many migrations of this run succeeded before. */
  done: number
  /** Names of those that come after. */
  notRun: string[]
}

/** How a step runs. */
interface Mode {
  /** The migration's own connection. */
  connection: MigrationConnection
  /** Whether `up()` and the journal row share one transaction. */
  isAtomic: boolean
  /** Whether a failure leaves nothing of the migration behind. */
  isTransactional: boolean
}

/** Runs one migration and keeps the journal true: a row exists exactly when its migration is applied. */
export class StepRunner {
  private readonly session: MigrationConnection
  private readonly journal: Journal
  private readonly events: MigrationEventDispatcher
  private readonly resolveConnection: ((name: string) => MigrationConnection) | undefined

  constructor(
    session: MigrationConnection,
    journal: Journal,
    events: MigrationEventDispatcher,
    resolveConnection?: (name: string) => MigrationConnection,
  ) {
    this.session = session
    this.journal = journal
    this.events = events
    this.resolveConnection = resolveConnection
  }

  /** @returns Null when the migration did not want to run. A failure of the migration is a result, not a rejection. */
  async run(step: Step, migration: LoadedMigration, progress: Progress): Promise<MigrationResult | null> {
    const about = { migration: step.name, batch: step.batch, method: step.direction }
    const mode = this.modeOf(migration)
    const start = performance.now()
    const time = () => Math.round(performance.now() - start)
    try {
      if (step.direction === 'up' && !(await migration.shouldRun())) {
        await this.events.dispatch('migration.skipped', { migration: step.name })
        return null
      }
      await this.events.dispatch('migration.started', about)
      await this.perform(step, migration, mode)
    } catch (error) {
      const failure = failureOf(error, {
        migration: step.name,
        method: step.direction,
        path: step.path,
        state: this.stateAfter(step, mode, progress),
        notRun: progress.notRun,
      })
      await this.events.dispatch('migration.failed', failure)
      return { name: step.name, success: false, time: time(), error: failure.message }
    }
    const result = { name: step.name, success: true, time: time() }
    await this.events.dispatch('migration.ended', { ...about, time: result.time })
    return result
  }

  private modeOf(migration: LoadedMigration): Mode {
    const { connection: name, withinTransaction } = migration
    if (name === undefined || name === this.session.getName?.() || this.resolveConnection === undefined) {
      const isAtomic = withinTransaction && this.journal.transactionalDdl
      return { connection: this.session, isAtomic, isTransactional: isAtomic }
    }
    const connection = this.resolveConnection(name)
    const isSameKind = connection.getDriverName() === this.session.getDriverName()
    return {
      connection,
      isAtomic: false,
      isTransactional: withinTransaction && isSameKind && this.journal.transactionalDdl,
    }
  }

  private async perform(step: Step, migration: LoadedMigration, mode: Mode): Promise<void> {
    if (mode.isAtomic) return this.atomically(step, migration)
    const body = async (connection: MigrationConnection) => {
      await migration[step.direction]?.(new MigrationContext(connection))
    }
    if (mode.isTransactional) await this.inTransaction(step, mode.connection, body)
    else await body(mode.connection)
    await this.keepJournal(this.session, step)
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
      const keys = this.journal.questions.foreignKeys
      if (!asksForSwitch(error, keys)) throw error
      await this.events.dispatch('migration.foreignKeysOff', { migration: step.name })
      await transactionWithoutForeignKeys(connection, keys, work)
    }
  }

  private async atomically(step: Step, migration: LoadedMigration): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.inTransaction(step, this.session, async (transaction) => {
          for (const { sql, bindings } of this.journal.questions.transactionStart) {
            await transaction.select(sql, bindings)
          }
          // First, so that a runner without the lock waits here and then fails on the unique name.
          await this.keepJournal(transaction, step)
          await migration[step.direction]?.(new MigrationContext(transaction))
        })
      } catch (error) {
        const code = (error as { code?: unknown } | null)?.code
        if (attempt > ATTEMPTS || !RETRYABLE.has(String(code))) throw error
        const delay = Math.round(FIRST_DELAY * 2 ** (attempt - 1) * (0.8 + Math.random() * 0.4))
        const reason = (error as Error).message
        await this.events.dispatch('migration.retrying', {
          migration: step.name,
          reason,
          attempt,
          attempts: ATTEMPTS,
          delay,
        })
        await sleep(delay)
      }
    }
  }

  private keepJournal(connection: MigrationConnection, step: Step): Promise<void> {
    return step.direction === 'up'
      ? this.journal.record(connection, step.name, step.batch, step.checksum)
      : this.journal.forget(connection, Number(step.id))
  }

  private stateAfter(step: Step, mode: Mode, { done }: Progress): string {
    const isUp = step.direction === 'up'
    const migrations = `${done} migration${done === 1 ? '' : 's'}`
    const others = isUp
      ? ` ${migrations} of this run ${done === 1 ? 'stays' : 'stay'} applied (batch ${step.batch}).`
      : ` ${migrations} ${done === 1 ? 'was' : 'were'} rolled back and ${done === 1 ? 'stays' : 'stay'} so.`
    const rest = done === 0 ? '' : others
    if (mode.isTransactional) {
      return `rolled back; ${isUp ? 'nothing of this migration remains' : 'this migration is still applied'}.${rest}`
    }
    const reason = this.journal.transactionalDdl
      ? 'this migration runs without a transaction'
      : 'this database commits at every schema change'
    const record = isUp ? 'not recorded' : 'still recorded'
    return `PARTIAL: ${reason}, so the statements before the one that failed remain. The migration is ${record}: undo them by hand, then run again.${rest}`
  }
}
