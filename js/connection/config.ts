/** The options of a connection. The engine checks them and has the defaults: `src/config`. */

/** Limits of a pool. */
export interface PoolOptions {
  /** Connections kept open even when idle. Default 0. */
  min?: number
  /** Most connections open at once. Default 10. */
  max?: number
  /** Longest wait for a free connection, opening one included. Default 30 000. */
  acquireTimeoutMillis?: number
  /** After this long unused a connection above `min` is closed. Default 30 000. 0: never. */
  idleTimeoutMillis?: number
  /** Longest time to open one connection. Default 3 000. */
  createTimeoutMillis?: number
  /** Age after which a connection is replaced. Default 1 800 000. 0: never. */
  maxLifetimeMillis?: number
  /** Accepted, without effect: idle connections are closed on time anyway. */
  reapIntervalMillis?: number
}

/** TLS. */
export interface SslOptions {
  /** `false` encrypts without verifying who the server is. Default true. */
  rejectUnauthorized?: boolean
  /** Certificates to trust: PEM text, or the path of a file. The operating system's when left out. */
  ca?: string | Uint8Array
  /** The client's certificate. */
  cert?: string | Uint8Array
  /** The client's key. */
  key?: string | Uint8Array
}

/** A server for `read` or `write`. What it leaves out is the connection's own. */
export interface ServerOptions {
  url?: string
  host?: string | string[]
  port?: number | string
  database?: string
  username?: string
  user?: string
  password?: string
  socketPath?: string
}

/** Where deprecations, and queries under `debug`, are written. */
export interface LogConfig {
  debug?: (message: string) => void
  warn?: (message: string) => void
  error?: (message: string) => void
  deprecate?: (message: string) => void
  enableColors?: boolean
}

/** One connection. */
export interface ConnectionConfig {
  /** `postgres`, `pgsql`, `pg`, `mysql`, `mariadb`, `sqlite`, `sqlserver`…, in any case. */
  driver?: string
  /** `postgres://user:password@host:5432/database?sslmode=require`. Keys of their own override its parts. */
  url?: string
  /** Default 127.0.0.1. A list: tried in order. A path: the directory of a socket (PostgreSQL). */
  host?: string | string[]
  port?: number | string
  /** Its name; on SQLite the path of a file, or `:memory:`. */
  database?: string
  username?: string
  user?: string
  password?: string
  socketPath?: string
  /** Servers that reads go to. */
  read?: ServerOptions | ServerOptions[] | string | string[]
  /** Servers that writes go to. */
  write?: ServerOptions | ServerOptions[] | string | string[]
  replication?: { read?: ServerOptions | ServerOptions[]; write?: ServerOptions | ServerOptions[] }
  /** Reads that follow a write in the same async flow go to the write server, for ten seconds. */
  sticky?: boolean
  pool?: PoolOptions
  /** Another name of `pool.acquireTimeoutMillis`. */
  acquireConnectionTimeout?: number
  /** `true` verifies certificate and host name. A string is an `sslmode`. */
  ssl?: boolean | string | SslOptions
  /** `disable`, `prefer`, `require`, `verify-ca`, `verify-full`: with libpq's meanings. */
  sslmode?: string
  /** PostgreSQL: `search_path`. */
  schema?: string | string[]
  searchPath?: string | string[]
  /** PostgreSQL behind PgBouncer in transaction mode. */
  pgbouncer?: boolean
  /** Where the command line connects instead: past a pooler, which keeps no session for a migration. */
  directUrl?: string
  /** MySQL: of the connection, utf8mb4 unless said, and of new tables and databases, where it is said. */
  charset?: string
  collation?: string
  /** MySQL: upserts name the new row instead of asking `values()`, which MySQL 8.0.20 deprecates. Default false. */
  useUpsertAlias?: boolean
  /** MySQL: strict mode. Default true. */
  strict?: boolean
  /** MySQL: storage engine of new tables. */
  engine?: string | null
  /** SQLite: `json` columns are declared so, not as `text`. Default false. */
  useNativeJson?: boolean
  /** SQLite: `jsonb` columns are declared so, not as `text`. Default false. */
  useNativeJsonb?: boolean
  /** SQLite. Default true. */
  foreignKeyConstraints?: boolean
  /** SQLite: longest wait for another process's lock, in milliseconds. Default 5 000. */
  busyTimeout?: number
  /** SQLite. Default `wal`. */
  journalMode?: string
  /** SQLite. Default `normal`. */
  synchronous?: string | number
  /** Of timestamps without zone. Default UTC. */
  timezone?: string
  /** Put before every table name. */
  prefix?: string
  /** Whether the names that are made for indexes begin with the prefix. Default true. */
  prefixIndexes?: boolean
  /** How integers of 64 bits are read. Default `auto`: a number where it is exact, else a string. */
  bigint?: 'auto' | 'string' | 'bigint' | 'number'
  /** `string`: dates and times as the database writes them, microseconds included. */
  dates?: 'date' | 'string'
  /** `string`: JSON as the database writes it. */
  json?: 'parsed' | 'string'
  /** Longest time a statement may run, in milliseconds. */
  statementTimeout?: number
  applicationName?: string
  application_name?: string
  /** Columns of new tables may be null unless they say otherwise, as in guruorm 2. Default false. */
  nullableByDefault?: boolean
  /** Accepted, without effect. */
  useNullAsDefault?: boolean
  /** Writes every query to the log. */
  debug?: boolean
  log?: LogConfig
  /** Changes the rows of every select. */
  postProcessResponse?: (rows: unknown[]) => unknown[]
}

