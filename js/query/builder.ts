import { inspect } from 'node:util'
import { InvalidArgumentException, RecordNotFoundException } from '../errors'
import type { ValueArgument } from './arguments'
import type { Source } from './ast'
import { Chunks } from './chunks'
import type { AnyRow, ColumnName } from './columns'
import type { QueryExecutor } from './executor'
import { type Expression, raw } from './expression'
import { inlineBindings } from './inline-bindings'
import { JoinClause } from './join-clause'
import type { SelectArgument } from './selects'

/** Columns for a call that reads rows. The columns of `select()`, if there are any, win. */
type Columns<Row = AnyRow> = readonly (SelectArgument<Row> | readonly SelectArgument<Row>[])[]

/**
 * A query on its way: `DB.table('users')`.
 *
 * Methods that add a clause change the builder and answer it. Calls that run the query never change it.
 */
export class QueryBuilder<Row = AnyRow, Result = Row> extends Chunks<Row, Result> {
  /** Marks builders whose rows are plain objects, for types alone: `select` changes what their rows are. */
  declare readonly readsPlainRows: true

  constructor(executor: QueryExecutor, from?: Source) {
    super(executor, from)
  }

  /** An empty builder on the same connection. */
  newQuery(): QueryBuilder {
    return new QueryBuilder(this.executor)
  }

  protected override newJoinClause(): JoinClause {
    return new JoinClause(this)
  }

  /** An empty builder for conditions in parentheses. */
  newGroup(): this {
    return new QueryBuilder<Row, Result>(this.executor, this.query.from) as this
  }

  /**
   * A copy with clauses of its own.
   *
   * @example
   * const active = DB.table('users').where('active', true)
   * const count = await active.clone().where('votes', '>', 1).count()
   */
  clone(): this {
    return this.copyInto(new QueryBuilder<Row, Result>(this.executor) as this)
  }

  /** The connection. */
  getConnection(): QueryExecutor {
    return this.executor
  }

  /**
   * The rows.
   *
   * @param columns - What to read, if `select()` does not say it.
   * @example
   * const users = await DB.table('users').where('votes', '>', 100).get()
   * // select * from "users" where "votes" > $1
   */
  async get(...columns: Columns): Promise<Result[]> {
    const { rows } = await this.executor.runQuery(
      { kind: 'select', query: this.reading(columns).toSelect() },
      this.readMode(),
    )
    return rows as Result[]
  }

  /** This builder, or a copy that reads these columns. */
  private reading(columns: Columns): this {
    if (columns.length === 0 || this.query.columns !== undefined) return this
    const copy = this.clone()
    copy.select(...(columns as Columns<Row>))
    return copy
  }

  /** Another name of {@link get}. */
  all(...columns: Columns): Promise<Result[]> {
    return this.get(...columns)
  }

  /**
   * The first row; `null` when there is none.
   *
   * @example
   * const user = await DB.table('users').where('name', 'Ada').first()
   * // select * from "users" where "name" = $1 limit 1
   */
  async first(...columns: Columns): Promise<Result | null> {
    const [row] = await this.clone()
      .limit(1)
      .get(...columns)
    return row ?? null
  }

  /**
   * The first row.
   *
   * @throws RecordNotFoundException when there is none.
   * @example
   * const user = await DB.table('users').where('name', 'Ada').firstOrFail()
   * // select * from "users" where "name" = $1 limit 1
   */
  async firstOrFail(...columns: Columns): Promise<Result> {
    const row = await this.first(...columns)
    if (row === null) throw new RecordNotFoundException('No record found for the given query.')
    return row
  }

  /**
   * The row whose column `id` has this value; `null` when there is none.
   *
   * @example
   * const user = await DB.table('users').find(3)
   * // select * from "users" where "id" = $1 limit 1
   */
  find(id: ValueArgument, ...columns: Columns): Promise<Result | null> {
    return this.clone()
      .where('id' as ColumnName<Row>, '=', id)
      .first(...columns)
  }

  /**
   * One column of the first row; `null` when there is no row.
   *
   * @example
   * const email = await DB.table('users').where('name', 'Ada').value('email')
   * // select "email" from "users" where "name" = $1 limit 1
   */
  async value<T = unknown>(column: string | Expression): Promise<T | null> {
    const row = await this.first(column)
    return row === null ? null : ((cellOf(row as Record<string, unknown>, column) ?? null) as T | null)
  }

