import type { ColumnArgument, ValueArgument } from '../arguments'
import type { Conjunction } from '../ast'
import type { AnyRow, ColumnName } from '../columns'
import type { Expression } from '../expression'
import { comparisonOfEach, conjunction, type FullTextArgument, fullTextSearch, likeness } from './conditions'
import { JsonWheres } from './json-wheres'

/** One column or several. */
type Columns<Row> = ColumnName<Row> | readonly (ColumnName<Row> | Expression)[]

/** Conditions on texts, and on several columns at once. */
export abstract class TextWheres<Row = AnyRow> extends JsonWheres<Row> {
  /**
   * Keeps the rows whose column matches a pattern with `%` and `_`, whatever the case of its letters.
   *
   * @param caseSensitive - Whether `a` differs from `A`.
   * @throws UnsupportedException when the query runs, where the database cannot mind the case (SQL Server).
   * @example
   * DB.table('users').whereLike('name', '%John%')
   * // postgres: select * from "users" where "name"::text ilike $1
   * // mysql:    select * from `users` where `name` like ?
   */
  whereLike(
    column: ColumnArgument<Row>,
    pattern: ValueArgument,
    caseSensitive = false,
    join = 'and',
    not = false,
  ): this {
    return this.addWhere(likeness(conjunction(join), not, column, pattern, caseSensitive, this))
  }

  /**
   * As {@link whereLike}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereLike('name', '%John%')
   * // postgres: select * from "users" where "admin" = $1 or "name"::text ilike $2
   */
  orWhereLike(column: ColumnArgument<Row>, pattern: ValueArgument, caseSensitive = false): this {
    return this.addWhere(likeness('or', false, column, pattern, caseSensitive, this))
  }

  /**
   * Keeps the rows whose column does not match a pattern.
   *
   * @example
   * DB.table('users').whereNotLike('name', '%John%')
   * // postgres: select * from "users" where "name"::text not ilike $1
   */
  whereNotLike(column: ColumnArgument<Row>, pattern: ValueArgument, caseSensitive = false, join = 'and'): this {
    return this.addWhere(likeness(conjunction(join), true, column, pattern, caseSensitive, this))
  }

  /**
   * As {@link whereNotLike}, joined by `or`.
   *
   * @example
   * DB.table('users').where('admin', true).orWhereNotLike('name', '%John%')
   * // postgres: select * from "users" where "admin" = $1 or "name"::text not ilike $2
   */
  orWhereNotLike(column: ColumnArgument<Row>, pattern: ValueArgument, caseSensitive = false): this {
    return this.addWhere(likeness('or', true, column, pattern, caseSensitive, this))
  }

  /**
   * Keeps the rows of which any of several columns compares as asked.
   *
   * @example
   * DB.table('users').whereAny(['name', 'email'], 'like', '%ada%')
   * // postgres: select * from "users" where ("name"::text like $1 or "email"::text like $2)
   */
  whereAny(groups: readonly ((query: this) => unknown)[]): this
  whereAny(columns: Columns<Row>, value: ValueArgument): this
  whereAny(columns: Columns<Row>, operator: string, value: ValueArgument, join?: string): this
  whereAny(...args: readonly unknown[]): this {
    return this.addEach('and', 'or', args)
  }

  /**
   * As {@link whereAny}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereAny(['name', 'email'], 'like', '%ada%')
   * // postgres: select * from "users" where "id" = $1 or ("name"::text like $2 or "email"::text like $3)
   */
  orWhereAny(groups: readonly ((query: this) => unknown)[]): this
  orWhereAny(columns: Columns<Row>, value: ValueArgument): this
  orWhereAny(columns: Columns<Row>, operator: string, value: ValueArgument): this
  orWhereAny(...args: readonly unknown[]): this {
    return this.addEach('or', 'or', args)
  }

