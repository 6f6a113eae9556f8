import type { LastStatement } from '../connection/edged-transactions'
import { andThen, type Later } from '../support/later'
import type { Step } from './engine'
import type { AttemptEnd, AttemptLog, RunningAttempt } from './log'
import { isLostWith } from './lost-session'
import type { MigrationConnection } from './migration-connection'
import type { Running } from './running-step'
import type { StepRunnerOptions } from './step-runner-options'
import { attemptOf } from './steps/stepped-run'

/** `done`: another runner has done what was to be attempted. */
export type Claimed = 'done' | { attempt: RunningAttempt | undefined }

/** The end of an attempt could not be written, and took the transaction of its migration along. */
export class EndNotWritten extends Error {}

/**
 * Writes the rows of attempts: committed before a migration begins, brought to their end with it. Where another
 * migration comes next its row is written with the end of the one before: one commit says both.
 */
export class AttemptKeeper {
  private readonly options: StepRunnerOptions
  /** Whose row is there before its turn. Without the attempt: it may be, nobody saw the answer. */
  private announced: { step: Step; attempt?: RunningAttempt } | undefined

  constructor(options: StepRunnerOptions) {
    this.options = options
  }

  /** Logs the attempt, in a way that no other runner can do the same. */
  claim(running: Running): Later<Claimed> {
    // Who shares a transaction is logged by whom it is shared with.
    if (this.options.joint !== undefined) return { attempt: undefined }
    const { announced } = this
    if (announced?.step !== running.step || announced.attempt === undefined) return this.start(running)
    this.announced = undefined
    return { attempt: announced.attempt }
  }

  /**
   * Brings the log's row to its end in the transaction that records the migration, unless more comes after it.
   *
   * @returns The last statement of that, to be sent with the commit.
   * @throws EndNotWritten when the migration may run again with a savepoint around this.
   */
  concludeWithin(
    transaction: MigrationConnection,
    running: Running,
    end: AttemptEnd,
  ): Later<LastStatement | undefined> {
    const { log, journal } = this.options
    const { mode, context, attempt } = running
    running.isConcluded = false
    // What an earlier try announced was rolled back with it.
    this.announced = undefined
    if (log === null || attempt === undefined || context?.hasMore) return undefined
    const isFragile = mode.isAtomic && journal.questions.failureEndsTransaction
    // It may cost the migration nothing, which may have left another role or search path.
    const isFenced = isFragile && (running.isFenced || running.guard?.keepsSession !== true)
    const failed = (error: unknown) => {
      this.announced = undefined
      if (!mode.isAtomic || isLostWith(error)) throw error
      if (isFragile && !isFenced) throw new EndNotWritten('', { cause: error })
    }
    const write = (connection: MigrationConnection) => this.writing(connection, log, { running, attempt, end })
    return isFenced ? fenced(transaction, write, failed) : unfenced(transaction, write, failed)
  }

  /** Brings the log's row to its end, on a new connection where the old one is lost. */
  async conclude(
    running: Running,
    end: AttemptEnd,
    { sqlstate = null, isLost }: { sqlstate?: string | null; isLost: boolean },
  ): Promise<void> {
    const { log, control } = this.options
    if (log === null || running.attempt === undefined) return
    const attempt = ended(running, running.attempt)
    if (sqlstate !== null) attempt.metadata.sqlstate = sqlstate
    if (control.isCancelled) attempt.metadata.cancelled = true
    await this.afterwards('The end of the attempt', isLost, (connection) => log.finish(connection, attempt, end))
  }

  /** Takes the row of a migration away whose turn does not come. */
  async withdraw(isLost: boolean): Promise<void> {
    const { announced } = this
    const { log } = this.options
    if (announced === undefined || log === null) return
    this.announced = undefined
    const { step, attempt } = announced
    await this.afterwards(`That ${step.name} has not begun`, isLost, (connection) =>
      attempt === undefined ? log.withdrawUnseen(connection, step.name) : log.withdraw(connection, attempt),
    )
  }

  private async start({ step, mode, from }: Running): Promise<Claimed> {
    const { session, journal, log, lock } = this.options
    await this.withdraw(false)
    const about = attemptOf(step, mode.name, from)
    const start = async (connection: MigrationConnection) => log?.start(connection, step.name, about)
    return lock === undefined ? { attempt: await start(session) } : lock.claim(session, step, { journal, log, start })
  }

  /** Writes the end of an attempt, and the beginning of the next, but for the last statement. */
  private writing(
    connection: MigrationConnection,
    log: AttemptLog,
    { running, attempt, end }: { running: Running; attempt: RunningAttempt; end: AttemptEnd },
  ): Later<LastStatement> {
    const { next } = running
    const conclusion = ended(running, attempt)
    const isConcluded = () => {
      running.isConcluded = true
    }
    if (next === undefined || !this.mayAnnounce) {
      return { ...log.finishing(conclusion, end), ended: isConcluded, failed: rethrown }
    }
    const { step, mode } = next
    const about = attemptOf(step, mode, undefined)
    const names = { ended: running.step.name, begun: step.name }
    const handingOver = log.handingOver(connection, conclusion, end, names, about)
    return andThen(handingOver, ({ sql, bindings, begun }) => {
      this.announced = { step }
      return {
        sql,
        bindings,
        ended: (answer) => {
          isConcluded()
          this.announced = { step, attempt: begun(answer) }
        },
        failed: rethrown,
      }
    })
  }

  /** Not where attempts are claimed one by one, or go on from others, or nothing more is to begin. */
  private get mayAnnounce(): boolean {
    const { lock, partials, control } = this.options
    return lock === undefined && partials.length === 0 && !control.isStopping
  }

  /** Writes what a migration that is over cannot wait for. */
  private async afterwards(
    what: string,
    isLost: boolean,
    write: (connection: MigrationConnection) => Promise<void>,
  ): Promise<void> {
    const { log, session, events, recover } = this.options
    try {
      await (isLost ? recover(write) : write(session))
    } catch (error) {
      // The migration is what counts; the next run brings the row to its end.
      const message = `${what} could not be written to ${log?.table}: ${(error as Error).message}`
      await events.dispatch('migrations.warning', { message })
    }
  }
}

/** The last statement of a transaction, or what was written of it, failed. */
type Failed = (error: unknown) => void
type Write = (connection: MigrationConnection) => Later<LastStatement>

function unfenced(transaction: MigrationConnection, write: Write, failed: Failed): Later<LastStatement | undefined> {
  const unwritten = (error: unknown) => {
    failed(error)
    return undefined
  }
  try {
    const writing = write(transaction)
    if (writing instanceof Promise) return writing.then((last) => ({ ...last, failed }), unwritten)
    return { ...writing, failed }
  } catch (error) {
    return unwritten(error)
  }
}

/** A failure of this costs the transaction nothing. */
async function fenced(transaction: MigrationConnection, write: Write, failed: Failed): Promise<undefined> {
  try {
    await transaction.transactionWithin(null, write)
  } catch (error) {
    failed(error)
  }
}

function rethrown(error: unknown): never {
  throw error
}

/** The attempt, with what there is to remember of it. */
function ended({ guard, stepped, backups }: Running, attempt: RunningAttempt): RunningAttempt {
  const { metadata } = attempt
  metadata.steps = stepped?.steps.record() ?? { done: guard?.done ?? 0, last_sql: guard?.lastSql ?? null }
  const made = backups.logged()
  if (made !== undefined) metadata.backups = made
  return attempt
}
