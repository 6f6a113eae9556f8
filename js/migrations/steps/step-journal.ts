import type { Aside, WatchedStatement, WatchedTransaction } from '../../connection/statement-watcher'
import type { GuruORMError } from '../../errors'
import { Fault, type FaultData, faultOf } from '../../native/fault'
import type { Outcome } from '../../native/requests'
import { andThen, type Later } from '../../support/later'
import { isOwnWork } from '../backups/own-work'
import type { StepTransaction } from '../engine'
import type { MigrationEventDispatcher } from '../events'
import type { AttemptLog, RunningAttempt } from '../log'
import type { MigrationConnection } from '../migration-connection'
import { OnlineIndexes } from './online-indexes'
import type { Replay } from './replay'
import { beginningOf, resultOf, SHOWN_STEPS, type StepResult, type Steps } from './step-record'
import { combined, type OnlineIndex, type StepText, stepTexts, type Undo, valuesText } from './step-texts'
import { Turns } from './turns'

/** A step of the attempt at hand. */
export interface Step {
  text: Pick<StepText, 'sql' | 'hash' | 'commits'> & Partial<StepText>
  /** What undoes it; undefined where nothing is known to. */
  undo: Undo[] | undefined
  result: StepResult | null
  isDone: boolean
  /** Why it failed. */
  fault?: FaultData
}

export interface StepJournalOptions {
  /** Where the migration runs. */
  connection: MigrationConnection
  migration: string
  /** Set where what lies between two schema changes is one transaction. */
  transaction: StepTransaction | null
  /** Where steps are written; undefined: nowhere. */
  log: { table: AttemptLog; attempt: RunningAttempt } | undefined
  /** Set when the log is on another connection than the migration. */
  logConnection: MigrationConnection | undefined
  replay: Replay | undefined
  events: MigrationEventDispatcher
}

/**
 * Remembers every statement of a migration that no transaction takes back: before it is sent, and when it is done.
 *
 * Where schema changes end the transaction (MySQL), what lies between two of them is one transaction, and the row of
 * the log is written in it: it becomes true at the moment at which the database does.
 */
export class StepJournal {
  readonly steps: Step[]
  readonly indexes: OnlineIndexes
  readonly options: StepJournalOptions
  /** Statements of the migration take turns. */
  private readonly turns = new Turns()
  private count = 0
  private hasResumed = false
  /** A transaction of the journal's is open. */
  isOpen = false
  /** Tables are locked: the log cannot be written. */
  isHeld = false
  /** How many steps there were when each transaction of the user's began. */
  private readonly begun = new Map<number, number>()

  constructor(options: StepJournalOptions) {
    this.options = options
    this.indexes = new OnlineIndexes(options.connection, options.migration, options.events)
    this.steps = options.replay === undefined ? [] : rememberedSteps(options.replay.steps)
  }

  /** How many are in the database, as far as this process knows. */
  get done(): number {
    return this.steps.findLastIndex(({ isDone }) => isDone) + 1
  }

  /** Sends a statement with what is written around it, or answers what it answered before. */
  perform(statement: WatchedStatement): Promise<Outcome> {
    return this.turns.take(() => (isOwnWork() ? this.beside(statement) : this.performNow(statement)))
  }

  /** A transaction of the user's ends that of the journal, and takes its steps back when it is rolled back. */
  async transaction(event: WatchedTransaction, level: number, aside: Aside): Promise<void> {
    await this.turns.over()
    if (event === 'beginning') {
      this.begun.set(level, this.steps.length)
      if (level === 1 && this.isOpen) await this.write(aside)
      if (level === 1) this.isOpen = false
    }
    if (event === 'rolledBack') this.takenBack(this.begun.get(level) ?? 0)
  }

  /** The server rolled steps back while the migration goes on. */
  private takenBack(first: number): void {
    for (const step of this.steps.slice(Math.max(first, this.lastCommit))) {
      step.result = { ...step.result, undone: true }
      step.undo = []
    }
  }

  /** Once every statement has ended. */
  async settled(): Promise<void> {
    await this.turns.over()
  }

  /** @throws ReplayError when the migration did not come past what ran before. */
  finish(): Later<void> {
    return andThen(this.turns.over(), () => {
      this.options.replay?.finish(this.count)
      return this.isToResume ? this.resume() : undefined
    })
  }

