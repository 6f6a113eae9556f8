import { resolve } from 'node:path'
import type { MigrationEventDispatcher } from '../migrations/events'
import { MigrationLogFile } from '../migrations/log-file'
import type { DatabaseOptions, Invocation } from './command'
import type { Database } from './database'

/** Runs `work` and writes what it does to the file that the project names in `migrations.logFile`, if it names one. */
export async function loggedToFile<T>(
  { host, options }: Invocation<DatabaseOptions & { pretend?: unknown }>,
  { config }: Database,
  about: { events: MigrationEventDispatcher; warn: (message: string) => void },
  work: () => Promise<T>,
): Promise<T> {
  const path = config.migrations.logFile
  if (path === undefined || options.pretend) return work()
  const log = new MigrationLogFile(resolve(host.cwd, path), (error) =>
    about.warn(`${path} cannot be written: ${error.message}`),
  )
  const end = log.listen(about.events)
  try {
    return await work()
  } catch (error) {
    log.write('ERROR', error instanceof Error ? error.message : String(error))
    throw error
  } finally {
    end()
  }
}
