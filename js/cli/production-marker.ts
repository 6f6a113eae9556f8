import type { MigrationConnection } from '../migrations/migration-connection'
import { productionMark } from '../migrations/production-mark'
import { CommandError } from './command-error'
import type { Host } from './host'

/** @throws CommandError of kind `refused` for a database that is marked as production. */
export async function refuseMarked(connection: MigrationConnection, host: Host): Promise<void> {
  const mark = await productionMark(connection, host.env.NODE_ENV)
  if (mark !== undefined) throw new CommandError('refused', `${mark} Use --force if you mean it.`)
}
