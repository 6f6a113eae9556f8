import { InvalidArgumentException } from '../../errors'
import type { Cast, CastArgument } from './cast'
import { COLLECTION } from './collection-cast'
import { CustomCast, isCustomCast } from './custom-cast'
import { DATE, DATETIME, TIMESTAMP } from './date-casts'
import { JSON_CAST } from './json-casts'
import { BOOLEAN, decimal, FLOAT, INTEGER, STRING } from './simple-casts'

/** A cast by its name; `argument` is what stands after the colon. */
type Make = (argument: string | undefined, name: string) => Cast

const always =
  (cast: Cast): Make =>
  () =>
    cast

const NAMES: Record<string, Make> = {
  int: always(INTEGER),
  integer: always(INTEGER),
  real: always(FLOAT),
  float: always(FLOAT),
  double: always(FLOAT),
  decimal: (digits, name) => decimal(digitsOf(digits, name)),
  string: always(STRING),
  bool: always(BOOLEAN),
  boolean: always(BOOLEAN),
  object: always(JSON_CAST),
  array: always(JSON_CAST),
  json: always(JSON_CAST),
  collection: always(COLLECTION),
  date: always(DATE),
  datetime: always(DATETIME),
  immutable_date: always(DATE),
  immutable_datetime: always(DATETIME),
  timestamp: always(TIMESTAMP),
}

/** Adds a cast by name. */
export function registerCast(name: string, make: Make): void {
  NAMES[name] = make
}

/**
 * The cast that an entry of `casts` names.
 *
 * @throws InvalidArgumentException for a name that is none.
 */
export function castOf(argument: CastArgument, key: string): Cast {
  if (typeof argument === 'string') {
    const [name = '', rest] = splitOnce(argument)
    const make = Object.hasOwn(NAMES, name.toLowerCase()) ? NAMES[name.toLowerCase()] : undefined
    if (make !== undefined) return make(rest, argument)
    throw new InvalidArgumentException(`"${key}" has the cast "${argument}", and there is no such cast.`)
  }
  if (typeof argument === 'function') {
    const made: unknown = Reflect.construct(argument, [])
    if (isCustomCast(made)) return new CustomCast(made)
  }
  if (isCustomCast(argument)) return new CustomCast(argument)
  throw new InvalidArgumentException(`The cast of "${key}" has to be a name, or have the methods get() and set().`)
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf(':')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function digitsOf(text: string | undefined, name: string): number {
  const digits = Number(text ?? 2)
  if (Number.isInteger(digits) && digits >= 0 && digits <= 30) return digits
  throw new InvalidArgumentException(`"${name}" is no cast: decimal takes a number of digits, as in decimal:2.`)
}
