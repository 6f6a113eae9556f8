import { InvalidArgumentException } from '../errors.js'
import type {
  ColumnInfo,
  ForeignKeyInfo,
  IndexInfo,
  NamespaceInfo,
  SchemaExecutor,
  TableInfo,
  TypeInfo,
  ViewInfo,
} from './executor.js'

/** What the catalogue of one connection's database says. Table names are without the connection's prefix. */
export class Catalogue {
  /** How the database is reached. */
  protected readonly executor: SchemaExecutor

  constructor(executor: SchemaExecutor) {
    this.executor = executor
  }

  /** The connection whose database it is. */
  getConnection(): SchemaExecutor {
    return this.executor
  }

  /** Whether there is such a table. A view is none. */
  async hasTable(table: string): Promise<boolean> {
    return this.executor.inspect({ ask: 'hasTable', table })
  }

  /** Whether a table has a column; case does not matter. */
  async hasColumn(table: string, column: string): Promise<boolean> {
    return this.hasColumns(table, [column])
  }

  /** Whether a table has all these columns; case does not matter. */
  async hasColumns(table: string, columns: readonly string[]): Promise<boolean> {
    const names = new Set((await this.getColumnListing(table)).map((name) => name.toLowerCase()))
    return columns.every((column) => names.has(column.toLowerCase()))
  }

  /**
   * Whether a table has an index.
   *
   * @param index - Its name, or its columns in order.
   * @param type - `primary`, `unique`, or a type such as `btree`.
   */
  async hasIndex(table: string, index: string | readonly string[], type?: string): Promise<boolean> {
    const isWanted = (found: IndexInfo) =>
      typeof index === 'string' ? found.name === index : found.columns.join('\0') === index.join('\0')
    const isOfType = (found: IndexInfo) =>
      type === undefined ||
      (type === 'primary' && found.primary) ||
      (type === 'unique' && found.unique) ||
      found.type === type
    return (await this.getIndexes(table)).some((found) => isWanted(found) && isOfType(found))
  }

  /** The names of a table's columns, in order; none when the table is missing. */
  async getColumnListing(table: string): Promise<string[]> {
    return (await this.getColumns(table)).map((column) => column.name)
  }

  /**
   * The type of a column, as the database calls it.
   *
   * @param withParameters - Whether lengths and precisions are part of it.
   * @throws InvalidArgumentException when there is no such column.
   * @example
   * await Schema.getColumnType('users', 'email') // varchar
   */
  async getColumnType(table: string, column: string, withParameters = false): Promise<string> {
    const columns = await this.getColumns(table)
    const found = columns.find(({ name }) => name.toLowerCase() === column.toLowerCase())
    if (found === undefined) throw new InvalidArgumentException(`${table} has no column ${column}`)
    return withParameters ? found.type : found.type_name
  }

  /** A table's columns, in order; none when the table is missing. */
  async getColumns(table: string): Promise<ColumnInfo[]> {
    return this.executor.inspect({ ask: 'columns', table })
  }

  /** A table's indexes. */
  async getIndexes(table: string): Promise<IndexInfo[]> {
    return this.executor.inspect({ ask: 'indexes', table })
  }

  /** A table's references to other tables. */
  async getForeignKeys(table: string): Promise<ForeignKeyInfo[]> {
    return this.executor.inspect({ ask: 'foreignKeys', table })
  }

  /**
   * The tables of the database, or of one namespace, by name. Names carry the connection's prefix.
   *
   * @param schema - The namespace; left out, all but the server's own.
   */
  async getTables(schema?: string): Promise<TableInfo[]> {
    return this.executor.inspect({ ask: 'tables', ...(schema !== undefined && { schema }) })
  }

  /** The names of the tables of the current namespace. */
  async getAllTables(): Promise<string[]> {
    return (await this.executor.inspect({ ask: 'tables', current: true })).map((table) => table.name)
  }

  /**
   * The names of the tables of the database, or of one namespace.
   *
   * @param qualified - Whether each begins with its namespace.
   * @example
   * await Schema.getTableListing() // ['public.posts', 'public.users']
   */
  async getTableListing(schema?: string, qualified = true): Promise<string[]> {
    const tables = await this.getTables(schema)
    return tables.map((table) => (qualified && table.schema !== null ? `${table.schema}.${table.name}` : table.name))
  }

  /** The names of a table's indexes. */
  async getIndexListing(table: string): Promise<string[]> {
    return (await this.getIndexes(table)).map((index) => index.name)
  }

  /**
   * Whether there is such a view in the current namespace, or in the one that is named; case does not matter.
   *
   * @example
   * await Schema.hasView('reports.active_users')
   */
  async hasView(view: string): Promise<boolean> {
    const dot = view.lastIndexOf('.')
    const wanted = `${this.executor.getTablePrefix()}${view.slice(dot + 1)}`.toLowerCase()
    const namespace = dot < 0 ? { current: true } : { schema: view.slice(0, dot) }
    const views = await this.executor.inspect({ ask: 'views', ...namespace })
    return views.some(({ name }) => name.toLowerCase() === wanted)
  }

  /**
   * The views of the database, or of one namespace, by name. Names carry the connection's prefix.
   *
   * @param schema - The namespace; left out, all but the server's own.
   * @example
   * await Schema.getViews() // [{ name: 'active_users', schema: 'public', definition: 'select …' }]
   */
  async getViews(schema?: string): Promise<ViewInfo[]> {
    if (schema !== undefined) return this.executor.inspect({ ask: 'views', schema })
    if (this.executor.driverName !== 'sqlite') return this.executor.inspect({ ask: 'views' })
    // Each attached database of SQLite keeps the text of its views to itself, and is attached to one connection.
    return this.executor.pin(async () => {
      const views: ViewInfo[] = []
      for (const { name } of await this.getSchemas()) views.push(...(await this.getViews(name)))
      return views
    })
  }

  /**
   * The types that users made, by name; those of extensions are none of them. PostgreSQL and SQL Server only.
   *
   * @param schema - The namespace; left out, all but the server's own.
   * @throws UnsupportedException on other databases.
   * @example
   * await Schema.getTypes() // [{ name: 'mood', schema: 'public', type: 'enum', category: 'E' }]
   */
  async getTypes(schema?: string): Promise<TypeInfo[]> {
    return this.executor.inspect({ ask: 'types', ...(schema !== undefined && { schema }) })
  }

  /** The namespaces of the database that are not the server's own: on MySQL the databases, on SQLite the files. */
  async getSchemas(): Promise<NamespaceInfo[]> {
    return this.executor.inspect({ ask: 'schemas' })
  }

  /**
   * The namespaces in which names without one are looked up, in order: on PostgreSQL those of the search path that are
   * there, on MySQL the current database, on SQLite `main`.
   *
   * @example
   * await Schema.getCurrentSchemaListing() // ['public']
   */
  async getCurrentSchemaListing(): Promise<string[]> {
    return this.executor.inspect({ ask: 'currentSchemas' })
  }

  /**
   * The namespace in which names without one are looked up first; `null` when there is none.
   *
   * @example
   * await Schema.getCurrentSchemaName() // public
   */
  async getCurrentSchemaName(): Promise<string | null> {
    return (await this.getCurrentSchemaListing())[0] ?? null
  }
}