  /**
   * One column of every row. With a key, an object: that column's value by the key's.
   *
   * @example
   * const names = await DB.table('users').pluck('name')
   * // select "name" from "users"
   * const nameOf = await DB.table('users').pluck('name', 'id')
   * // select "name", "id" from "users"
   */
  pluck<T = unknown>(column: string | Expression, key?: null): Promise<T[]>
  pluck<T = unknown>(column: string | Expression, key: string | Expression): Promise<Record<string, T>>
  async pluck(
    column: string | Expression,
    key: string | Expression | null = null,
  ): Promise<unknown[] | Record<string, unknown>> {
    const rows = (await this.get(...(key === null || key === column ? [column] : [column, key]))) as Record<
      string,
      unknown
    >[]
    if (key === null) return rows.map((row) => cellOf(row, column))
    const plucked: Record<string, unknown> = {}
    for (const row of rows) {
      const name = String(cellOf(row, key))
      // `__proto__` has to become a key like any other.
      Object.defineProperty(plucked, name, {
        value: cellOf(row, column),
        enumerable: true,
        configurable: true,
        writable: true,
      })
    }
    return plucked
  }

  /**
   * The SQL that would be sent. Needs no server.
   *
   * @example
   * DB.table('users').where('id', 1).toSql()
   * // 'select * from "users" where "id" = $1'
   */
  toSql(): string {
    return this.executor.compileQuery({ kind: 'select', query: this.toSelect() }).sql
  }

  /**
   * The values that would be sent, in the order of their placeholders.
   *
   * @example
   * DB.table('users').where('id', 1).getBindings()
   * // [1]
   */
  getBindings(): unknown[] {
    return this.executor.compileQuery({ kind: 'select', query: this.toSelect() }).bindings
  }

  /**
   * The SQL with its values written in, to be read by people. Never run it.
   *
   * @example
   * DB.table('users').where('name', "O'Reilly").toRawSql()
   * // select * from "users" where "name" = 'O''Reilly'
   */
  toRawSql(): string {
    const { sql, bindings } = this.executor.compileQuery({ kind: 'select', query: this.toSelect() })
    return inlineBindings(sql, bindings, this.executor.driverName)
  }

  /** Prints the SQL and its values, and answers the builder. */
  dump(): this {
    const { sql, bindings } = this.executor.compileQuery({ kind: 'select', query: this.toSelect() })
    process.stdout.write(`${sql} ${inspect(bindings, { depth: 5 })}\n`)
    return this
  }

  /** Prints the SQL and its values, and ends the process. */
  dd(): never {
    this.dump()
    process.exit(1)
  }

  /** SQL that is written as it is. See {@link raw}. */
  raw(sql: string | number, bindings?: readonly unknown[]): Expression {
    return raw(sql, bindings)
  }

  /**
   * Adds clauses when the value is truthy, others when it is not. A function as value is called with the builder.
   *
   * @example
   * DB.table('users').when(role, (query, role) => query.where('role', role))
   */
  when<Value>(
    value: Value | ((query: this) => Value),
    callback: (query: this, value: NonNullable<Value>) => unknown,
    otherwise?: (query: this, value: Value) => unknown,
  ): this {
    const met = typeof value === 'function' ? (value as (query: this) => Value)(this) : value
    if (met) return this.chosen(callback(this, met as NonNullable<Value>))
    return otherwise === undefined ? this : this.chosen(otherwise(this, met))
  }

  /**
   * As {@link when}, the other way round.
   *
   * @example
   * DB.table('users').unless(isAdmin, (query) => query.where('public', true))
   */
  unless<Value>(
    value: Value | ((query: this) => Value),
    callback: (query: this, value: Value) => unknown,
    otherwise?: (query: this, value: NonNullable<Value>) => unknown,
  ): this {
    const met = typeof value === 'function' ? (value as (query: this) => Value)(this) : value
    if (!met) return this.chosen(callback(this, met))
    return otherwise === undefined ? this : this.chosen(otherwise(this, met as NonNullable<Value>))
  }

  /** What a callback answered, if it is a builder. */
  private chosen(answer: unknown): this {
    if (answer instanceof Promise) {
      throw new InvalidArgumentException(
        'A callback that adds clauses cannot be async: the query does not wait for it.',
      )
    }
    return answer instanceof QueryBuilder ? (answer as unknown as this) : this
  }

  /**
   * Gives the builder to a function and answers it.
   *
   * @example
   * DB.table('users').tap((query) => onlyActive(query)).get()
   */
  tap(callback: (query: this) => unknown): this {
    callback(this)
    return this
  }
}

/** A column of a row, by the name that its result has. */
function cellOf(row: Record<string, unknown>, column: string | Expression): unknown {
  if (typeof column === 'string') {
    const aliased = column.split(/\s+as\s+/i)
    const name = aliased.length > 1 ? aliased.at(-1) : column.split('.').at(-1)
    if (name !== undefined && Object.hasOwn(row, name)) return row[name]
  }
  // Raw SQL, JSON paths: the database names the result as it likes, and it comes first.
  return Object.values(row)[0]
}
