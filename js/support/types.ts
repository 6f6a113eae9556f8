/** Types that every layer shares. */

/** A row of a result: the column names are its keys. */
export type Row = Record<string, unknown>

/** A value that can be bound to a placeholder. Plain objects and arrays become JSON, or PostgreSQL arrays. */
export type Bindable =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | ArrayBufferView
  | ArrayBuffer
  | readonly unknown[]
  | object

/** Values for `?` or `$1` in order, or an object for `:name`. */
export type Bindings = readonly unknown[] | Readonly<Record<string, unknown>>
