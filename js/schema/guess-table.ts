import { plural } from '../support/text'

/**
 * The table that a column refers to by convention: the plural of its name without the key's.
 *
 * @example
 * guessTable('user_id', 'id') // users
 * guessTable('company_id', 'id') // companies
 */
export function guessTable(column: string, key: string): string {
  const end = column.lastIndexOf(`_${key}`)
  return plural(end > 0 ? column.slice(0, end) : column)
}
