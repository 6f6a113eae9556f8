import { InvalidArgumentException } from '../../errors'
import type { Cast, CastContext } from './cast'
import { formatted, readFormatted } from './date-format'

/** A moment. Programs get a `Date` of their own each time. */
export const DATETIME: Cast = {
  get: (value, context) => dateOf(value, context),
  set: (value, context) => storedDate(dateOf(value, context), context),
  isSame: sameTime,
}

/** A day: midnight of it in UTC. Stored as `YYYY-MM-DD`. */
export const DATE: Cast = {
  get: (value, context) => startOfDay(dateOf(value, context)),
  set: (value, context) => {
    const date = dateOf(value, context)
    return context.dateFormat === undefined ? date.toISOString().slice(0, 10) : storedDate(startOfDay(date), context)
  },
  isSame: (one, other) => dayOf(one) === dayOf(other),
}

/** Seconds since 1970. */
export const TIMESTAMP: Cast = {
  get: (value, context) => Math.floor(dateOf(value, context).getTime() / 1000),
  set: (value, context) => storedDate(dateOf(value, context), context),
  isSame: sameTime,
}

/** A date that `toArray()` shows in this format: `datetime:Y-m-d`. It is stored as any other. */
export function shownAs(cast: Cast, format: string | undefined): Cast {
  return format === undefined ? cast : { ...cast, serialize: (value) => formatted(value as Date, format) }
}

/** What programs may give for a moment: a `Date`, its text, seconds since 1970; text of the model's own format. */
export function dateOf(value: unknown, { key, dateFormat }: Pick<CastContext, 'key' | 'dateFormat'>): Date {
  const date = own(value, dateFormat) ?? plainDateOf(value)
  if (Number.isNaN(date.getTime())) {
    throw new InvalidArgumentException(`The attribute "${key}" takes a date: a Date, ISO text or seconds since 1970.`)
  }
  return date
}

function own(value: unknown, dateFormat: string | undefined): Date | undefined {
  return typeof value === 'string' && dateFormat !== undefined ? readFormatted(value, dateFormat) : undefined
}

function plainDateOf(value: unknown): Date {
  if (value instanceof Date) return new Date(value)
  if (typeof value === 'number') return new Date(value * 1000)
  return new Date(typeof value === 'string' ? readable(value) : Number.NaN)
}

/** A date as the model's `dateFormat` writes it; without one, as the database does. */
function storedDate(date: Date, { dateFormat }: Pick<CastContext, 'dateFormat'>): unknown {
  if (dateFormat === undefined) return date
  const text = formatted(date, dateFormat)
  return dateFormat === 'U' ? Number(text) : text
}

/** `2025-01-02 03:04:05`, as databases write it, is UTC. */
function readable(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/.exec(text.trim())
  return match === null ? text : `${match[1]}T${match[2]}Z`
}

function startOfDay(date: Date): Date {
  date.setUTCHours(0, 0, 0, 0)
  return date
}

function sameTime(one: unknown, other: unknown): boolean {
  return timeOf(one) === timeOf(other)
}

function timeOf(stored: unknown): unknown {
  if (stored instanceof Date) return stored.getTime()
  if (typeof stored !== 'string') return String(stored)
  const time = new Date(readable(stored)).getTime()
  return Number.isNaN(time) ? stored : time
}

function dayOf(stored: unknown): unknown {
  return stored instanceof Date ? stored.toISOString().slice(0, 10) : String(stored).slice(0, 10)
}
