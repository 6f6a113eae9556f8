import { type ColumnArgument, columnOperand } from '../arguments'
import type { Conjunction, DatePart } from '../ast'
import { Bound } from '../bound'
import type { AnyRow, ColumnName } from '../columns'
import type { Expression } from '../expression'
import { dateText } from './calendar'
import { datePartComparison } from './conditions'
import { ValueWheres } from './value-wheres'

/** A part of a date: text, a number, or a `Date`, whose part is taken in the connection's time zone. */
type PartValue = string | number | Date | Expression | null

/** One column with dates, or several, of which each has to fit. */
type DateColumns<Row> = ColumnName<Row> | Expression | readonly (ColumnName<Row> | Expression)[]

/** Conditions on dates and times. */
export abstract class DateWheres<Row = AnyRow> extends ValueWheres<Row> {
  /**
   * Compares the day of a column.
   *
   * @example
   * DB.table('users').whereDate('created_at', '2026-12-31')
   * // postgres: select * from "users" where "created_at"::date = $1
   * // mysql:    select * from `users` where date(`created_at`) = ?
   */
  whereDate(column: ColumnArgument<Row>, value: PartValue): this
  whereDate(column: ColumnArgument<Row>, operator: string, value: PartValue, join?: string): this
  whereDate(...args: readonly unknown[]): this {
    return this.addDatePart('and', 'date', args)
  }

  /**
   * As {@link whereDate}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereDate('created_at', '2026-12-31')
   * // postgres: select * from "users" where "id" = $1 or "created_at"::date = $2
   */
  orWhereDate(column: ColumnArgument<Row>, value: PartValue): this
  orWhereDate(column: ColumnArgument<Row>, operator: string, value: PartValue): this
  orWhereDate(...args: readonly unknown[]): this {
    return this.addDatePart('or', 'date', args)
  }

  /**
   * Compares the time of day of a column.
   *
   * @example
   * DB.table('users').whereTime('created_at', '11:20:45')
   * // postgres: select * from "users" where "created_at"::time = $1
   * // mysql:    select * from `users` where time(`created_at`) = ?
   */
  whereTime(column: ColumnArgument<Row>, value: PartValue): this
  whereTime(column: ColumnArgument<Row>, operator: string, value: PartValue, join?: string): this
  whereTime(...args: readonly unknown[]): this {
    return this.addDatePart('and', 'time', args)
  }

  /**
   * As {@link whereTime}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereTime('created_at', '11:20:45')
   * // postgres: select * from "users" where "id" = $1 or "created_at"::time = $2
   */
  orWhereTime(column: ColumnArgument<Row>, value: PartValue): this
  orWhereTime(column: ColumnArgument<Row>, operator: string, value: PartValue): this
  orWhereTime(...args: readonly unknown[]): this {
    return this.addDatePart('or', 'time', args)
  }

  /**
   * Compares the day of the month of a column.
   *
   * @example
   * DB.table('users').whereDay('created_at', 31)
   * // postgres: select * from "users" where extract(day from "created_at") = $1
   * // mysql:    select * from `users` where day(`created_at`) = ?
   */
  whereDay(column: ColumnArgument<Row>, value: PartValue): this
  whereDay(column: ColumnArgument<Row>, operator: string, value: PartValue, join?: string): this
  whereDay(...args: readonly unknown[]): this {
    return this.addDatePart('and', 'day', args)
  }

  /**
   * As {@link whereDay}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereDay('created_at', 31)
   * // postgres: select * from "users" where "id" = $1 or extract(day from "created_at") = $2
   */
  orWhereDay(column: ColumnArgument<Row>, value: PartValue): this
  orWhereDay(column: ColumnArgument<Row>, operator: string, value: PartValue): this
  orWhereDay(...args: readonly unknown[]): this {
    return this.addDatePart('or', 'day', args)
  }

  /**
   * Compares the month of a column.
   *
   * @example
   * DB.table('users').whereMonth('created_at', 12)
   * // postgres: select * from "users" where extract(month from "created_at") = $1
   * // mysql:    select * from `users` where month(`created_at`) = ?
   */
  whereMonth(column: ColumnArgument<Row>, value: PartValue): this
  whereMonth(column: ColumnArgument<Row>, operator: string, value: PartValue, join?: string): this
  whereMonth(...args: readonly unknown[]): this {
    return this.addDatePart('and', 'month', args)
  }

