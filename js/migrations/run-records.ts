/** What a run reads and writes about itself, once the lock is its own: the journal and the attempts. */
import type { MigrationEventDispatcher } from './events'
import { Journal, type JournalRow } from './journal'
import { type Attempt, AttemptLog } from './log'
import type { MigrationConnection } from './migration-connection'
import type { SettledLimits } from './run-options'
import { type PartialAttempt, partialOf, settleDoubt } from './steps/partial-attempts'
import { hasSteps, isUnfinished } from './steps/step-record'
import type { TransactionLock } from './transaction-lock'

export interface Records {
  session: MigrationConnection
  journal: Journal
  /** Null: attempts are not logged. */
  log: AttemptLog | null
  /** What was recorded when they were opened. */
  rows: JournalRow[]
  /** Attempts that left a part of their migration behind. */
  partials: PartialAttempt[]
  /** Set where the session cannot keep the lock. */
  lock: TransactionLock | undefined
}

export interface RecordsOptions {
  table: string
  logTable: string | false
  limits: SettledLimits
  events: MigrationEventDispatcher
  lock: TransactionLock | undefined
  /** Called as soon as the rows are known, where nothing that was attempted before can be in the way of what is to run. */
  onRows?: (journal: Journal, rows: JournalRow[]) => void
}

/**
 * Opens both tables, creates what is not there (another runner may just have done so), and brings attempts that were
 * interrupted to their end: the lock is ours, so none of them runs.
 */
export async function openRecords(session: MigrationConnection, options: RecordsOptions): Promise<Records> {
  const { lock } = options
  const opened = await (lock === undefined
    ? open(session, options)
    : lock.exclusively(session, (transaction) => open(transaction, options)))
  return { session, lock, ...opened }
}

async function open(
  session: MigrationConnection,
  { table, logTable, limits, events, lock, onRows }: RecordsOptions,
): Promise<Pick<Records, 'journal' | 'log' | 'rows' | 'partials'>> {
  const journal = await Journal.open(session, 'migrations', table, limits)
  const log = logTable === false ? null : await AttemptLog.open(session, logTable)
  const isNew = !journal.exists
  const layout = await journal.prepare(session)
  const rows = isNew ? [] : await journal.rows(session)
  if (layout !== null) await events.dispatch('migrations.adopted', { table, layout, rows: rows.length })
  for (const { sql } of journal.questions.sessionStart) await session.unprepared(sql)
  if (log === null) return { journal, log, rows, partials: [] }
  if (!log.exists) {
    const creating = log.prepare(session)
    onRows?.(journal, rows)
    await creating
    return { journal, log, rows, partials: [] }
  }
  await log.prune(session)
  const recorded = new Set(rows.map(({ name }) => name))
  const unsettled = await log.unsettled(session)
  const interrupted = unsettled.filter((attempt) => attempt.status === 'started' && !lock?.isClaim(attempt))
  for (const attempt of interrupted) await conclude(session, log, attempt, recorded.has(attempt.name), events)
  const failed = interrupted.length === 0 ? unsettled : await log.failedLast(session)
  return { journal, log, rows, partials: partialOf(failed, recorded) }
}

/** An attempt whose process ended first: the journal knows what came of it. */
async function conclude(
  session: MigrationConnection,
  log: AttemptLog,
  { id, name, metadata }: Attempt,
  isRecorded: boolean,
  events: MigrationEventDispatcher,
): Promise<void> {
  const { direction = 'up', mode = 'tx', host = null, pid = null } = metadata
  const isDone = isRecorded === (direction === 'up')
  const status = !isDone ? 'failed' : direction === 'up' ? 'success' : 'rolled_back'
  if (!isDone) await settleDoubt(session, metadata.steps)
  const known = {
    direction,
    batch: 0,
    run_id: '',
    mode,
    host: host ?? '',
    pid: pid ?? 0,
    node: '',
    version: '',
    ...metadata,
  }
  await log.finish(session, { id, metadata: known }, { status, duration: null, error: isDone ? null : 'interrupted' })
  if (isDone) return
  const isRolledBack = mode === 'tx' || (hasSteps(metadata.steps) && !isUnfinished(metadata.steps))
  await events.dispatch('migration.interrupted', { migration: name, host, pid, isRolledBack })
}
