/** Named connections, and which of them is the default. */
import { InvalidArgumentException } from '../errors'
import type { ConnectionOptions } from './config'
import { Connection, MySqlConnection, PostgresConnection, SqliteConnection, SqlServerConnection } from './connection'
import { currentDefault } from './context'
import type { QueryListener } from './query-logger'
import { ConnectionSource } from './source'

const CLASSES: Readonly<Record<string, typeof Connection>> = {
  pgsql: PostgresConnection,
  mysql: MySqlConnection,
  mariadb: MySqlConnection,
  sqlite: SqliteConnection,
  sqlserver: SqlServerConnection,
}

/** Finds connections by name. */
export interface ConnectionResolverInterface {
  connection(name?: string): Connection
  getDefaultConnection(): string
  setDefaultConnection(name: string): void
}

export class ConnectionManager implements ConnectionResolverInterface {
  /** Hear of the queries of all connections. */
  readonly listeners = new Set<QueryListener>()
  readonly #connections = new Map<string, Connection>()
  #default: string | undefined

  /**
   * Adds a connection, or replaces the one of this name. Opens nothing.
   *
   * @throws InvalidArgumentException for options that cannot work.
   */
  addConnection(options: ConnectionOptions, name = 'default'): Connection {
    const source = new ConnectionSource(name, options, this.listeners)
    const connection = new (CLASSES[source.driver] ?? Connection)(source)
    const replaced = this.#connections.get(name)
    this.#connections.set(name, connection)
    replaced?.disconnect().catch(() => {})
    return connection
  }

  /** @throws InvalidArgumentException for a name that was not added. */
  connection(name: string = this.getDefaultConnection()): Connection {
    const connection = this.#connections.get(name)
    if (connection !== undefined) return connection
    throw new InvalidArgumentException(`Connection [${name}] not configured; ${this.#known()}.`)
  }

  hasConnection(name: string): boolean {
    return this.#connections.has(name)
  }

  /** All of them, by name. */
  getConnections(): ReadonlyMap<string, Connection> {
    return this.#connections
  }

  /** The one that is the default in this async flow; else the one that was set; else `default`; else the only one. */
  getDefaultConnection(): string {
    const here = currentDefault()
    if (here !== undefined && this.#connections.get(here.name)?.hasSource(here)) return here.name
    if (this.#default !== undefined) return this.#default
    if (this.#connections.size === 1) return [...this.#connections.keys()][0] as string
    return 'default'
  }

  setDefaultConnection(name: string): void {
    this.#default = name
  }

  /** Closes one connection's pool, or all of them. Later queries open them again. */
  async disconnect(name?: string): Promise<void> {
    const connections = name === undefined ? [...this.#connections.values()] : [this.connection(name)]
    await Promise.all(connections.map((connection) => connection.disconnect()))
  }

  /** Closes one and opens it again. */
  reconnect(name?: string): Promise<Connection> {
    return this.connection(name).reconnect()
  }

  /** Closes one and forgets it. */
  async purge(name: string = this.getDefaultConnection()): Promise<void> {
    const connection = this.connection(name)
    this.#connections.delete(name)
    await connection.disconnect()
  }

  #known(): string {
    const names = [...this.#connections.keys()]
    if (names.length === 0) return 'there is no connection yet: call addConnection() first'
    const several = names.length > 1 ? ', and none of them is the default: call setDefaultConnection()' : ''
    return `there ${names.length === 1 ? 'is' : 'are'} ${names.map((name) => `[${name}]`).join(', ')}${several}`
  }
}

/** Connections that exist already, by name. */
export class ConnectionResolver implements ConnectionResolverInterface {
  readonly #connections = new Map<string, Connection>()
  #default = 'default'

  constructor(connections: Readonly<Record<string, Connection>> = {}) {
    for (const [name, connection] of Object.entries(connections)) this.addConnection(name, connection)
  }

  addConnection(name: string, connection: Connection): void {
    this.#connections.set(name, connection)
  }

  hasConnection(name: string): boolean {
    return this.#connections.has(name)
  }

  connection(name: string = this.#default): Connection {
    const connection = this.#connections.get(name)
    if (connection === undefined) throw new InvalidArgumentException(`Connection [${name}] not configured.`)
    return connection
  }

  getDefaultConnection(): string {
    return this.#default
  }

  setDefaultConnection(name: string): void {
    this.#default = name
  }
}
