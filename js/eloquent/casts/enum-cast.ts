import { InvalidArgumentException } from '../../errors'
import type { Cast, CastContext } from './cast'

type EnumValue = string | number

/** Whether something in `casts` is an enum: one of TypeScript, or an object of constants. */
export function isEnum(value: unknown): value is Readonly<Record<string, EnumValue>> {
  if (typeof value !== 'object' || value === null) return false
  const values = Object.values(value)
  return values.length > 0 && values.every((each) => typeof each === 'string' || typeof each === 'number')
}

/** One of the values of an enum; everything else is refused, stored values too. `'1'` is found where the enum has 1. */
export function enumCast(values: Readonly<Record<string, EnumValue>>): Cast {
  // An enum of numbers leads back from them to its names.
  const names = Object.keys(values).filter((name) => !/^-?\d+(?:\.\d+)?$/.test(name))
  const known = new Map(names.map((name) => [String(values[name]), values[name]]))
  const find = (value: unknown, { key }: CastContext) => {
    const found = known.get(String(value))
    if (found !== undefined) return found
    throw new InvalidArgumentException(`The attribute "${key}" takes one of ${[...known.keys()].join(', ')}.`)
  }
  return { get: find, set: find }
}
