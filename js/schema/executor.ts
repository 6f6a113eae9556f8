import type { Change } from './change.js'
import type { Database, Inspection } from './database.js'

/** What the catalogue is asked. Mirrors `Question` in `src/dialect/ansi/inspect.rs`. */
export type Question =
  | { ask: 'hasTable'; table: string }
  | { ask: 'tables'; schema?: string; current?: boolean }
  | { ask: 'views'; schema?: string; current?: boolean }
  | { ask: 'types'; schema?: string; current?: boolean }
  | { ask: 'schemas' | 'currentSchemas' }
  | { ask: 'columns'; table: string }
  | { ask: 'indexes'; table: string }
  | { ask: 'foreignKeys'; table: string }

/** A table, as the catalogue describes it. */
export interface TableInfo {
  name: string
  /** The namespace it is in. */
  schema: string | null
  /** In bytes, where the database knows. */
  size: number | null
  comment: string | null
  collation: string | null
  engine: string | null
}

/** A view, as the catalogue describes it. */
export interface ViewInfo {
  name: string
  /** The namespace it is in. */
  schema: string | null
  /** Its SQL; `null` where this user may not read it. */
  definition: string | null
}

/** A type that a user made, as the catalogue describes it. */
export interface TypeInfo {
  name: string
  /** The namespace it is in. */
  schema: string
  /** `enum`, `composite`, `domain`, `range`, `base`…; on SQL Server `alias`, `table` or `assembly`. */
  type: string
  /**
   * PostgreSQL's letter for what it is like: `E`, `C`, `N`…; on SQL Server what an alias stands for, and `null` for
   * others.
   */
  category: string | null
}

/** A namespace, as the catalogue describes it. */
export interface NamespaceInfo {
  name: string
  /** SQLite: the database's file. */
  path: string | null
  /** Whether names without a namespace are looked up here. */
  default: boolean
}

/** A column, as the catalogue describes it. */
export interface ColumnInfo {
  name: string
  /** The type's name alone: `varchar`. */
  type_name: string
  /** The type with its parameters: `character varying(255)`. */
  type: string
  collation: string | null
  nullable: boolean
  /** The default as SQL text; `null` for none. */
  default: string | null
  auto_increment: boolean
  comment: string | null
  generation: { type: 'stored' | 'virtual'; expression: string | null } | null
}

/** An index, as the catalogue describes it. */
export interface IndexInfo {
  name: string
  columns: string[]
  /** `btree`, `gin`, `fulltext`…; `null` on SQLite. */
  type: string | null
  unique: boolean
  primary: boolean
}

/** A foreign key, as the catalogue describes it. */
export interface ForeignKeyInfo {
  /** `null` on SQLite, which keeps no names. */
  name: string | null
  columns: string[]
  foreign_schema: string | null
  foreign_table: string
  foreign_columns: string[]
  on_update: string
  on_delete: string
}

/** The answer to each question. */
export interface Answers {
  hasTable: boolean
  tables: TableInfo[]
  views: ViewInfo[]
  types: TypeInfo[]
  schemas: NamespaceInfo[]
  currentSchemas: string[]
  columns: ColumnInfo[]
  indexes: IndexInfo[]
  foreignKeys: ForeignKeyInfo[]
}

/** What the engine is asked about structures as data. Mirrors commands of `src/bridge/command.rs`. */
export type EvolutionCommand =
  | { do: 'schema.settle'; changes: readonly Change[] }
  | { do: 'schema.plan'; changes: readonly Change[]; settled?: boolean }
  | { do: 'schema.diff'; current: Database; wanted: Database }
  | { do: 'schema.evolve' | 'schema.undo'; database: Database; changes: readonly Change[] }

/** The answer to each. */
export interface EvolutionAnswers {
  'schema.settle': Change[]
  'schema.plan': string[]
  'schema.diff': Change[]
  'schema.evolve': Database
  'schema.undo': Change[]
}

/** What the schema builder needs of a connection. */
export interface SchemaExecutor {
  /** `pgsql`, `mysql`, `mariadb`, `sqlite` or `sqlserver`. */
  readonly driverName: string

  /** What is put before every table's name. */
  getTablePrefix(): string

  /**
   * Runs the statements of `changes`, in order, on one connection; several of them in one
   * transaction where the database can.
   *
   * @param settled - Whether everything is said in them, the connection's prefix included.
   * @throws UnsupportedException or InvalidArgumentException before anything is sent.
   */
  applyChanges(changes: readonly Change[], settled?: boolean): Promise<void>

  /** Asks the engine about structures as data. */
  evolution<C extends EvolutionCommand>(command: C): Promise<EvolutionAnswers[C['do']]>

  /** The structure of the database. */
  inspectDatabase(inspection: Inspection): Promise<Database>

  /** Asks the catalogue. */
  inspect<Q extends Question>(question: Q): Promise<Answers[Q['ask']]>

  /** Runs `work` with one connection, which everything inside uses. */
  pin<T>(work: () => Promise<T>): Promise<T>
}
