/** Types of columns and of the rows that a query answers, made from the type of a table's row. */
import type { Expression } from './expression'

/** A row of a table that nobody has described: any column, values unknown. */
export type AnyRow = Record<string, unknown>

/** Whether a row type describes its columns. */
type IsDescribed<Row> = string extends keyof Row ? false : true

/**
 * The name of a column: one of the row's own, one with its table (`contacts.email`), or a JSON path (`meta->lang`).
 * For {@link AnyRow} any text.
 */
export type ColumnName<Row> = (keyof Row & string) | `${string}.${string}` | `${string}->${string}`

/** A column to read: its name, `*`, or either with the name of its result (`name as n`). */
export type SelectedName<Row> = ColumnName<Row> | '*' | `${string} as ${string}`

/** The name that a selected column has in the result. */
type ResultName<Column extends string> = Column extends `${string} as ${infer Alias}`
  ? Alias
  : Column extends `${string}.${infer Rest}`
    ? ResultName<Rest>
    : Column

/** The type of a column's value. Columns of other tables and JSON paths are unknown. */
export type ValueOf<Row, Column> = Column extends `${infer Name} as ${string}`
  ? ValueOf<Row, Name>
  : Column extends keyof Row
    ? Row[Column]
    : Column extends `${string}.${infer Name}`
      ? Name extends keyof Row
        ? Row[Name]
        : unknown
      : unknown

/** What one argument of `select` adds to the rows. */
type Added<Row, Column> = Column extends '*' | `${string}.*`
  ? Row
  : Column extends string
    ? { [Name in ResultName<Column>]: ValueOf<Row, Column> }
    : Column extends readonly (infer Item)[]
      ? Added<Row, Item>
      : Column extends Expression
        ? // Only the database knows what an expression is called.
          AnyRow
        : Column extends object
          ? { [Name in keyof Column & string]: unknown }
          : AnyRow

type Together<Union> = (Union extends unknown ? (part: Union) => void : never) extends (whole: infer Whole) => void
  ? Whole
  : never

/** The rows of a query that reads these columns. */
export type Selected<Row, Columns extends readonly unknown[]> =
  IsDescribed<Row> extends false
    ? Row
    : Columns extends readonly []
      ? Row
      : Together<Added<Row, Columns[number]>> extends infer Whole
        ? { [Name in keyof Whole]: Whole[Name] }
        : never

/** The rows of a query that reads more columns than before. Without any before, it reads these alone. */
export type Extended<Row, Result, Columns extends readonly unknown[]> =
  IsDescribed<Row> extends false
    ? Row
    : [Row, Result] extends [Result, Row]
      ? Selected<Row, Columns>
      : { [Name in keyof (Result & Selected<Row, Columns>)]: (Result & Selected<Row, Columns>)[Name] }
