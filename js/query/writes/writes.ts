import type { ValueArgument } from '../arguments'
import type { Query } from '../ast'
import { Bound } from '../bound'
import type { AnyRow, ColumnName } from '../columns'
import { Updates } from './updates'

/** Rows to remove; with what it stands on, rows to add and change. */
export abstract class Writes<Row = AnyRow, Result = Row> extends Updates<Row, Result> {
  /**
   * Removes the rows; with an id, the row whose column `id` has that value.
   *
   * @returns How many rows were removed; the rows after {@link returning}.
   * @example
   * await DB.table('users').where('votes', '<', 100).delete()
   * // delete from "users" where "votes" < $1
   */
  async delete(...id: [id?: ValueArgument]): Promise<number> {
    // An id that was given but is undefined is refused by where(): it must not remove every row.
    const found = id.length === 0 ? this : this.clone().where(this.deletedKey(), '=', id[0] as ValueArgument)
    const query: Query = { kind: 'delete', rows: found.toSelect(), returning: this.returned }
    const written = this.runWrite(query)
    const { rows, affected } = written instanceof Promise ? await written : written
    return this.returned === undefined ? affected : (rows as unknown as number)
  }

  private deletedKey(): ColumnName<Row> {
    return `${this.tableAlias() ?? this.tableName()}.${this.keyColumn()}`
  }

  /**
   * Empties the table and resets its counter.
   *
   * @example
   * await DB.table('users').truncate()
   * // postgres: truncate "users" restart identity cascade
   * // mysql:    truncate table `users`
   * // sqlite:   delete from sqlite_sequence where name = ?; delete from "users"
   */
  async truncate(): Promise<void> {
    const table = this.tableName()
    const name = new Bound(this.executor.getTablePrefix() + (table.split('.').at(-1) ?? table))
    await this.runWrite({ kind: 'truncate', table, name })
  }
}
