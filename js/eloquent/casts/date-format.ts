/** Dates as texts by the letters of PHP: `Y-m-d H:i:s`. In UTC. A backslash keeps a letter as it is. */
import { InvalidArgumentException } from '../../errors'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = 'January February March April May June July August September October November December'.split(' ')

const two = (number: number) => String(number).padStart(2, '0')
const short = (name = '') => name.slice(0, 3)
const hour12 = (date: Date) => date.getUTCHours() % 12 || 12

const WRITERS: Readonly<Record<string, (date: Date) => string | number>> = {
  d: (date) => two(date.getUTCDate()),
  j: (date) => date.getUTCDate(),
  D: (date) => short(DAYS[date.getUTCDay()]),
  l: (date) => DAYS[date.getUTCDay()] ?? '',
  N: (date) => date.getUTCDay() || 7,
  w: (date) => date.getUTCDay(),
  m: (date) => two(date.getUTCMonth() + 1),
  n: (date) => date.getUTCMonth() + 1,
  M: (date) => short(MONTHS[date.getUTCMonth()]),
  F: (date) => MONTHS[date.getUTCMonth()] ?? '',
  Y: (date) => String(date.getUTCFullYear()).padStart(4, '0'),
  y: (date) => two(date.getUTCFullYear() % 100),
  H: (date) => two(date.getUTCHours()),
  G: (date) => date.getUTCHours(),
  h: (date) => two(hour12(date)),
  g: (date) => hour12(date),
  i: (date) => two(date.getUTCMinutes()),
  s: (date) => two(date.getUTCSeconds()),
  v: (date) => String(date.getUTCMilliseconds()).padStart(3, '0'),
  u: (date) => `${String(date.getUTCMilliseconds()).padStart(3, '0')}000`,
  A: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  a: (date) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
  U: (date) => Math.floor(date.getTime() / 1000),
  P: () => '+00:00',
  p: () => 'Z',
  O: () => '+0000',
  Z: () => 0,
  e: () => 'UTC',
  T: () => 'UTC',
  c: (date) => date.toISOString().replace(/\.\d+Z$/, '+00:00'),
}

/** What may stand in a text for a letter that can be read back. */
const READERS: Readonly<Record<string, string>> = {
  ...{ d: '\\d\\d', j: '\\d\\d?', m: '\\d\\d', n: '\\d\\d?', Y: '\\d{4}', y: '\\d\\d', H: '\\d\\d', G: '\\d\\d?' },
  ...{ h: '\\d\\d', g: '\\d\\d?', i: '\\d\\d', s: '\\d\\d', v: '\\d{3}', u: '\\d{1,6}', A: '[AP]M', a: '[ap]m' },
  ...{ M: '[A-Za-z]{3}', F: '[A-Za-z]+', U: '-?\\d+', P: '[+-]\\d\\d:\\d\\d', O: '[+-]\\d{4}', p: 'Z' },
}

interface Piece {
  readonly text: string
  readonly isLetter: boolean
}

/** Letters that stand for a part of a date, and what stands for itself. */
function piecesOf(format: string): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < format.length; at += 1) {
    const letter = format.charAt(at)
    if (letter === '\\' && at + 1 < format.length) {
      at += 1
      pieces.push({ text: format.charAt(at), isLetter: false })
    } else pieces.push({ text: letter, isLetter: Object.hasOwn(WRITERS, letter) })
  }
  return pieces
}

/** A date as text. */
export function formatted(date: Date, format: string): string {
  return piecesOf(format)
    .map(({ text, isLetter }) => (isLetter ? String(WRITERS[text]?.(date)) : text))
    .join('')
}

/** The date that a text of this format says; `undefined` for a text that is none. */
export function readFormatted(text: string, format: string): Date | undefined {
  const letters: string[] = []
  const pattern = piecesOf(format).map(({ text: piece, isLetter }) => {
    if (!isLetter) return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const reader = READERS[piece]
    if (reader === undefined) {
      throw new InvalidArgumentException(`A date cannot be read back from the format "${format}": "${piece}" is in it.`)
    }
    letters.push(piece)
    return `(${reader})`
  })
  const match = new RegExp(`^${pattern.join('')}$`).exec(text.trim())
  if (match === null) return undefined
  return dateOfParts(new Map(letters.map((letter, at) => [letter, match[at + 1] ?? ''])))
}

function dateOfParts(parts: ReadonlyMap<string, string>): Date | undefined {
  const seconds = parts.get('U')
  if (seconds !== undefined) return new Date(Number(seconds) * 1000)
  const number = (...letters: string[]) => {
    const found = letters.find((letter) => parts.has(letter))
    return found === undefined ? undefined : Number(parts.get(found))
  }
  const short = number('y')
  const year = number('Y') ?? (short === undefined ? 1970 : short + (short < 70 ? 2000 : 1900))
  const name = short3(parts.get('F') ?? parts.get('M'))
  const month = name === undefined ? (number('m', 'n') ?? 1) : MONTHS.findIndex((each) => short3(each) === name) + 1
  const half = (parts.get('A') ?? parts.get('a'))?.toLowerCase()
  const twelve = number('h', 'g')
  const hours = twelve === undefined ? (number('H', 'G') ?? 0) : (twelve % 12) + (half === 'pm' ? 12 : 0)
  const milliseconds = Number((parts.get('v') ?? parts.get('u') ?? '0').padEnd(3, '0').slice(0, 3))
  const day = number('d', 'j') ?? 1
  const date = new Date(Date.UTC(year, month - 1, day, hours, number('i') ?? 0, number('s') ?? 0, milliseconds))
  const [, sign, h, m] = /^([+-])(\d\d):?(\d\d)$/.exec(parts.get('P') ?? parts.get('O') ?? '') ?? []
  const isReal = month > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  const offset = (Number(h ?? 0) * 60 + Number(m ?? 0)) * 60_000 * (sign === '-' ? -1 : 1)
  return isReal ? new Date(date.getTime() - offset) : undefined
}

function short3(name: string | undefined): string | undefined {
  return name?.slice(0, 3).toLowerCase()
}