  /**
   * As {@link whereMonth}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereMonth('created_at', 12)
   * // postgres: select * from "users" where "id" = $1 or extract(month from "created_at") = $2
   */
  orWhereMonth(column: ColumnArgument<Row>, value: PartValue): this
  orWhereMonth(column: ColumnArgument<Row>, operator: string, value: PartValue): this
  orWhereMonth(...args: readonly unknown[]): this {
    return this.addDatePart('or', 'month', args)
  }

  /**
   * Compares the year of a column.
   *
   * @example
   * DB.table('users').whereYear('created_at', 2026)
   * // postgres: select * from "users" where extract(year from "created_at") = $1
   * // mysql:    select * from `users` where year(`created_at`) = ?
   */
  whereYear(column: ColumnArgument<Row>, value: PartValue): this
  whereYear(column: ColumnArgument<Row>, operator: string, value: PartValue, join?: string): this
  whereYear(...args: readonly unknown[]): this {
    return this.addDatePart('and', 'year', args)
  }

  /**
   * As {@link whereYear}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereYear('created_at', 2026)
   * // postgres: select * from "users" where "id" = $1 or extract(year from "created_at") = $2
   */
  orWhereYear(column: ColumnArgument<Row>, value: PartValue): this
  orWhereYear(column: ColumnArgument<Row>, operator: string, value: PartValue): this
  orWhereYear(...args: readonly unknown[]): this {
    return this.addDatePart('or', 'year', args)
  }

  private addDatePart(join: Conjunction, part: DatePart, args: readonly unknown[]): this {
    return this.addWhere(datePartComparison(join, part, args, this))
  }

  /**
   * Keeps the rows whose date and time lies in the past, by the clock of the program.
   *
   * @example
   * DB.table('posts').wherePast('published_at')
   * // select * from "posts" where "published_at" < $1
   */
  wherePast(columns: DateColumns<Row>): this {
    return this.addMoment('and', '<', columns)
  }

  /**
   * As {@link wherePast}, joined by `or`.
   *
   * @example
   * DB.table('posts').where('id', 1).orWherePast('published_at')
   * // select * from "posts" where "id" = $1 or "published_at" < $2
   */
  orWherePast(columns: DateColumns<Row>): this {
    return this.addMoment('or', '<', columns)
  }

  /**
   * Keeps the rows whose date and time lies in the past, or is now, by the clock of the program.
   *
   * @example
   * DB.table('posts').whereNowOrPast('published_at')
   * // select * from "posts" where "published_at" <= $1
   */
  whereNowOrPast(columns: DateColumns<Row>): this {
    return this.addMoment('and', '<=', columns)
  }

  /**
   * As {@link whereNowOrPast}, joined by `or`.
   *
   * @example
   * DB.table('posts').where('id', 1).orWhereNowOrPast('published_at')
   * // select * from "posts" where "id" = $1 or "published_at" <= $2
   */
  orWhereNowOrPast(columns: DateColumns<Row>): this {
    return this.addMoment('or', '<=', columns)
  }

  /**
   * Keeps the rows whose date and time lies in the future, by the clock of the program.
   *
   * @example
   * DB.table('posts').whereFuture('published_at')
   * // select * from "posts" where "published_at" > $1
   */
  whereFuture(columns: DateColumns<Row>): this {
    return this.addMoment('and', '>', columns)
  }

  /**
   * As {@link whereFuture}, joined by `or`.
   *
   * @example
   * DB.table('posts').where('id', 1).orWhereFuture('published_at')
   * // select * from "posts" where "id" = $1 or "published_at" > $2
   */
  orWhereFuture(columns: DateColumns<Row>): this {
    return this.addMoment('or', '>', columns)
  }

  /**
   * Keeps the rows whose date and time lies in the future, or is now, by the clock of the program.
   *
   * @example
   * DB.table('posts').whereNowOrFuture('published_at')
   * // select * from "posts" where "published_at" >= $1
   */
  whereNowOrFuture(columns: DateColumns<Row>): this {
    return this.addMoment('and', '>=', columns)
  }

  /**
   * As {@link whereNowOrFuture}, joined by `or`.
   *
   * @example
   * DB.table('posts').where('id', 1).orWhereNowOrFuture('published_at')
   * // select * from "posts" where "id" = $1 or "published_at" >= $2
   */
  orWhereNowOrFuture(columns: DateColumns<Row>): this {
    return this.addMoment('or', '>=', columns)
  }

