import type { Connection } from '../connection/connection'
import { InvalidArgumentException, TransactionClosedException } from '../errors'
import { OnConnection } from './on-connection'

/**
 * Keeps what a test does to a database from outliving it: everything that the connection does between begin and rollback
 * is in one transaction, in whichever async flow. A program's own transactions are savepoints in it.
 *
 * @example
 * const transactions = createDatabaseTransactions(capsule.connection())
 * beforeEach(() => transactions.beginDatabaseTransaction())
 * afterEach(() => transactions.rollbackDatabaseTransaction())
 */
export class DatabaseTransactions extends OnConnection {
  /** The connection object of the transaction, and its level. */
  #begun: { transaction: Connection; level: number } | undefined

  override setConnection(connection: Connection): this {
    if (this.#begun === undefined) return super.setConnection(connection)
    throw new InvalidArgumentException('setConnection(): roll the transaction of the test back first.')
  }

  /** Begins. Nothing happens when it has begun already. */
  async beginDatabaseTransaction(): Promise<void> {
    if (this.#begun !== undefined) return
    const transaction = await this.getConnection().beginTransaction({ everywhere: true })
    this.#begun = { transaction, level: transaction.transactionLevel() }
  }

  /**
   * Rolls everything back, whatever the test left open or running: what still runs after a second is stopped. Nothing
   * happens when none has begun.
   *
   * @throws TransactionClosedException with the code `TRANSACTION_ENDED` when the transaction was over before: on MySQL
   * and MariaDB a test that creates or alters a table commits.
   */
  async rollbackDatabaseTransaction(): Promise<void> {
    if (this.#begun === undefined) return
    const isActive = this.isTransactionActive()
    const { transaction } = this.#begun
    this.#begun = undefined
    if (isActive) return await transaction.rollBack()
    const name = transaction.getName()
    throw new TransactionClosedException(
      'The transaction of the test was rolled back before the test ended: rollBack() was called more often than ' +
        `beginTransaction(). (Connection: ${name})`,
      { code: 'TRANSACTION_ENDED', connectionName: name, driver: transaction.getDriverName() },
    )
  }

  /** Whether it has begun and not ended. */
  isTransactionActive(): boolean {
    return this.#begun !== undefined && this.#begun.transaction.transactionLevel() > 0
  }

  /** How many transactions and savepoints are open on the connection here; 0 for none. */
  getTransactionLevel(): number {
    return this.getConnection().transactionLevel()
  }
}

/** The same as `new DatabaseTransactions(connection)`. */
export function createDatabaseTransactions(connection: Connection): DatabaseTransactions {
  return new DatabaseTransactions(connection)
}
