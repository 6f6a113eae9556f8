/**
 * Rows of one shape, from slots to objects.
 *
 * A loop over the columns at first; after some use, a function generated for the shape.
 */
import type { Row } from '../support/types'
import { type Chunk, type Column, ColumnKind, converterOf, Mark, type RowReader, type ShapeDescription } from './cells'
import { generate } from './generated-reader'

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
