import { markAsProduction } from '../migrations/production-mark'
import type { DatabaseOptions, Invocation } from './command'
import { CommandError } from './command-error'
import { type Database, withDatabase } from './database'
import { loadDotenv } from './dotenv'
import { guarded, guardProduction, isProduction } from './guard'
import { refuseMarked } from './production-marker'

/** Options that the guards read. */
type GuardedOptions = DatabaseOptions & { pretend?: unknown; rehearse?: boolean }

/**
 * Opens the database for a command that changes it, unless a guard says no: production without `--force`, a project
 * that prohibits destructive commands, a database that is marked as production. The first two are asked before
 * anything is connected to.
 *
 * @throws CommandError of kind `refused`.
 */
export async function withGuardedDatabase<T>(
  command: string,
  invocation: Invocation<GuardedOptions>,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { host, options } = invocation
  const { action, isDestructive = false } = guarded(command)
  loadDotenv(host)
  guardProduction(host, options, action)
  return withDatabase(invocation, async (database) => {
    const { config, connection } = database
    guardProduction(host, options, action, config.environment)
    if (options.pretend || options.rehearse) return work(database)
    if (isDestructive && config.prohibitDestructiveCommands) {
      throw new CommandError(
        'refused',
        `${config.source} prohibits destructive commands (prohibitDestructiveCommands), and ${command} is one, also with --force. Nothing was changed.`,
      )
    }
    const inProduction = isProduction(host, config.environment)
    if (isDestructive && !inProduction && !options.force) await refuseMarked(connection, host)
    if (!inProduction) return work(database)
    await markAsProduction(connection)
    const result = await work(database)
    // What drops all tables drops the mark as well.
    if (isDestructive) await markAsProduction(connection)
    return result
  })
}
