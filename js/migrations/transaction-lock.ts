import type { LockPlan, LockStatements, Step, TransactionLockStatements } from './engine'
import type { Journal } from './journal'
import type { LoadedMigration } from './loader'
import { holderOf } from './lock-holder'
import { type LockOptions, polled } from './lock-poll'
import type { Attempt, AttemptLog, RunningAttempt } from './log'
import type { MigrationConnection } from './migration-connection'
import { MigrationError } from './migration-error'
import type { LockMode } from './migrator-options'

/** Longest time between the row of an attempt and its transaction, in milliseconds. */
const CLAIM = 10_000

/** What a claim is made with. */
interface Claiming {
  journal: Journal
  log: AttemptLog | null
  /** Inserts the row of the attempt. */
  start(transaction: MigrationConnection): Promise<RunningAttempt | undefined>
}

/** Another runner was quicker. */
export class DoneElsewhere extends Error {}

/**
 * Keeps runners apart where a pooler gives every transaction another session: the lock belongs to transactions.
 *
 * A migration is claimed first: under the lock its attempt is logged and committed. Between this commit and the
 * migration's own transaction that row keeps others out, afterwards the lock does.
 */
export class TransactionLock {
  private readonly plan: LockPlan & LockStatements
  private readonly statements: TransactionLockStatements
  private readonly options: LockOptions

  private constructor(plan: LockPlan & LockStatements, statements: TransactionLockStatements, options: LockOptions) {
    this.plan = plan
    this.statements = statements
    this.options = options
  }

  /**
   * The lock for a pinned session that cannot keep one; undefined where it can.
   *
   * PgBouncer makes up the number of a session that PostgreSQL tells at log-in, so the two differ.
   *
   * @throws MigrationError when `mode` asks for it where the database has none.
   */
  static async insteadOfSession(
    session: MigrationConnection,
    plan: LockPlan,
    mode: LockMode,
    options: LockOptions,
  ): Promise<TransactionLock | undefined> {
    if (mode === 'session') return undefined
    if (plan.by !== 'session' || plan.transaction === null) {
      if (mode === 'auto') return undefined
      throw new MigrationError('refused', `${session.getDriverName()} has no locks of transactions. Nothing was run.`)
    }
    const { transaction } = plan
    if (mode === 'auto') {
      const [row] = await session.select(transaction.backend.sql, transaction.backend.bindings)
      if (Number(row?.backend) === session.sessionNumber()) return undefined
    }
    return new TransactionLock(plan, transaction, options)
  }

  /** Runs `work` in a transaction that has the lock. */
  exclusively<T>(session: MigrationConnection, work: (transaction: MigrationConnection) => Promise<T>): Promise<T> {
    return session.transaction(async (transaction) => {
      await this.wait(transaction)
      return work(transaction)
    })
  }

  /**
   * Logs the attempt of a migration while no other runner does anything.
   *
   * @returns `done` when another runner has done it meanwhile.
   * @throws MigrationError of kind `lock` when another runner keeps it for too long.
   */
  claim(
    session: MigrationConnection,
    step: Step,
    { journal, log, start }: Claiming,
  ): Promise<'done' | { attempt: RunningAttempt | undefined }> {
    const attempt = () =>
      session.transaction(async (transaction) => {
        const { sql, bindings } = this.statements.attempt
        const [row] = await transaction.select(sql, bindings)
        if (Number(row?.acquired) !== 1) return undefined
        if (await journal.isDone(transaction, step)) return 'done' as const
        if ((await log?.unfinished(transaction))?.some((other) => this.isClaim(other))) return undefined
        return { attempt: await start(transaction) }
      })
    return polled(attempt, () => holderOf(session, this.plan, undefined, this.options.unfinished), this.options)
  }

  /**
   * Takes the lock in the migration's own transaction.
   *
   * @throws DoneElsewhere
   */
  async enter(transaction: MigrationConnection, journal: Journal, step: Step): Promise<void> {
    await this.wait(transaction)
    if (await journal.isDone(transaction, step)) throw new DoneElsewhere()
  }

  /** Whether the transaction of an attempt may be about to begin. */
  isClaim({ startedAt }: Attempt): boolean {
    return startedAt !== null && Math.abs(Date.now() - startedAt.getTime()) < CLAIM
  }

  private async wait(transaction: MigrationConnection): Promise<void> {
    const { sql, bindings } = this.statements.wait
    await transaction.select(sql, bindings)
  }
}

/** @throws MigrationError for migrations that want a session: a pooler keeps none for longer than a transaction. */
export function refuseOutsideOfTransactions(steps: Step[], migrations: Map<string, LoadedMigration>): void {
  const step = steps.find(({ path }) => migrations.get(path)?.withinTransaction === false)
  if (step === undefined) return
  throw new MigrationError(
    'refused',
    `${step.name} needs a direct connection: set "directUrl" / DIRECT_URL. It runs without a transaction, and a ` +
      'pooler stands before the server. Nothing was run.',
  )
}
