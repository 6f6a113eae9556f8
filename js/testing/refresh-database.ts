import { resolve } from 'node:path'
import type { Connection } from '../connection/connection'
import { GuruORMError } from '../errors'
import { Meta } from '../migrations/meta'
import type { MigrationConnection } from '../migrations/migration-connection'
import { Migrator } from '../migrations/migrator'
import { wipe } from '../migrations/sweep'
import { DEFAULT_SEEDERS_PATH, SeederRunner } from '../seeding/runner'
import { DatabaseTransactions } from './database-transactions'
import { mustBeForTests } from './guard'
import { mustSucceed } from './succeed'
import { ensureWorkerDatabase } from './worker-database'

export interface RefreshOptions {
  /**
   * What the rebuilt database is filled with: true for the seeders of the project as `db:seed` runs them, names of
   * seeders, or a function.
   */
  seed?: boolean | string | readonly string[] | ((connection: MigrationConnection) => unknown)
  /** The folder of seeders. Default `database/seeders`. */
  seeders?: string
  /** Rebuilds in every test file, also when nothing has changed. Default false. */
  fresh?: boolean
  /**
   * What follows when a test committed: on MySQL and MariaDB, every create, alter, drop and truncate does. `error`
   * (default): the test fails. `rebuild`: it does not. The database is rebuilt before the next test either way.
   */
  onCommit?: 'error' | 'rebuild'
}

/** Where the fingerprint is kept in `guruorm_meta`. */
const KEY = 'testing.fingerprint'
const STALE = 'stale'

/**
 * A migrated database for each test: it is built once, and each test runs in a transaction that is rolled back. The
 * fingerprint of the migrations is kept in the database, so that the next run builds it again only when they changed.
 *
 * @example
 * const database = createRefreshDatabase(capsule.connection(), new Migrator(capsule.connection()))
 * beforeEach(() => database.refreshDatabase())
 * afterEach(() => database.rollbackDatabaseTransaction())
 */
export class RefreshDatabase extends DatabaseTransactions {
  #migrator: Migrator | undefined
  readonly #options: RefreshOptions
  #isFresh = false

  constructor(connection?: Connection, migrator?: Migrator, options: RefreshOptions = {}) {
    super(connection)
    this.#migrator = migrator
    this.#options = options
  }

  /** @param migrator - Default: one for the connection, with the folder `database/migrations`. */
  override setConnection(connection: Connection, migrator?: Migrator): this {
    super.setConnection(connection)
    this.#isFresh = false
    this.#migrator = migrator
    return this
  }

  /** Rolls back what is open, makes sure that the database is as migrations and seeders make it, and begins. */
  async refreshDatabase(): Promise<void> {
    await this.refreshTestDatabase()
    await this.beginDatabaseTransaction()
  }

  /**
   * Makes sure that the database is as migrations and seeders make it: drops everything in it and runs them, unless
   * that was done before and neither they nor the database have changed.
   *
   * @throws MigrationException for one that fails, or for a database in production. In that case nothing was changed.
   */
  async refreshTestDatabase(): Promise<void> {
    await this.rollbackDatabaseTransaction()
    if (this.#isFresh) return
    const connection = this.getConnection()
    await ensureWorkerDatabase(connection)
    await mustBeForTests(connection)
    const migrator = this.#migratorOf(connection)
    const { seed = false, seeders = DEFAULT_SEEDERS_PATH, fresh = false } = this.#options
    const takesSeeders = seed !== false && typeof seed !== 'function'
    const { fingerprintOf } = await import('./fingerprint.js')
    const fingerprint = await fingerprintOf({
      migrator,
      seed: typeof seed === 'function' ? String(seed) : JSON.stringify(seed),
      seeders: takesSeeders ? resolve(seeders) : undefined,
    })
    await migrator.fresh({
      unless: async (session) => !fresh && (await this.#kept(session)) === fingerprint,
      afterwards: async (session, results) => {
        mustSucceed(results)
        await this.#seed(session)
        await (await Meta.of(session)).write({ [KEY]: fingerprint })
      },
    })
    this.#isFresh = true
  }

  /** Runs the migrations that are pending. */
  async runMigrations(): Promise<void> {
    mustSucceed(await this.#migratorOf(this.getConnection()).run())
  }

  /** Drops everything in the database. */
  async resetDatabase(): Promise<void> {
    await this.rollbackDatabaseTransaction()
    this.#isFresh = false
    const connection = this.getConnection()
    await mustBeForTests(connection)
    await wipe(connection)
  }

  override async rollbackDatabaseTransaction(): Promise<void> {
    try {
      await super.rollbackDatabaseTransaction()
    } catch (error) {
      if (!(error instanceof GuruORMError) || error.code !== 'TRANSACTION_ENDED') throw error
      // What the test did is in the database: whoever comes next builds it again, another process too.
      this.#isFresh = false
      await (await Meta.of(this.getConnection())).write({ [KEY]: STALE })
      if (this.#options.onCommit !== 'rebuild') throw error
    }
  }

  async #kept(session: MigrationConnection): Promise<string | undefined> {
    return (await (await Meta.of(session)).read()).get(KEY)?.value
  }

  async #seed(session: MigrationConnection): Promise<void> {
    const { seed = false, seeders: path } = this.#options
    if (seed === false) return
    if (typeof seed === 'function') {
      await seed(session)
      return
    }
    const classes = seed === true ? undefined : [seed].flat()
    mustSucceed(await new SeederRunner(session, { path }).run({ classes }))
  }

  #migratorOf(connection: Connection): Migrator {
    this.#migrator ??= new Migrator(connection)
    return this.#migrator
  }
}

/** The same as `new RefreshDatabase(connection, migrator, options)`. */
export function createRefreshDatabase(
  connection: Connection,
  migrator?: Migrator,
  options?: RefreshOptions,
): RefreshDatabase {
  return new RefreshDatabase(connection, migrator, options)
}
