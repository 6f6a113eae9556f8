import type { StatementWatcher } from '../connection/statement-watcher'
import { GuruORMError } from '../errors'
import type { FaultData } from '../native/fault'
import type { BackupTaker } from './backups/backup-taker'
import { isOwnWork } from './backups/own-work'
import { MigrationCancelledError, MissingAwaitError, RefusedStatementError, SwallowedErrorError } from './body-errors'
import { type Inspected, inspectStatement } from './engine'
import { placeIn } from './failure'
import type { LintQuestion } from './lint/lint-engine'
import type { MigrationLint } from './lint/migration-lint'
import type { LockRetries } from './lock-retries'
import type { MigrationConnection } from './migration-connection'
import type { StatementProgress } from './progress'
import type { RunControl } from './run-control'

/** Longest piece of a statement in a message. */
const SHOWN = 80

interface Running {
  sql: string
  /** Its stack tells where it was sent. Writing the stack out costs more than many a statement. */
  sentBy: unknown
}

interface Failed {
  number: number
  fault: FaultData
  sql: string
}

export interface GuardOptions {
  /** The migration's file. */
  path: string
  method: 'up' | 'down'
  withinTransaction: boolean
  /** Longest time of a statement in milliseconds; 0: none. */
  statementTimeout: number
  control: RunControl
  /** Looks at each statement before it is sent. */
  lint?: MigrationLint | undefined
  /** Tells about statements that take long. */
  progress?: StatementProgress | undefined
  /** Set where a statement that met a lock may be sent again by itself. */
  retries?: LockRetries | undefined
  /** Set where what a statement destroys is backed up before it is sent. */
  backups?: BackupTaker | undefined
  /** Sends its statements, and hears of its transactions. */
  performer?: Pick<StatementWatcher, 'perform' | 'transaction'> | undefined
}

/** Sees every statement of one attempt of one migration: counts them, and refuses what would break its promises. */
export class StatementGuard implements StatementWatcher {
  readonly timeout: number
  readonly prepare: StatementWatcher['prepare']
  /** How many statements were sent. */
  sent = 0
  /** How many of them succeeded. */
  done = 0
  /** How many rows they changed. */
  rows = 0
  /** Whether no statement was made to change what the session may do, and where it looks names up. */
  keepsSession = true
  lastSql: string | null = null
  /** The statement that was refused or failed last. */
  failed: Failed | undefined
  private readonly connection: MigrationConnection
  private readonly options: GuardOptions
  private readonly running = new Set<Running>()
  private hasReturned = false
  private unawaited: Running | undefined
  readonly perform?: StatementWatcher['perform']
  readonly transaction?: StatementWatcher['transaction']

  constructor(connection: MigrationConnection, options: GuardOptions) {
    this.connection = connection
    this.options = options
    this.timeout = options.statementTimeout
    const { backups } = options
    if (backups !== undefined) {
      this.prepare = async (sql) => {
        if (!isOwnWork()) await backups.before(connection, sql)
      }
    }
    const { performer } = options
    if (performer?.perform !== undefined) this.perform = performer.perform.bind(performer)
    if (performer?.transaction !== undefined) this.transaction = performer.transaction.bind(performer)
  }

  get signal(): AbortSignal {
    return this.options.control.signal
  }

  before(sql: string, bindings?: readonly unknown[]): (fault: FaultData | undefined, changed?: number) => void {
    if (this.options.control.isCancelled) throw new MigrationCancelledError()
    if (isOwnWork()) return () => {}
    const { lint } = this.options
    const question = lint?.question(sql, bindings)
    const { statements, refusal, keepsSession, lint: found } = this.inspect(sql, this.sent + 1, question)
    this.keepsSession &&= keepsSession
    const number = this.sent + statements
    const refused =
      refusal === null ? found && lint?.refusalOf(found, sql) : new RefusedStatementError(refusal, { sql })
    if (refused !== undefined) {
      this.sent = number
      this.failed = { number, sql, fault: { code: refused.code, message: refused.message } }
      throw refused
    }
    this.sent = number
    const running = { sql, sentBy: new Error('sent here') }
    this.running.add(running)
    if (this.hasReturned) this.unawaited ??= running
    this.lastSql = sql
    const ended = this.options.progress?.begin(number)
    return (fault, changed = 0) => {
      ended?.()
      this.running.delete(running)
      this.rows += changed
      if (fault === undefined) this.done += statements
      else this.failed = { number, sql: fault.sql ?? sql, fault }
    }
  }

