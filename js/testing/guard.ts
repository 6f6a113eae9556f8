import type { Connection } from '../connection/connection'
import { MigrationError } from '../migrations/migration-error'
import { productionMark } from '../migrations/production-mark'

/**
 * Whether tests may do with a database what they like.
 *
 * @throws MigrationError of kind `guarded`, with nothing changed, where `NODE_ENV` is `production` or the database is
 * marked so.
 */
export async function mustBeForTests(connection: Connection): Promise<void> {
  const { NODE_ENV } = process.env
  if (NODE_ENV === 'production') {
    throw new MigrationError('guarded', 'NODE_ENV is "production": no database is emptied for tests.')
  }
  const mark = await productionMark(connection, NODE_ENV)
  if (mark !== undefined) {
    throw new MigrationError('guarded', `${mark} It is no database for tests. (Connection: ${connection.getName()})`)
  }
}
