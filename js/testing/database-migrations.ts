import type { Connection } from '../connection/connection'
import { type MigrationStatus, Migrator } from '../migrations/migrator'
import { mustBeForTests } from './guard'
import { OnConnection } from './on-connection'
import { mustSucceed } from './succeed'
import { ensureWorkerDatabase } from './worker-database'

/**
 * Migrates the database before each test and rolls all migrations back after it. Slower than `RefreshDatabase`; for tests
 * of what a transaction around them would hide, such as several connections or migrations themselves.
 *
 * @example
 * const migrations = createDatabaseMigrations(capsule.connection(), new Migrator(capsule.connection()))
 * beforeEach(() => migrations.runDatabaseMigrations())
 * afterEach(() => migrations.rollbackDatabaseMigrations())
 */
export class DatabaseMigrations extends OnConnection {
  #migrator: Migrator | undefined

  constructor(connection?: Connection, migrator?: Migrator) {
    super(connection)
    this.#migrator = migrator
  }

  /** @param migrator - Default: one for the connection, with the folder `database/migrations`. */
  override setConnection(connection: Connection, migrator?: Migrator): this {
    this.#migrator = migrator
    return super.setConnection(connection)
  }

  /**
   * Drops everything in the database and runs all migrations.
   *
   * @throws MigrationException for one that fails, or for a database in production.
   */
  async runDatabaseMigrations(): Promise<void> {
    await ensureWorkerDatabase(this.getConnection())
    await mustBeForTests(this.getConnection())
    mustSucceed(await this.#migrations().fresh())
  }

  /** Rolls all migrations back. @throws MigrationException for one that fails or has no `down()`. */
  async rollbackDatabaseMigrations(): Promise<void> {
    await mustBeForTests(this.getConnection())
    mustSucceed(await this.#migrations().reset())
  }

  /** Every migration on disk or recorded. Changes nothing. */
  getMigrationStatus(): Promise<MigrationStatus[]> {
    return this.#migrations().status()
  }

  #migrations(): Migrator {
    this.#migrator ??= new Migrator(this.getConnection())
    return this.#migrator
  }
}

/** The same as `new DatabaseMigrations(connection, migrator)`. */
export function createDatabaseMigrations(connection: Connection, migrator?: Migrator): DatabaseMigrations {
  return new DatabaseMigrations(connection, migrator)
}
