import { resolve } from 'node:path'
import { SchemaCache } from '../migrations/schema-cache'
import type { DatabaseOptions, Invocation } from './command'
import type { Database } from './database'

type Warn = (message: string) => void

/** The schema cache of the connection, and of the schema where one is chosen. Names cannot lead out of the folder. */
export function schemaCacheOf({ host, options }: Invocation<DatabaseOptions>, database: Database): SchemaCache {
  const { name, connection, config } = database
  const parts = options.place === undefined ? [name] : [name, options.place.schema]
  const file = `schema-${parts.map(encodeURIComponent).join('@')}.json`
  return new SchemaCache(connection, resolve(host.cwd, '.guruorm', file), config.migrations.table)
}

/** Runs `work`. A schema cache that is there is looked at before, and brought up to date after it. */
export async function keepingCache<T>(
  invocation: Invocation<DatabaseOptions & { pretend?: unknown }>,
  database: Database,
  warn: Warn,
  work: () => Promise<T>,
): Promise<T> {
  const cache = schemaCacheOf(invocation, database)
  if (invocation.options.pretend || !cache.exists) return work()
  await cache.read(warn)
  return work().finally(() => refresh(cache, warn))
}

async function refresh(cache: SchemaCache, warn: Warn): Promise<void> {
  try {
    if ((await cache.read()) === null) await cache.write()
  } catch (error) {
    // What the migrations did is what counts: who reads the cache finds that it is old.
    warn(`The schema cache could not be written: ${error instanceof Error ? error.message : String(error)}`)
  }
}
