import { InvalidArgumentException } from '../errors'
import { refusePromise } from './arguments'
import type { AnyRow } from './columns'
import { Inspections } from './inspections'
import { QueryState } from './state'

/** Clauses that are added by a condition, or by functions of the program. */
export abstract class Conditionals<Row = AnyRow, Result = Row> extends Inspections<Row, Result> {
  /**
   * Adds clauses when the value is truthy, others when it is not. A function as value is called with the builder.
   *
   * @throws InvalidArgumentException for an async callback.
   * @example
   * DB.table('users').when(role, (query, role) => query.where('role', role))
   */
  when<Value>(
    value: Value | ((query: this) => Value),
    callback: (query: this, value: NonNullable<Value>) => unknown,
    otherwise?: ((query: this, value: Value) => unknown) | null,
  ): this {
    const met = valueFor(value, this)
    if (met) return this.chosen(callback(this, met as NonNullable<Value>))
    return otherwise == null ? this : this.chosen(otherwise(this, met))
  }

  /**
   * As {@link when}, the other way round.
   *
   * @throws InvalidArgumentException for an async callback.
   * @example
   * DB.table('users').unless(isAdmin, (query) => query.where('public', true))
   */
  unless<Value>(
    value: Value | ((query: this) => Value),
    callback: (query: this, value: Value) => unknown,
    otherwise?: ((query: this, value: NonNullable<Value>) => unknown) | null,
  ): this {
    const met = valueFor(value, this)
    if (!met) return this.chosen(callback(this, met))
    return otherwise == null ? this : this.chosen(otherwise(this, met as NonNullable<Value>))
  }

  /** What a callback answered, if it is a builder. */
  private chosen(answer: unknown): this {
    refusePromise(answer)
    return answer instanceof QueryState ? (answer as this) : this
  }

  /**
   * Gives the builder to a function and answers the builder.
   *
   * @throws InvalidArgumentException for an async callback.
   * @example
   * DB.table('users').tap((query) => onlyActive(query)).get()
   */
  tap(callback: (query: this) => unknown): this {
    refusePromise(callback(this))
    return this
  }

  /**
   * Gives the builder to a function and answers what that answers; the builder where it answers nothing.
   *
   * @example
   * const pages = await DB.table('users').pipe((query) => query.paginate(20))
   */
  pipe<Answer extends NonNullable<unknown>>(callback: (query: this) => Answer): Answer
  pipe(callback: (query: this) => unknown): this
  pipe(callback: (query: this) => unknown): unknown {
    if (typeof callback !== 'function') throw new InvalidArgumentException('pipe() takes a function.')
    return callback(this) ?? this
  }
}

function valueFor<Value, Builder>(value: Value | ((query: Builder) => Value), query: Builder): Value {
  return typeof value === 'function' ? (value as (query: Builder) => Value)(query) : value
}
