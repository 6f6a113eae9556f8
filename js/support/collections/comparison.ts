/** How collections compare values: loosely, as what came from a database and what a program wrote differ in type. */
import { InvalidArgumentException } from '../../errors'

/** Names a value of an item: a property, a path such as `author.name`, or a function. */
export type Retriever<T> = string | number | ((item: T, index: number) => unknown)

/** Comparisons of {@link Retriever}s with values. */
export type Comparison = '=' | '==' | '===' | '!=' | '<>' | '!==' | '<' | '<=' | '>' | '>='

/** The value that a path leads to; `undefined` where it ends early. */
export function valueAt(item: unknown, path: string | number): unknown {
  if (typeof item !== 'object' || item === null) return undefined
  const whole = (item as Record<string | number, unknown>)[path]
  if (whole !== undefined || typeof path === 'number' || !path.includes('.')) return whole
  let value: unknown = item
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

/** A function that answers what a retriever names; without one, the item itself. */
export function retriever<T>(by?: Retriever<T>): (item: T, index: number) => unknown {
  if (typeof by === 'function') return by
  return by === undefined ? (item) => item : (item) => valueAt(item, by)
}

/** What is the same for values that are loosely equal: `1` and `'1'`, `true` and `1`, two dates of one moment. */
export function looseKey(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return null
    case 'number':
    case 'bigint':
      return String(value)
    case 'boolean':
      return value ? '1' : '0'
    case 'string':
      return /^-?\d{1,15}(\.\d+)?$/.test(value) && value.length <= 16 ? String(Number(value)) : value
    default:
      return value instanceof Date ? `\0date ${value.getTime()}` : value
  }
}

/** Whether two values are loosely equal. */
export function looselyEqual(one: unknown, other: unknown): boolean {
  return one === other || looseKey(one) === looseKey(other)
}

/** Less than 0 when `one` comes first. Nothing comes before everything, numbers go by size whatever their type is. */
export function order(one: unknown, other: unknown): number {
  if (one === null || one === undefined) return other === null || other === undefined ? 0 : -1
  if (other === null || other === undefined) return 1
  const [left, right] =
    isNumeric(one) && isNumeric(other) ? [Number(one), Number(other)] : [one as string, other as string]
  if (left < right) return -1
  return left > right ? 1 : 0
}

/** @throws InvalidArgumentException for a comparison that does not exist. */
export function compares(operator: string, one: unknown, other: unknown): boolean {
  switch (operator) {
    case '=':
    case '==':
      return looselyEqual(one, other)
    case '!=':
    case '<>':
      return !looselyEqual(one, other)
    case '===':
      return one === other
    case '!==':
      return one !== other
    case '<':
      return order(one, other) < 0
    case '<=':
      return order(one, other) <= 0
    case '>':
      return order(one, other) > 0
    case '>=':
      return order(one, other) >= 0
    default:
      throw new InvalidArgumentException(`"${operator}" is no comparison of collections.`)
  }
}

function isNumeric(value: unknown): boolean {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
  )
}

/** Items by name, as an ordinary object; `__proto__` is a name as any other. */
export function named<T>(entries: Iterable<readonly [PropertyKey, T]>): Record<string, T> {
  return Object.fromEntries(entries) as Record<string, T>
}

/** The name of a value in an object. */
export function nameOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'boolean') return value ? '1' : '0'
  return value === null || value === undefined ? '' : String(value)
}
