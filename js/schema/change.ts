/**
 * The wire contract with `src/schema`: alterations of a database's structure as plain JSON.
 * Every type here mirrors the Rust type of the same name; an unknown field is refused there.
 */

/** What a column holds. */
export type ColumnType =
  | { kind: 'tinyInteger' | 'smallInteger' | 'mediumInteger' | 'integer' | 'bigInteger' }
  | { kind: 'double' | 'boolean' | 'json' | 'jsonb' | 'date' | 'year' | 'uuid' | 'ulid' | 'ipAddress' | 'macAddress' }
  | { kind: 'tinyText' | 'text' | 'mediumText' | 'longText' | 'tsVector' }
  | { kind: 'float'; precision?: number | null }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'char' | 'string'; length?: number | null }
  | { kind: 'enum' | 'set'; values: string[] }
  | { kind: 'dateTime' | 'dateTimeTz' | 'time' | 'timeTz' | 'timestamp' | 'timestampTz'; precision?: number | null }
  | { kind: 'binary'; length?: number | null; fixed?: boolean }
  | { kind: 'geometry' | 'geography'; subtype?: string | null; srid?: number | null }
  | { kind: 'vector'; dimensions?: number | null }
  | { kind: 'computed' }
  | { kind: 'raw'; sql: string }

/** What others may do with a table while it is altered. */
export type TableLock = 'none' | 'shared' | 'exclusive' | 'default'

/** What a row gets that does not name the column. */
export type DefaultValue =
  | { kind: 'value'; value: string | number | boolean }
  | { kind: 'raw'; sql: string }
  | { kind: 'current' }

/** What an index is for. */
export type IndexKind = 'primary' | 'unique' | 'index' | 'fulltext' | 'spatial' | 'vector'

/** A column and everything said about it. */
export interface Column {
  name: string
  type: ColumnType
  nullable?: boolean
  default?: DefaultValue
  autoIncrement?: boolean
  startingValue?: number
  unsigned?: boolean
  currentOnUpdate?: boolean
  invisible?: boolean
  charset?: string
  collation?: string
  comment?: string
  generated?: { expression: string; isPath?: boolean; stored: boolean }
  identity?: { always?: boolean; options?: string }
  position?: { kind: 'first' } | { kind: 'after'; column: string }
  using?: string
  instant?: boolean
  lock?: TableLock
  indexes?: { kind: IndexKind; name?: string }[]
}

/** One of the things an index is ordered by; a column of which nothing else is said is just its name. */
export interface IndexColumn {
  column?: string
  expression?: string
  length?: number
  descending?: boolean
  nulls?: 'first' | 'last'
  operatorClass?: string
  collation?: string
}

/** A primary key, a unique constraint or an index. */
export interface Index {
  kind: IndexKind
  columns?: (string | IndexColumn)[]
  expression?: string
  include?: string[]
  where?: string
  withoutConstraint?: boolean
  name?: string
  algorithm?: string
  language?: string
  operatorClass?: string
  online?: boolean
  nullsNotDistinct?: boolean
  deferrable?: boolean
  initiallyImmediate?: boolean
  lock?: TableLock
}

/** What happens to rows that refer to a row that goes away. */
export type ReferentialAction = 'cascade' | 'restrict' | 'set null' | 'set default' | 'no action'

/** A reference to another table. */
export interface ForeignKey {
  columns: string[]
  on?: string
  references?: string[]
  name?: string
  onDelete?: ReferentialAction
  onUpdate?: ReferentialAction
  deferrable?: boolean
  initiallyImmediate?: boolean
  notValid?: boolean
  lock?: TableLock
}

/** A condition that every row of a table meets. */
export interface Check {
  name?: string | null
  expression?: string
  notValid?: boolean
}

/** How a table is stored. */
export interface TableOptions {
  temporary?: boolean
  engine?: string | null
  charset?: string | null
  collation?: string | null
  strict?: boolean
  withoutRowid?: boolean
  partitionBy?: string | null
}

/** A table with its columns. */
export interface Table {
  name: string
  columns: Column[]
  indexes?: Index[]
  foreignKeys?: ForeignKey[]
  checks?: Check[]
  comment?: string | null
  options?: TableOptions
}

/** A table's name as the catalogue gives it. */
export interface TableName {
  schema?: string | null
  name: string
}

/** One alteration of a database's structure. */
export type Change =
  | { kind: 'createTable'; table: Table }
  | { kind: 'dropTable'; table: string; ifExists?: boolean }
  | { kind: 'dropAllTables'; tables: TableName[] }
  | { kind: 'dropViews'; views: TableName[] }
  | { kind: 'dropTypes'; types: TableName[]; domains: TableName[] }
  | { kind: 'renameTable'; table: string; to: string }
  | { kind: 'commentTable'; table: string; comment: string }
  | { kind: 'addColumn'; table: string; column: Column }
  | { kind: 'changeColumn'; table: string; column: Column }
  | { kind: 'renameColumn'; table: string; column: string; to: string }
  | { kind: 'dropColumns'; table: string; columns: string[]; instant?: boolean; lock?: TableLock }
  | { kind: 'addIndex'; table: string; index: Index }
  | { kind: 'dropIndex'; table: string; index: Index }
  | { kind: 'renameIndex'; table: string; index: string; to: string }
  | { kind: 'addForeignKey'; table: string; foreignKey: ForeignKey }
  | { kind: 'dropForeignKey'; table: string; foreignKey: ForeignKey }
  | { kind: 'addCheck' | 'dropCheck'; table: string; check: Check }
  | { kind: 'createDatabase' | 'dropDatabase' | 'createExtension'; name: string }
  | { kind: 'checkForeignKeys'; enabled: boolean }
