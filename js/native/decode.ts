/**
 * Rows of one shape, from slots to objects.
 *
 * A loop over the columns at first; after some use, a function generated for the shape, whose
 * object literal gives every row the same hidden class. Column names are untrusted: they enter
 * generated code through `JSON.stringify` only.
 */
import type { Row } from '../support/types'
import { type Chunk, ColumnKind, type Convert, converterOf, Mark, type RowReader, type ShapeDescription } from './cells'

/** After this many chunks, or with one of this many rows, generating code pays (fastpath-detail.md 1.3). */
const CHUNKS_BEFORE_CODE = 8
const ROWS_BEFORE_CODE = 256

/** The decoder of one result shape. */
export class Decoder {
  /** How many columns are JSON-like: each has its own text in a message. */
  readonly jsonColumns: number
  readonly #columns: readonly Column[]
  readonly #loop: RowReader
  #read: RowReader
  #chunks = 0

  constructor(shape: ShapeDescription) {
    this.#columns = columnsOf(shape)
    this.jsonColumns = this.#columns.filter((column) => column.json !== undefined).length
    this.#loop = loopOver(this.#columns)
    this.#read = this.#loop
  }

  /** Appends a chunk's rows. The chunk is loaded. */
  read(chunk: Chunk, rows: Row[]): void {
    if (chunk.isBulky) {
      // Generated code cuts pieces only. Beside this much text the loop costs nothing.
      this.#loop(chunk, rows)
      return
    }
    this.#chunks++
    if (this.#chunks === CHUNKS_BEFORE_CODE || (chunk.rows >= ROWS_BEFORE_CODE && this.#chunks < CHUNKS_BEFORE_CODE)) {
      this.#chunks = CHUNKS_BEFORE_CODE
      this.#read = generate(this.#columns) ?? this.#read
    }
    this.#read(chunk, rows)
  }
}

interface Column {
  readonly name: string
  readonly kind: number
  readonly convert: Convert | undefined
  /** Its place among the JSON-like columns. */
  readonly json: number | undefined
}

function columnsOf({ names, kinds, bigint }: ShapeDescription): Column[] {
  let jsonColumns = 0
  return names.map((name, index) => {
    const kind = kinds[index] ?? ColumnKind.any
    return {
      name,
      kind,
      convert: converterOf(kind, bigint, name),
      json: kind >= ColumnKind.json ? jsonColumns++ : undefined,
    }
  })
}

/** Reads without generated code. */
export function loopOver(columns: readonly Column[]): RowReader {
  const count = columns.length
  return (chunk, rows) => {
    let slot = 0
    for (let index = 0; index < chunk.rows; index++) {
      const row: Row = {}
      for (let at = 0; at < count; at++, slot++) {
        const column = columns[at] as Column
        let value: unknown
        if (column.json !== undefined && chunk.integers[slot * 2 + 1] === Mark.json) {
          value = (chunk.json[column.json] as unknown[])[index]
        } else if (column.kind === ColumnKind.instant) {
          value = chunk.instant(slot)
        } else {
          value = chunk.cell(slot)
        }
        if (column.convert !== undefined) value = column.convert(value)
        // An ordinary assignment to this name would change the prototype.
        if (column.name === '__proto__') defineOwn(row, value)
        else row[column.name] = value
      }
      rows.push(row)
    }
  }
}

function defineOwn(row: Row, value: unknown): void {
  Object.defineProperty(row, '__proto__', { value, writable: true, enumerable: true, configurable: true })
}

let mayGenerate = true

/** A function made for these columns; `undefined` where the host forbids that, or it would not pay. */
export function generate(columns: readonly Column[]): RowReader | undefined {
  if (!mayGenerate) return undefined
  try {
    const converters = columns.map((column) => column.convert)
    return new Function('converters', source(columns))(converters) as RowReader
  } catch {
    // `--disallow-code-generation-from-strings`, or a policy of the host.
    mayGenerate = false
    return undefined
  }
}

/** The body of a function that answers the reader. */
function source(columns: readonly Column[]): string {
  const converters = columns.map((column, at) => (column.convert ? `const c${at} = converters[${at}];` : '')).join('')
  const arrays = columns.map((column, at) =>
    column.json === undefined ? '' : `const j${at} = chunk.json[${column.json}];`,
  )
  // Of columns with the same name the last wins, as JavaScript has it for object literals.
  const members = columns.map(
    ({ name }, at) => `${name === '__proto__' ? '["__proto__"]' : JSON.stringify(name)}: v${at}`,
  )
  return `"use strict"; ${converters}
return function read(chunk, rows) {
  const F = chunk.floats, I = chunk.integers, L = chunk.latin1, W = chunk.wide, count = chunk.rows;
  ${arrays.join('')}
  let l = 0, w = 0, e = 0, h = 0, d = 0, s = 0;
  for (let r = 0; r < count; r++, s += ${columns.length}) {
    ${columns.map(readColumn).join('\n    ')}
    rows.push({ ${members.join(', ')} });
  }
}`
}

/** Statements that read one cell into `v<at>`. The frequent marks are tested first. */
function readColumn(column: Column, at: number): string {
  const v = `v${at}`
  const slot = `s + ${at}`
  const low = `I[(${slot}) * 2]`
  const latin1 = `if (h === -1) { e = ${low}; ${v} = L.substring(l, e); l = e; }`
  const wide = `if (h === -4) { e = ${low}; ${v} = W.substring(w, e); w = e; }`
  const isNull = `if (h === -3) ${v} = null;`
  const integer = `if (h === -2) ${v} = ${low};`
  const double = `if (h >= 0 || h < -7) ${v} = F[${slot}];`
  const date = `if (h >= 0 || h < -7) { d = F[${slot}]; ${v} = d >= -8.64e15 && d <= 8.64e15 ? new Date(d) : d; }`
  const boolean = `if (h === -7) ${v} = ${low} !== 0;`
  const json = `if (h === -6) ${v} = j${at}[r];`
  // Through `Chunk.cell`, which must know how far the texts are read.
  const rest = `{ chunk.latin1At = l; chunk.wideAt = w; ${v} = chunk.cell(${slot}); l = chunk.latin1At; w = chunk.wideAt; }`

  const tests: Readonly<Record<number, string[]>> = {
    [ColumnKind.any]: [latin1, integer, isNull, double, wide, rest],
    [ColumnKind.number]: [integer, double, isNull, rest],
    [ColumnKind.bigInteger]: [integer, double, isNull, rest],
    [ColumnKind.boolean]: [boolean, isNull, rest],
    [ColumnKind.text]: [latin1, isNull, wide, rest],
    [ColumnKind.bytes]: [rest],
    [ColumnKind.instant]: [date, isNull, rest],
  }
  const convert = column.convert === undefined ? '' : `${v} = c${at}(${v});`
  return `h = I[(${slot}) * 2 + 1]; let ${v}; ${(tests[column.kind] ?? [json, isNull, rest]).join(' else ')} ${convert}`
}
