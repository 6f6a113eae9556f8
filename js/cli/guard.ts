import { CommandError } from './command-error'
import type { Host } from './host'

/**
 * Refuses to change a production database without `--force`. Runs before anything is connected to.
 *
 * @throws CommandError of kind `refused`.
 */
export function guardProduction(host: Host, options: { force?: boolean; pretend?: unknown }, command: string): void {
  if (host.env.NODE_ENV !== 'production' || options.force || options.pretend) return
  throw new CommandError(
    'refused',
    `Use --force to run migrations in production\nNODE_ENV is production, and ${command} changes the database.`,
  )
}
