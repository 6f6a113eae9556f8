import { journalQuestions, killStatement, type LockPlan } from './engine'
import type { Journal } from './journal'
import { MigrationLock } from './lock'
import type { LockHolder } from './lock-holder'
import { type Attempt, AttemptLog } from './log'
import type { MigrationConnection } from './migration-connection'
import { partialAttempts } from './steps/partial-attempts'

/** What others tried, and who runs migrations now. */
export abstract class MigratorAttempts {
  protected readonly connection: MigrationConnection
  protected readonly table: string
  protected readonly logTable: string | false

  constructor(connection: MigrationConnection, table: string, logTable: string | false) {
    this.connection = connection
    this.table = table
    this.logTable = logTable
  }

  /** Attempts to run migrations, the newest first. None while there is no table of them. */
  async attempts(options: { failed?: boolean; limit?: number } = {}): Promise<Attempt[]> {
    const log = await this.openLog(this.connection)
    return log === null ? [] : log.list(this.connection, options)
  }

  /** Who runs migrations at this moment; null when nobody does. */
  async lockHolder(): Promise<LockHolder | null> {
    const plan = await this.lockPlan()
    return MigrationLock.holder(this.connection, plan, () => this.unfinished(this.connection))
  }

  /**
   * Ends the session that has the lock: what it runs is cancelled, and rolled back where the database can.
   *
   * @throws UnsupportedException on SQLite, where a process has it.
   */
  async endLockHolder(holder: LockHolder): Promise<void> {
    const { sql, bindings } = await killStatement(this.connection, holder.session ?? 0)
    if (bindings.length === 0) await this.connection.unprepared(sql)
    else await this.connection.select(sql, bindings)
  }

  /**
   * Names of migrations whose last attempt began and never ended, or left a part of them, while nobody runs any.
   */
  protected async interrupted(journal: Journal): Promise<Set<string>> {
    const unfinished = await this.unfinished(this.connection)
    const recorded = new Set((await journal.rows(this.connection)).map(({ name }) => name))
    const log = await this.openLog(this.connection)
    const left = [...unfinished, ...(await partialAttempts(this.connection, log, recorded))]
    if (left.length === 0) return new Set()
    const plan = await MigrationLock.planFor(this.connection, this.table, journal.questions)
    if ((await MigrationLock.holder(this.connection, plan)) !== null) return new Set()
    return new Set(left.map(({ name }) => name))
  }

  protected async unfinished(connection: MigrationConnection): Promise<Attempt[]> {
    return (await (await this.openLog(connection))?.unfinished(connection)) ?? []
  }

  protected async openLog(connection: MigrationConnection): Promise<AttemptLog | null> {
    return this.logTable === false ? null : AttemptLog.open(connection, this.logTable)
  }

  protected async lockPlan(): Promise<LockPlan> {
    const { connection, table } = this
    return MigrationLock.planFor(connection, table, await journalQuestions(connection, 'migrations', table))
  }
}
