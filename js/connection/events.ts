/** What a connection tells of itself. */

/** A statement was executed. */
export class QueryExecuted {
  readonly sql: string
  /** One value for each placeholder. */
  readonly bindings: readonly unknown[]
  /** Milliseconds on the connection: without the wait for one. */
  readonly time: number
  readonly connectionName: string
  /** `pgsql`, `mysql`, `mariadb`, `sqlite`, `sqlserver`. */
  readonly driver: string
  readonly timestamp = new Date()

  constructor(sql: string, bindings: readonly unknown[], time: number, connectionName: string, driver: string) {
    this.sql = sql
    this.bindings = bindings
    this.time = time
    this.connectionName = connectionName
    this.driver = driver
  }

  /** The connection's name, as guruorm 2 called it. */
  get connection(): string {
    return this.connectionName
  }

  /** The statement, as the query log calls it. */
  get query(): string {
    return this.sql
  }
}

/** What happens to transactions. */
export type TransactionEventName = 'beginning' | 'committed' | 'rolledBack'

/** A transaction or savepoint began or ended. */
export interface TransactionEvent {
  readonly event: TransactionEventName
  readonly connectionName: string
  /** 1: the transaction; more: a savepoint in it. */
  readonly level: number
}
