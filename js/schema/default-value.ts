import { InvalidArgumentException } from '../errors.js'
import type { DefaultValue } from './change.js'

/** An SQL expression, as `DB.raw()` makes it. */
export interface Expression {
  getValue(): string | number
}

/** Whether a value is an SQL expression. */
export function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && typeof (value as Expression).getValue === 'function'
}

/** The SQL text of an expression, or the text itself. */
export function sqlText(value: string | Expression): string {
  return isExpression(value) ? String(value.getValue()) : value
}

/** A constant that a column definition can hold. */
export type DefaultConstant = string | number | bigint | boolean | null | Date | object

/**
 * What `default(value)` means. A definition takes no bindings, so the engine writes a literal.
 * Dates become UTC text, objects and arrays JSON text; `null` is no default.
 */
export function defaultValue(column: string, value: DefaultConstant | Expression): DefaultValue | undefined {
  if (value === null) return undefined
  if (isExpression(value)) return { kind: 'raw', sql: sqlText(value) }
  switch (typeof value) {
    case 'boolean':
    case 'string':
      return { kind: 'value', value }
    case 'number':
      if (!Number.isFinite(value)) throw new InvalidArgumentException(`${column}: ${value} cannot be a default`)
      return { kind: 'value', value }
    case 'bigint':
      return { kind: 'value', value: value.toString() }
    case 'object':
      if (value instanceof Date) return { kind: 'value', value: dateText(column, value) }
      return { kind: 'value', value: JSON.stringify(value) }
    default:
      throw new InvalidArgumentException(`${column}: ${typeof value} cannot be a default; use null for none`)
  }
}

function dateText(column: string, date: Date): string {
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentException(`${column}: an invalid Date cannot be a default`)
  return date
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '')
}