  /** As it is kept in the log. */
  record(): Steps {
    const last = this.steps.at(-1)
    const { done } = this
    return {
      started: this.steps.length,
      done,
      hashes: this.steps.map(({ text }) => text.hash),
      sql: this.steps.slice(0, SHOWN_STEPS).map(({ text }) => beginningOf(text.sql)),
      results: this.steps.map(({ result }) => result),
      last_sql: last?.text.sql ?? null,
      ...(last?.text.online !== undefined && done < this.steps.length && { heals: true }),
    }
  }

  /** How many steps are in the database because a schema change came after them, or they are one. */
  get lastCommit(): number {
    return this.steps.findLastIndex(({ isDone, text }) => isDone && text.commits) + 1
  }

  /** A statement of guruorm's own is no step. One that ends the transaction (MySQL) takes along what came before. */
  private async beside({ sql, aside, send }: WatchedStatement): Promise<Outcome> {
    const commits = stepTexts(this.options.connection, sql, '').some((text) => text.commits)
    const uncommitted = commits ? await this.commit(aside) : undefined
    return uncommitted ?? send()
  }

  private async commit(aside: Aside): Promise<Fault | undefined> {
    const { transaction } = this.options
    if (transaction === null || !this.isOpen) return undefined
    const unwritten = await this.write(aside)
    if (unwritten !== undefined) return unwritten
    const outcome = await aside('script', transaction.commit)
    if (outcome instanceof Fault) return outcome
    this.isOpen = false
    const last = this.steps.findLast(({ isDone }) => isDone)
    if (last !== undefined) last.text = { ...last.text, commits: true }
    return undefined
  }

  private performNow(statement: WatchedStatement): Promise<Outcome> {
    const texts = stepTexts(this.options.connection, statement.sql, valuesText(statement.bindings))
    if (!statement.isCut && texts.length > 1) return this.oneByOne(texts, statement)
    const isCommitted = this.options.transaction !== null && statement.isCut && statement.level === 0
    const text = combined(texts, statement.sql, isCommitted)
    return text === undefined ? Promise.resolve(statement.send()) : this.one(text, statement)
  }

  private async oneByOne(texts: StepText[], statement: WatchedStatement): Promise<Outcome> {
    let outcome: Outcome | undefined
    for (const text of texts) {
      const how = text.isStep ? 'script' : 'read'
      const prepare = () => statement.prepare(text.sql)
      outcome = await this.one(text, { ...statement, prepare, send: () => statement.aside(how, text.sql) })
      if (outcome instanceof Fault) return new Fault({ ...outcome.data, sql: text.sql })
    }
    return outcome as Outcome
  }

  private async one(text: StepText, statement: WatchedStatement): Promise<Outcome> {
    const { aside, level, send } = statement
    if (!text.isStep) return this.around(text, aside, send)
    const number = this.count + 1
    const answered = this.options.replay?.answerTo(number, text.hash, text.sql)
    // What was kept back is no step.
    const preparing = answered === undefined ? statement.prepare() : undefined
    if (preparing !== undefined) await preparing
    this.count = number
    if (answered !== undefined && answered !== 'skip') return answered
    if (this.isToResume) await this.resume()
    const isOwn = level === 0 && !this.isHeld
    const undo = text.undo?.some(({ unless }) => unless) ? await this.undoOfNew(text.undo, aside) : text.undo
    const step = this.begin(text, undo)
    const writesBefore = this.options.transaction === null || text.commits
    const unwritten = writesBefore ? await this.write(aside) : isOwn ? await this.open(aside) : undefined
    if (unwritten !== undefined && level === 0) return this.ended(step, unwritten)
    if (answered === 'skip') step.undo = undefined
    const isThere = answered === 'skip' || (text.online !== undefined && (await this.isBuilt(step, text.online, aside)))
    const outcome = isThere ? BUILT : await send()
    if (text.commits) this.isOpen = false
    this.ended(step, outcome)
    if (!(outcome instanceof Fault) && (this.options.transaction === null || (level > 0 && !text.commits))) {
      await this.write(aside)
    }
    return outcome
  }

  /** A statement that changes nothing by itself, but may end a transaction or lock tables. */
  private async around(text: StepText, aside: Aside, send: () => Later<Outcome>): Promise<Outcome> {
    // While tables are locked the log cannot be written, and every statement commits: in doubt until they are free.
    if (text.holdsTables) await this.write(aside, text.sql)
    else if (text.commits && this.isOpen) await this.write(aside)
    const outcome = await send()
    if (text.commits) this.isOpen = false
    this.isHeld = text.holdsTables ?? this.isHeld
    if (text.holdsTables === false) await this.write(aside)
    return outcome
  }