  /**
   * Keeps the rows of which each of several columns compares as asked.
   *
   * @example
   * DB.table('users').whereAll(['name', 'email'], 'like', '%ada%')
   * // postgres: select * from "users" where ("name"::text like $1 and "email"::text like $2)
   */
  whereAll(groups: readonly ((query: this) => unknown)[]): this
  whereAll(columns: Columns<Row>, value: ValueArgument): this
  whereAll(columns: Columns<Row>, operator: string, value: ValueArgument, join?: string): this
  whereAll(...args: readonly unknown[]): this {
    return this.addEach('and', 'and', args)
  }

  /**
   * As {@link whereAll}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereAll(['name', 'email'], 'like', '%ada%')
   * // postgres: select * from "users" where "id" = $1 or ("name"::text like $2 and "email"::text like $3)
   */
  orWhereAll(groups: readonly ((query: this) => unknown)[]): this
  orWhereAll(columns: Columns<Row>, value: ValueArgument): this
  orWhereAll(columns: Columns<Row>, operator: string, value: ValueArgument): this
  orWhereAll(...args: readonly unknown[]): this {
    return this.addEach('or', 'and', args)
  }

  /**
   * Keeps the rows of which none of several columns compares as asked.
   *
   * @example
   * DB.table('users').whereNone(['name', 'email'], 'like', '%ada%')
   * // postgres: select * from "users" where not ("name"::text like $1 or "email"::text like $2)
   */
  whereNone(groups: readonly ((query: this) => unknown)[]): this
  whereNone(columns: Columns<Row>, value: ValueArgument): this
  whereNone(columns: Columns<Row>, operator: string, value: ValueArgument, join?: string): this
  whereNone(...args: readonly unknown[]): this {
    return this.addEach('and not', 'or', args)
  }

  /**
   * As {@link whereNone}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereNone(['name', 'email'], 'like', '%ada%')
   * // postgres: select * from "users" where "id" = $1 or not ("name"::text like $2 or "email"::text like $3)
   */
  orWhereNone(groups: readonly ((query: this) => unknown)[]): this
  orWhereNone(columns: Columns<Row>, value: ValueArgument): this
  orWhereNone(columns: Columns<Row>, operator: string, value: ValueArgument): this
  orWhereNone(...args: readonly unknown[]): this {
    return this.addEach('or not', 'or', args)
  }

  /** The same comparison for several columns, as one condition. */
  private addEach(join: Conjunction, inner: 'and' | 'or', args: readonly unknown[]): this {
    return this.addWhere(comparisonOfEach(join, inner, args, this))
  }

  /**
   * Keeps the rows whose columns have the words, by the database's own text search.
   *
   * @param columns - One or several. MySQL needs a full-text index on exactly these.
   * @param options - `mode`: `natural`, `boolean` (MySQL), `phrase`, `websearch`, `raw` (PostgreSQL); `expanded` (MySQL);
   * `language` (PostgreSQL, default `english`). What a database has no word for is left to its default.
   * @throws UnsupportedException when the query is compiled, on SQLite and SQL Server.
   * @example
   * DB.table('posts').whereFullText(['title', 'body'], 'pool hangs')
   * // postgres: … where (to_tsvector('english', "title") || to_tsvector('english', "body")) @@ plainto_tsquery('english', $1)
   * // mysql:    … where match (`title`, `body`) against (? in natural language mode)
   */
  whereFullText(columns: Columns<Row>, words: ValueArgument, options: FullTextArgument = {}, join = 'and'): this {
    return this.addWhere(fullTextSearch(conjunction(join), columns, words, options, this))
  }

  /**
   * As {@link whereFullText}, joined by `or`.
   *
   * @example
   * DB.table('posts').where('id', 1).orWhereFullText('body', 'pool hangs')
   * // mysql: select * from `posts` where `id` = ? or match (`body`) against (? in natural language mode)
   */
  orWhereFullText(columns: Columns<Row>, words: ValueArgument, options: FullTextArgument = {}): this {
    return this.addWhere(fullTextSearch('or', columns, words, options, this))
  }
}
