import type { Connection } from '../connection/connection'
import { InvalidArgumentException } from '../errors'

/** What works on one connection, given at once or later. */
export abstract class OnConnection {
  private connection: Connection | undefined

  constructor(connection?: Connection) {
    this.connection = connection
  }

  setConnection(connection: Connection): this {
    this.connection = connection
    return this
  }

  /** The connection that tests use. @throws InvalidArgumentException when none was given. */
  getConnection(): Connection {
    if (this.connection !== undefined) return this.connection
    throw new InvalidArgumentException(`${this.constructor.name} has no connection: call setConnection() first.`)
  }
}
