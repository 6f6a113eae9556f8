import { runAssured } from '../connection/safety'
import type { Backup, RestoreOptions, RestoreResult } from './backups/backup'
import type { MigrationBackups } from './backups/migration-backups'
import type { MigrationConnection, MigrationQuery, MigrationSchema, Row } from './migration-connection'
import { isOneStatement, runScript, sendStatement } from './sql-script'

/**
 * What `up()` and `down()` are given: the session of the migration, with its schema builder's methods on it.
 *
 * Everything here runs inside the migration's transaction, as the global `DB` and `Schema` do meanwhile.
 */
export class MigrationContext {
  connection: MigrationConnection
  schema: MigrationSchema
  /** Undefined while it is pretended. */
  readonly backups: MigrationBackups | undefined
  private readonly afterwards: (() => unknown)[] = []
  private readonly report: (level: 'info' | 'warning', message: string) => void

  /**
   * @param report - Takes what {@link log} and {@link warn} are given.
   * @param backups - Those of the migration; none while it is pretended.
   */
  constructor(
    connection: MigrationConnection,
    report: (level: 'info' | 'warning', message: string) => void = () => {},
    backups?: MigrationBackups,
  ) {
    this.connection = connection
    this.backups = backups
    this.schema = connection.schema()
    this.report = report
  }

  /** This: migrations of TypeORM are given a query runner. */
  get queryRunner(): this {
    return this
  }

  /** This: migrations of other tools are given a client. */
  get client(): this {
    return this
  }

  /** Prints a line about what the migration does. */
  log(message: string): void {
    this.report('info', message)
  }

  /** Prints a warning. */
  warn(message: string): void {
    this.report('warning', message)
  }

  /**
   * Hands the rows of a table on, `size` at a time, in the order of its key. The rows may be changed meanwhile, but for
   * the key.
   *
   * @param key - The column. Default `id`.
   * @example
   * await context.batched('users', 1000, async (users) => {
   *   for (const { id, name } of users) await context.update('update users set slug = ? where id = ?', [slugOf(name), id])
   * })
   * // select * from "users" order by "id" asc limit 1000
   * // select * from "users" where "id" > 1000 order by "id" asc limit 1000
   */
  async batched(table: string, size: number, each: (rows: Row[]) => unknown, key = 'id'): Promise<void> {
    // What it returns is nobody's `false`, which would end the chunks.
    const work = async (rows: Row[]) => void (await each(rows))
    await this.connection.table(table).chunkById(size, work, key)
  }

  /** Whether something waits for the commit. */
  get isWaiting(): boolean {
    return this.afterwards.length > 0
  }

  /** Whether anything was left for {@link finish}. */
  get hasMore(): boolean {
    return this.afterwards.length > 0
  }

  /** Runs what {@link afterCommit} was given, one after the other, on the session that the transaction was on. */
  async finish(session: MigrationConnection): Promise<void> {
    this.connection = session
    this.schema = session.schema()
    for (const work of this.afterwards) await work()
  }

  /**
   * Runs SQL and gives its rows. A text of several statements, without values, runs one after the other on every
   * database, and gives the rows of the last.
   *
   * @example
   * await context.query('create table a (id int); create index a_id on a (id)')
   */
  query(sql: string, bindings: unknown[] = []): PromiseLike<Row[]> {
    return isOneStatement(sql)
      ? this.connection.select(sql, bindings)
      : (runScript(this.connection, sql, bindings, 'select') as Promise<Row[]>)
  }

  select(sql: string, bindings: unknown[] = []): PromiseLike<Row[]> {
    return this.connection.select(sql, bindings)
  }

  insert(sql: string, bindings: unknown[] = []): PromiseLike<unknown> {
    return this.connection.insert(sql, bindings)
  }

  update(sql: string, bindings: unknown[] = []): PromiseLike<unknown> {
    return this.connection.update(sql, bindings)
  }

  delete(sql: string, bindings: unknown[] = []): PromiseLike<unknown> {
    return this.connection.delete(sql, bindings)
  }

