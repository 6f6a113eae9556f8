import type { Capsule } from '../connection/capsule'
import { InvalidArgumentException } from '../errors'
import { Migrator } from '../migrations/migrator'
import { DatabaseTransactions } from './database-transactions'
import { RefreshDatabase, type RefreshOptions } from './refresh-database'
import { runAround, type TestHooks } from './test-hooks'

export interface UseDatabaseOptions {
  /** The connections whose transactions are rolled back, by name. Default: the default connection. */
  connections?: string | readonly string[]
  /** The runner's hooks. Default: its globals. */
  hooks?: TestHooks
  /** Whether connections are closed after the last test of the file. Default true. */
  disconnect?: boolean
}

export interface UseRefreshDatabaseOptions extends UseDatabaseOptions, RefreshOptions {
  /** Folders of migrations, or what runs them. Default `database/migrations`. */
  migrations?: string | readonly string[] | Migrator
  /** The connection that is migrated. Default: the first of `connections`. */
  connection?: string
  /** Longest time to build the database, in milliseconds. Default 120 000. */
  timeout?: number
}

const TIMEOUT = 120_000

/**
 * Runs each test of a file in a transaction that is rolled back. To be called where tests are defined: at the top of a
 * file or of a `describe`, or in a set-up file of the runner.
 *
 * @example
 * useDatabaseTransactions(capsule)
 * test('registers', async () => {
 *   await register('ada@example.com')
 *   await assertDatabaseHas('users', { email: 'ada@example.com' })
 * })
 */
export function useDatabaseTransactions(capsule: Capsule, options: UseDatabaseOptions = {}): void {
  around(capsule, options, () => {
    const names = namesOf(capsule, options)
    return { all: names.map((name) => new DatabaseTransactions(capsule.connection(name))) }
  })
}

/**
 * Gives the tests of a file a migrated database, created and built when it is not there, and runs each in a transaction
 * that is rolled back. Makes `capsule` the global one.
 *
 * @throws Before the first test: MigrationException for a migration that fails, or for a database in production, which is left alone.
 * @example
 * const capsule = new Capsule().addConnection(databaseForWorker({ url: process.env.DATABASE_URL }))
 * useRefreshDatabase(capsule, { migrations: 'database/migrations', seed: true })
 */
export function useRefreshDatabase(capsule: Capsule, options: UseRefreshDatabaseOptions = {}): void {
  const { migrations, connection, connections, hooks, disconnect, timeout = TIMEOUT, ...refresh } = options
  around(capsule, { connections, hooks, disconnect, timeout }, () => {
    capsule.setAsGlobal()
    const names = namesOf(capsule, options)
    const migrated = connection ?? (names[0] as string)
    const migrator = migrations instanceof Migrator ? migrations : migratorOf(capsule, migrated, migrations)
    const database = new RefreshDatabase(capsule.connection(migrated), migrator, refresh)
    const others = names.filter((name) => name !== migrated)
    return { database, all: [database, ...others.map((name) => new DatabaseTransactions(capsule.connection(name)))] }
  })
}

interface Used {
  database?: RefreshDatabase
  /** The transactions of a test, one a connection. */
  all: DatabaseTransactions[]
}

function around(capsule: Capsule, options: UseDatabaseOptions & { timeout?: number }, use: () => Used): void {
  let used: Used = { all: [] }
  const { disconnect = true, hooks, timeout } = options
  const work = {
    async beforeAll() {
      used = use()
      await used.database?.refreshTestDatabase()
    },
    async beforeEach() {
      if (used.all.some((transactions) => transactions.isTransactionActive())) {
        throw new InvalidArgumentException(
          'Another test of this file is still in its transaction. Tests that run at once cannot share a connection: ' +
            'let them run one after the other, in files of their own if they are to be parallel.',
        )
      }
      await used.database?.refreshTestDatabase()
      for (const transactions of used.all) await transactions.beginDatabaseTransaction()
    },
    async afterEach() {
      const ends = await Promise.allSettled(used.all.map((transactions) => transactions.rollbackDatabaseTransaction()))
      const failed = ends.find((end) => end.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    },
    async afterAll() {
      if (disconnect) await capsule.disconnect()
    },
  }
  runAround(work, hooks, timeout)
}

function namesOf(capsule: Capsule, { connections = capsule.getDefaultConnection() }: UseDatabaseOptions): string[] {
  return [connections].flat()
}

function migratorOf(capsule: Capsule, name: string, migrations: string | readonly string[] | undefined): Migrator {
  const paths = migrations === undefined ? undefined : [migrations].flat()
  return new Migrator(capsule.connection(name), { paths, resolveConnection: (other) => capsule.connection(other) })
}