/** What `addConnection` takes: options, or a URL. */
export type ConnectionOptions = ConnectionConfig | Readonly<Record<string, unknown>> | string

/** Options as an object. */
export function toConfig(options: ConnectionOptions): ConnectionConfig {
  return typeof options === 'string' ? { url: options } : { ...(options as ConnectionConfig) }
}

/** The same options with another database, on every server that they name. */
export function inDatabase(options: ConnectionOptions, database: string): ConnectionConfig {
  const { filename: _, ...config } = toConfig(options) as ConnectionConfig & { filename?: string }
  const moved = { ...config, database }
  if (config.read !== undefined) moved.read = elsewhere(config.read, database)
  if (config.write !== undefined) moved.write = elsewhere(config.write, database)
  if (config.replication) {
    const { read, write } = config.replication
    moved.replication = {
      ...(read !== undefined && { read: elsewhere(read, database) }),
      ...(write !== undefined && { write: elsewhere(write, database) }),
    }
  }
  return moved
}

/** Keys of their own override a URL. */
function elsewhere(servers: NonNullable<ConnectionConfig['read']>, database: string): ServerOptions[] {
  return [servers].flat().map((server) => ({ ...(typeof server === 'string' ? { url: server } : server), database }))
}

/** The options as JSON for the engine: bytes (certificates) as text, functions as `true`. */
export function encodeConfig(config: ConnectionConfig): string {
  return JSON.stringify(config, function (this: Record<string, unknown>, key, value: unknown) {
    const given = this[key]
    if (typeof given === 'function') return true
    if (typeof given === 'bigint') return given.toString()
    return given instanceof Uint8Array ? Buffer.from(given).toString('utf8') : value
  })
}

const SECRET = '********'

/** A copy without passwords and keys, for programs that print it. */
export function redact(config: ConnectionConfig): ConnectionConfig {
  return redacted(config) as ConnectionConfig
}

function redacted(value: unknown, key = ''): unknown {
  if (value === undefined || value === null) return value
  if (key === 'password' || key === 'key') return SECRET
  if (typeof value === 'string') return value.replace(/^([a-z0-9+.-]+:\/\/[^:@/]*):.*@/i, `$1:${SECRET}@`)
  if (Array.isArray(value)) return value.map((item) => redacted(item, key))
  // Loggers and bytes stay what they are.
  if (typeof value !== 'object' || key === 'log' || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redacted(member, name)]))
}

/** The database that a connection names, by its own key or its URL. */
export function databaseOf(config: ConnectionConfig): string {
  const { database, filename } = config as ConnectionConfig & { filename?: string }
  const own = database ?? filename
  if (own !== undefined || config.url === undefined) return own ?? ''
  const [address = ''] = config.url.split('?')
  const file = /^(?:sqlite3?|file):(?:\/\/)?(.*)$/i.exec(address)
  return decodeURIComponent(file?.[1] ?? /^[^:]+:\/\/[^/]*\/(.*)$/.exec(address)?.[1] ?? '')
}
