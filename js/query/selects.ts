import { InvalidArgumentException } from '../errors'
import { flattened } from '../support/lists'
import { describe, isQueryable, type Queryable, rawText, rawValues, subQueryNode } from './arguments'
import type { Operand } from './ast'
import { Expression } from './expression'
import { Joins, sourceOf, type TableArgument } from './joins'

/** A column to read: its name, raw SQL, or sub-queries by the names of their results. */
export type SelectArgument = string | Expression | Readonly<Record<string, Queryable | string | Expression>>

/** What is read, and from where. */
export abstract class Selects extends Joins {
  /**
   * Names the table. A closure or a builder makes its rows the table, under the name `as`.
   *
   * @example
   * connection.query().from('users', 'u').where('u.id', 1)
   * // select * from "users" as "u" where "u"."id" = $1
   */
  from(table: TableArgument | Queryable, as?: string | null): this {
    if (isQueryable(table)) return this.fromSub(table, as ?? '')
    this.query.from = typeof table === 'string' && as != null && as !== '' ? `${table} as ${as}` : sourceOf(table)
    return this
  }

  /**
   * Makes the rows of a query the table.
   *
   * @example
   * DB.query().fromSub((query) => query.from('users').where('active', true), 'u')
   * // select * from (select * from "users" where "active" = $1) as "u"
   */
  fromSub(query: Queryable, as: string): this {
    if (as === '') throw new InvalidArgumentException('A query in place of a table needs a name: from(query, "name").')
    this.query.from = subQueryNode(query, this, as)
    return this
  }

  /**
   * Names the table in SQL of your own.
   *
   * @example
   * DB.query().fromRaw('generate_series(1, ?)', [10])
   * // select * from generate_series(1, $1)
   */
  fromRaw(sql: string | Expression, bindings?: readonly unknown[]): this {
    this.query.from = { kind: 'raw', sql: rawText(sql), values: rawValues(bindings) }
    return this
  }

  /**
   * Says which columns are read. Without it, all are.
   *
   * @example
   * DB.table('users').select('name', 'email as user_email')
   * // select "name", "email" as "user_email" from "users"
   */
  select(...columns: readonly (SelectArgument | readonly SelectArgument[])[]): this {
    this.query.columns = undefined
    return this.addSelected(columns.length === 0 ? ['*'] : columns, false)
  }

  /**
   * Adds columns to those that are read, unless they are among them.
   *
   * @example
   * DB.table('users').select('name').addSelect('age')
   * // select "name", "age" from "users"
   */
  addSelect(...columns: readonly (SelectArgument | readonly SelectArgument[])[]): this {
    return this.addSelected(columns, true)
  }

  /**
   * Adds what a query finds as a column.
   *
   * @example
   * DB.table('users').select('name').selectSub((query) => query.from('posts').selectRaw('count(*)'), 'posts')
   * // select "name", (select count(*) from "posts") as "posts" from "users"
   */
  selectSub(query: Queryable, as: string): this {
    return this.addColumn(subQueryNode(query, this, as))
  }

  /**
   * Adds a column in SQL of your own, with a value for each `?`.
   *
   * @example
   * DB.table('orders').selectRaw('price * ? as price_with_tax', [1.0825])
   * // select price * $1 as price_with_tax from "orders"
   */
  selectRaw(sql: string | Expression, bindings?: readonly unknown[]): this {
    return this.addColumn({ kind: 'raw', sql: rawText(sql), values: rawValues(bindings) })
  }

  /**
   * Reads equal rows once. With columns: one row for each of their values (PostgreSQL).
   *
   * @example
   * DB.table('users').distinct().select('name')
   * // select distinct "name" from "users"
   */
  distinct(...columns: readonly (string | Expression | readonly (string | Expression)[] | boolean)[]): this {
    const list = columns.flat()
    const names = list.filter((column) => typeof column !== 'boolean')
    this.query.distinct = names.length > 0 ? names : list[0] !== false
    return this
  }

  private addSelected(columns: readonly (SelectArgument | readonly SelectArgument[])[], onlyNew: boolean): this {
    for (const column of flattened(columns)) {
      if (onlyNew && typeof column === 'string' && this.query.columns?.includes(column)) continue
      if (typeof column === 'string' || column instanceof Expression) this.addColumn(column)
      else this.addNamed(column)
    }
    return this
  }

  /** Columns by the names of their results: `{ posts: (query) => … }`. */
  private addNamed(columns: unknown): void {
    if (columns === null || typeof columns !== 'object' || isQueryable(columns)) {
      throw new InvalidArgumentException(`select() takes names of columns, not ${describe(columns)}.`)
    }
    for (const [as, column] of Object.entries(columns)) {
      if (!isQueryable(column)) {
        if (typeof column !== 'string' && !(column instanceof Expression)) {
          throw new InvalidArgumentException(`The column "${as}" has to be a name, an expression or a query.`)
        }
        this.addColumn(column)
        continue
      }
      const table = this.tableAlias()
      if (this.query.columns === undefined && table !== undefined) this.addColumn(`${table}.*`)
      this.selectSub(column, as)
    }
  }

  private addColumn(column: Operand): this {
    this.query.columns ??= []
    this.query.columns.push(column)
    return this
  }
}
