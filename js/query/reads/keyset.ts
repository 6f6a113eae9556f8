/**
 * Where a page begins when pages are cut by values instead of by counting: the rows that come after those of one row
 * in the order of some keys.
 */
import type { Operand, Order, Predicate, SelectQuery } from '../ast'
import { Bound, BoundList } from '../bound'

/** One key of an order. */
export interface SortKey {
  /** Its name in the rows. */
  readonly name: string
  readonly by: Operand
  readonly direction: 'asc' | 'desc'
  /** Where rows without a value go; left out, where the database puts them. */
  readonly nulls?: Order['nulls']
}

/** What is known of rows without a value in a key. */
export interface Nulls {
  /** Whether this database sorts them behind all others in ascending order. */
  readonly areLargest: boolean
  /** Whether they are looked for behind the rows that have a value. */
  readonly areWanted: boolean
}

/** Whether a database sorts rows without a value behind all others in ascending order. */
export function sortsNullsLast(driverName: string): boolean {
  return driverName === 'pgsql'
}

/** Whether rows without a value come behind the others. */
export function endsWithNulls(key: SortKey, nulls: Nulls): boolean {
  return key.nulls === undefined ? nulls.areLargest === (key.direction === 'asc') : key.nulls === 'last'
}

/** A key that is never null. */
export function isId(key: SortKey): boolean {
  return key.name === 'id' || key.name.endsWith('.id')
}

/** The same order backwards. */
export function reversed(keys: readonly SortKey[]): SortKey[] {
  return keys.map((key) => ({ ...key, ...turned(key) }))
}

/** The other end first. */
export function turned({ direction, nulls }: Pick<SortKey, 'direction' | 'nulls'>): Pick<
  Order,
  'direction' | 'nulls'
> & {
  direction: 'asc' | 'desc'
} {
  return {
    direction: direction === 'asc' ? 'desc' : 'asc',
    nulls: nulls === undefined ? undefined : nulls === 'first' ? 'last' : 'first',
  }
}

/** The rows behind the one with these values. */
export function behind(
  keys: readonly SortKey[],
  values: readonly unknown[],
  nulls: Nulls,
  operandOf: (key: SortKey) => Operand,
): Predicate {
  const from = (at: number): Predicate[] => {
    const key = keys[at] as SortKey
    const value = values[at]
    const column = operandOf(key)
    const isLast = at === keys.length - 1
    const tied = (join: 'and' | 'or'): Predicate[] =>
      isLast ? [] : [group(join, [...equal(column, value), group('and', from(at + 1))])]
    if (value === null || value === undefined) {
      if (!endsWithNulls(key, nulls)) return [{ kind: 'null', join: 'and', not: true, column }, ...tied('or')]
      return isLast ? [{ kind: 'in', join: 'and', not: false, column, values: new BoundList([]) }] : tied('and')
    }
    const further: Predicate[] = [beyond(column, value, key.direction)]
    // The first key's nulls are read by a query of their own: here they would keep it from using an index.
    if (nulls.areWanted && at > 0 && !isId(key) && endsWithNulls(key, nulls)) {
      further.push({ kind: 'null', join: 'or', not: false, column })
    }
    return [...further, ...tied('or')]
  }
  return group('and', from(0))
}

/** A `Date` has milliseconds, the column may have more: all of that millisecond counts as equal. */
function beyond(column: Operand, value: unknown, direction: 'asc' | 'desc'): Predicate {
  if (value instanceof Date && direction === 'asc') return compare(column, '>=', nextMillisecond(value))
  return compare(column, direction === 'asc' ? '>' : '<', value)
}

function equal(column: Operand, value: unknown): Predicate[] {
  if (value === null || value === undefined) return [{ kind: 'null', join: 'and', not: false, column }]
  if (!(value instanceof Date)) return [compare(column, '=', value)]
  return [compare(column, '>=', value), compare(column, '<', nextMillisecond(value))]
}

function nextMillisecond(value: Date): Date {
  return new Date(value.getTime() + 1)
}

function compare(left: Operand, operator: string, value: unknown): Predicate {
  return { kind: 'compare', join: 'and', left, operator, right: new Bound(value) }
}

function group(join: 'and' | 'or', items: Predicate[]): Predicate {
  return { kind: 'group', join, items }
}

/** Conditions that others can be added to: in parentheses when some are joined by `or`. */
export function grouped(conditions: readonly Predicate[] | undefined): Predicate[] {
  if (conditions === undefined) return []
  const isGroup = conditions.some(({ join }, at) => at > 0 && join.startsWith('or'))
  return isGroup ? [group('and', [...conditions])] : [...conditions]
}

/** What a query reads under a name: conditions cannot use the names that columns have in the result. */
export function operandNamed(query: SelectQuery, name: string): Operand {
  for (const column of query.columns ?? []) {
    if (typeof column === 'string') {
      const [, original, alias] = /^(.*\S)\s+as\s+(\S.*)$/i.exec(column) ?? []
      if (original !== undefined && alias === name) return original
    } else if (column instanceof Bound) {
    } else if (column.kind === 'raw') {
      const [, original, alias = ''] = /^([\s\S]*\S)\s+as\s+(\S+)\s*$/i.exec(column.sql) ?? []
      if (original !== undefined && alias.replace(/^["`[]|["`\]]$/g, '') === name) {
        return { kind: 'raw', sql: original, values: column.values }
      }
    } else if (column.kind === 'query' && column.alias === name) return { ...column, alias: undefined }
  }
  return name
}

/** Whether two rows are equal in these keys. */
export function areTied(keys: readonly SortKey[], one: object, other: object): boolean {
  return keys.every((key) => comparable(cellNamed(one, key.name)) === comparable(cellNamed(other, key.name)))
}

/** The value of a key in a row; `undefined` when the row does not have it. */
export function cellNamed(row: object, name: string): unknown {
  const cells = row as Record<string, unknown>
  return cells[name] === undefined ? cells[name.slice(name.lastIndexOf('.') + 1)] : cells[name]
}

function comparable(value: unknown): unknown {
  if (value instanceof Date) return value.getTime()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}
