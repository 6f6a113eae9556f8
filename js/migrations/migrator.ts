import { type BackupSettings, backupSettings } from './backups/backup-settings'
import { MigrationContext } from './context'
import { loadDump, mayLoad, mustHaveFiles, OWN_TABLES, rowsOf, withDumped } from './dump-loader'
import {
  type AppliedRow,
  type Backward,
  type Forward,
  type Operation,
  type Policies,
  plan,
  type Step,
  status,
} from './engine'
import { type MigrationEventDispatcher, migrationEvents } from './events'
import { Journal, type JournalRow } from './journal'
import { type LoadedMigration, loadMigration } from './loader'
import { MigrationLock } from './lock'
import type { MigrationConnection } from './migration-connection'
import { MigrationError } from './migration-error'
import { checkedSourcesIn } from './migration-sources'
import { MigratorAttempts } from './migrator-attempts'
import type {
  MigrationOptions,
  MigrationResult,
  MigrationStatus,
  MigratorOptions,
  Pretend,
  RollbackOptions,
  RunOptions,
} from './migrator-options'
import { refusing } from './refusal'
import { RunControl } from './run-control'
import { logTableBeside, type SettledLimits, settleLimits } from './run-options'
import { openRecords, type Records } from './run-records'
import { readDump, type SchemaDump } from './schema-dump'
import { StepRunner, type StepRunnerOptions } from './step-runner'
import { wipe } from './sweep'

export type * from './migrator-options'

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
export class Migrator extends MigratorAttempts {
  readonly events: MigrationEventDispatcher
  private readonly schemaDump: string | undefined
  private readonly lockTimeout: number
  private readonly resolveConnection: MigratorOptions['resolveConnection']
  private readonly policies: Policies
  private readonly limits: SettledLimits
  private readonly control: RunControl
  private readonly backups: BackupSettings
  private paths: string[]

