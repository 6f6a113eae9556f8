import type { Connection } from '../../../js/index'
import type { ConnectionOptions, TestDatabase } from '../../support/databases'

/** Runs `work` with a connection of its own options, which is closed afterwards. */
export async function withConnection<T>(
  db: TestDatabase,
  options: ConnectionOptions,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const name = `own ${Math.random()}`
  db.capsule.addConnection(db.config(options), name)
  try {
    return await work(db.capsule.connection(name))
  } finally {
    await db.capsule.purge(name)
  }
}
