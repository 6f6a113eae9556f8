/** What an update does to columns, from the object that users give. */
import { InvalidArgumentException } from '../../errors'
import { describe, isComputed, valueOperand } from '../arguments'
import type { Assignment } from '../ast'
import { Bound } from '../bound'
import { Expression } from '../expression'
import type { QueryState } from '../state'
import { jsonCell, jsonText } from '../wheres/json-value'

/** One assignment for each column, and for each path inside of a JSON column. */
export function assignmentsOf(values: object, within: QueryState): Assignment[] {
  assertColumns(values)
  let patches: ReadonlyMap<string, Bound> | undefined
  return Object.keys(values).map((column): Assignment => {
    const value = (values as Record<string, unknown>)[column]
    if (!column.includes('->')) return { kind: 'set', column, value: valueOperand(value, column, within) }
    patches ??= patchesOf(Object.entries(values))
    return { kind: 'json', column, value: jsonCell(value, column, within), patch: patches.get(column) }
  })
}

/**
 * Checks that somebody gave columns with values.
 *
 * @throws InvalidArgumentException for text, lists, expressions: their properties are no columns.
 */
export function assertColumns(values: unknown): void {
  const isOther = values === null || typeof values !== 'object' || Array.isArray(values) || values instanceof Expression
  if (isOther) throw new InvalidArgumentException(`A row has to be an object of columns, not ${describe(values)}.`)
}

/** For each JSON column the object of all its changes, by the last path that changes it. */
function patchesOf(entries: readonly (readonly [string, unknown])[]): ReadonlyMap<string, Bound> {
  const documents = new Map<string, { document: Record<string, unknown>; last: string }>()
  for (const [column, value] of entries) {
    const [name, ...keys] = column.split('->') as [string, ...string[]]
    if (keys.length === 0 || value === undefined || isComputed(value)) continue
    const known = documents.get(name) ?? { document: {}, last: column }
    documents.set(name, known)
    known.last = column
    setAt(known.document, keys, value)
  }
  return new Map(
    [...documents.values()].map(({ document, last }) => [last, new Bound(jsonText(document, last))] as const),
  )
}

function setAt(document: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  let inner = document
  for (const key of keys.slice(0, -1)) {
    const next = Object.hasOwn(inner, key) ? inner[key] : undefined
    const object = next !== null && typeof next === 'object' ? (next as Record<string, unknown>) : {}
    define(inner, key, object)
    inner = object
  }
  define(inner, keys.at(-1) as string, value)
}

/** `__proto__` has to become a key like any other. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}
