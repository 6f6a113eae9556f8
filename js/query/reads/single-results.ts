import { MultipleRecordsFoundException, RecordNotFoundException } from '../../errors'
import type { ColumnArgument, ColumnValues, ConditionTuple, ValueArgument } from '../arguments'
import { limitClause } from '../ast'
import type { AnyRow, ColumnName } from '../columns'
import { Reads } from './reads'
import type { Columns, Read } from './results'

/** What stands in for a row that is not there. */
type Otherwise<T> = () => T

/** One row. None of these calls changes the builder. */
export abstract class SingleResults<Row = AnyRow, Result = Row> extends Reads<Row, Result> {
  /**
   * The first row; `null` when there is none.
   *
   * @example
   * const user = await DB.table('users').where('name', 'Ada').first()
   * // select * from "users" where "name" = $1 limit 1
   */
  async first<const Names extends Columns<Row>>(...columns: Names): Promise<Read<Row, Result, Names> | null> {
    // What callbacks and models make of a query or its rows may depend on its limit.
    const reader = this.isPlain && this.beforeCallbacks === undefined ? this : this.clone().limit(1)
    const query = { ...reader.reading(columns) }
    query[limitClause(query)] = 1
    const read = reader.runRead({ kind: 'select', query })
    const answer = reader.answered((read instanceof Promise ? await read : read).rows)
    const rows = answer instanceof Promise ? await answer : answer
    return (rows[0] ?? null) as Read<Row, Result, Names> | null
  }

  /**
   * The first row, or what the callback answers when there is none.
   *
   * @param columns - May be left out.
   * @example
   * const user = await DB.table('users').where('name', 'Ada').firstOr(() => guest)
   * // select * from "users" where "name" = $1 limit 1
   */
  firstOr<T>(otherwise: Otherwise<T>): Promise<Result | Awaited<T>>
  firstOr<T, const Names extends Columns<Row>>(
    columns: Names,
    otherwise: Otherwise<T>,
  ): Promise<Read<Row, Result, Names> | Awaited<T>>
  async firstOr(first: Otherwise<unknown> | Columns<Row>, second?: Otherwise<unknown>): Promise<unknown> {
    const row = typeof first === 'function' ? await this.first() : await this.first(...first)
    return row ?? (await (typeof first === 'function' ? first : second)?.())
  }

  /**
   * The first row.
   *
   * @param columns - After a list of columns, a text is the message of the error.
   * @throws RecordNotFoundException when there is none.
   * @example
   * const user = await DB.table('users').where('name', 'Ada').firstOrFail()
   * // select * from "users" where "name" = $1 limit 1
   */
  firstOrFail(columns: Columns<Row>, message: string): Promise<Result>
  firstOrFail<const Names extends Columns<Row>>(...columns: Names): Promise<Read<Row, Result, Names>>
  async firstOrFail(...args: readonly unknown[]): Promise<unknown> {
    const [columns, message] = args
    const hasMessage = args.length === 2 && Array.isArray(columns) && typeof message === 'string'
    const row = await this.first(...((hasMessage ? columns : args) as Columns<Row>))
    if (row === null) throw this.notFound([], hasMessage ? message : undefined)
    return row
  }

  /**
   * The first row with such a value. Takes what `where()` takes.
   *
   * @example
   * const user = await DB.table('users').firstWhere('email', 'a@b.c')
   * // select * from "users" where "email" = $1 limit 1
   */
  firstWhere(column: ColumnArgument<Row>, value: ValueArgument): Promise<Result | null>
  firstWhere(column: ColumnArgument<Row>, operator: string, value: ValueArgument): Promise<Result | null>
  firstWhere(columns: ColumnValues<Row> | readonly ConditionTuple<Row>[]): Promise<Result | null>
  async firstWhere(...args: readonly unknown[]): Promise<Result | null> {
    const query = this.clone()
    const where = query.where.bind(query) as (...args: readonly unknown[]) => unknown
    where(...args)
    return await query.first()
  }

  /**
   * The row whose column `id` has this value; `null` when there is none.
   *
   * @example
   * const user = await DB.table('users').find(3)
   * // select * from "users" where "id" = $1 limit 1
   */
  async find<const Names extends Columns<Row>>(
    id: ValueArgument,
    ...columns: Names
  ): Promise<Read<Row, Result, Names> | null> {
    return await this.withId(id).first(...columns)
  }

  /**
   * The row whose column `id` has this value, or what the callback answers when there is none.
   *
   * @param columns - May be left out.
   * @example
   * const user = await DB.table('users').findOr(3, () => guest)
   * // select * from "users" where "id" = $1 limit 1
   */
  findOr<T>(id: ValueArgument, otherwise: Otherwise<T>): Promise<Result | Awaited<T>>
  findOr<T, const Names extends Columns<Row>>(
    id: ValueArgument,
    columns: Names,
    otherwise: Otherwise<T>,
  ): Promise<Read<Row, Result, Names> | Awaited<T>>
  async findOr(id: ValueArgument, ...args: readonly unknown[]): Promise<unknown> {
    return await this.withId(id).firstOr(...(args as [never]))
  }

  /**
   * The row whose column `id` has this value.
   *
   * @throws RecordNotFoundException when there is none.
   * @example
   * const user = await DB.table('users').findOrFail(3)
   * // select * from "users" where "id" = $1 limit 1
   */
  async findOrFail<const Names extends Columns<Row>>(
    id: ValueArgument,
    ...columns: Names
  ): Promise<Read<Row, Result, Names>> {
    const row = await this.find(id, ...columns)
    if (row === null) throw this.notFound([id])
    return row
  }

  /**
   * The only row.
   *
   * @throws RecordNotFoundException when there is none, MultipleRecordsFoundException when there are more.
   * @example
   * const user = await DB.table('users').where('email', 'a@b.c').sole()
   * // select * from "users" where "email" = $1 limit 2
   */
  async sole<const Names extends Columns<Row>>(...columns: Names): Promise<Read<Row, Result, Names>> {
    const rows = await this.clone()
      .limit(2)
      .get(...columns)
    const [row] = rows
    if (row === undefined) throw this.notFound([])
    if (rows.length > 1) throw new MultipleRecordsFoundException(rows.length)
    return row
  }

  /** What is thrown where a row is missing that has to be there. */
  protected notFound(_ids: readonly unknown[], message?: string): Error {
    return new RecordNotFoundException(message)
  }

  /** A copy that finds the row with this key. */
  protected withId(id: ValueArgument): this {
    return this.clone().where(this.keyColumn() as ColumnName<Row>, '=', id)
  }
}
