import { InvalidArgumentException } from '../errors'
import { describe, rawText } from './arguments'
import type { AnyRow } from './columns'
import { Expression } from './expression'
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
   * {@link lockForUpdate} with `true`, {@link sharedLock} with `false`, or a lock in the words of the database.
   *
   * @param lock - Words are taken from a closed list: `for no key update`, `for key share`, `with(holdlock)`…
   * @throws InvalidArgumentException when the query is compiled, for words that are no lock.
   * @example
   * trx.table('accounts').lock('for no key update')
   * // postgres: select * from "accounts" for no key update
   */
  lock(lock: boolean | string | Expression = true): this {
    if (typeof lock === 'string') this.query.lock = { kind: 'words', sql: lock }
    else if (lock instanceof Expression) this.query.lock = { kind: 'raw', sql: rawText(lock) }
    else if (typeof lock === 'boolean') this.query.lock = { kind: lock ? 'update' : 'share', wait: undefined }
    else throw new InvalidArgumentException(`A lock is true, false, or words, not ${describe(lock)}.`)
    return this
  }

  /**
   * Leaves out rows that somebody else has locked: what a queue takes its next job by. Locks for an update where no other
   * lock was asked for.
   *
   * @throws UnsupportedException when the query is compiled, on SQLite.
   * @example
   * trx.table('jobs').whereNull('taken_at').limit(1).lockForUpdate().skipLocked()
   * // select * from "jobs" where "taken_at" is null limit 1 for update skip locked
   */
  skipLocked(): this {
    return this.waiting('skip')
  }

  /**
   * Fails at once where somebody else has locked a row. Locks for an update where no other lock was asked for.
   *
   * @throws UnsupportedException when the query is compiled, on SQLite.
   * @example
   * trx.table('accounts').where('id', 1).lockForUpdate().noWait()
   * // select * from "accounts" where "id" = $1 for update nowait
   */
  noWait(): this {
    return this.waiting('fail')
  }

  private waiting(wait: 'skip' | 'fail'): this {
    const lock = this.query.lock
    if (lock !== undefined && 'sql' in lock) {
      throw new InvalidArgumentException('A lock in words of its own says itself whether it waits.')
    }
    this.query.lock = { kind: lock?.kind ?? 'update', wait }
    return this
  }
}