  /** Which statement an error is about. */
  numberOf(error: unknown): number | null {
    const sql = (error as { sql?: unknown } | null)?.sql
    return this.failed !== undefined && sql === this.failed.sql ? this.failed.number : null
  }

  async mayRetry(fault: FaultData): Promise<boolean> {
    const { retries } = this.options
    // A deadlock takes the transaction around the statement with it.
    if (retries === undefined || fault.code !== 'LOCK_TIMEOUT') return false
    return retries.mayRetry({ ...fault, sql: fault.sql ?? this.lastSql })
  }

  returned(): void {
    this.hasReturned = true
    const [first] = this.running
    this.unawaited ??= first
  }

  /**
   * Runs the body, and looks at what it left behind.
   *
   * @throws MissingAwaitError, SwallowedErrorError, what the body throws.
   */
  async run(session: MigrationConnection, isAtomic: boolean, body: () => Promise<void>): Promise<void> {
    // An error that nobody awaits would end the process in the middle of the migration.
    const onUnhandled = (reason: unknown) => {
      if (!(reason instanceof GuruORMError)) throw reason
      this.unawaited ??= { sql: reason.sql ?? '', sentBy: reason }
    }
    process.on('unhandledRejection', onUnhandled)
    try {
      await session.watched(this, () => this.options.control.orCancelled(body()))
    } catch (error) {
      throw this.explained(error)
    } finally {
      process.off('unhandledRejection', onUnhandled)
    }
    if (this.unawaited !== undefined) throw missingAwait(this.unawaited, this.options)
    if (isAtomic && this.failed !== undefined) await this.mustBeUsable(session, this.failed)
  }

  private inspect(sql: string, number: number, lint?: LintQuestion): Inspected {
    const { withinTransaction } = this.options
    return inspectStatement(this.connection, { sql, number, withinTransaction, lint })
  }

  /** The server may know better than we do what runs outside of transactions only. */
  private explained(error: unknown): unknown {
    if (this.options.control.isCancelled) return new MigrationCancelledError()
    const { code, nativeCode, sql } = (error ?? {}) as { code?: unknown; nativeCode?: unknown; sql?: unknown }
    if (nativeCode !== '25001' || typeof sql !== 'string' || code === 'REFUSED_STATEMENT') return error
    const { refusal } = this.inspect(sql, this.failed?.number ?? this.sent)
    return refusal === null ? error : new RefusedStatementError(refusal, { sql, nativeCode, cause: error })
  }

  /** PostgreSQL and SQL Server give a transaction up at the first error, but for one inside of a savepoint. */
  private async mustBeUsable(session: MigrationConnection, failed: Failed): Promise<void> {
    try {
      await session.select('select 1 as usable')
    } catch (cause) {
      const reason = [failed.fault.nativeCode, failed.fault.message.split('\n')[0]].filter(Boolean).join(' ')
      const server = session.getDriverName() === 'pgsql' ? 'PostgreSQL' : 'the server'
      throw new SwallowedErrorError(
        `statement ${failed.number} failed (${reason}) and the migration caught the error; ${server} has already ` +
          'discarded the transaction. Wrap it in this.savepoint(() => …).',
        { sql: failed.sql, ...(failed.fault.nativeCode && { nativeCode: failed.fault.nativeCode }), cause },
      )
    }
  }
}

function missingAwait({ sql, sentBy }: Running, { path, method }: GuardOptions): MissingAwaitError {
  const place = placeIn(path, sentBy)
  const short = sql.length > SHOWN ? `${sql.slice(0, SHOWN)}…` : sql
  return new MissingAwaitError(
    `${method}() returned while "${short}"${place === null ? '' : ` (${place})`} was still running`,
    { sql },
  )
}
