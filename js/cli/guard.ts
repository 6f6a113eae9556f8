import { CommandError } from './command-error'
import type { Host } from './host'

/** What a command does to a database, for the guards. */
export interface Guarded {
  /** As it follows "Use --force to": `run migrations`. */
  action: string
  /** Its name on the command line. */
  command: string
  /** Whether rows or tables go that nothing brings back. */
  isDestructive?: boolean
}

const REFRESH = 'refresh the database'

/** The commands that change a database. */
export const GUARDED = {
  migrate: { action: 'run migrations' },
  'migrate:rollback': { action: 'rollback migrations' },
  'migrate:reset': { action: 'rollback migrations', isDestructive: true },
  'migrate:refresh': { action: REFRESH, isDestructive: true },
  'migrate:fresh': { action: REFRESH, isDestructive: true },
  'backup:restore': { action: 'restore backups' },
  'backup:prune': { action: 'remove backups' },
  'db:seed': { action: 'run seeders' },
  'db:seed:refresh': { action: REFRESH, isDestructive: true },
  'db:clear': { action: REFRESH, isDestructive: true },
  'db:wipe': { action: REFRESH, isDestructive: true },
} satisfies Record<string, Omit<Guarded, 'command'>>

/** What the guards ask about a command. */
export function guarded(command: string): Guarded {
  const known: Record<string, Omit<Guarded, 'command'>> = GUARDED
  return { action: 'change the database', ...known[command], command }
}

/**
 * Refuses to change a production database without `--force`. Runs before anything is connected to.
 *
 * @param environment - What the configuration says; `NODE_ENV` when it says nothing.
 * @throws CommandError of kind `refused`.
 */
export function guardProduction(
  host: Host,
  options: { force?: boolean; pretend?: unknown },
  action: string,
  environment?: string,
): void {
  if (!isProduction(host, environment) || options.force || options.pretend) return
  throw new CommandError('refused', `Use --force to ${action} in production`)
}

export function isProduction(host: Host, environment?: string): boolean {
  return host.env.NODE_ENV === 'production' || environment === 'production'
}
