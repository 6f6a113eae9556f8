import { InvalidArgumentException } from '../../errors'
import type { Cast, CastContext } from './cast'

/** A moment. Programs get a `Date` of their own each time. */
export const DATETIME: Cast = {
  get: (value, context) => dateOf(value, context),
  set: (value, context) => dateOf(value, context),
  isSame: sameTime,
  serialize: (value) => (value as Date).toJSON(),
}

/** A day: midnight of it in UTC. Stored as `YYYY-MM-DD`. */
export const DATE: Cast = {
  get: (value, context) => startOfDay(dateOf(value, context)),
  set: (value, context) => dateOf(value, context).toISOString().slice(0, 10),
  isSame: (one, other) => dayOf(one) === dayOf(other),
  serialize: (value) => (value as Date).toJSON(),
}

/** Seconds since 1970. */
export const TIMESTAMP: Cast = {
  get: (value, context) => Math.floor(dateOf(value, context).getTime() / 1000),
  set: (value, context) => dateOf(value, context),
  isSame: sameTime,
}

/** What programs may give for a moment: a `Date`, its text, seconds since 1970. */
export function dateOf(value: unknown, { key }: Pick<CastContext, 'key'>): Date {
  const date =
    value instanceof Date
      ? new Date(value)
      : typeof value === 'number'
        ? new Date(value * 1000)
        : typeof value === 'string'
          ? new Date(readable(value))
          : new Date(Number.NaN)
  if (Number.isNaN(date.getTime())) {
    throw new InvalidArgumentException(`The attribute "${key}" takes a date: a Date, ISO text or seconds since 1970.`)
  }
  return date
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
  if (typeof stored !== 'string') return stored
  const time = new Date(readable(stored)).getTime()
  return Number.isNaN(time) ? stored : time
}

function dayOf(stored: unknown): unknown {
  return stored instanceof Date ? stored.toISOString().slice(0, 10) : String(stored).slice(0, 10)
}
