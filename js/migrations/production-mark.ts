import { hostname } from 'node:os'
import { Meta } from './meta'
import type { MigrationConnection } from './migration-connection'

const ENVIRONMENT = 'environment'
const BY = 'environment.host'

/** Keeps in the database that it is in production: since when, and by which host. The first one stays. */
export async function markAsProduction(connection: MigrationConnection): Promise<void> {
  const meta = await Meta.of(connection)
  if ((await meta.read()).get(ENVIRONMENT)?.value === 'production') return
  await meta.write({ [ENVIRONMENT]: 'production', [BY]: hostname() })
}

/**
 * Why a database is not to be emptied: it is marked. Undefined: it is not. This protects production from a test suite
 * with a wrong `DATABASE_URL`.
 *
 * @param environment - `NODE_ENV` of whoever asks.
 */
export async function productionMark(
  connection: MigrationConnection,
  environment: string | undefined,
): Promise<string | undefined> {
  const kept = await (await Meta.of(connection)).read()
  const mark = kept.get(ENVIRONMENT)
  if (mark?.value !== 'production') return undefined
  const since = mark.updatedAt === null ? '' : `, ${mark.updatedAt.toISOString().slice(0, 10)}`
  const here = environment ? `NODE_ENV is "${environment}"` : 'NODE_ENV is not set'
  return (
    `This database is marked "production" (by ${kept.get(BY)?.value ?? 'an unknown host'}${since}). ${here}. ` +
    'Nothing was changed.'
  )
}
