import type { AnyRow } from './columns'
import { Unions } from './unions'

/** Rows held until the transaction ends. SQLite has no such locks: there is one writer at a time. */
export abstract class Locks<Row = AnyRow, Result = Row> extends Unions<Row, Result> {
  /**
   * Nobody else may write or lock the rows until the transaction ends. Goes to the write server.
   *
   * @example
   * trx.table('accounts').where('id', 1).lockForUpdate()
   * // select * from "accounts" where "id" = $1 for update
   */
  lockForUpdate(): this {
    return this.lock(true)
  }

  /**
   * Nobody else may write the rows until the transaction ends. Goes to the write server.
   *
   * @example
   * trx.table('accounts').where('id', 1).sharedLock()
   * // postgres: select * from "accounts" where "id" = $1 for share
   * // mysql:    select * from `accounts` where `id` = ? lock in share mode
   */
  sharedLock(): this {
    return this.lock(false)
  }

  /**
   * {@link lockForUpdate} with `true`, {@link sharedLock} with `false`.
   *
   * @example
   * trx.table('accounts').lock()
   * // select * from "accounts" for update
   */
  lock(forUpdate = true): this {
    this.query.lock = forUpdate ? 'update' : 'share'
    return this
  }
}
