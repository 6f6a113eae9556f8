import { jsonText as writeJson } from '../../native/json-text'
import { isComputed, undefinedValue, valueOperand } from '../arguments'
import type { JsonValue, Operand } from '../ast'
import { Bound } from '../bound'
import type { QueryState } from '../state'

/**
 * A value for a place inside of JSON, in every form that a database may take it in.
 *
 * @throws InvalidArgumentException for `undefined`, and for what JSON cannot hold.
 */
function jsonValue(value: unknown, column: string): JsonValue {
  if (value === undefined) throw undefinedValue(column)
  return { value: new Bound(value), json: new Bound(jsonText(value, column)), kind: kindOf(value) }
}

/** A value, or SQL that stands for one, for a place inside of JSON. */
export function jsonCell(value: unknown, column: string, within: QueryState): JsonValue | Operand {
  return isComputed(value) ? valueOperand(value, column, within) : jsonValue(value, column)
}

/** JSON text; a `bigint` keeps all its digits. */
export function jsonText(value: unknown, column: string): string {
  return writeJson(value, `the value for "${column}"`)
}

function kindOf(value: unknown): JsonValue['kind'] {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  return typeof value === 'object' && !(value instanceof Date) ? 'composite' : 'scalar'
}
