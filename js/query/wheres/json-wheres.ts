import { InvalidArgumentException } from '../../errors'
import { describe, type ValueArgument } from '../arguments'
import type { Conjunction } from '../ast'
import type { AnyRow, ColumnName } from '../columns'
import { conjunction, jsonLengthComparison } from './conditions'
import { DateWheres } from './date-wheres'
import { jsonCell } from './json-value'

/** Conditions on what is inside of JSON. */
export abstract class JsonWheres<Row = AnyRow> extends DateWheres<Row> {
  /**
   * Keeps the rows whose JSON array holds a value, or each value of a list.
   *
   * @example
   * DB.table('users').whereJsonContains('options->languages', ['en', 'de'])
   * // postgres: select * from "users" where ("options"->'languages')::jsonb @> $1
   * // mysql:    select * from `users` where json_contains(`options`, ?, '$."languages"')
   */
  whereJsonContains(column: ColumnName<Row>, value: unknown, join = 'and'): this {
    return this.addJsonSearch('jsonContains', conjunction(join), false, column, value)
  }

  /**
   * As {@link whereJsonContains}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereJsonContains('options->languages', ['en', 'de'])
   * // postgres: select * from "users" where "id" = $1 or ("options"->'languages')::jsonb @> $2
   */
  orWhereJsonContains(column: ColumnName<Row>, value: unknown): this {
    return this.addJsonSearch('jsonContains', 'or', false, column, value)
  }

  /**
   * Keeps the rows whose JSON array does not hold the value.
   *
   * @example
   * DB.table('users').whereJsonDoesntContain('options->languages', 'en')
   * // postgres: select * from "users" where not ("options"->'languages')::jsonb @> $1
   * // mysql:    select * from `users` where not json_contains(`options`, ?, '$."languages"')
   */
  whereJsonDoesntContain(column: ColumnName<Row>, value: unknown, join = 'and'): this {
    return this.addJsonSearch('jsonContains', conjunction(join), true, column, value)
  }

  /**
   * As {@link whereJsonDoesntContain}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereJsonDoesntContain('options->languages', 'en')
   * // postgres: select * from "users" where "id" = $1 or not ("options"->'languages')::jsonb @> $2
   */
  orWhereJsonDoesntContain(column: ColumnName<Row>, value: unknown): this {
    return this.addJsonSearch('jsonContains', 'or', true, column, value)
  }

  /**
   * Keeps the rows whose JSON array has an element in common with a list.
   *
   * @throws UnsupportedException when the query is compiled, elsewhere than on MySQL and MariaDB.
   * @example
   * DB.table('users').whereJsonOverlaps('options->languages', ['en', 'de'])
   * // mysql: select * from `users` where json_overlaps(json_extract(`options`, '$."languages"'), ?)
   */
  whereJsonOverlaps(column: ColumnName<Row>, values: unknown, join = 'and'): this {
    return this.addJsonSearch('jsonOverlaps', conjunction(join), false, column, values)
  }

  /**
   * As {@link whereJsonOverlaps}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereJsonOverlaps('options->languages', ['en', 'de'])
   * // mysql: select * from `users` where `id` = ? or json_overlaps(json_extract(`options`, '$."languages"'), ?)
   */
  orWhereJsonOverlaps(column: ColumnName<Row>, values: unknown): this {
    return this.addJsonSearch('jsonOverlaps', 'or', false, column, values)
  }

  /**
   * Keeps the rows whose JSON array has no element in common with a list.
   *
   * @throws UnsupportedException when the query is compiled, elsewhere than on MySQL and MariaDB.
   * @example
   * DB.table('users').whereJsonDoesntOverlap('options->languages', ['en', 'de'])
   * // mysql: select * from `users` where not json_overlaps(json_extract(`options`, '$."languages"'), ?)
   */
  whereJsonDoesntOverlap(column: ColumnName<Row>, values: unknown, join = 'and'): this {
    return this.addJsonSearch('jsonOverlaps', conjunction(join), true, column, values)
  }

