import type { Blueprint } from './blueprint.js'
import type { Change } from './change.js'
import { changesOf, type Describe, Evolution } from './evolution.js'

export type { Describe } from './evolution.js'

/** The structure of one connection's database. Table names are without the connection's prefix. */
export class SchemaBuilder extends Evolution {
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
  async create<B extends Blueprint = Blueprint>(table: string, describe: Describe<B>): Promise<void> {
    await this.#apply(await changesOf(table, describe, true))
  }

  /** The same as {@link create}. */
  async createTable<B extends Blueprint = Blueprint>(table: string, describe: Describe<B>): Promise<void> {
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
  async table<B extends Blueprint = Blueprint>(table: string, describe: Describe<B>): Promise<void> {
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
    const tables = await this.executor.inspect({ ask: 'tables', current: true })
    if (tables.length === 0) return
    const names = tables.map(({ schema, name }) => ({ schema, name }))
    await this.#apply([{ kind: 'dropAllTables', tables: names }])
  }

  /**
   * All views of the current namespace go.
   *
   * @example
   * await Schema.dropAllViews() // drop view "public"."active_users" cascade
   */
  async dropAllViews(): Promise<void> {
    const views = await this.executor.inspect({ ask: 'views', current: true })
    if (views.length === 0) return
    await this.#apply([{ kind: 'dropViews', views: views.map(({ schema, name }) => ({ schema, name })) }])
  }

  /**
   * All types of the current namespace that users made go, whatever uses them; those of extensions stay. PostgreSQL
   * only.
   *
   * @throws UnsupportedException on other databases.
   * @example
   * await Schema.dropAllTypes() // drop type if exists "public"."mood" cascade
   */
  async dropAllTypes(): Promise<void> {
    const types = await this.executor.inspect({ ask: 'types', current: true })
    const named = (isDomain: boolean) =>
      types.filter(({ type }) => (type === 'domain') === isDomain).map(({ schema, name }) => ({ schema, name }))
    await this.#apply([{ kind: 'dropTypes', types: named(false), domains: named(true) }])
  }

  /**
   * A new database on the same server. PostgreSQL makes none in a transaction.
   *
   * @throws UnsupportedException on SQLite, where a database is a file.
   * @example
   * await Schema.createDatabase('reports') // create database "reports"
   */
  async createDatabase(name: string): Promise<void> {
    await this.#apply([{ kind: 'createDatabase', name }])
  }

  /**
   * A database goes, with everything in it, if it is there.
   *
   * @throws UnsupportedException on SQLite, where a database is a file.
   * @example
   * await Schema.dropDatabaseIfExists('reports') // drop database if exists "reports"
   */
  async dropDatabaseIfExists(name: string): Promise<void> {
    await this.#apply([{ kind: 'dropDatabase', name }])
  }

  /**
   * An extension of the server is there. PostgreSQL only.
   *
   * @throws UnsupportedException on other databases.
   * @example
   * await Schema.ensureExtensionExists('citext') // create extension if not exists "citext"
   */
  async ensureExtensionExists(name: string): Promise<void> {
    await this.#apply([{ kind: 'createExtension', name }])
  }

  /** The extension that `vector()` needs is there. See {@link ensureExtensionExists}. */
  async ensureVectorExtensionExists(): Promise<void> {
    await this.ensureExtensionExists('vector')
  }

  /**
   * Alters a table that has a column.
   *
   * @example
   * await Schema.whenTableHasColumn('users', 'nick', (table) => table.dropColumn('nick'))
   */
  async whenTableHasColumn<B extends Blueprint = Blueprint>(
    table: string,
    column: string,
    describe: Describe<B>,
  ): Promise<void> {
    if (await this.hasColumn(table, column)) await this.table(table, describe)
  }

  /**
   * Alters a table that lacks a column.
   *
   * @example
   * await Schema.whenTableDoesntHaveColumn('users', 'nick', (table) => table.string('nick').nullable())
   */
  async whenTableDoesntHaveColumn<B extends Blueprint = Blueprint>(
    table: string,
    column: string,
    describe: Describe<B>,
  ): Promise<void> {
    if (!(await this.hasColumn(table, column))) await this.table(table, describe)
  }

  /**
   * Alters a table that has an index. See {@link hasIndex}.
   *
   * @example
   * await Schema.whenTableHasIndex('users', ['email'], (table) => table.dropIndex(['email']))
   */
  async whenTableHasIndex<B extends Blueprint = Blueprint>(
    table: string,
    index: string | readonly string[],
    describe: Describe<B>,
    type?: string,
  ): Promise<void> {
    if (await this.hasIndex(table, index, type)) await this.table(table, describe)
  }

  /**
   * Alters a table that lacks an index. See {@link hasIndex}.
   *
   * @example
   * await Schema.whenTableDoesntHaveIndex('users', ['email'], (table) => table.index('email'))
   */
  async whenTableDoesntHaveIndex<B extends Blueprint = Blueprint>(
    table: string,
    index: string | readonly string[],
    describe: Describe<B>,
    type?: string,
  ): Promise<void> {
    if (!(await this.hasIndex(table, index, type))) await this.table(table, describe)
  }

  /**
   * The statements that {@link create} or {@link table} would run.
   *
   * @example
   * await Schema.toSql('users', (table) => table.string('nick').nullable())
   * // ['alter table "users" add column "nick" varchar(255) null']
   */
  async toSql<B extends Blueprint = Blueprint>(
    table: string,
    describe: Describe<B>,
    kind: 'create' | 'table' = 'table',
  ): Promise<string[]> {
    const changes = await changesOf(table, describe, kind === 'create')
    return this.executor.evolution({ do: 'schema.plan', changes })
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
    return this.executor.pin(async () => {
      await this.disableForeignKeyConstraints()
      try {
        return await work()
      } finally {
        await this.enableForeignKeyConstraints()
      }
    })
  }

  async #apply(changes: Change[]): Promise<void> {
    if (changes.length > 0) await this.executor.applyChanges(changes)
  }
}