  constructor(connection: MigrationConnection, options: MigratorOptions = {}) {
    const { table = DEFAULT_MIGRATIONS_TABLE } = options
    super(connection, table, options.logTable ?? logTableBeside(table))
    this.paths = options.paths ?? [DEFAULT_MIGRATIONS_PATH]
    this.schemaDump = options.schemaDump
    this.lockTimeout = options.lockTimeout ?? DEFAULT_LOCK_TIMEOUT
    this.events = options.events ?? migrationEvents
    this.resolveConnection = options.resolveConnection
    this.policies = { checksums: options.checksums, outOfOrder: options.outOfOrder }
    this.limits = settleLimits(options)
    this.control = options.control ?? new RunControl()
    this.backups = backupSettings(options.backup, options.environment, [table, ...OWN_TABLES])
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
  run({ step, to, only, limit, pretend }: RunOptions = {}): Promise<MigrationResult[]> {
    const chosen: Forward = { step: Boolean(step), to, only, limit: positive('limit', limit) }
    return this.perform({ migrate: chosen }, pretend)
  }

  /** Rolls the last batch back, or the last `step` batches, or what is chosen otherwise. */
  rollback({ step, migrations, batch, to, skipMissing, pretend }: RollbackOptions = {}): Promise<MigrationResult[]> {
    const chosen: Backward = {
      batches: step === undefined ? undefined : Number(step),
      migrations: positive('migrations', migrations),
      batch,
      to,
      skipMissing: Boolean(skipMissing),
    }
    return this.perform({ rollback: chosen }, pretend)
  }

  /** Rolls this one migration back, whatever ran after it. */
  down(name: string, options: MigrationOptions = {}): Promise<MigrationResult[]> {
    return this.perform({ down: { name } }, options.pretend)
  }

  /** Rolls the last migration back and runs it again, in its batch. */
  redo(options: MigrationOptions = {}): Promise<MigrationResult[]> {
    return this.perform({ redo: {} }, options.pretend)
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

  /** Drops everything in the database, then runs all migrations. Never calls `down()`. */
  fresh(options: MigrationOptions = {}): Promise<MigrationResult[]> {
    if (options.pretend) return this.pretend({ migrate: {} }, options.pretend, [])
    return this.locked(async (session) => {
      // Every file is loaded before the first table goes.
      const operation = { migrate: { step: Boolean(options.step) } }
      const dump = this.dump()
      const prepared = await this.prepare(session, operation, dump === null ? [] : rowsOf(dump))
      await wipe(session)
      await this.events.dispatch('migrations.wiped', {})
      const records = await this.openRecords(session)
      if (dump !== null) await this.load(session, records.journal, dump)
      return this.execute(records, operation, prepared)
    })
  }

  /** Every migration on disk or recorded. Changes nothing, not even the journal's table. */
  async status(): Promise<MigrationStatus[]> {
    const journal = await Journal.open(this.connection, 'migrations', this.table)
    const rows = await journal.rows(this.connection)
    const recorded = new Map(rows.map((row) => [row.id, row]))
    const { found } = await checkedSourcesIn(this.connection, this.paths)
    const lines = await status(this.connection, {
      files: withDumped(found, this.dump()),
      applied: rows.map(appliedRow),
      policies: this.policies,
    })
    const interrupted = await this.interrupted(journal)
    return lines.map(({ id, ...line }) => ({
      ...line,
      state: line.state === 'pending' && interrupted.has(line.name) ? 'interrupted' : line.state,
      ran: line.state !== 'pending',
      executedAt: recorded.get(Number(id))?.executedAt ?? null,
      checksum: recorded.get(Number(id))?.checksum ?? null,
    }))
  }

  /** Where it works, for what works on its records. */
  place(): { connection: MigrationConnection; paths: readonly string[]; table: string } {
    return { connection: this.connection, paths: this.paths, table: this.table }
  }

  /** Runs `work` while no other runner does anything, with the journal in its full shape. */
  exclusively<T>(work: (session: MigrationConnection, journal: Journal) => Promise<T>): Promise<T> {
    return this.locked(async (session) => work(session, (await this.openRecords(session)).journal))
  }

  private perform(operation: Operation, pretend: Pretend | undefined): Promise<MigrationResult[]> {
    if (pretend) return this.pretend(operation, pretend)
    return this.locked(async (session) => {
      const dump = 'migrate' in operation ? this.dump() : null
      if (dump !== null) await this.beginWith(session, dump)
      const records = await this.openRecords(session)
      const applied = (await records.journal.rows(session)).map(appliedRow)
      return this.execute(records, operation, await this.prepare(session, operation, applied))
    })
  }

  private dump(): SchemaDump | null {
    const dump = this.schemaDump === undefined ? null : readDump(this.schemaDump)
    // One that stands for no migration is for people to read.
    return dump?.migrations.length === 0 ? null : dump
  }

  /** Loads the dump where no migration is recorded. Refuses before the journal's table is made. */
  private async beginWith(session: MigrationConnection, dump: SchemaDump): Promise<void> {
    const journal = await Journal.open(session, 'migrations', this.table)
    if ((await journal.rows(session)).length > 0) return
    await mayLoad(session, this.table, dump)
    await this.load(session, (await this.openRecords(session)).journal, dump)
  }

  private async load(session: MigrationConnection, journal: Journal, dump: SchemaDump): Promise<void> {
    await loadDump(session, journal, dump)
    await this.events.dispatch('schema.loaded', { path: dump.path, migrations: dump.migrations.length, pretend: false })
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
    const { events, limits, control, backups, resolveConnection } = this
    const recover: StepRunnerOptions['recover'] = (work) => this.recover(work)
    const runner = new StepRunner({ ...records, events, limits, control, backups, resolveConnection, recover })
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
    let applied = recorded ?? (await journal.rows(this.connection)).map(appliedRow)
    const dump = 'migrate' in operation && applied.length === 0 ? this.dump() : null
    if (dump !== null) {
      if (recorded === undefined) await mayLoad(this.connection, this.table, dump)
      applied = rowsOf(dump)
      const { path } = dump
      await this.events.dispatch('schema.loaded', { path, migrations: dump.migrations.length, pretend: true })
    }
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
    const files = await checkedSourcesIn(connection, this.paths)
    for (const path of files.absent) {
      await this.events.dispatch('migrations.warning', { message: `There is no folder ${path}` })
    }
    const dump = 'migrate' in operation ? this.dump() : null
    const known = withDumped(files.found, dump)
    const request = { operation, files: known, applied, paths: this.paths, policies: this.policies }
    const { steps: planned, warnings, refusals = [] } = await refusing(() => plan(connection, request))
    mustHaveFiles(planned, dump)
    for (const message of warnings) await this.events.dispatch('migrations.warning', { message })
    if (refusals.length > 0) throw new MigrationError('validation', [...refusals, 'Nothing was run.'].join('\n'))
    const byPath = new Map(files.found.map((file) => [file.path, file]))
    const steps = planned.map((step) => ({ ...step, checksum: byPath.get(step.path)?.checksum }))
    const migrations = new Map<string, LoadedMigration>()
    for (const step of steps) {
      if (!migrations.has(step.path)) {
        const migration = await loadMigration({ ...byPath.get(step.path), ...step }, connection)
        migrations.set(step.path, migration)
        for (const message of migration.warnings ?? []) await this.events.dispatch('migrations.warning', { message })
      }
      if (step.direction === 'down' && migrationOf(step, migrations).down === undefined) {
        throw new MigrationError('refused', `${step.name} has no down(); nothing was rolled back.`)
      }
    }
    return { steps, migrations }
  }
}

function methodsOf(operation: Operation): ('up' | 'down')[] {
  if ('migrate' in operation) return ['up']
  return 'refresh' in operation || 'redo' in operation ? ['down', 'up'] : ['down']
}

function migrationOf(step: Step, migrations: Map<string, LoadedMigration>): LoadedMigration {
  const migration = migrations.get(step.path)
  if (migration === undefined) throw new MigrationError('load', `${step.name} was not loaded`)
  return migration
}

/** A row of the journal as the engine takes it. */
export function appliedRow({ id, name, batch, checksum }: JournalRow): AppliedRow {
  return { id, migration: name, batch, checksum }
}

/** A count as it was given. */
function positive(name: string, count: number | undefined): number | undefined {
  if (count === undefined || (Number.isInteger(count) && count > 0)) return count
  throw new MigrationError('refused', `${name} must be a whole number from 1. Nothing was run.`)
}
