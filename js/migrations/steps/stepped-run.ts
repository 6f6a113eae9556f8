/** One run of a migration that no transaction takes back as a whole: its journal, its end, what is left of it. */
import type { LastStatement } from '../../connection/edged-transactions'
import type { Later } from '../../support/later'
import type { Step as MigrationStep } from '../engine'
import type { MigrationEventDispatcher } from '../events'
import type { Journal } from '../journal'
import type { AboutAttempt, AttemptLog, AttemptMetadata, RunningAttempt } from '../log'
import type { MigrationConnection, Statement } from '../migration-connection'
import type { PartialAttempt } from './partial-attempts'
import { partialText, reasonOf } from './partial-text'
import type { Doubt } from './replay'
import { Replay } from './replay'
import { type PartialFailurePolicy, type Settled, settle } from './settlement'
import { StepJournal } from './step-journal'
import type { Steps } from './step-record'

export interface SteppedRunOptions {
  step: MigrationStep
  /** Where the journal and the log are. */
  session: MigrationConnection
  /** Where the migration runs. */
  connection: MigrationConnection
  mode: 'steps' | 'none'
  journal: Journal
  log: AttemptLog | null
  attempt: RunningAttempt | undefined
  /** Those that are in the database already. */
  resumed: Steps | undefined
  doubt: Doubt | undefined
  events: MigrationEventDispatcher
}

/** What an attempt has of steps before the first. */
const NO_STEPS: Steps = { started: 0, done: 0, hashes: [], sql: [], results: [], last_sql: null }

/** What is logged of an attempt when it begins. `from`: the one that it goes on from. */
export function attemptOf(
  { direction, batch, checksum }: MigrationStep,
  mode: AttemptMetadata['mode'],
  from: PartialAttempt | undefined,
): AboutAttempt {
  return {
    direction,
    batch,
    mode,
    ...(checksum !== undefined && { checksum }),
    ...(from !== undefined && { resumed_from: from.id }),
    ...(mode !== 'tx' && { steps: from?.metadata.steps ?? NO_STEPS }),
  }
}

export class SteppedRun {
  readonly steps: StepJournal
  private readonly options: SteppedRunOptions

  constructor(options: SteppedRunOptions) {
    const { step, session, connection, mode, journal, resumed, doubt, events } = options
    const isHere = connection === session
    this.options = options
    this.steps = new StepJournal({
      connection,
      migration: step.name,
      transaction: mode === 'steps' && isHere ? journal.questions.stepTransaction : null,
      log: this.log,
      logConnection: isHere ? undefined : session,
      replay: resumed === undefined ? undefined : new Replay(resumed, doubt),
      events,
    })
  }

  /** Whether the record of the migration comes with its last statements, or neither does. */
  get endsAtOnce(): boolean {
    return this.steps.options.transaction !== null
  }

  /** Records the migration, in one transaction with its last statements and the end of its attempt. */
  end(conclude: (session: MigrationConnection) => Later<LastStatement | undefined>): Promise<void> {
    const { session, journal, step } = this.options
    const { transaction } = this.steps.options
    if (transaction === null) return journal.keep(session, step)
    const record = journal.keeping(step)
    if (!this.steps.isOpen) return session.transactionWithin(record, conclude)
    return endOpen(session, record, conclude, transaction.commit)
  }

  /** What is left after a failure, and what was undone. `session`: the one that has the lock now. */
  settle(session: MigrationConnection, policy: PartialFailurePolicy): Promise<Settled> {
    const isLost = session !== this.options.session
    const { connection } = this.options
    const own = connection === this.options.session ? session : connection
    return settle(own, this.steps, { policy, isLost, session, log: this.log })
  }

  /** The same in words. */
  state({ steps, reversed, reversal, invalidIndex }: Settled): string {
    const { step, connection, mode, log } = this.options
    const { direction, name } = step
    const driver = connection.getDriverName()
    const invalid =
      invalidIndex === null
        ? ''
        : `index "${invalidIndex}" is INVALID and is ignored by queries; the next run removes and rebuilds it`
    if (steps.started === 0) {
      const rest = direction === 'up' ? 'nothing of this migration remains.' : 'this migration is still applied.'
      if (invalid !== '') return `PARTIAL: ${invalid}.`
      if (reversed === 0) return this.endsAtOnce ? `rolled back; ${rest}` : `no step was completed; ${rest}`
      const were = reversed === 1 ? 'completed step was' : 'completed steps were'
      return `${reasonOf(driver, mode)}; ${reversed} ${were} reversed. ${rest[0]?.toUpperCase()}${rest.slice(1)}`
    }
    const text = partialText({ migration: name, direction, steps, driver, mode, isLogged: log !== null, reversal })
    return invalid === '' ? text : `${text}\nAlso: ${invalid}.`
  }

  private get log(): { table: AttemptLog; attempt: RunningAttempt } | undefined {
    const { log, attempt } = this.options
    return log === null || attempt === undefined ? undefined : { table: log, attempt }
  }
}

/** The same for a transaction that is open already. */
async function endOpen(
  session: MigrationConnection,
  record: Statement,
  conclude: (session: MigrationConnection) => Later<LastStatement | undefined>,
  commit: string,
): Promise<void> {
  await session.update(record.sql, record.bindings)
  const last = await conclude(session)
  if (last !== undefined) {
    last.ended({ rows: [], lastInsertId: await session.insertGetId(last.sql, last.bindings) })
  }
  await session.unprepared(commit)
}
