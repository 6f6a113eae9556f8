import type { MigrationConnection } from '../migrations/migration-connection'
import type { DatabaseOptions, Invocation } from './command'
import { CommandError } from './command-error'
import { type ConnectionOptions, loadConfig, type ProjectConfig } from './config'

/** An open project: its configuration, and the connection that the command works on. */
export interface Database {
  config: ProjectConfig
  name: string
  connection: MigrationConnection
  resolveConnection(name: string): MigrationConnection
}

/** Options that say which server; a URL of its own says all of them. */
const SERVER_OPTIONS = new Set([
  ...['url', 'connectionString', 'uri', 'host', 'hostname', 'port', 'database', 'username', 'user', 'password'],
  ...['socketPath', 'read', 'write', 'replication', 'pgbouncer'],
])

/** Options that choose a database. */
type ChoosingOptions = DatabaseOptions & { connection?: string }

/** Reads the configuration, makes its connections the global ones, and closes them after `work`. */
export async function withDatabase<T>(
  { host, options, output }: Invocation<ChoosingOptions>,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const config = await loadConfig(host, options.config)
  const name = options.database ?? options.connection ?? config.default
  const connections = Object.keys(config.connections)
  if (!connections.includes(name)) {
    throw new CommandError('usage', `${config.source} has no connection "${name}". It has: ${connections.join(', ')}.`)
  }
  // The package as programs import it: it ties query and schema builders to connections. Here and not above, so that
  // `--help` does not load the engine.
  const { Capsule } = await import('../index.js')
  const capsule = new Capsule()
  for (const [each, configured] of Object.entries(config.connections)) {
    const settings = direct(configured)
    capsule.addConnection(each === name ? placed(settings, options.place) : settings, each)
  }
  capsule.setDefaultConnection(name)
  capsule.setAsGlobal()
  capsule.bootEloquent()
  try {
    const connection: MigrationConnection = capsule.connection(name)
    if (output.isVerbose) output.note(`ℹ️  Using ${config.source}, connection ${name} (${connection.getDriverName()})`)
    return await work({ config, name, connection, resolveConnection: (other) => capsule.connection(other) })
  } finally {
    await capsule.disconnect()
  }
}

/** The connection past a pooler, where there is one: migrations want a session of their own. */
function direct(settings: ConnectionOptions): ConnectionOptions {
  const { directUrl, direct_url, ...pooled } = settings
  const url = directUrl ?? direct_url
  if (url === undefined || url === '') return settings
  const rest = Object.entries(pooled).filter(([option]) => !SERVER_OPTIONS.has(option))
  return { ...Object.fromEntries(rest), url }
}

/** The options of a connection, in the schema that is worked in. */
function placed(settings: ConnectionOptions, place: DatabaseOptions['place']): ConnectionOptions {
  if (place === undefined) return settings
  const { schema, search_path, ...others } = settings
  return { ...others, ...place.settings }
}
