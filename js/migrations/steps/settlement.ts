/** What becomes of the steps of a migration that failed. */
import type { StepTransaction } from '../engine'
import type { AttemptLog, RunningAttempt } from '../log'
import type { MigrationConnection } from '../migration-connection'
import type { Step, StepJournal } from './step-journal'
import type { Steps } from './step-record'
import type { Probe } from './step-texts'

/** What is done about steps that remain: they are undone where all of them made something, or left as they are. */
export type PartialFailurePolicy = 'reverse' | 'stop'

export interface Settled {
  steps: Steps
  /** How many steps were undone. */
  reversed: number
  /** What went wrong when they were. */
  reversal: { sql: string; message: string } | null
  /** An index that a failed build left. */
  invalidIndex: string | null
}

/** Failures that do not tell whether the statement was done. */
const UNSEEN = new Set(['LOST_CONNECTION', 'CONNECTION', 'CLOSED', 'ABORTED', 'QUERY_TIMEOUT', 'CANCELLED'])

interface SettleOptions {
  policy: PartialFailurePolicy
  /** The session that ran it is gone. */
  isLost: boolean
  /** Where the log is. */
  session: MigrationConnection
  log: { table: AttemptLog; attempt: RunningAttempt } | undefined
}

/** Finds out which steps are in the database, and undoes them where that is wanted and loses nothing. */
export async function settle(
  connection: MigrationConnection,
  journal: StepJournal,
  { policy, isLost, session, log }: SettleOptions,
): Promise<Settled> {
  await journal.settled()
  const { steps, options } = journal
  if (options.transaction !== null) await takeBack(connection, journal, options.transaction, { isLost, session, log })
  const last = steps.at(-1)
  if (last !== undefined && !last.isDone) await settleLast(connection, steps, last)
  const invalidIndex = await journal.indexes.broken(connection)
  const settled: Settled = { steps: journal.record(), reversed: 0, reversal: null, invalidIndex }
  const isWhole = steps.every(({ isDone, undo }) => isDone && undo !== undefined)
  if (policy === 'stop' || !isWhole) return settled
  while (steps.length > 0) {
    const step = steps.at(-1) as Step
    step.isDone = false
    // Should this process end here, the catalogue tells whether the step is still there.
    await keep(session, journal, log)
    try {
      await undo(connection, step)
    } catch (error) {
      step.isDone = true
      const { sql = '', message } = error as { sql?: string; message: string }
      return { ...settled, steps: journal.record(), reversal: { sql, message } }
    }
    if (step.result?.failed === undefined && !step.result?.undone) settled.reversed += 1
    steps.pop()
  }
  return { ...settled, steps: journal.record() }
}

/** Whether a statement whose end nobody saw is done; undefined where the database does not tell. */
export async function isDone(connection: MigrationConnection, probe: Probe | undefined): Promise<boolean | undefined> {
  if (probe === undefined) return undefined
  const [row] = await connection.select(probe.sql, probe.bindings)
  return Number(row?.found) > 0 === probe.doneWhenFound
}

/** Takes back what came after the last schema change, and learns from the log which one that was. */
async function takeBack(
  connection: MigrationConnection,
  { steps, lastCommit, isHeld }: StepJournal,
  transaction: StepTransaction,
  { isLost, session, log }: Pick<SettleOptions, 'isLost' | 'session' | 'log'>,
): Promise<void> {
  if (!isLost) {
    // Tables that are locked are given back by a transaction that begins.
    if (isHeld) await connection.unprepared(transaction.begin)
    await connection.unprepared(transaction.rollback)
  }
  const written = log === undefined ? undefined : (await log.table.remembered(session, log.attempt))?.done
  const last = steps.at(-1)
  // A schema change that failed has committed what came before it, unless the server could not read it.
  const before = last?.text.commits && last.fault?.code !== 'SYNTAX' ? steps.length - 1 : 0
  const kept = Math.max(lastCommit, written ?? before)
  const isLastInDoubt = last !== undefined && !last.isDone && last.text.commits && kept === steps.length - 1
  steps.splice(isLastInDoubt ? steps.length : kept)
}

async function settleLast(connection: MigrationConnection, steps: Step[], last: Step): Promise<void> {
  const isKnown = last.fault !== undefined && !UNSEEN.has(last.fault.code)
  const answer = isKnown ? false : await isDone(connection, last.text.probe)
  if (answer === false) steps.pop()
  if (answer !== true) return
  last.isDone = true
  // What is there may have been there before: whoever knows better may take it away.
  last.undo = undefined
}

async function undo(connection: MigrationConnection, { undo = [] }: Step): Promise<void> {
  for (const { sql, unless } of undo) {
    const [row] = unless === undefined ? [{ found: 1 }] : await connection.select(unless.sql, unless.bindings)
    if (Number(row?.found) > 0) await connection.unprepared(sql)
  }
}

async function keep(session: MigrationConnection, journal: StepJournal, log: SettleOptions['log']): Promise<void> {
  if (log === undefined) return
  log.attempt.metadata.steps = journal.record()
  const { sql, bindings } = log.table.progress(log.attempt)
  await session.update(sql, bindings)
}