  /**
   * As {@link whereJsonDoesntOverlap}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereJsonDoesntOverlap('options->languages', ['en', 'de'])
   * // mysql: select * from `users` where `id` = ? or not json_overlaps(json_extract(`options`, '$."languages"'), ?)
   */
  orWhereJsonDoesntOverlap(column: ColumnName<Row>, values: unknown): this {
    return this.addJsonSearch('jsonOverlaps', 'or', true, column, values)
  }

  /**
   * Keeps the rows whose JSON has something at the end of a path.
   *
   * @example
   * DB.table('users').whereJsonContainsKey('options->languages')
   * // postgres: select * from "users" where coalesce(("options")::jsonb ? 'languages', false)
   * // mysql:    select * from `users` where ifnull(json_contains_path(`options`, 'one', '$."languages"'), 0)
   */
  whereJsonContainsKey(column: ColumnName<Row>, join = 'and'): this {
    return this.addWhere({ kind: 'jsonContainsKey', join: conjunction(join), not: false, column })
  }

  /**
   * As {@link whereJsonContainsKey}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereJsonContainsKey('options->languages')
   * // postgres: select * from "users" where "id" = $1 or coalesce(("options")::jsonb ? 'languages', false)
   */
  orWhereJsonContainsKey(column: ColumnName<Row>): this {
    return this.addWhere({ kind: 'jsonContainsKey', join: 'or', not: false, column })
  }

  /**
   * Keeps the rows whose JSON has nothing at the end of a path.
   *
   * @example
   * DB.table('users').whereJsonDoesntContainKey('options->languages')
   * // postgres: select * from "users" where not coalesce(("options")::jsonb ? 'languages', false)
   * // mysql:    select * from `users` where not ifnull(json_contains_path(`options`, 'one', '$."languages"'), 0)
   */
  whereJsonDoesntContainKey(column: ColumnName<Row>, join = 'and'): this {
    return this.addWhere({ kind: 'jsonContainsKey', join: conjunction(join), not: true, column })
  }

  /**
   * As {@link whereJsonDoesntContainKey}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereJsonDoesntContainKey('options->languages')
   * // postgres: select * from "users" where "id" = $1 or not coalesce(("options")::jsonb ? 'languages', false)
   */
  orWhereJsonDoesntContainKey(column: ColumnName<Row>): this {
    return this.addWhere({ kind: 'jsonContainsKey', join: 'or', not: true, column })
  }

  /**
   * Compares the length of a JSON array.
   *
   * @example
   * DB.table('users').whereJsonLength('options->languages', '>', 1)
   * // postgres: select * from "users" where jsonb_array_length(("options"->'languages')::jsonb) > $1
   * // mysql:    select * from `users` where json_length(`options`, '$."languages"') > ?
   */
  whereJsonLength(column: ColumnName<Row>, length: ValueArgument): this
  whereJsonLength(column: ColumnName<Row>, operator: string, length: ValueArgument, join?: string): this
  whereJsonLength(...args: readonly unknown[]): this {
    return this.addWhere(jsonLengthComparison('and', args, this))
  }

  /**
   * As {@link whereJsonLength}, joined by `or`.
   *
   * @example
   * DB.table('users').where('id', 1).orWhereJsonLength('options->languages', 0)
   * // postgres: select * from "users" where "id" = $1 or jsonb_array_length(("options"->'languages')::jsonb) = $2
   */
  orWhereJsonLength(column: ColumnName<Row>, length: ValueArgument): this
  orWhereJsonLength(column: ColumnName<Row>, operator: string, length: ValueArgument): this
  orWhereJsonLength(...args: readonly unknown[]): this {
    return this.addWhere(jsonLengthComparison('or', args, this))
  }

  private addJsonSearch(
    kind: 'jsonContains' | 'jsonOverlaps',
    join: Conjunction,
    not: boolean,
    column: string,
    value: unknown,
  ): this {
    if (typeof column !== 'string') {
      throw new InvalidArgumentException(`A JSON column has to be named, as in meta->tags, not ${describe(column)}.`)
    }
    const whole = jsonCell(value, column, this)
    const items = Array.isArray(value) ? value.map((item) => jsonCell(item, column, this)) : [whole]
    return this.addWhere({ kind, join, not, column, value: whole, items })
  }
}