  private async isBuilt(step: Step, index: OnlineIndex, aside: Aside): Promise<boolean> {
    try {
      const isThere = await this.indexes.isBuilt(index, aside)
      // It is not what this attempt made.
      if (isThere) step.undo = []
      return isThere
    } catch (error) {
      step.fault = faultOf(error as GuruORMError).data
      throw error
    }
  }

  /** What may have been there before is looked for now: it is not undone then. */
  private async undoOfNew(undo: readonly Undo[], aside: Aside): Promise<Undo[]> {
    const ofNew: Undo[] = []
    for (const one of undo) {
      const found = one.unless && (await aside('read', one.unless.sql, one.unless.bindings))
      const isThere = found !== undefined && (found instanceof Fault || Number(found.rows[0]?.found) > 0)
      if (!isThere) ofNew.push(one)
    }
    return ofNew
  }

  private begin(text: StepText, undo: Undo[] | undefined): Step {
    // Whatever failed before was caught.
    const last = this.steps.at(-1)
    if (last?.fault !== undefined) {
      const { code, message, nativeCode } = last.fault
      const result: StepResult = { failed: { code, message, ...(nativeCode !== undefined && { nativeCode }) } }
      this.steps[this.steps.length - 1] = { text: last.text, undo: [], result, isDone: true }
    }
    const commits = text.commits || this.isHeld
    const step: Step = { text: { ...text, commits }, undo, result: null, isDone: false }
    // The one whose end nobody saw is sent again, or taken for done.
    this.steps.splice(this.count - 1)
    this.steps.push(step)
    return step
  }

  private ended(step: Step, outcome: Outcome): Outcome {
    if (outcome instanceof Fault) {
      step.fault = outcome.data
      // The server ends the whole transaction there.
      if (step.fault.code === 'DEADLOCK' && this.isOpen) {
        this.isOpen = false
        this.takenBack(0)
      }
    } else {
      step.result = resultOf(outcome)
      step.isDone = true
    }
    return outcome
  }

  private async open(aside: Aside): Promise<Fault | undefined> {
    const { transaction } = this.options
    if (transaction === null || this.isOpen) return undefined
    const begun = await aside('script', transaction.begin)
    if (begun instanceof Fault) return begun
    this.isOpen = true
    return undefined
  }

  /** @param doubt - What may have a step whose end nobody sees. */
  private write(aside: Aside, doubt?: string): Later<Fault | undefined> {
    const { log, logConnection } = this.options
    if (log === undefined || this.isHeld) return undefined
    const steps = this.record()
    log.attempt.metadata.steps =
      doubt === undefined ? steps : { ...steps, started: this.steps.length + 1, last_sql: doubt }
    const { sql, bindings } = log.table.progress(log.attempt)
    if (logConnection !== undefined) return writtenElsewhere(logConnection, sql, bindings)
    return andThen(aside('write', sql, bindings), (outcome) => (outcome instanceof Fault ? outcome : undefined))
  }

  private get isToResume(): boolean {
    return this.options.replay !== undefined && !this.hasResumed
  }

  /** Says once that what follows is new. */
  private async resume(): Promise<void> {
    const { replay, events, migration } = this.options
    if (replay === undefined || this.hasResumed) return
    this.hasResumed = true
    const { done } = replay.steps
    await events.dispatch('migration.resuming', { migration, step: done + 1, verified: done })
  }
}

async function writtenElsewhere(
  connection: MigrationConnection,
  sql: string,
  bindings: readonly unknown[],
): Promise<Fault | undefined> {
  try {
    await connection.update(sql, bindings)
    return undefined
  } catch (error) {
    return faultOf(error as GuruORMError)
  }
}

const BUILT: Outcome = Object.freeze({ rows: [], affected: 0, lastInsertId: 0, milliseconds: 0 })

/** What an earlier attempt did. It is not undone: what was there before it is not known any more. */
function rememberedSteps({ started, done, hashes, sql, results, last_sql }: Steps): Step[] {
  return hashes.slice(0, started).map((hash, index) => ({
    text: { sql: (index === started - 1 ? last_sql : undefined) ?? sql[index] ?? '', hash, commits: true },
    undo: undefined,
    result: results[index] ?? null,
    isDone: index < done,
  }))
}
