/** What all connection objects of one name share: the plain one, and those inside of transactions. */
import { InvalidArgumentException } from '../errors'
import { CompiledQueries } from '../native/compiled-queries'
import { type Environment, environment } from '../native/environment'
import { Fault, toError } from '../native/fault'
import { type ConnectionConfig, type ConnectionOptions, encodeConfig, inDatabase, redact, toConfig } from './config'
import { Observers } from './observers'
import { Pool } from './pool'
import type { QueryListener } from './query-logger'
import type { TransactionScope } from './transaction-scope'

export class ConnectionSource {
  readonly name: string
  /** Its options, without passwords and keys. */
  readonly config: ConnectionConfig
  /** `pgsql`, `mysql`, `mariadb`, `sqlite`, `sqlserver`. */
  readonly driver: string
  readonly environment: Environment
  /** The engine's number for it. */
  readonly handle: number
  /** The SQL of its queries' shapes. */
  readonly compiled: CompiledQueries
  readonly observers: Observers
  readonly pool: Pool = new Pool(this)
  /** Reads follow writes. Only where there are replicas. */
  readonly isSticky: boolean
  /** Transactions begun by hand that have not ended. */
  readonly openManually = new Set<TransactionScope>()
  /** The transaction that every async flow without one of its own is in. For tests. */
  everywhere: TransactionScope | undefined
  /** Transactions that hold a connection of the pool, the oldest first. */
  readonly openTransactions = new Set<TransactionScope>()
  /** Somebody was not told where the transaction was begun that held a connection: from then on it is known of all. */
  hasMissedPlace = false
  /** With passwords: for {@link beside} only. */
  readonly #options: ConnectionConfig

  /** @throws InvalidArgumentException for options that cannot work. Nothing is opened. */
  constructor(
    name: string,
    options: ConnectionOptions,
    shared: ReadonlySet<QueryListener>,
    engine: Environment = environment(),
  ) {
    if (typeof options !== 'string' && (typeof options !== 'object' || options === null)) {
      throw new InvalidArgumentException(`Connection [${name}]: the options must be an object or a URL.`)
    }
    this.name = name
    const config = toConfig(options)
    this.#options = config
    // Passwords are for the engine only: whoever prints a connection must not print them.
    this.config = redact(config)
    this.environment = engine
    const created = engine.createConnection(name, encodeConfig(config))
    if (created instanceof Fault) throw toError(created)
    this.handle = created.handle
    this.compiled = new CompiledQueries((shape) => engine.compile(created.handle, shape))
    this.driver = created.driver
    this.observers = new Observers(this.config, shared)
    const replicas = this.config.read ?? this.config.replication?.read
    this.isSticky = replicas !== undefined && replicas !== null && String(this.config.sticky) === 'true'
  }
  /** The same options with another database of the server; nobody hears of its queries. */
  beside(database: string): ConnectionSource {
    return new ConnectionSource(this.name, inDatabase(this.#options, database), new Set(), this.environment)
  }
}
