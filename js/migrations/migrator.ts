import type { MigrationEventDispatcher } from './events'
import type { LockHolder } from './lock-holder'
import type { Attempt } from './log'
import type { MigrationConnection } from './migration-connection'
import type {
  FreshOptions,
  MigrationOptions,
  MigrationResult,
  MigrationStatus,
  MigratorOptions,
  MigratorPlace,
  RollbackOptions,
  RunOptions,
} from './migrator-options'
import { type MigratorSettings, settleMigrator } from './migrator-settings'
import type { MigratorWork } from './migrator-work'
import type { Records } from './run-records'

export * from './migrator-options'
export { DEFAULT_MIGRATIONS_PATH, DEFAULT_MIGRATIONS_TABLE } from './migrator-settings'

/**
 * Runs migrations: each exactly once, in the order of their names, each in a transaction where the database has
 * transactional schema changes. Stops at the first one that fails; what ran before it stays.
 *
 * @example
 * const results = await new Migrator(capsule.connection()).run()
 */
export class Migrator {
  readonly events: MigrationEventDispatcher
  private readonly settings: MigratorSettings

  /** @throws InvalidArgumentException for options that cannot work. */
  constructor(connection: MigrationConnection, options: MigratorOptions = {}) {
    this.settings = settleMigrator(connection, options)
    this.events = this.settings.events
  }

  setPaths(paths: string[]): this {
    this.settings.paths = [...paths]
    return this
  }

  addPath(path: string): this {
    this.settings.paths = [...this.settings.paths, path]
    return this
  }

  /** Where it works and by which rules, for what works on its files and records. */
  place(): MigratorPlace {
    const { connection, paths, table, schemaDump, lint, resolveConnection } = this.settings
    return { connection, paths, table, schemaDump, lint, resolveConnection }
  }

  /** Runs what is pending. A failure is the last result; it does not reject. */
  async run(options?: RunOptions): Promise<MigrationResult[]> {
    return (await this.work()).run(options)
  }

  /**
   * Runs what is pending in one transaction that is rolled back, and says how long each took and how many rows it
   * changed. Waits no longer than a second for a lock. PostgreSQL, SQLite and SQL Server only.
   *
   * @throws MigrationError on MySQL and MariaDB.
   */
  async rehearse(options?: Pick<RunOptions, 'to' | 'only' | 'limit'>): Promise<MigrationResult[]> {
    return (await this.work()).rehearse(options)
  }

  /** Rolls the last batch back, or the last `step` batches, or what is chosen otherwise. */
  async rollback(options?: RollbackOptions): Promise<MigrationResult[]> {
    return (await this.work()).rollback(options)
  }

  /** Rolls this one migration back, whatever ran after it. */
  async down(name: string, { pretend }: MigrationOptions = {}): Promise<MigrationResult[]> {
    return (await this.work()).perform({ down: { name } }, pretend)
  }

  /** Rolls the last migration back and runs it again, in its batch. */
  async redo({ pretend }: MigrationOptions = {}): Promise<MigrationResult[]> {
    return (await this.work()).perform({ redo: {} }, pretend)
  }

  /** Rolls everything back. */
  async reset({ pretend }: MigrationOptions = {}): Promise<MigrationResult[]> {
    return (await this.work()).perform({ reset: {} }, pretend)
  }

  /** Rolls everything back, or the last `step` batches, and runs what is then pending. */
  async refresh({ step, pretend }: MigrationOptions = {}): Promise<MigrationResult[]> {
    return (await this.work()).perform({ refresh: step === undefined ? {} : { batches: Number(step) } }, pretend)
  }

  /** Drops everything in the database, then runs all migrations. Never calls `down()`. */
  async fresh(options?: FreshOptions): Promise<MigrationResult[]> {
    return (await this.work()).fresh(options)
  }

  /** Every migration on disk or recorded. Changes nothing, not even the journal's table. */
  async status(): Promise<MigrationStatus[]> {
    return (await this.work()).status()
  }

  /** Runs `work` while no other runner does anything, with the journal in its full shape. */
  async exclusively<T>(work: (records: Records) => Promise<T>): Promise<T> {
    return (await this.work()).exclusively(work)
  }

  /** Attempts to run migrations, the newest first. None while there is no table of them. */
  async attempts(options?: { failed?: boolean; limit?: number }): Promise<Attempt[]> {
    return (await this.work()).attempts(options)
  }

  /** Who runs migrations at this moment; null when nobody does. */
  async lockHolder(): Promise<LockHolder | null> {
    return (await this.work()).lockHolder()
  }

  /**
   * Ends the session that has the lock: what it runs is cancelled, and rolled back where the database can.
   *
   * @throws UnsupportedException on SQLite, where a process has it.
   */
  async endLockHolder(holder: LockHolder): Promise<void> {
    return (await this.work()).endLockHolder(holder)
  }

  /** What does it all. Loaded only now: most programs import this class with everything else and never use it. */
  private async work(): Promise<MigratorWork> {
    const { MigratorWork } = await import('./migrator-work.js')
    return new MigratorWork({ ...this.settings })
  }
}
