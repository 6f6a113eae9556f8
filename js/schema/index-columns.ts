import { InvalidArgumentException } from '../errors.js'
import type { IndexColumn } from './change.js'
import { type Expression, isExpression, sqlText } from './default-value.js'

/** One place of an index: a column with what is said about it, or an SQL expression. */
export interface IndexPlace {
  column?: string
  /** SQL; never put input into it. */
  expression?: string | Expression
  /** How much of the text is in the index, in characters. MySQL and MariaDB only. */
  length?: number
  order?: 'asc' | 'desc'
  /** Where `NULL` stands. PostgreSQL only. */
  nulls?: 'first' | 'last'
  /** How values are compared, `text_pattern_ops`. PostgreSQL only. */
  operatorClass?: string
  /** How text is compared. PostgreSQL and SQLite only. */
  collation?: string
}

/** What an index is ordered by: columns, descriptions of places, and expressions made by `DB.raw()`. */
export type IndexPlaces = string | Expression | IndexPlace | readonly (string | Expression | IndexPlace)[]

/** The places of an index as data. */
export function indexColumns(places: IndexPlaces): (string | IndexColumn)[] {
  const list = Array.isArray(places) ? places : [places]
  return list.map((place: string | Expression | IndexPlace) => {
    if (typeof place === 'string') return place
    if (isExpression(place)) return { expression: sqlText(place) }
    const { expression, order, ...rest } = place
    if (order !== undefined && order !== 'asc' && order !== 'desc') {
      throw new InvalidArgumentException(
        `${place.column ?? 'an index'}: the order of an index is asc or desc, not ${String(order)}`,
      )
    }
    return {
      ...rest,
      ...(expression !== undefined && { expression: sqlText(expression) }),
      ...(order === 'desc' && { descending: true }),
    }
  })
}
