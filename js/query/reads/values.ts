import { InvalidArgumentException } from '../../errors'
import { describe } from '../arguments'
import type { AnyRow } from '../columns'
import { Expression } from '../expression'
import type { Columns, KnownColumn, Value, ValueColumn } from './results'
import { SingleResults } from './single-results'

/** Single values of rows. None of these calls changes the builder. */
export abstract class Values<Row = AnyRow, Result = Row> extends SingleResults<Row, Result> {
  /**
   * One column of the first row; `null` when there is no row.
   *
   * @example
   * const email = await DB.table('users').where('name', 'Ada').value('email')
   * // select "email" from "users" where "name" = $1 limit 1
   */
  value<const Column extends KnownColumn<Row>>(column: Column): Promise<Value<Row, Column> | null>
  value<T = unknown>(column: ValueColumn<Row>): Promise<T | null>
  async value(column: ValueColumn<Row>): Promise<unknown> {
    const row = await this.first(...([assertColumn(column)] as Columns<Row>))
    return row === null ? null : (cellOf(row as AnyRow, column) ?? null)
  }

  /**
   * What SQL of your own says of the first row; `null` when there is no row.
   *
   * @example
   * const name = await DB.table('users').rawValue('upper(name)')
   * // select upper(name) from "users" limit 1
   */
  async rawValue<T = unknown>(sql: string | Expression, bindings?: readonly unknown[]): Promise<T | null> {
    const row = await this.clone().selectRaw(sql, bindings).first()
    return row === null ? null : ((Object.values(row as AnyRow)[0] ?? null) as T | null)
  }

  /**
   * One column of the only row.
   *
   * @throws RecordNotFoundException when there is no row, MultipleRecordsFoundException when there are more.
   * @example
   * const name = await DB.table('users').where('email', 'a@b.c').soleValue('name')
   * // select "name" from "users" where "email" = $1 limit 2
   */
  soleValue<const Column extends KnownColumn<Row>>(column: Column): Promise<Value<Row, Column>>
  soleValue<T = unknown>(column: ValueColumn<Row>): Promise<T>
  async soleValue(column: ValueColumn<Row>): Promise<unknown> {
    return cellOf((await this.sole(...([assertColumn(column)] as Columns<Row>))) as AnyRow, column)
  }

  /**
   * One column of every row. With a key, an object: that column's value by the key's. Of rows with the same key the
   * last one counts.
   *
   * @example
   * const names = await DB.table('users').pluck('name')
   * // select "name" from "users"
   * const nameOf = await DB.table('users').pluck('name', 'id')
   * // select "name", "id" from "users"
   */
  pluck<const Column extends KnownColumn<Row>>(column: Column, key?: null): Promise<Value<Row, Column>[]>
  pluck<const Column extends KnownColumn<Row>>(
    column: Column,
    key: ValueColumn<Row>,
  ): Promise<Record<string, Value<Row, Column>>>
  pluck<T = unknown>(column: ValueColumn<Row>, key?: null): Promise<T[]>
  pluck<T = unknown>(column: ValueColumn<Row>, key: ValueColumn<Row>): Promise<Record<string, T>>
  async pluck(column: ValueColumn<Row>, key: ValueColumn<Row> | null = null): Promise<unknown> {
    const columns = (key === null || key === column ? [column] : [column, key]).map(assertColumn)
    const { rows } = await this.runRead({ kind: 'select', query: this.reading(columns) })
    const seen = this.pluckable(rows, column)
    const plucked = key === null ? seen.map((row) => cellOf(row, column)) : byKey(rows, seen, column, key)
    return this.afterCallbacks === undefined ? plucked : await this.applyAfterQueryCallbacks(plucked)
  }

  /** The rows whose values are plucked, as programs see those. */
  protected pluckable(rows: readonly AnyRow[], _column: ValueColumn<Row>): readonly AnyRow[] {
    return rows
  }

  /**
   * One column of every row as one text.
   *
   * @example
   * const names = await DB.table('users').implode('name', ', ')
   * // select "name" from "users"
   */
  async implode(column: ValueColumn<Row>, glue = ''): Promise<string> {
    const values = await this.pluck<unknown>(column)
    return values.map((value) => (value instanceof Date ? value.toISOString() : String(value ?? ''))).join(glue)
  }
}

/** @throws InvalidArgumentException for what names no single column. */
function assertColumn<Column extends string | Expression>(column: Column): Column {
  if (typeof column === 'string' || column instanceof Expression) return column
  throw new InvalidArgumentException(`A column to read is a name or raw SQL, not ${describe(column)}.`)
}

function byKey(
  rows: readonly AnyRow[],
  seen: readonly AnyRow[],
  column: string | Expression,
  key: string | Expression,
): AnyRow {
  const values: AnyRow = {}
  for (const [at, row] of rows.entries()) {
    const value = cellOf(seen[at] ?? row, column)
    const name = cellOf(row, key, 1)
    // `__proto__` has to become a key like any other.
    Object.defineProperty(values, name instanceof Date ? name.toISOString() : String(name ?? ''), {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return values
}

/** A column of a row, by the name that its result has; else by its place. */
function cellOf(row: AnyRow, column: string | Expression, place = 0): unknown {
  const text = column instanceof Expression ? column.sql : column
  const aliased = text.split(/\s+as\s+/i)
  const names = aliased.length > 1 ? [aliased.at(-1)] : [text, text.split('.').at(-1)]
  for (const name of names) if (name !== undefined && Object.hasOwn(row, name)) return row[name]
  // Raw SQL, JSON paths: the database names the result as it likes.
  const values = Object.values(row)
  return place < values.length ? values[place] : values.at(-1)
}
