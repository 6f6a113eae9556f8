import { isDeepStrictEqual } from 'node:util'
import { InvalidArgumentException } from '../../errors'
import type { Cast } from './cast'

/** JSON: parsed for programs. What they change in place is stored with the next save. */
export const JSON_CAST: Cast = {
  // PostgreSQL answers it parsed; programs get a copy, as they may change it.
  get: (value, { key }) => (typeof value === 'string' ? parsed(value, key) : copied(value)),
  set: (value, { key }) => {
    const text = JSON.stringify(value)
    if (text === undefined) throw new InvalidArgumentException(`The attribute "${key}" takes what JSON can hold.`)
    return text
  },
  isMutable: true,
  isSame: (one, other) => isDeepStrictEqual(dataOf(one), dataOf(other)),
}

/** A value that the database answered as an object, of an attribute without a cast. */
export const PARSED: Cast = { ...JSON_CAST, get: (value) => copied(value) }

/** A copy that shares nothing. Three times as quick as `structuredClone`, which is for what JSON cannot hold. */
function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copied)
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value)
  const copy: Record<string, unknown> = { ...value }
  for (const [key, member] of Object.entries(copy)) {
    if (typeof member === 'object' && member !== null) copy[key] = copied(member)
  }
  return copy
}

function dataOf(stored: unknown): unknown {
  if (typeof stored !== 'string') return stored
  try {
    return JSON.parse(stored)
  } catch {
    return stored
  }
}

function parsed(text: string, key: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InvalidArgumentException(`The attribute "${key}" is cast to JSON, and what is stored is none.`, { cause })
  }
}
