/** One model of many: the newest, the dearest. The related rows are ranked for each parent, and the first ones are kept. */
import { InvalidArgumentException } from '../../errors'
import { refusePromise } from '../../query/arguments'

/** Which one: that with the largest or the smallest value. */
export type OfManyFunction = 'max' | 'min' | 'MAX' | 'MIN'

/** What the rows are ranked by. */
export interface Ranking {
  readonly columns: readonly (readonly [column: string, direction: 'asc' | 'desc'])[]
  /** Which rows are ranked at all. */
  readonly condition: ((query: never) => unknown) | undefined
}

/**
 * @param column - A column, several, or columns with their functions.
 * @throws InvalidArgumentException for a function other than `max` and `min`.
 */
export function rankingOf(
  column: string | readonly string[] | Readonly<Record<string, string>>,
  of: string,
  key: string,
  condition?: (query: never) => unknown,
): Ranking {
  const names = typeof column === 'string' ? [column] : column
  const given = Array.isArray(names) ? names.map((name) => [name, of] as const) : Object.entries(names)
  const columns = given.map(([name, each]) => [name, directionOf(each)] as const)
  // Of equal rows it is always the same one.
  const hasKey = columns.some(([name]) => name === key)
  const last = [key, typeof column === 'string' ? directionOf(of) : 'desc'] as const
  return { columns: hasKey ? columns : [...columns, last], condition }
}

function directionOf(of: string): 'asc' | 'desc' {
  const lower = String(of).toLowerCase()
  if (lower === 'max') return 'desc'
  if (lower === 'min') return 'asc'
  throw new InvalidArgumentException(`Of many models one is chosen by "max" or "min", not by "${of}".`)
}

/** Sorts a query by a ranking. Rows without a value come last, as they do not count for `max` and `min`. */
export function rank(
  query: {
    orderBy(column: never, direction: string, nulls: 'last'): unknown
    qualifyColumn(column: string): string
  },
  { columns, condition }: Ranking,
): void {
  if (condition !== undefined) refusePromise(condition(query as never))
  for (const [column, direction] of columns) query.orderBy(query.qualifyColumn(column) as never, direction, 'last')
}
