/** What programs give for the rows of a pivot table: keys, models, lists of them, or attributes by key. */
import { InvalidArgumentException } from '../../errors'
import type { AnyRow } from '../../query/columns'
import { isModel } from '../model-proxy'
import { type ComparableKey, comparableKey, storedKey } from './keys'

/** A related model, or its key. */
export type RelatedKey = string | number | bigint | object

/** Related models: one, a list, or attributes of the pivot rows by key. */
export type RelatedKeys =
  | RelatedKey
  | Iterable<RelatedKey>
  | ReadonlyMap<RelatedKey, AnyRow>
  | Readonly<Record<string, AnyRow>>

/** The pivot row of one related model. */
export interface PivotRecord {
  readonly key: unknown
  readonly attributes: AnyRow
}

/** The related side of a pivot table: which column has the key, and whether keys are numbers. */
export interface RelatedSide {
  readonly column: string
  readonly keyType: string
}

/**
 * The records that a program names.
 *
 * @throws InvalidArgumentException for what is no key: `undefined`, `null`, a model that is not saved.
 */
export function pivotRecords(ids: RelatedKeys, side: RelatedSide): PivotRecord[] {
  if (ids instanceof Map) {
    return Array.from(ids as ReadonlyMap<RelatedKey, AnyRow>, ([id, attributes]) => record(id, side, attributes))
  }
  if (isOne(ids)) return [record(ids, side)]
  if (Symbol.iterator in (ids as object)) return Array.from(ids as Iterable<RelatedKey>, (id) => record(id, side))
  return Object.entries(ids as Record<string, AnyRow>).map(([id, attributes]) => record(id, side, attributes))
}

/** The records by their keys; of two with the same key, the last. */
export function pivotRecordsByKey(ids: RelatedKeys, side: RelatedSide): Map<ComparableKey, PivotRecord> {
  return new Map(pivotRecords(ids, side).map((each) => [comparableKey(each.key) ?? '', each]))
}

function isOne(ids: unknown): boolean {
  return typeof ids !== 'object' || ids === null || ids instanceof Uint8Array || isModel(ids)
}

function record(id: unknown, { column, keyType }: RelatedSide, attributes: unknown = {}): PivotRecord {
  const key: unknown = isModel(id) ? storedKey(id, column) : id
  const isKey = ['string', 'number', 'bigint'].includes(typeof key) || key instanceof Uint8Array
  if (!isKey) throw new InvalidArgumentException('Related models are named by keys, or are models that are saved.')
  if (typeof attributes !== 'object' || attributes === null) {
    throw new InvalidArgumentException('Attributes of a pivot row are an object, by the key of the related model.')
  }
  // Names of an object are text, whatever the keys are.
  const isNumber = typeof key === 'string' && keyType.startsWith('int') && /^\d{1,15}$/.test(key)
  return { key: isNumber ? Number(key) : key, attributes: attributes as AnyRow }
}
