/** One cell of a result, and what its column makes of it. The layout is that of `src/driver/rows.rs`. */
import type { Row } from '../support/types'

/** What a column's cells may hold. The numbers are those of `ColumnKind`. */
export const ColumnKind = {
  any: 0,
  number: 1,
  bigInteger: 2,
  boolean: 3,
  text: 4,
  bytes: 5,
  instant: 6,
  json: 7,
  array: 8,
  instantArray: 9,
  bytesArray: 10,
  bigIntegerArray: 11,
  numberArray: 12,
} as const

/** How 64-bit integers become JavaScript values: the connection's option `bigint`. */
export type BigIntPolicy = 'auto' | 'string' | 'bigint' | 'number'

/** The high half of a slot that is not a double. */
export const Mark = {
  latin1: -1,
  integer: -2,
  null: -3,
  wide: -4,
  bytes: -5,
  json: -6,
  boolean: -7,
} as const

/** The columns of a result, as the engine describes them. */
export interface ShapeDescription {
  names: string[]
  kinds: number[]
  bigint: BigIntPolicy
}

/** Where a chunk's cells and texts are, and how far its texts are read. */
export class Chunk {
  readonly floats: Float64Array
  readonly integers: Int32Array
  rows = 0
  latin1 = ''
  wide = ''
  bytes: Uint8Array = EMPTY
  /** The values of each JSON-like column, in column order. */
  json: unknown[][] = NO_JSON
  latin1At = 0
  wideAt = 0
  bytesAt = 0
  /** Its rows hold much text, so that a short cell must not keep its neighbours alive. */
  isBulky = false

  constructor(floats: Float64Array, integers: Int32Array) {
    this.floats = floats
    this.integers = integers
  }

  /** Takes the parts of a message that has rows. */
  load(rows: number, parts: readonly unknown[], jsonColumns: number): void {
    this.rows = rows
    this.latin1 = parts[0] as string
    this.wide = parts[1] as string
    this.bytes = (parts[2] as Uint8Array | undefined) ?? EMPTY
    this.latin1At = 0
    this.wideAt = 0
    this.bytesAt = 0
    const size = this.latin1.length + this.wide.length * 2
    this.isBulky = size > BULKY_CHUNK || size > rows * BULKY_ROW
    if (jsonColumns === 0) return
    const json: unknown[][] = []
    for (let index = 0; index < jsonColumns; index++) json.push(JSON.parse(parts[3 + index] as string) as unknown[])
    this.json = json
  }

  /** Lets go of the texts: a result that is kept must not keep the last chunk. */
  release(): void {
    this.latin1 = ''
    this.wide = ''
    this.bytes = EMPTY
    // Not `length = 0`: V8 has no fast way for that.
    this.json = NO_JSON
  }

  /** The cell in a slot of a column of times: numbers that are not doubles are no instants (SQLite). */
  instant(slot: number): unknown {
    const mark = this.integers[slot * 2 + 1] as number
    return mark === Mark.integer ? this.cell(slot) : toDate(this.cell(slot))
  }

  /** The cell in a slot, as its own mark says. JSON is the caller's. */
  cell(slot: number): unknown {
    const mark = this.integers[slot * 2 + 1] as number
    if (mark >= 0 || mark < Mark.boolean) return this.floats[slot]
    const low = this.integers[slot * 2] as number
    switch (mark) {
      case Mark.latin1: {
        const text = this.latin1.substring(this.latin1At, low)
        this.latin1At = low
        return this.isBulky ? detached(text, this.latin1) : text
      }
      case Mark.integer:
        return low
      case Mark.wide: {
        const text = this.wide.substring(this.wideAt, low)
        this.wideAt = low
        return this.isBulky ? detached(text, this.wide) : text
      }
      case Mark.bytes: {
        const bytes = Buffer.from(this.bytes.subarray(this.bytesAt, low))
        this.bytesAt = low
        return bytes
      }
      case Mark.boolean:
        return low !== 0
      default:
        return null
    }
  }
}

const EMPTY = new Uint8Array(0)
const NO_JSON: unknown[][] = []

/**
 * Bytes of text from which on a chunk is bulky, in all and in a row. A piece of a text (`substring`) keeps the whole
 * text alive, so these bound what one cell costs that a program keeps. The engine ends a chunk at 64 KiB, after the
 * row that passes it.
 */
const BULKY_CHUNK = 128 * 1024
const BULKY_ROW = 4 * 1024

/** V8 copies pieces that are shorter than this anyway. */
const SHORTEST_PIECE = 13

/** A copy of a piece, unless it is most of the text or V8 has made one. */
function detached(piece: string, text: string): string {
  if (piece.length < SHORTEST_PIECE || piece.length > text.length / 2) return piece
  // To cut this concatenation V8 has to write it out, into a text of its own.
  return ` ${piece}`.slice(1)
}

/** Turns a cell into what its column holds. */
export type Convert = (value: unknown) => unknown

/** The conversion of a column, or `undefined` where cells are taken as they are. */
export function converterOf(kind: number, policy: BigIntPolicy, column: string): Convert | undefined {
  switch (kind) {
    case ColumnKind.bigInteger:
      return bigIntegerConverter(policy, column)
    case ColumnKind.instantArray:
      return eachElement((element) => toDate(typeof element === 'string' ? Number(element) : element))
    case ColumnKind.bytesArray:
      return eachElement((element) => (typeof element === 'string' ? Buffer.from(element, 'hex') : element))
    case ColumnKind.bigIntegerArray: {
      const convert = bigIntegerConverter(policy, column)
      return eachElement((element) => {
        const exact = typeof element === 'string' ? numberIfSafe(element) : element
        return convert === undefined ? exact : convert(exact)
      })
    }
    case ColumnKind.numberArray:
      return eachElement((element) => (typeof element === 'string' ? Number(element) : element))
    default:
      return undefined
  }
}

/** Beyond this a `Date` is invalid (ECMA-262, 21.4.1.1). PostgreSQL's timestamps go further. */
const MAX_DATE = 8.64e15

/** A `Date`; infinity, and what no `Date` can hold, stay milliseconds. */
export function toDate(value: unknown): unknown {
  return typeof value === 'number' && value >= -MAX_DATE && value <= MAX_DATE ? new Date(value) : value
}

/** Cells are numbers where they are safe, else digits. */
function bigIntegerConverter(policy: BigIntPolicy, column: string): Convert | undefined {
  switch (policy) {
    case 'auto':
      return undefined
    case 'string':
      return (value) => (typeof value === 'number' ? String(value) : value)
    case 'bigint':
      return (value) => (typeof value === 'number' || typeof value === 'string' ? BigInt(value) : value)
    case 'number':
      return (value) => {
        if (typeof value !== 'string') return value
        throw new RangeError(
          `Column "${column}" holds an integer that no JavaScript number is exact for; ` +
            "read it with bigint: 'auto', 'string' or 'bigint'",
        )
      }
  }
}

function numberIfSafe(digits: string): number | string {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : digits
}

/** Converts the elements of an array of any depth; nulls stay. */
function eachElement(convert: Convert): Convert {
  const walk: Convert = (value) => {
    if (Array.isArray(value)) return value.map(walk)
    return value === null ? null : convert(value)
  }
  return walk
}

/** A column of a result, as it is read. */
export interface Column {
  readonly name: string
  readonly kind: number
  readonly convert: Convert | undefined
  /** Its place among the JSON-like columns. */
  readonly json: number | undefined
}

/** Reads all rows of a chunk to the end of `rows`. */
export type RowReader = (chunk: Chunk, rows: Row[]) => void
