import { InvalidArgumentException } from '../../errors'
import type { Cast, CastArgument, CustomCastArgument } from './cast'
import { COLLECTION } from './collection-cast'
import { CustomCast, isCustomCast } from './custom-cast'
import { DATE, DATETIME, shownAs, TIMESTAMP } from './date-casts'
import { encrypted } from './encrypted-cast'
import { enumCast, isEnum } from './enum-cast'
import { HASHED } from './hashed-cast'
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
  date: (format) => shownAs(DATE, format),
  datetime: (format) => shownAs(DATETIME, format),
  immutable_date: (format) => shownAs(DATE, format),
  immutable_datetime: (format) => shownAs(DATETIME, format),
  timestamp: always(TIMESTAMP),
  hashed: always(HASHED),
  encrypted: (inner, name) => encrypted(castNamed(inner ?? 'string', name)),
}

/** What encrypted text may hold besides text. */
const ENCRYPTABLE = new Set(['string', 'array', 'collection', 'object', 'json'])

/** Casts of programs, by name. */
const registered = new Map<string, CustomCastArgument>()

/**
 * Gives a cast of one's own a name, for `casts = { price: 'money:EUR,2' }`: a class is made with what stands after the
 * colon.
 *
 * @throws InvalidArgumentException for the name of a cast that is there.
 */
export function registerCast(name: string, cast: CustomCastArgument): void {
  if (Object.hasOwn(NAMES, name.toLowerCase())) {
    throw new InvalidArgumentException(`There is a cast "${name}" already: give yours another name.`)
  }
  registered.set(name, cast)
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
    const own = registered.get(name)
    if (own !== undefined) return customCast(own, key, rest?.split(',') ?? [])
    throw new InvalidArgumentException(`"${key}" has the cast "${argument}", and there is no such cast.`)
  }
  return customCast(argument, key, [])
}

function customCast(argument: CastArgument, key: string, args: readonly string[]): Cast {
  const { castUsing } = argument as { castUsing?: unknown }
  if (typeof castUsing === 'function') return castOf(castUsing.call(argument, args) as CastArgument, key)
  const made: unknown = typeof argument === 'function' ? Reflect.construct(argument, args) : argument
  if (isCustomCast(made)) return new CustomCast(made)
  if (isEnum(made)) return enumCast(made)
  throw new InvalidArgumentException(
    `The cast of "${key}" has to be a name, an enum, a class with castUsing(), or have the methods get() and set().`,
  )
}

function castNamed(inner: string, name: string): Cast {
  const make = ENCRYPTABLE.has(inner) ? NAMES[inner] : undefined
  if (make !== undefined) return make(undefined, inner)
  throw new InvalidArgumentException(
    `There is no cast "${name}": encrypted text can hold ${[...ENCRYPTABLE].join(', ')}.`,
  )
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
