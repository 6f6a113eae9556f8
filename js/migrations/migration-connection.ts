/** What migrations and seeders need of a connection. `Connection` is one; nothing else is assumed of it. */

import type { StatementWatcher } from '../connection/statement-watcher'
import type { ColumnValues } from '../query/arguments'
import type { Blueprint } from '../schema/blueprint'

export type Row = Record<string, unknown>

/** SQL with the values of its placeholders. */
export interface Statement {
  sql: string
  bindings: readonly unknown[]
}

/** The part of a schema builder that this layer calls itself; user code sees the whole builder. */
export interface MigrationSchema {
  create(table: string, define: (table: Blueprint) => void): Promise<unknown>
  table(table: string, define: (table: Blueprint) => void): Promise<unknown>
  drop(table: string): Promise<unknown>
  dropIfExists(table: string): Promise<unknown>
  rename(from: string, to: string): Promise<unknown>
  hasTable(table: string): Promise<boolean>
  hasColumn(table: string, column: string): Promise<boolean>
  dropAllTables(): Promise<unknown>
}

/** The part of a query builder that this layer calls itself. */
export interface MigrationQuery {
  insert(rows: ColumnValues | readonly ColumnValues[]): PromiseLike<unknown>
  count(): PromiseLike<number | string>
}

export interface MigrationConnection {
  /** `pgsql`, `mysql`, `mariadb`, `sqlite` or `sqlserver`. */
  getDriverName(): string
  /** What is put before the name of every table. */
  getTablePrefix?(): string
  /** The name it is configured under. */
  getName?(): string | undefined
  select(sql: string, bindings?: readonly unknown[]): PromiseLike<Row[]>
  insert(sql: string, bindings?: readonly unknown[]): PromiseLike<unknown>
  update(sql: string, bindings?: readonly unknown[]): PromiseLike<unknown>
  delete(sql: string, bindings?: readonly unknown[]): PromiseLike<unknown>
  statement(sql: string, bindings?: readonly unknown[]): PromiseLike<unknown>
  /** The rows one by one, without holding all of them. */
  cursor(sql: string, bindings?: readonly unknown[]): AsyncIterable<Row>
  /** Several statements in one text, without values. */
  unprepared(sql: string): PromiseLike<unknown>
  table(name: string): MigrationQuery
  schema(): MigrationSchema
  /** Runs `work` in a transaction; global `DB`, `Schema` and models inside it use that transaction. */
  transaction<T>(work: (transaction: this) => Promise<T>): Promise<T>
  /** Keeps one session of the pool for `work`; global `DB`, `Schema` and models inside it use that session. */
  pin<T>(work: (pinned: this) => Promise<T>): Promise<T>
  /** Runs `work` with writes recorded instead of sent. */
  pretend(work: () => unknown): Promise<Statement[]>
  /** Lets `watcher` see every statement of this transaction or pinned connection while `work` runs. */
  watched<T>(watcher: StatementWatcher, work: () => Promise<T>): Promise<T>
  /** Runs `work` outside of every transaction and pinned session of this connection. */
  outsideTransaction<T>(work: () => T): T
  /** What the engine says of a command that needs no database. */
  nativeNow(command: object): unknown
  /** Sends a command to the engine and gives its answer. */
  native(command: object): Promise<unknown>
}
