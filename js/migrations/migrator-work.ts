import { loadDump, mayLoad, rowsOf, withDumped } from './dump-loader'
import { type AppliedRow, type Backward, type Forward, type Operation, status } from './engine'
import { Journal, type JournalRow } from './journal'
import { lintRunFor } from './lint/lint-run'
import type { LoadedMigration } from './loader'
import { MigrationLock } from './lock'
import type { LockWait } from './lock-poll'
import type { MigrationConnection } from './migration-connection'
import { checkedSourcesIn, type Sources } from './migration-sources'
import { MigratorAttempts } from './migrator-attempts'
import {
  appliedRow,
  type FreshOptions,
  type MigrationResult,
  type MigrationStatus,
  type Pretend,
  type RollbackOptions,
  type RunOptions,
} from './migrator-options'
import type { MigratorSettings } from './migrator-settings'
import { nothingPending, type PendingOptions } from './nothing-pending'
import { runPhases } from './phases'
import { loaded, planned, tellOf } from './planned'
import { type Prepared, positive } from './prepared'
import { pretendRun } from './pretended-run'
import { rehearse } from './rehearsal'
import { openRecords, type Records, type RecordsOptions } from './run-records'
import { readDump, type SchemaDump } from './schema-dump'
import type { StepRunnerOptions } from './step-runner-options'
import { type Resume, refusePartial } from './steps/partial-attempts'
import { wipe } from './sweep'
import { refuseOutsideOfTransactions, TransactionLock } from './transaction-lock'

/** How steps run. */
interface HowToRun {
  /** Whether all of them share one transaction. */
  isJoint?: boolean | undefined
  /** Whether they go on where an earlier attempt was cut short. */
  resume?: Resume | undefined
}

/** What is done while no other runner does anything; the lock is given where the session cannot keep it. */
type Work<T> = (session: MigrationConnection, pooled: TransactionLock | undefined) => Promise<T>

/** Longest wait for the server to notice that a connection is gone, in milliseconds. */
const RECOVERY_TIMEOUT = 5_000

/** What a `Migrator` does. */
export class MigratorWork extends MigratorAttempts {
  private readonly settings: MigratorSettings

  constructor(settings: MigratorSettings) {
    super(settings.connection, settings.table, settings.logTable)
    this.settings = settings
  }

  run({ pretend, singleTransaction, resume, ...chosen }: RunOptions = {}): Promise<MigrationResult[]> {
    return this.perform({ migrate: forward(chosen) }, pretend, { isJoint: singleTransaction, resume })
  }

  rehearse({ to, only, limit }: Pick<RunOptions, 'to' | 'only' | 'limit'> = {}): Promise<MigrationResult[]> {
    const operation = { migrate: forward({ to, only, limit }) }
    return this.locked(async (session, pooled) => {
      const prepare = (applied: AppliedRow[], journal?: Journal) => this.prepare(session, operation, applied, journal)
      return rehearse(session, { ...this.running(pooled), table: this.table, dump: this.dump(), prepare })
    })
  }

  rollback({
    step,
    migrations,
    batch,
    to,
    skipMissing,
    pretend,
    resume,
  }: RollbackOptions = {}): Promise<MigrationResult[]> {
    const chosen: Backward = {
      batches: step === undefined ? undefined : Number(step),
      migrations: positive('migrations', migrations),
      batch,
      to,
      skipMissing: Boolean(skipMissing),
    }
    return this.perform({ rollback: chosen }, pretend, { resume })
  }

  fresh(options: FreshOptions = {}): Promise<MigrationResult[]> {
    if (options.pretend) return this.pretend({ migrate: {} }, options.pretend, true)
    return this.locked(async (session, pooled) => {
      if ((await options.unless?.(session)) === true) return []
      // Every file is loaded before the first table goes.
      const operation = { migrate: { step: Boolean(options.step) } }
      const dump = this.dump()
      const prepared = await this.prepare(session, operation, dump === null ? [] : rowsOf(dump))
      await wipe(session)
      await this.settings.events.dispatch('migrations.wiped', {})
      const records = await this.openRecords(session, pooled)
      if (dump !== null) await this.load(session, records.journal, dump)
      const results = await this.execute(records, operation, prepared)
      await options.afterwards?.(session, results)
      return results
    })
  }

