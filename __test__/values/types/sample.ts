/**
 * What a column is given and what it answers: the tables of `postgres.ts`, `mariadb.ts` and `sqlite.ts` are made of these.
 */
import type { ConnectionOptions } from '../../support/databases'

/** The options of a connection that change what values become. */
export const SETTINGS = {
  default: {},
  bigintString: { bigint: 'string' },
  bigintBigint: { bigint: 'bigint' },
  bigintNumber: { bigint: 'number' },
  datesString: { dates: 'string' },
  jsonString: { json: 'string' },
  berlin: { timezone: 'Europe/Berlin' },
  kolkata: { timezone: '+05:30' },
} as const satisfies Record<string, ConnectionOptions>

export type Setting = keyof typeof SETTINGS

export const SETTING_NAMES = Object.keys(SETTINGS) as Setting[]

/** Those that change what is sent as well; the others change only what is read. */
export const WRITING_SETTINGS: readonly Setting[] = ['default', 'berlin', 'kolkata']

const allBut = (...names: Setting[]): Setting[] => SETTING_NAMES.filter((name) => !names.includes(name))

/** Stands for a value that reading refuses: `bigint: 'number'` beyond 2^53. */
export const REFUSED = Symbol('refused')

export interface Sample {
  /** What is bound. */
  readonly write: unknown
  /** What is read, exactly. */
  readonly read: unknown
  /** What is read instead under these settings. Dates written as `Date` and all else are the same under each. */
  readonly under?: Partial<Record<Setting, unknown>>
  /** Under these settings the value read is not all that is stored, so a `where` with it finds nothing. */
  readonly lossUnder?: readonly Setting[]
}

export interface ColumnCase {
  /** The column's type as SQL. */
  readonly type: string
  /** Made before the table: types, domains. */
  readonly before?: readonly string[]
  readonly samples: readonly Sample[]
  /** Why `where value = <value read>` cannot find rows of this type. */
  readonly incomparable?: string
}

/** Values that are read as they are written; null with them, since every column may be null. */
export function same(...values: unknown[]): Sample[] {
  return [...values, null].map((value) => ({ write: value, read: value }))
}

/** Read as something else than it was written. */
export function as(write: unknown, read: unknown, under: Sample['under'] = {}): Sample {
  return { write, read, under }
}

/** An integer of 64 bits under each of the policies. `read` is that of `bigint: 'auto'`. */
export function wide(write: unknown): Sample {
  const digits = BigInt(write as string | number | bigint)
  const isSafe = BigInt(Number.MIN_SAFE_INTEGER) <= digits && digits <= BigInt(Number.MAX_SAFE_INTEGER)
  return {
    write,
    read: isSafe ? Number(digits) : String(digits),
    under: {
      bigintString: String(digits),
      bigintBigint: digits,
      bigintNumber: isSafe ? Number(digits) : REFUSED,
    },
  }
}

/**
 * JSON: `text` is what the database keeps, for `json: 'string'`. A value that was parsed is not its text, so it finds
 * itself only when it is an object or an array.
 */
export function json(write: unknown, read: unknown, text: string | null): Sample {
  const isScalar = typeof read !== 'object' && read !== null
  return { write, read, under: { jsonString: text }, ...(isScalar && { lossUnder: allBut('jsonString') }) }
}

/** A sample whose value read cannot find it, under any setting but the named ones. */
export function lossy(sample: Sample, ...but: Setting[]): Sample {
  return { ...sample, lossUnder: allBut(...but) }
}

export interface Clock {
  /** The instant in a connection of UTC, as ISO text. */
  readonly utc: string
  /** The text under `dates: 'string'`. */
  readonly text: string
  /** The instants in connections of other zones, where they differ. */
  readonly berlin?: string
  readonly kolkata?: string
  /** Has digits that no `Date` holds. */
  readonly isCut?: true
}

/** A time: `Date` by default, text under `dates: 'string'`. */
export function clock(write: unknown, { utc, text, berlin, kolkata, isCut }: Clock): Sample {
  return {
    write,
    read: new Date(utc),
    under: {
      datesString: text,
      ...(berlin !== undefined && { berlin: new Date(berlin) }),
      ...(kolkata !== undefined && { kolkata: new Date(kolkata) }),
    },
    ...(isCut && { lossUnder: allBut('datesString') }),
  }
}

/** Text that programs meet. None has a NUL character, which PostgreSQL refuses. */
export const TEXTS: readonly string[] = [
  '',
  ' ',
  '  spaces before and after  ',
  'plain',
  'naïve façade ÿ',
  'Ā first beyond Latin-1',
  '日本語 中文 한국어',
  '🦀 👩‍👩‍👧‍👦 🏳️‍🌈 𝄞 \u{10FFFF}',
  'e\u0301 A\u030A \u1100\u1161\u11A8', // combining sequences, not to be composed
  '\u00e9 \u212B \uFB01', // nor these decomposed
  '\u202Eright to left\u202C עברית',
  '\uFEFFbyte order mark',
  '\uFFFD\uFFFF\uFFFE',
  'tab\tnew line\nreturn\rescape\u001b delete\u007f \u0001\u0085\u2028\u2029',
  `quotes ' " \` and backslashes \\ \\' \\0 \\n %_ $1 ? :name ??`,
  'null',
  'NULL',
  '{"not":"json"}',
  '0',
  '1e3',
  'x'.repeat(4096),
  'é'.repeat(3000),
  '界'.repeat(3000),
]

/** Bytes that are no text, among others. */
export const BYTES: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from([0]),
  Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  Buffer.from('\\x00 is not an escape'),
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.alloc(70_000, 0xc3),
]
