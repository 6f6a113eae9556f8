import type { Connection } from '../connection/connection'
import { ConnectionManager } from '../connection/manager'
import { Blueprint } from './blueprint'
import type { Change } from './change'

/**
 * The SQL of schema changes of one kind of database, without a connection to it.
 *
 * @example
 * new PostgresSchemaGrammar().compileCreate('users', (table) => table.id())
 * // ['create table "users" ("id" bigserial not null primary key)']
 */
export class SchemaGrammar {
  protected readonly driver: string = 'mysql'
  #prefix = ''
  #made: Connection | undefined

  setTablePrefix(prefix: string): void {
    this.#prefix = prefix
    this.#made = undefined
  }

  getTablePrefix(): string {
    return this.#prefix
  }

  /** A name in quotes. */
  wrap(name: string): string {
    return this.#connection().getQueryGrammar().wrap(name)
  }

  /** The name of a table in quotes, with the prefix. */
  wrapTable(table: string): string {
    return this.#connection().getQueryGrammar().wrapTable(table)
  }

  /** The statements that make a table. */
  compileCreate(table: string, define: (table: Blueprint) => unknown): string[] {
    return this.#described(new Blueprint(table, true), define)
  }

  /** The statements that change a table. SQLite has to see the table for some of them: `Schema.plan()` does. */
  compileTable(table: string, define: (table: Blueprint) => unknown): string[] {
    return this.#described(new Blueprint(table, false), define)
  }

  compileDropTable(table: string): string {
    return this.#one({ kind: 'dropTable', table })
  }

  compileDropTableIfExists(table: string): string {
    return this.#one({ kind: 'dropTable', table, ifExists: true })
  }

  compileRenameTable(from: string, to: string): string {
    return this.#one({ kind: 'renameTable', table: from, to })
  }

  compileRenameColumn(table: string, column: string, to: string): string {
    return this.#one({ kind: 'renameColumn', table, column, to })
  }

  compileDropColumn(table: string, column: string): string {
    return this.#one({ kind: 'dropColumns', table, columns: [column] })
  }

  compileEnableForeignKeyConstraints(): string {
    return this.#one({ kind: 'checkForeignKeys', enabled: true })
  }

  compileDisableForeignKeyConstraints(): string {
    return this.#one({ kind: 'checkForeignKeys', enabled: false })
  }

  /** The statements of changes as data. */
  compile(changes: readonly Change[]): string[] {
    return this.#connection().planChanges(changes)
  }

  #described(blueprint: Blueprint, define: (table: Blueprint) => unknown): string[] {
    define(blueprint)
    return this.compile(blueprint.toChanges())
  }

  #one(change: Change): string {
    return this.compile([change]).join('; ')
  }

  /** Nothing is opened: a connection of no server knows the SQL of its kind as well. */
  #connection(): Connection {
    const options = { driver: this.driver, database: ':memory:', prefix: this.#prefix }
    this.#made ??= new ConnectionManager().addConnection(options)
    return this.#made
  }
}

export class MySqlSchemaGrammar extends SchemaGrammar {}

export class PostgresSchemaGrammar extends SchemaGrammar {
  protected override readonly driver = 'pgsql'
}

export class SqliteSchemaGrammar extends SchemaGrammar {
  protected override readonly driver = 'sqlite'
}
