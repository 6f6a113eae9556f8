import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, inDatabase } from '../connection/config'
import type { MigrationConnection } from '../migrations/migration-connection'
import { crypto } from '../support/crypto'
import type { Database } from './database'

/** A database that nobody uses, and that goes when the work is done. */
export interface Scratch {
  connection: MigrationConnection
  /** As it is called on the server. */
  name: string
}

/**
 * Makes an empty database beside the connection's own, for `work`, and drops it. Meanwhile the global connection is this
 * one: migrations that run in it cannot reach the project's database.
 *
 * @throws Whatever the server says to somebody who may not make databases.
 */
export async function withScratchDatabase<T>(database: Database, work: (scratch: Scratch) => Promise<T>): Promise<T> {
  const { connection, config, name: connectionName } = database
  const driver = connection.getDriverName()
  const settings = config.connections[connectionName] ?? {}
  const name = `guruorm_scratch_${process.pid}_${crypto().randomBytes(4).toString('hex')}`
  if (driver === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'guruorm-scratch-'))
    const { url, ...others } = settings
    const file = join(folder, `${name}.sqlite`)
    return use({ ...others, driver: 'sqlite', database: file }, connectionName, { name: file }, work).finally(() =>
      rmSync(folder, { recursive: true, force: true }),
    )
  }
  const schema = connection.schema() as unknown as Record<
    'createDatabase' | 'dropDatabaseIfExists',
    (name: string) => Promise<void>
  >
  await schema.createDatabase(name)
  try {
    return await use(inDatabase(settings, name), connectionName, { name }, work)
  } finally {
    await schema.dropDatabaseIfExists(name)
  }
}

async function use<T>(
  settings: ConnectionOptions,
  connectionName: string,
  { name }: { name: string },
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const { Capsule } = await import('../index.js')
  const project = Capsule.getInstance()
  const capsule = new Capsule()
  capsule.addConnection(settings, connectionName)
  capsule.setDefaultConnection(connectionName)
  capsule.setAsGlobal()
  try {
    return await work({ connection: capsule.connection(connectionName), name })
  } finally {
    project.setAsGlobal()
    await capsule.disconnect()
  }
}
