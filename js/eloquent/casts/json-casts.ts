import { isDeepStrictEqual } from 'node:util'
import { InvalidArgumentException } from '../../errors'
import type { Cast } from './cast'

/** JSON: parsed for programs. What they change in place is stored with the next save. */
export const JSON_CAST: Cast = {
  // PostgreSQL answers it parsed; programs get a copy, as they may change it.
  get: (value, { key }) => (typeof value === 'string' ? parsed(value, key) : structuredClone(value)),
  set: (value, { key }) => {
    const text = JSON.stringify(value)
    if (text === undefined) throw new InvalidArgumentException(`The attribute "${key}" takes what JSON can hold.`)
    return text
  },
  isMutable: true,
  isSame: (one, other) => isDeepStrictEqual(dataOf(one), dataOf(other)),
}

/** A value that the database answered as an object, of an attribute without a cast. */
export const PARSED: Cast = { ...JSON_CAST, get: (value) => structuredClone(value) }

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