  async status(): Promise<MigrationStatus[]> {
    const journal = await Journal.open(this.connection, 'migrations', this.table)
    const rows = await journal.rows(this.connection)
    const recorded = new Map(rows.map((row) => [row.id, row]))
    const { found } = await checkedSourcesIn(this.connection, this.settings.paths, journal)
    const lines = await status(this.connection, {
      files: withDumped(found, this.dump()),
      applied: rows.map(appliedRow),
      policies: this.settings.policies,
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

  exclusively<T>(work: (records: Records) => Promise<T>): Promise<T> {
    return this.locked(async (session, pooled) => work(await this.openRecords(session, pooled)))
  }

  async perform(operation: Operation, pretend: Pretend | undefined, how: HowToRun = {}): Promise<MigrationResult[]> {
    if (pretend) return this.pretend(operation, pretend)
    const work: Work<MigrationResult[]> = async (session, pooled) => {
      const dump = this.dumpFor(operation)
      if (dump !== null) await this.beginWith(session, pooled, dump)
      const prepare = (journal: Journal, rows: JournalRow[]) =>
        this.prepare(session, operation, rows.map(appliedRow), journal)
      let preparing: Promise<Prepared> | undefined
      const records = await this.openRecords(session, pooled, (journal, rows) => {
        preparing = prepare(journal, rows)
        // Whatever goes wrong with the tables is told before.
        preparing.catch(() => {})
      })
      if (!how.resume) refusePartial(session, records.partials)
      const prepared = await (preparing ?? prepare(records.journal, records.rows))
      if (how.resume) refusePartial(session, records.partials, prepared.steps)
      return this.execute(records, operation, prepared, how)
    }
    return this.locked(work, 'migrate' in operation ? (session) => this.glance(session, operation) : undefined)
  }

  /** The results of a run that has nothing to do; null where it may have something. */
  private async glance(session: MigrationConnection, operation: Operation): Promise<MigrationResult[] | null> {
    const { table, logTable, paths, lock, events } = this.settings
    if (logTable === false || lock === 'transaction') return null
    const planOf: PendingOptions['planOf'] = (...given) => this.plan(session, operation, ...given)
    const plan = await nothingPending(session, { table, logTable, paths, planOf })
    if (plan === null) return null
    await tellOf(plan, events)
    await events.dispatch('migrations.none', { method: 'up' })
    return []
  }

  private dumpFor(operation: Operation): SchemaDump | null {
    return 'migrate' in operation ? this.dump() : null
  }

  private dump(): SchemaDump | null {
    const dump = this.settings.schemaDump === undefined ? null : readDump(this.settings.schemaDump)
    // One that stands for no migration is for people to read.
    return dump?.migrations.length === 0 ? null : dump
  }

  /** Loads the dump where no migration is recorded. Refuses before the journal's table is made. */
  private async beginWith(
    session: MigrationConnection,
    pooled: TransactionLock | undefined,
    dump: SchemaDump,
  ): Promise<void> {
    const journal = await Journal.open(session, 'migrations', this.table)
    if ((await journal.rows(session)).length > 0) return
    await mayLoad(session, this.table, dump)
    await this.load(session, (await this.openRecords(session, pooled)).journal, dump)
  }

  private async load(session: MigrationConnection, journal: Journal, dump: SchemaDump): Promise<void> {
    await loadDump(session, journal, dump)
    await this.settings.events.dispatch('schema.loaded', {
      path: dump.path,
      migrations: dump.migrations.length,
      pretend: false,
    })
  }

  /**
   * Pins one session and keeps other runners out while `work` uses it.
   *
   * @param glance - Asked before the lock is taken. Null: the work has to be done.
   */
  private async locked<T>(
    work: Work<T>,
    glance: (session: MigrationConnection) => Promise<T | null> = async () => null,
  ): Promise<T> {
    const { connection } = this
    const plan = await this.lockPlan()
    const options = (session: MigrationConnection) => ({
      timeout: this.settings.lockTimeout,
      onWait: (wait: LockWait) => this.settings.events.dispatch('lock.waiting', wait),
      unfinished: () => this.unfinished(session),
      control: this.settings.control,
    })
    const holding = async (session: MigrationConnection, act: () => Promise<T>) => {
      const lock = await MigrationLock.acquire(session, plan, options(session))
      try {
        return await act()
      } finally {
        await lock.release()
      }
    }
    // A lock on a file belongs to no session, and SQLite's one writer may be with the runner that has it.
    const locking = () => holding(connection, () => connection.pin((session) => work(session, undefined)))
    if (plan.by === 'file') return (await glance(connection)) ?? locking()
    return connection.pin(async (session) => {
      const seen = await glance(session)
      if (seen !== null) return seen
      const pooled = await TransactionLock.insteadOfSession(session, plan, this.settings.lock, options(session))
      if (pooled === undefined) return holding(session, () => work(session, undefined))
      await this.settings.events.dispatch('lock.pooled', {})
      return work(session, pooled)
    })
  }

  private openRecords(
    session: MigrationConnection,
    lock: TransactionLock | undefined,
    onRows?: RecordsOptions['onRows'],
  ): Promise<Records> {
    const { table, logTable, limits, events } = this.settings
    return openRecords(session, { table, logTable, limits, events, lock, ...(onRows && { onRows }) })
  }

  /** Runs `work` on a new session, once the lock is free: the server has then ended the old one. */
  private recover<T>(
    pooled: TransactionLock | undefined,
    work: (session: MigrationConnection) => Promise<T>,
  ): Promise<T> {
    const { connection } = this
    return connection.outsideTransaction(() =>
      connection.pin(async (session) => {
        if (pooled !== undefined) return pooled.exclusively(session, work)
        const lock = await MigrationLock.acquire(session, await this.lockPlan(), { timeout: RECOVERY_TIMEOUT })
        return work(session).finally(() => lock.release())
      }),
    )
  }

  /** What runners of steps work with, besides the records. */
  private running(pooled: TransactionLock | undefined): Omit<StepRunnerOptions, 'session' | 'journal' | 'log'> {
    const { events, limits, control, policy, backups, resolveConnection } = this.settings
    const recover: StepRunnerOptions['recover'] = (work) => this.recover(pooled, work)
    const resuming = { partials: [], doubt: undefined }
    return { events, limits, control, policy, backups, resolveConnection, lock: pooled, recover, ...resuming }
  }

  private async execute(
    records: Records,
    operation: Operation,
    prepared: Prepared,
    { isJoint = false, resume }: HowToRun = {},
  ): Promise<MigrationResult[]> {
    const { connection, hooks, progress: times } = this.settings
    if (records.lock !== undefined) refuseOutsideOfTransactions(prepared.steps, prepared.migrations)
    const lint = await lintRunFor(this.settings.lint, {
      ...prepared,
      events: this.settings.events,
      session: records.session,
    })
    const doubt = typeof resume === 'string' ? resume : undefined
    const partials = resume ? records.partials : []
    const options = { ...records, ...this.running(records.lock), lint, doubt, partials }
    return runPhases(operation, prepared, { ...options, connection, hooks, times, isJoint })
  }

  private pretend(operation: Operation, pretend: Pretend, isFresh = false): Promise<MigrationResult[]> {
    const { connection, table, events, resolveConnection } = this.settings
    const connectionOf = ({ connection: name }: LoadedMigration) =>
      name === undefined || resolveConnection === undefined ? connection : resolveConnection(name)
    const prepare = (applied: AppliedRow[], journal?: Journal) => this.prepare(connection, operation, applied, journal)
    const dump = this.dump()
    return pretendRun({ connection, table, operation, pretend, dump, isFresh, events, connectionOf, prepare })
  }

  /** What has to run, and in which order. */
  private plan(connection: MigrationConnection, operation: Operation, applied: AppliedRow[], sources: Sources) {
    const { paths, policies } = this.settings
    return planned(connection, { sources, paths, policies, operation, applied, dump: this.dumpFor(operation) })
  }

  /** Orders the steps and loads every file among them, so that a broken one stops the run before it begins. */
  private async prepare(
    connection: MigrationConnection,
    operation: Operation,
    applied: AppliedRow[],
    journal?: Journal,
  ): Promise<Prepared> {
    const { paths, events } = this.settings
    const sources = await checkedSourcesIn(connection, paths, journal)
    for (const path of sources.absent) {
      await events.dispatch('migrations.warning', { message: `There is no folder ${path}` })
    }
    const plan = await this.plan(connection, operation, applied, sources)
    await tellOf(plan, events)
    return loaded(plan, connection, events)
  }
}

function forward({ step, to, only, limit }: Omit<RunOptions, 'pretend'>): Forward {
  return { step: Boolean(step), to, only, limit: positive('limit', limit) }
}