  private addMoment(join: Conjunction, operator: string, columns: DateColumns<Row>): this {
    const now = new Date()
    for (const column of listed(columns)) {
      this.addWhere({ kind: 'compare', join, left: columnOperand(column, this), operator, right: new Bound(now) })
    }
    return this
  }

  /**
   * Keeps the rows whose day is today, in the connection's time zone.
   *
   * @example
   * DB.table('posts').whereToday('published_at')
   * // postgres: select * from "posts" where "published_at"::date = $1
   */
  whereToday(columns: DateColumns<Row>): this {
    return this.addToday('and', '=', columns)
  }

  /**
   * As {@link whereToday}, joined by `or`.
   *
   * @example
   * DB.table('posts').where('id', 1).orWhereToday('published_at')
   * // postgres: select * from "posts" where "id" = $1 or "published_at"::date = $2
   */
  orWhereToday(columns: DateColumns<Row>): this {
    return this.addToday('or', '=', columns)
  }

  /**
   * Keeps the rows whose day is before today, in the connection's time zone.
   *
   * @example
   * DB.table('posts').whereBeforeToday('published_at')
   * // postgres: select * from "posts" where "published_at"::date < $1
   */
  whereBeforeToday(columns: DateColumns<Row>): this {
    return this.addToday('and', '<', columns)
  }

  /**
   * As {@link whereBeforeToday}, joined by `or`.
   *
   * @example
   * DB.table('posts').where('id', 1).orWhereBeforeToday('published_at')
   * // postgres: select * from "posts" where "id" = $1 or "published_at"::date < $2
   */
  orWhereBeforeToday(columns: DateColumns<Row>): this {
    return this.addToday('or', '<', columns)
  }

  /**
   * Keeps the rows whose day is today or before, in the connection's time zone.
   *
   * @example
   * DB.table('posts').whereTodayOrBefore('published_at')
   * // postgres: select * from "posts" where "published_at"::date <= $1
   */
  whereTodayOrBefore(columns: DateColumns<Row>): this {
    return this.addToday('and', '<=', columns)
  }

  /**
   * As {@link whereTodayOrBefore}, joined by `or`.
   *
   * @example
   * DB.table('posts').where('id', 1).orWhereTodayOrBefore('published_at')
   * // postgres: select * from "posts" where "id" = $1 or "published_at"::date <= $2
   */
  orWhereTodayOrBefore(columns: DateColumns<Row>): this {
    return this.addToday('or', '<=', columns)
  }

  /**
   * Keeps the rows whose day is after today, in the connection's time zone.
   *
   * @example
   * DB.table('posts').whereAfterToday('published_at')
   * // postgres: select * from "posts" where "published_at"::date > $1
   */
  whereAfterToday(columns: DateColumns<Row>): this {
    return this.addToday('and', '>', columns)
  }

  /**
   * As {@link whereAfterToday}, joined by `or`.
   *
   * @example
   * DB.table('posts').where('id', 1).orWhereAfterToday('published_at')
   * // postgres: select * from "posts" where "id" = $1 or "published_at"::date > $2
   */
  orWhereAfterToday(columns: DateColumns<Row>): this {
    return this.addToday('or', '>', columns)
  }

  /**
   * Keeps the rows whose day is today or after, in the connection's time zone.
   *
   * @example
   * DB.table('posts').whereTodayOrAfter('published_at')
   * // postgres: select * from "posts" where "published_at"::date >= $1
   */
  whereTodayOrAfter(columns: DateColumns<Row>): this {
    return this.addToday('and', '>=', columns)
  }

  /**
   * As {@link whereTodayOrAfter}, joined by `or`.
   *
   * @example
   * DB.table('posts').where('id', 1).orWhereTodayOrAfter('published_at')
   * // postgres: select * from "posts" where "id" = $1 or "published_at"::date >= $2
   */
  orWhereTodayOrAfter(columns: DateColumns<Row>): this {
    return this.addToday('or', '>=', columns)
  }

  private addToday(join: Conjunction, operator: string, columns: DateColumns<Row>): this {
    const value = new Bound(dateText('date', new Date(), this.executor.timezone))
    for (const column of listed(columns)) {
      this.addWhere({ kind: 'datePart', join, part: 'date', column: columnOperand(column, this), operator, value })
    }
    return this
  }
}

function listed<Item>(items: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(items) ? items : [items as Item]
}
