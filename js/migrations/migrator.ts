import { resolve } from 'node:path'
import { MigrationContext } from './context'
import {
  type AppliedRow,
  killStatement,
  type LockPlan,
  type MigrationFile,
  type Operation,
  type Plan,
  plan,
  type Step,
  status,
} from './engine'
import { type MigrationEventDispatcher, migrationEvents } from './events'
import { Journal } from './journal'
import { type LoadedMigration, loadMigration, sourceFiles } from './loader'
import { type LockHolder, MigrationLock } from './lock'
import { type Attempt, AttemptLog } from './log'
import type { MigrationConnection, Statement } from './migration-connection'
import { MigrationError } from './migration-error'
import { openRecords, type Records } from './records'
import { RunControl } from './run-control'
import { logTableBeside, type RunLimits, type SettledLimits, settleLimits } from './run-options'
import { StepRunner, type StepRunnerOptions } from './step-runner'

/** `names`: only the names, without running `up()` or `down()`. */
export type Pretend = boolean | 'names' | 'sql'

export interface MigrationOptions {
  /** Show, do not run. */
  pretend?: Pretend
  /** `run`: each migration gets a batch of its own. `rollback`: how many batches. */
  step?: boolean | number
}

export interface MigrationResult {
  name: string
  success: boolean
  /** Milliseconds. */
  time: number
  /** The first line of what went wrong. */
  error?: string
  pretend?: boolean
  /** What would be sent, when pretending. */
  statements?: Statement[]
}

export interface MigrationStatus {
  name: string
  ran: boolean
  batch: number | null
  /** `missing`: applied, but its file is gone. `interrupted`: an attempt to run it never came to its end. */
  state: 'applied' | 'pending' | 'missing' | 'interrupted'
  executedAt: Date | null
  file: string | null
}

export interface MigratorOptions extends RunLimits {
  /** Folders with migrations. Default `database/migrations`. */
  paths?: string[]
  /** The table that remembers what ran. Default `migrations`. */
  table?: string
  /** Longest wait for another runner, in milliseconds. Default 60 000. */
  lockTimeout?: number
  events?: MigrationEventDispatcher
  /** The table of attempts. Default: `migration_logs`, beside a journal of that name. False: none. */
  logTable?: string | false
  /** Ends runs from outside. */
  control?: RunControl
  /** Finds the connection that a migration names in its `connection`. */
  resolveConnection?: (name: string) => MigrationConnection
}

/** Ordered steps with their files loaded, by path. */
interface Prepared {
  steps: Step[]
  migrations: Map<string, LoadedMigration>
}

export const DEFAULT_MIGRATIONS_PATH = 'database/migrations'
export const DEFAULT_MIGRATIONS_TABLE = 'migrations'
export const DEFAULT_LOCK_TIMEOUT = 60_000

/** Longest wait for the server to notice that a connection is gone, in milliseconds. */
const RECOVERY_TIMEOUT = 5_000

/**
 * Runs migrations: each exactly once, in the order of their names, each in a transaction where the database has
 * transactional schema changes. Stops at the first one that fails; what ran before it stays.
 *
 * @example
 * const results = await new Migrator(capsule.connection()).run()
 */
export class Migrator {
  readonly events: MigrationEventDispatcher
  private readonly connection: MigrationConnection
  private readonly table: string
  private readonly lockTimeout: number
  private readonly resolveConnection: MigratorOptions['resolveConnection']
  private readonly logTable: string | false
  private readonly limits: SettledLimits
  private readonly control: RunControl
  private paths: string[]

  constructor(connection: MigrationConnection, options: MigratorOptions = {}) {
    this.connection = connection
    this.paths = options.paths ?? [DEFAULT_MIGRATIONS_PATH]
    this.table = options.table ?? DEFAULT_MIGRATIONS_TABLE
    this.lockTimeout = options.lockTimeout ?? DEFAULT_LOCK_TIMEOUT
    this.events = options.events ?? migrationEvents
    this.resolveConnection = options.resolveConnection
    this.logTable = options.logTable ?? logTableBeside(this.table)
    this.limits = settleLimits(options)
    this.control = options.control ?? new RunControl()
  }

  setPaths(paths: string[]): this {
    this.paths = [...paths]
    return this
  }

  addPath(path: string): this {
    this.paths.push(path)
    return this
  }

  /** Runs what is pending. A failure is the last result; it does not reject. */
  run(options: MigrationOptions = {}): Promise<MigrationResult[]> {
    return this.perform({ migrate: { step: Boolean(options.step) } }, options.pretend)
  }

  /** Rolls the last batch back, or the last `step` batches. */
  rollback(options: MigrationOptions = {}): Promise<MigrationResult[]> {
    return this.perform({ rollback: { batches: Number(options.step ?? 1) } }, options.pretend)
  }

