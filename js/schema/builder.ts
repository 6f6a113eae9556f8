import { Blueprint } from './blueprint.js'
import type { Change } from './change.js'
import type { ColumnInfo, ForeignKeyInfo, IndexInfo, SchemaExecutor, TableInfo } from './executor.js'

/** Describes a table; may be asynchronous. */
export type Describe = (table: Blueprint) => unknown

/** The structure of one connection's database. Table names are without the connection's prefix. */
export class SchemaBuilder {
  readonly #executor: SchemaExecutor

  constructor(executor: SchemaExecutor) {
    this.#executor = executor
  }

  /**
   * A new table.
   *
   * @throws QueryException when it exists; UnsupportedException and InvalidArgumentException before anything is sent.
   * @example
   * await Schema.create('users', (table) => {
   *   table.id()
   *   table.string('email').unique()
   *   table.timestamps()
   * })
   * // create table "users" ("id" bigserial not null primary key, "email" varchar(255) not null, …)
   * // alter table "users" add constraint "users_email_unique" unique ("email")
   */
  async create(table: string, describe: Describe): Promise<void> {
    await this.#apply(await changesOf(table, describe, true))
  }

  /** The same as {@link create}. */
  async createTable(table: string, describe: Describe): Promise<void> {
    await this.create(table, describe)
  }

  /**
   * Alters a table.
   *
   * @throws QueryException when it is missing; UnsupportedException and InvalidArgumentException before anything is sent.
   * @example
   * await Schema.table('users', (table) => table.string('nick').nullable())
   * // alter table "users" add column "nick" varchar(255) null
   */
  async table(table: string, describe: Describe): Promise<void> {
    await this.#apply(await changesOf(table, describe, false))
  }

  /**
   * A table goes, with its rows.
   *
   * @throws QueryException when it is missing, or others refer to it.
   * @example
   * await Schema.drop('users') // drop table "users"
   */
  async drop(table: string): Promise<void> {
    await this.#apply([{ kind: 'dropTable', table }])
  }

  /**
   * A table goes, with its rows, if it is there.
   *
   * @example
   * await Schema.dropIfExists('users') // drop table if exists "users"
   */
  async dropIfExists(table: string): Promise<void> {
    await this.#apply([{ kind: 'dropTable', table, ifExists: true }])
  }

  /**
   * A table gets another name.
   *
   * @example
   * await Schema.rename('posts', 'articles') // alter table "posts" rename to "articles"
   */
  async rename(from: string, to: string): Promise<void> {
    await this.#apply([{ kind: 'renameTable', table: from, to }])
  }

  /**
   * Columns go, with their values.
   *
   * @example
   * await Schema.dropColumns('users', ['nick']) // alter table "users" drop column "nick"
   */
  async dropColumns(table: string, columns: string | readonly string[]): Promise<void> {
    await this.table(table, (blueprint) => blueprint.dropColumn(columns))
  }

  /**
   * All tables of the current namespace go, whatever refers to them.
   *
   * @example
   * await Schema.dropAllTables() // drop table "public"."posts", "public"."users" cascade
   */
  async dropAllTables(): Promise<void> {
    const tables = await this.#executor.inspect({ ask: 'tables', current: true })
    if (tables.length === 0) return
    const names = tables.map(({ schema, name }) => ({ schema, name }))
    await this.#apply([{ kind: 'dropAllTables', tables: names }])
  }

  /**
   * The statements that {@link create} or {@link table} would run.
   *
   * @example
   * await Schema.toSql('users', (table) => table.string('nick').nullable())
   * // ['alter table "users" add column "nick" varchar(255) null']
   */
  async toSql(table: string, describe: Describe, kind: 'create' | 'table' = 'table'): Promise<string[]> {
    return this.#executor.planChanges(await changesOf(table, describe, kind === 'create'))
  }

  /** Whether there is such a table. A view is none. */
  async hasTable(table: string): Promise<boolean> {
    return this.#executor.inspect({ ask: 'hasTable', table })
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
   * @throws TypeError when there is no such column.
   * @example
   * await Schema.getColumnType('users', 'email') // varchar
   */
  async getColumnType(table: string, column: string, withParameters = false): Promise<string> {
    const columns = await this.getColumns(table)
    const found = columns.find(({ name }) => name.toLowerCase() === column.toLowerCase())
    if (found === undefined) throw new TypeError(`${table} has no column ${column}`)
    return withParameters ? found.type : found.type_name
  }

  /** A table's columns, in order; none when the table is missing. */
  async getColumns(table: string): Promise<ColumnInfo[]> {
    return this.#executor.inspect({ ask: 'columns', table })
  }

  /** A table's indexes. */
  async getIndexes(table: string): Promise<IndexInfo[]> {
    return this.#executor.inspect({ ask: 'indexes', table })
  }

  /** A table's references to other tables. */
  async getForeignKeys(table: string): Promise<ForeignKeyInfo[]> {
    return this.#executor.inspect({ ask: 'foreignKeys', table })
  }

  /**
   * The tables of the database, or of one namespace, by name. Names carry the connection's prefix.
   *
   * @param schema - The namespace; left out, all but the server's own.
   */
  async getTables(schema?: string): Promise<TableInfo[]> {
    return this.#executor.inspect({ ask: 'tables', ...(schema !== undefined && { schema }) })
  }

  /** The names of the tables of the current namespace. */
  async getAllTables(): Promise<string[]> {
    return (await this.#executor.inspect({ ask: 'tables', current: true })).map((table) => table.name)
  }

  /**
   * Foreign keys are checked again. See {@link withoutForeignKeyConstraints}.
   *
   * @example
   * await Schema.enableForeignKeyConstraints() // SET FOREIGN_KEY_CHECKS=1;
   */
  async enableForeignKeyConstraints(): Promise<void> {
    await this.#apply([{ kind: 'checkForeignKeys', enabled: true }])
  }

  /**
   * Foreign keys of this session are no longer checked. A session is one connection of the pool: prefer
   * {@link withoutForeignKeyConstraints}, which keeps one.
   *
   * @example
   * await Schema.disableForeignKeyConstraints() // SET FOREIGN_KEY_CHECKS=0;
   */
  async disableForeignKeyConstraints(): Promise<void> {
    await this.#apply([{ kind: 'checkForeignKeys', enabled: false }])
  }

  /**
   * Runs work on one connection that does not check foreign keys. On PostgreSQL, deferrable keys are checked at the end
   * of the transaction, and others as always. SQLite cannot switch inside a transaction.
   *
   * @returns What the work returns.
   * @example
   * await Schema.withoutForeignKeyConstraints(async () => {
   *   await Schema.drop('users')
   * })
   */
  async withoutForeignKeyConstraints<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#executor.pin(async () => {
      await this.disableForeignKeyConstraints()
      try {
        return await work()
      } finally {
        await this.enableForeignKeyConstraints()
      }
    })
  }

  async #apply(changes: Change[]): Promise<void> {
    if (changes.length > 0) await this.#executor.applyChanges(changes)
  }
}

async function changesOf(table: string, describe: Describe, isNew: boolean): Promise<Change[]> {
  const blueprint = new Blueprint(table, isNew)
  await describe(blueprint)
  return blueprint.toChanges()
}
