import { InvalidArgumentException } from '../../errors'
import type { Cast } from './cast'

/** Whole numbers. Text beyond the safe integers stays text, so that no digit is lost. */
export const INTEGER: Cast = {
  get: (value) => integerOf(value),
  set: (value, { key }) => {
    const number = integerOf(value)
    if (typeof number === 'number' && Number.isNaN(number)) throw notA('a whole number', key, value)
    return number
  },
}

export const FLOAT: Cast = {
  get: (value) => Number(value),
  set: (value, { key }) => {
    const number = Number(value)
    if (Number.isNaN(number) && typeof value !== 'number') throw notA('a number', key, value)
    return number
  },
}

export const STRING: Cast = {
  get: (value) => textOf(value),
  set: (value) => textOf(value),
}

const FALSE = new Set(['', '0', 'false', 'f', 'no', 'n', 'off'])

export const BOOLEAN: Cast = {
  get: (value) => booleanOf(value),
  set: (value) => booleanOf(value),
  // MySQL and SQLite store 0 and 1.
  isSame: (one, other) => booleanOf(one) === booleanOf(other),
}

/** Exact text with so many digits after the point, rounded half away from zero. */
export function decimal(digits: number): Cast {
  const round = (value: unknown, key: string) => {
    const text = typeof value === 'number' ? plain(value) : String(value).trim()
    if (!/^[+-]?\d*\.?\d*$/.test(text) || !/\d/.test(text)) throw notA('a decimal number', key, value)
    return rounded(text, digits)
  }
  return {
    get: (value, { key }) => round(value, key),
    set: (value, { key }) => round(value, key),
    isSame: (one, other) => rounded(String(one), digits) === rounded(String(other), digits),
  }
}

function integerOf(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  const text = String(value).trim()
  if (/^[+-]?\d+$/.test(text) && !Number.isSafeInteger(Number(text))) return text
  return text === '' ? Number.NaN : Math.trunc(Number(text))
}

function booleanOf(value: unknown): boolean {
  return typeof value === 'string' ? !FALSE.has(value.trim().toLowerCase()) : Boolean(value)
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A number without exponent. */
function plain(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
}

function rounded(text: string, digits: number): string {
  const sign = text.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.')
  const kept = BigInt(`${whole || '0'}${fraction.padEnd(digits, '0').slice(0, digits)}`)
  const isUp = (fraction[digits] ?? '0') >= '5'
  const all = String(isUp ? kept + 1n : kept).padStart(digits + 1, '0')
  const result = digits === 0 ? all : `${all.slice(0, -digits)}.${all.slice(-digits)}`
  return /[1-9]/.test(result) ? sign + result : result
}

function notA(what: string, key: string, value: unknown): InvalidArgumentException {
  return new InvalidArgumentException(`The attribute "${key}" takes ${what}, not ${typeof value}.`)
}
