import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Capsule } from '../connection/capsule'
import { type ConnectionConfig, type ConnectionOptions, inDatabase } from '../connection/config'
import type { Connection } from '../connection/connection'
import { GuruORMError } from '../errors'
import { mustBeForTests } from './guard'

/** What the engine says of a worker's database: see `src/migrate/worker_database.rs`. */
interface WorkerDatabase {
  name: string
  base: string | null
  servers: string[]
  missing: string[]
  denied: string[]
  exists: string[]
  busy: string[]
}

/** How often a creation is tried that another session is in the way of, and the pause between, in milliseconds. */
const ATTEMPTS = 20
const PAUSE = 100

/** How jest and vitest call the worker that this is; `1` outside of them. */
export function workerId(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env.JEST_WORKER_ID || env.VITEST_POOL_ID || env.VITEST_WORKER_ID || '1'
}

/**
 * The same connection to a database that only this worker of the test runner uses: `shop_test_1` instead of `shop`,
 * `shop_test_1.sqlite` instead of `shop.sqlite`. Sends nothing; {@link workerDatabase} and `useRefreshDatabase` create it.
 *
 * @param worker - What the runner calls the worker: letters, digits and `_`.
 * @throws InvalidArgumentException for options without a database, and for a name that would be too long.
 * @example
 * capsule.addConnection(databaseForWorker({ url: process.env.DATABASE_URL }))
 */
export function databaseForWorker(options: ConnectionOptions, worker: string = workerId()): ConnectionConfig {
  const connection = new Capsule().addConnection(options).connection()
  return inDatabase(options, about(connection, worker).name)
}

/**
 * As {@link databaseForWorker}, and the database is there: it is created when it is missing. Another process that
 * creates it at the same moment does no harm.
 *
 * @throws MigrationError where the project's own database is marked as production.
 * @example
 * capsule.addConnection(await workerDatabase({ driver: 'mysql', database: 'shop', username: 'root' }))
 */
export async function workerDatabase(
  options: ConnectionOptions,
  worker: string = workerId(),
): Promise<ConnectionConfig> {
  const config = databaseForWorker(options, worker)
  const capsule = new Capsule().addConnection(config)
  try {
    await ensureWorkerDatabase(capsule.connection(), worker)
  } finally {
    await capsule.disconnect()
  }
  return config
}

/** Creates the database of a connection if it is missing and this worker's; refuses one beside a production database. */
export async function ensureWorkerDatabase(connection: Connection, worker: string = workerId()): Promise<void> {
  if (connection.getDatabaseName() === '') return
  const database = about(connection, worker)
  // One that is no worker's is taken as it is.
  if (database.base === null) return
  await mustNotBeBesideProduction(connection, database)
  try {
    await connection.testConnection()
  } catch (error) {
    if (!isOneOf(database.missing, error)) throw error
    await create(connection, database)
  }
}

async function mustNotBeBesideProduction(connection: Connection, { base, missing, denied }: WorkerDatabase) {
  if (base === null || (connection.getDriverName() === 'sqlite' && !existsSync(base))) return
  const project = connection.beside(base)
  try {
    await mustBeForTests(project)
  } catch (error) {
    // Who cannot look into it cannot harm it.
    if (!isOneOf([...missing, ...denied], error)) throw error
  } finally {
    await project.disconnect()
  }
}

/** From a database of the server that this user may use: creating one needs a connection to another. */
async function create(connection: Connection, { servers, base, missing, denied, exists, busy }: WorkerDatabase) {
  const name = connection.getDatabaseName()
  let refusal: unknown
  for (const from of [...servers, base as string]) {
    const server = connection.beside(from)
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          await server.schema().createDatabase(name)
          return
        } catch (error) {
          if (isOneOf(exists, error)) return
          if (attempt >= ATTEMPTS || !isOneOf(busy, error)) throw error
        }
        await sleep(PAUSE)
      }
    } catch (error) {
      if (!isOneOf([...missing, ...denied], error)) throw error
      refusal ??= error
    } finally {
      await server.disconnect()
    }
  }
  throw refusal
}

function about(connection: Connection, worker: string): WorkerDatabase {
  const driver = connection.getDriverName()
  const request = { driver, database: connection.getDatabaseName(), worker }
  return connection.nativeNow({ do: 'migrate.workerDatabase', ...request }) as WorkerDatabase
}

function isOneOf(codes: readonly string[], error: unknown): boolean {
  return error instanceof GuruORMError && error.nativeCode !== undefined && codes.includes(error.nativeCode)
}
