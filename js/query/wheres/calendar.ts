import type { DatePart } from '../ast'

/** A part of a date as databases write it: `2026-01-31`, `23:59:59`, `31`, `01`, `2026`. */
export function dateText(part: DatePart, date: Date, timeZone = 'UTC'): string {
  const fields = fieldsOf(date, timeZone)
  switch (part) {
    case 'date':
      return `${fields.year}-${fields.month}-${fields.day}`
    case 'time':
      return `${fields.hour}:${fields.minute}:${fields.second}`
    default:
      return fields[part]
  }
}

type Fields = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>

/** `+02:00`, which not every version of Node takes for the name of a zone. */
const OFFSET = /^([+-])(\d{1,2}):?(\d{2})$/

function fieldsOf(date: Date, timeZone: string): Fields {
  const [, sign, hours, minutes] = OFFSET.exec(timeZone) ?? []
  if (sign !== undefined) {
    const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
    return fieldsOf(new Date(date.getTime() + (sign === '-' ? -offset : offset)), 'UTC')
  }
  const format = new Intl.DateTimeFormat('en-CA', {
    // The program's own zone is what Intl takes when none is named.
    ...(timeZone === 'local' ? {} : { timeZone: timeZone === 'Z' ? 'UTC' : timeZone }),
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const parts = format.formatToParts(date).map(({ type, value }) => [type, value])
  const fields = Object.fromEntries(parts) as Fields
  return { ...fields, year: fields.year.padStart(4, '0') }
}