  /** Rolls everything back. */
  reset(options: MigrationOptions = {}): Promise<MigrationResult[]> {
    return this.perform({ reset: {} }, options.pretend)
  }

  /** Rolls everything back, or the last `step` batches, and runs what is then pending. */
  refresh(options: MigrationOptions = {}): Promise<MigrationResult[]> {
    const batches = options.step === undefined ? {} : { batches: Number(options.step) }
    return this.perform({ refresh: batches }, options.pretend)
  }

  /** Drops every table of the database, then runs all migrations. Never calls `down()`. */
  fresh(options: MigrationOptions = {}): Promise<MigrationResult[]> {
    if (options.pretend) return this.pretend({ migrate: {} }, options.pretend, [])
    return this.locked(async (session) => {
      // Every file is loaded before the first table goes.
      const operation = { migrate: { step: Boolean(options.step) } }
      const prepared = await this.prepare(session, operation, [])
      await session.schema().dropAllTables()
      await this.events.dispatch('migrations.wiped', {})
      return this.execute(await this.openRecords(session), operation, prepared)
    })
  }

  /** Every migration on disk or recorded. Changes nothing, not even the journal's table. */
  async status(): Promise<MigrationStatus[]> {
    const journal = await Journal.open(this.connection, 'migrations', this.table)
    const rows = await journal.rows(this.connection)
    const executed = new Map(rows.map((row) => [row.id, row.executedAt]))
    const lines = await status(this.connection, { files: this.files().found, applied: rows.map(appliedRow) })
    const interrupted = await this.interrupted(journal)
    return lines.map(({ id, ...line }) => ({
      ...line,
      state: line.state === 'pending' && interrupted.has(line.name) ? 'interrupted' : line.state,
      ran: line.state !== 'pending',
      executedAt: id === null ? null : (executed.get(id) ?? null),
    }))
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

  /** Names of migrations whose last attempt began and never ended, while nobody runs any. */
  private async interrupted(journal: Journal): Promise<Set<string>> {
    const unfinished = await this.unfinished(this.connection)
    if (unfinished.length === 0) return new Set()
    const plan = await MigrationLock.planFor(this.connection, journal)
    if ((await MigrationLock.holder(this.connection, plan)) !== null) return new Set()
    return new Set(unfinished.map(({ name }) => name))
  }

  private async unfinished(connection: MigrationConnection): Promise<Attempt[]> {
    return (await (await this.openLog(connection))?.unfinished(connection)) ?? []
  }

  private async openLog(connection: MigrationConnection): Promise<AttemptLog | null> {
    return this.logTable === false ? null : AttemptLog.open(connection, this.logTable)
  }

  private async lockPlan(): Promise<LockPlan> {
    return MigrationLock.planFor(this.connection, await Journal.open(this.connection, 'migrations', this.table))
  }

  private perform(operation: Operation, pretend: Pretend | undefined): Promise<MigrationResult[]> {
    if (pretend) return this.pretend(operation, pretend)
    return this.locked(async (session) => {
      const records = await this.openRecords(session)
      const applied = (await records.journal.rows(session)).map(appliedRow)
      return this.execute(records, operation, await this.prepare(session, operation, applied))
    })
  }

  /** Pins one session and keeps other runners out while `work` uses it. */
  private async locked<T>(work: (session: MigrationConnection) => Promise<T>): Promise<T> {
    const { connection } = this
    const plan = await this.lockPlan()
    const holding = async (session: MigrationConnection, act: () => Promise<T>) => {
      const lock = await MigrationLock.acquire(session, plan, {
        timeout: this.lockTimeout,
        onWait: (wait) => this.events.dispatch('lock.waiting', wait),
        unfinished: () => this.unfinished(session),
        control: this.control,
      })
      try {
        return await act()
      } finally {
        await lock.release()
      }
    }
    // A lock on a file belongs to no session, and SQLite's one writer may be with the runner that has it.
    if (plan.by === 'file') return holding(connection, () => connection.pin(work))
    return connection.pin((session) => holding(session, () => work(session)))
  }

  private openRecords(session: MigrationConnection): Promise<Records> {
    const { table, logTable, limits, events } = this
    return openRecords(session, { table, logTable, limits, events })
  }

  /** Runs `work` on a new session, once the lock is free: the server has then ended the old one. */
  private recover<T>(work: (session: MigrationConnection) => Promise<T>): Promise<T> {
    const { connection } = this
    return connection.outsideTransaction(() =>
      connection.pin(async (session) => {
        const lock = await MigrationLock.acquire(session, await this.lockPlan(), { timeout: RECOVERY_TIMEOUT })
        return work(session).finally(() => lock.release())
      }),
    )
  }

  private async execute(
    records: Records,
    operation: Operation,
    { steps, migrations }: Prepared,
  ): Promise<MigrationResult[]> {
    const { events, limits, control, resolveConnection } = this
    const recover: StepRunnerOptions['recover'] = (work) => this.recover(work)
    const runner = new StepRunner({ ...records, events, limits, control, resolveConnection, recover })
    const results: MigrationResult[] = []
    for (const method of methodsOf(operation)) {
      const phase = steps.filter((step) => step.direction === method)
      if (phase.length === 0) {
        await this.events.dispatch('migrations.none', { method })
        continue
      }
      await this.events.dispatch('migrations.started', { method })
      for (const [index, step] of phase.entries()) {
        const notRun = phase.slice(index + 1).map((next) => next.name)
        if (control.isStopping) {
          await events.dispatch('migrations.stopped', { method, notRun: [step.name, ...notRun] })
          return results
        }
        if (runner.isLost) {
          const names = [step.name, ...notRun].join(', ')
          throw new MigrationError('refused', `The connection was lost. Not run: ${names}. Run again.`)
        }
        const done = results.filter(({ success }) => success).length
        const result = await runner.run(step, migrationOf(step, migrations), { done, notRun })
        if (result === null) continue
        results.push(result)
        if (!result.success) return results
      }
      await this.events.dispatch('migrations.ended', { method })
    }
    return results
  }

  private async pretend(operation: Operation, pretend: Pretend, recorded?: AppliedRow[]): Promise<MigrationResult[]> {
    const journal = await Journal.open(this.connection, 'migrations', this.table)
    const applied = recorded ?? (await journal.rows(this.connection)).map(appliedRow)
    const { steps, migrations } = await this.prepare(this.connection, operation, applied)
    const results: MigrationResult[] = []
    for (const method of methodsOf(operation)) {
      const phase = steps.filter((step) => step.direction === method)
      if (phase.length === 0) await this.events.dispatch('migrations.none', { method })
      for (const step of phase) {
        const migration = migrationOf(step, migrations)
        const connection = this.connectionOf(migration)
        const statements =
          pretend === 'names'
            ? []
            : await connection.pretend(() => migration[method]?.(new MigrationContext(connection)))
        await this.events.dispatch('migration.pretended', { migration: step.name, method, statements })
        results.push({ name: step.name, success: true, time: 0, pretend: true, statements })
      }
    }
    return results
  }

  private connectionOf(migration: LoadedMigration): MigrationConnection {
    const { connection: name } = migration
    return name === undefined || this.resolveConnection === undefined ? this.connection : this.resolveConnection(name)
  }

  /** Orders the steps and loads every file among them, so that a broken one stops the run before it begins. */
  private async prepare(
    connection: MigrationConnection,
    operation: Operation,
    applied: AppliedRow[],
  ): Promise<Prepared> {
    const files = this.files()
    for (const path of files.absent) {
      await this.events.dispatch('migrations.warning', { message: `There is no folder ${path}` })
    }
    const { steps, warnings } = await this.planned(connection, operation, files.found, applied)
    for (const message of warnings) await this.events.dispatch('migrations.warning', { message })
    const migrations = new Map<string, LoadedMigration>()
    for (const step of steps) {
      if (!migrations.has(step.path)) migrations.set(step.path, await loadMigration(step))
      if (step.direction === 'down' && migrationOf(step, migrations).down === undefined) {
        throw new MigrationError('refused', `${step.name} has no down(); nothing was rolled back.`)
      }
    }
    return { steps, migrations }
  }

  private async planned(
    connection: MigrationConnection,
    operation: Operation,
    files: MigrationFile[],
    applied: AppliedRow[],
  ): Promise<Plan> {
    try {
      return await plan(connection, { operation, files, applied, paths: this.paths })
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'MIGRATION') throw error
      throw new MigrationError('refused', (error as Error).message, { cause: error })
    }
  }

  private files(): { found: MigrationFile[]; absent: string[] } {
    const found: MigrationFile[] = []
    const absent: string[] = []
    for (const path of new Set(this.paths.map((path) => resolve(path)))) {
      const files = sourceFiles(path)
      if (files === null) absent.push(path)
      else found.push(...files)
    }
    return { found, absent }
  }
}

function methodsOf(operation: Operation): ('up' | 'down')[] {
  if ('migrate' in operation) return ['up']
  return 'refresh' in operation ? ['down', 'up'] : ['down']
}

function migrationOf(step: Step, migrations: Map<string, LoadedMigration>): LoadedMigration {
  const migration = migrations.get(step.path)
  if (migration === undefined) throw new MigrationError('load', `${step.name} was not loaded`)
  return migration
}

function appliedRow(row: { id: number; name: string; batch: number }): AppliedRow {
  return { id: row.id, migration: row.name, batch: row.batch }
}
