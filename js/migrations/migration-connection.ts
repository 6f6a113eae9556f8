/** What migrations and seeders need of a connection. `Connection` is one; nothing else is assumed of it. */

import type { EdgeStatement, LastStatement } from '../connection/edged-transactions'
import type { PretenceReader, PretendedQuery } from '../connection/pretence'
import type { StatementWatcher } from '../connection/statement-watcher'
import type { ColumnValues } from '../query/arguments'
import type { Blueprint } from '../schema/blueprint'
import type { Change } from '../schema/change'
import type { Database } from '../schema/database'
import type { EvolutionAnswers, EvolutionCommand } from '../schema/executor'
import type { Later } from '../support/later'

export type Row = Record<string, unknown>

/** SQL with the values of its placeholders. */
export interface Statement {
  sql: string
  bindings: readonly unknown[]
  /** Its author vouches for it (`safetyAssured`). */
  isAssured?: true
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
  /** Rows in the order of a key, `size` at a time. */
  chunkById(size: number, each: (rows: Row[]) => unknown, key?: string): Promise<unknown>
}

export interface MigrationConnection {
  /** `pgsql`, `mysql`, `mariadb`, `sqlite` or `sqlserver`. */
  getDriverName(): string
  /** The name it is configured under. */
  getName?(): string | undefined
  select(sql: string, bindings?: readonly unknown[], options?: { timeout?: number }): PromiseLike<Row[]>
  insert(sql: string, bindings?: readonly unknown[]): PromiseLike<unknown>
  /** Inserts a row and answers the key that the database made, where the database tells it. */
  insertGetId(sql: string, bindings?: readonly unknown[]): PromiseLike<number>
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
  /** The same, with a first statement that is sent with its begin, and a last one with its commit. */
  transactionWithin(
    first: EdgeStatement | null,
    work: (transaction: this) => Later<LastStatement | undefined>,
  ): Promise<void>
  /** Keeps one session of the pool for `work`; global `DB`, `Schema` and models inside it use that session. */
  pin<T>(work: (pinned: this) => Promise<T>): Promise<T>
  /** The server's number for the pinned session, as it said at log-in; 0 where there is none. */
  sessionNumber(): number
  /** Runs `work` with its statements collected in `queries` instead of sent; `reader` answers what is read. */
  pretend(work: () => unknown, reader?: PretenceReader, queries?: PretendedQuery[]): Promise<Statement[]>
  /** The zone that dates are told in. */
  readonly timezone: string | undefined
  /** One of the options that it was made with. */
  getConfig(option: string): unknown
  /** What is put before every table name. */
  getTablePrefix(): string
  /** The statements of schema changes. Sends nothing. */
  planChanges(changes: readonly Change[], current?: Database): string[]
  /** Asks the engine about structures as data. */
  evolution<C extends EvolutionCommand>(command: C): Promise<EvolutionAnswers[C['do']]>
  /** Lets `watcher` see every statement of this transaction or pinned connection while `work` runs. */
  watched<T>(watcher: StatementWatcher, work: () => Promise<T>): Promise<T>
  /** Runs `work` outside of every transaction and pinned session of this connection. */
  outsideTransaction<T>(work: () => T): T
  /** Runs `work` with this connection as the one that global `DB`, `Schema` and models use. */
  asDefault<T>(work: () => T): T
  /** What the engine says of a command that needs no database. */
  nativeNow(command: object): unknown
  /** Sends a command to the engine and gives its answer. */
  native(command: object): Promise<unknown>
}
