import { InvalidArgumentException } from '../errors'
import { flattened } from '../support/lists'
import { columnOperand, describe, isQueryable, type Queryable, rawText, rawValues, subQueryNode } from './arguments'
import type { Operand } from './ast'
import type { QueryBuilder } from './builder'
import type { AnyRow, ColumnName, Extended, Selected, SelectedName } from './columns'
import { Expression } from './expression'
import { Joins, sourceOf, type TableArgument } from './joins'

/** A column to read: its name, raw SQL, or sub-queries by the names of their results. */
export type SelectArgument<Row = AnyRow> =
  | SelectedName<Row>
  | Expression
  | Readonly<Record<string, Queryable | ColumnName<Row> | Expression>>

/**
 * A builder whose rows are others: a query builder becomes one of the new rows; a class built on it (of models, say) stays
 * what it is.
 */
type Reading<Builder, Row, Result> = Builder extends { readonly readsPlainRows: true }
  ? QueryBuilder<Row, Result>
  : Builder

/** What is read, and from where. */
export abstract class Selects<Row = AnyRow, Result = Row> extends Joins<Row> {
  /**
   * Names the table. A closure or a builder makes its rows the table, under the name `as`.
   *
   * @example
   * connection.query().from('users', 'u').where('u.id', 1)
   * // select * from "users" as "u" where "u"."id" = $1
   */
  from(table: TableArgument | Queryable, as?: string | null): this {
    if (as != null && typeof as !== 'string') {
      throw new InvalidArgumentException(`The name of a table has to be text, not ${describe(as)}.`)
    }
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
  fromSub(query: Queryable | Expression, as: string): this {
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
  select<const Columns extends readonly (SelectArgument<Row> | readonly SelectArgument<Row>[])[]>(
    ...columns: Columns
  ): Reading<this, Row, Selected<Row, Columns>> {
    this.query.columns = undefined
    return this.addSelected(columns.length === 0 ? ['*'] : columns, false) as never
  }

  /**
   * Adds columns to those that are read, unless they are among them.
   *
   * @example
   * DB.table('users').select('name').addSelect('age')
   * // select "name", "age" from "users"
   */
  addSelect<const Columns extends readonly (SelectArgument<Row> | readonly SelectArgument<Row>[])[]>(
    ...columns: Columns
  ): Reading<this, Row, Extended<Row, Result, Columns>> {
    return this.addSelected(columns, true) as never
  }

  /**
   * Adds what a query finds as a column.
   *
   * @example
   * DB.table('users').select('name').selectSub((query) => query.from('posts').selectRaw('count(*)'), 'posts')
   * // select "name", (select count(*) from "posts") as "posts" from "users"
   */
  selectSub(query: Queryable | Expression, as: string): this {
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
   * Adds an expression as a column, under a name.
   *
   * @example
   * DB.table('orders').select('id').selectExpression(DB.raw('price * amount'), 'total')
   * // select "id", (price * amount) as "total" from "orders"
   */
  selectExpression(expression: Expression, as: string): this {
    return this.selectSub(expression, as)
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
    this.query.distinct = names.length > 0 ? names.map((name) => columnOperand(name, this)) : list[0] !== false
    return this
  }

  /**
   * Says which index the table is read by: this one or none (MySQL, MariaDB). Other databases choose themselves.
   *
   * @throws InvalidArgumentException when the query is compiled, for a name that is no plain word.
   * @example
   * DB.table('users').useIndex('users_email_index').where('email', 'ada@example.com')
   * // mysql: select * from `users` use index (users_email_index) where `email` = ?
   */
  useIndex(...indexes: readonly string[]): this {
    return this.hint('use', indexes)
  }

  /**
   * Says that the table is to be read by this index wherever that is possible.
   *
   * @throws InvalidArgumentException when the query is compiled, for a name that is no plain word.
   * @example
   * DB.table('users').forceIndex('users_email_index')
   * // mysql:     select * from `users` force index (users_email_index)
   * // sqlite:    select * from "users" indexed by users_email_index
   * // sqlserver: select * from [users] with (index([users_email_index]))
   */
  forceIndex(...indexes: readonly string[]): this {
    return this.hint('force', indexes)
  }

  /**
   * Says that the table is not to be read by this index (MySQL, MariaDB). Other databases choose themselves.
   *
   * @throws InvalidArgumentException when the query is compiled, for a name that is no plain word.
   * @example
   * DB.table('users').ignoreIndex('users_email_index')
   * // mysql: select * from `users` ignore index (users_email_index)
   */
  ignoreIndex(...indexes: readonly string[]): this {
    return this.hint('ignore', indexes)
  }

  private hint(kind: 'use' | 'force' | 'ignore', names: readonly string[]): this {
    this.query.index = { kind, names }
    return this
  }

  private addSelected(columns: readonly (unknown | readonly unknown[])[], onlyNew: boolean): this {
    if (this.query.columns === undefined && !onlyNew && columns.every(isText)) {
      this.query.columns = columns.slice()
      return this
    }
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

  protected addColumn(column: Operand): this {
    this.query.columns ??= []
    this.query.columns.push(column)
    return this
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
