import { hostname } from 'node:os'
import { Meta } from '../migrations/meta'
import type { MigrationConnection } from '../migrations/migration-connection'
import { CommandError } from './command-error'
import type { Host } from './host'

const ENVIRONMENT = 'environment'
const BY = 'environment.host'

/** Keeps in the database that it is in production: since when, and by which host. The first one stays. */
export async function markAsProduction(connection: MigrationConnection): Promise<void> {
  const meta = await Meta.of(connection)
  if ((await meta.read()).get(ENVIRONMENT)?.value === 'production') return
  await meta.write({ [ENVIRONMENT]: 'production', [BY]: hostname() })
}

/**
 * Refuses a database that is marked. This protects production from a test suite with a wrong `DATABASE_URL`.
 *
 * @throws CommandError of kind `refused`.
 */
export async function refuseMarked(connection: MigrationConnection, host: Host): Promise<void> {
  const kept = await (await Meta.of(connection)).read()
  const mark = kept.get(ENVIRONMENT)
  if (mark?.value !== 'production') return
  const since = mark.updatedAt === null ? '' : `, ${mark.updatedAt.toISOString().slice(0, 10)}`
  const environment = host.env.NODE_ENV ? `NODE_ENV is "${host.env.NODE_ENV}"` : 'NODE_ENV is not set'
  throw new CommandError(
    'refused',
    `This database is marked "production" (by ${kept.get(BY)?.value ?? 'an unknown host'}${since}). ${environment}. ` +
      'Nothing was changed. Use --force if you mean it.',
  )
}