  /** Runs any SQL, several statements in one text among it. */
  statement(sql: string, bindings: unknown[] = []): PromiseLike<unknown> {
    return isOneStatement(sql)
      ? sendStatement(this.connection, sql, bindings)
      : runScript(this.connection, sql, bindings, 'statement')
  }

  /** Runs several statements in one text, without values. */
  unprepared(sql: string): PromiseLike<unknown> {
    return this.connection.unprepared(sql)
  }

  /** With a closure: changes the table. Without: a query on it. */
  table(name: string): MigrationQuery
  table(name: string, define: Parameters<MigrationSchema['table']>[1]): Promise<unknown>
  table(name: string, define?: Parameters<MigrationSchema['table']>[1]): MigrationQuery | Promise<unknown> {
    return define === undefined ? this.connection.table(name) : this.schema.table(name, define)
  }

  create(table: string, define: Parameters<MigrationSchema['create']>[1]): Promise<unknown> {
    return this.schema.create(table, define)
  }

  /** The same as {@link create}. */
  createTable(table: string, define: Parameters<MigrationSchema['create']>[1]): Promise<unknown> {
    return this.schema.create(table, define)
  }

  drop(table: string): Promise<unknown> {
    return this.schema.drop(table)
  }

  /** The same as {@link drop}. */
  dropTable(table: string): Promise<unknown> {
    return this.schema.drop(table)
  }

  dropIfExists(table: string): Promise<unknown> {
    return this.schema.dropIfExists(table)
  }

  rename(from: string, to: string): Promise<unknown> {
    return this.schema.rename(from, to)
  }

  hasTable(table: string): Promise<boolean> {
    return this.schema.hasTable(table)
  }

  hasColumn(table: string, column: string): Promise<boolean> {
    return this.schema.hasColumn(table, column)
  }

  /** Runs `work` in a transaction inside the migration's own: a savepoint. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.connection.transaction(work)
  }

  /**
   * The same as {@link transaction}: an error inside can be caught, and what came before it stays.
   *
   * @example
   * await context.savepoint(() => context.statement('drop index old_index')).catch(() => {})
   */
  savepoint<T>(work: () => Promise<T>): Promise<T> {
    return this.connection.transaction(work)
  }

  /**
   * Backs up a table, or one column of it with the primary key, in this migration's transaction.
   *
   * @returns Null when there is no such table or column, or nothing in it; also while it is pretended.
   * @throws BackupError when it cannot be done, or is larger than the limit.
   * @example
   * await context.backup('users', 'nick')
   * await context.statement('alter table users drop column nick')
   */
  async backup(table: string, column?: string): Promise<Backup | null> {
    return (await this.backups?.take(this.connection, table, column)) ?? null
  }

  /** The newest backup that can bring a table, or a column of it, back; null when there is none. */
  async latestBackup(table: string, column?: string): Promise<Backup | null> {
    return (await this.backups?.latest(this.connection, table, column)) ?? null
  }

  /**
   * Brings a backup back, in this migration's transaction: for `down()`. Removes no row.
   *
   * @throws MigrationError when it cannot be done so.
   * @example
   * await context.table('users', (table) => table.string('nick').nullable())
   * const backup = await context.latestBackup('users', 'nick')
   * if (backup) await context.restoreFromBackup(backup)
   */
  async restoreFromBackup(backup: Backup, options: RestoreOptions = {}): Promise<RestoreResult | null> {
    return (await this.backups?.restore(this.connection, backup, options)) ?? null
  }

  /**
   * Runs `work` with statements that you vouch for: lint says nothing about them.
   *
   * @example
   * await context.safetyAssured(() => context.drop('sessions'))
   */
  safetyAssured<T>(work: () => T | PromiseLike<T>): Promise<T> {
    return runAssured(work)
  }

  /**
   * Runs `work` once this migration is committed and recorded, outside of its transaction: for what the database
   * refuses inside of one.
   *
   * @example
   * context.afterCommit(() => context.statement('create index concurrently posts_title on posts (title)'))
   */
  afterCommit(work: () => unknown): void {
    this.afterwards.push(work)
  }
}
