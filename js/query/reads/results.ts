/** Types of what reading calls answer. */
import type { AnyRow, ColumnName, Selected, SelectedName, ValueOf } from '../columns'
import type { Expression } from '../expression'
import type { SelectArgument } from '../selects'

/** Columns for a call that reads rows. The columns of `select()`, if there are any, win. */
export type Columns<Row = AnyRow> = readonly (SelectArgument<Row> | readonly SelectArgument<Row>[])[]

/** The rows of a call that names columns. After a `select()` they are what that says. */
export type Read<Row, Result, Names extends readonly unknown[]> = Names extends readonly []
  ? Result
  : [Row, Result] extends [Result, Row]
    ? Selected<Row, Names>
    : Result

/** A column whose type is known; none for rows that nobody has described. */
export type KnownColumn<Row> = string extends keyof Row ? never : SelectedName<Row>

/** A column to read one value of. */
export type ValueColumn<Row = AnyRow> = SelectedName<Row> | Expression

/** A column to compute with. */
export type AggregateColumn<Row = AnyRow> = ColumnName<Row> | '*' | Expression

/** The value of a column. */
export type Value<Row, Column> = ValueOf<Row, Column>
