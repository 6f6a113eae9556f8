/** Keys of models, as relations compare them. */
import { stateOf } from '../model-proxy'

/** A key, in the one form that all ways to write it have. */
export type ComparableKey = string | number

/** Whole numbers as they are written, of which those that a number holds exactly have 16 digits at most. */
const WHOLE = /^(0|-?[1-9]\d{0,15})$/

/**
 * A key that is stored, to be compared with others: databases and programs write the same one as `1`, `'1'` or `1n`.
 * Most are whole numbers, which are kept as such: a text of each would be made for nothing else.
 */
export function comparableKey(key: unknown): ComparableKey | undefined {
  if (Number.isSafeInteger(key)) return key as number
  if (key === null || key === undefined) return undefined
  if (key instanceof Uint8Array) return Buffer.from(key).toString('hex')
  const text = String(key)
  return WHOLE.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text
}

/** The value of a column of a model as it is stored; `null` when there is none. */
export function storedKey(model: object, column: string): unknown {
  return stateOf(model).attributes[column] ?? null
}

/** The different keys in a column of models, without those that are missing. */
export function keysOf(models: readonly object[], column: string): unknown[] {
  const keys = new Map<ComparableKey, unknown>()
  for (const model of models) {
    const key = storedKey(model, column)
    const comparable = comparableKey(key)
    if (comparable !== undefined && !keys.has(comparable)) keys.set(comparable, key)
  }
  return [...keys.values()]
}

/** The name of a column without its table. */
export function plainColumn(column: string): string {
  return column.slice(column.lastIndexOf('.') + 1)
}

/** Values that are bound at once: servers count them in 16 bits, and SQLite up to 32,766. */
const MOST_BOUND = 30_000

/** Whole numbers are part of the SQL text, so their number does not matter; others come in pieces. */
export function piecesOf(keys: readonly unknown[]): (readonly unknown[])[] {
  if (keys.length <= MOST_BOUND || areIntegers(keys)) return keys.length === 0 ? [] : [keys]
  const pieces: (readonly unknown[])[] = []
  for (let at = 0; at < keys.length; at += MOST_BOUND) pieces.push(keys.slice(at, at + MOST_BOUND))
  return pieces
}

export function areIntegers(keys: readonly unknown[]): keys is readonly (number | bigint)[] {
  return keys.every((key) => typeof key === 'bigint' || Number.isSafeInteger(key))
}
