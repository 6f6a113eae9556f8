/**
 * Code that reads the rows of one shape. Every row is an object literal with all columns, which gives all of them one
 * hidden class. Column names are untrusted: they enter the code through `JSON.stringify` only.
 */
import { type Column, ColumnKind, type RowReader } from './cells'

/** V8 never optimises a function of more than 60 kB of byte code, which is 400 to 500 columns: pieces stay far below. */
const COLUMNS_IN_A_PIECE = 64

let mayGenerate = true

/** A function made for these columns; `undefined` where the host forbids that. */
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
  const converters = columns.map((column, at) => (column.convert ? `const c${at} = converters[${at}];` : ''))
  const reader = columns.length > COLUMNS_IN_A_PIECE ? inPieces(columns) : atOnce(columns)
  return `"use strict"; ${converters.join('')}\n${reader}`
}

/** Reads all cells of a row, then makes it: the fastest way, for as many columns as V8 optimises in one function. */
function atOnce(columns: readonly Column[]): string {
  return `return function read(chunk, rows) {
  const count = chunk.rows; ${locals(columns, 0)}
  for (let r = 0, s = 0; r < count; r++, s += ${columns.length}) {
    ${columns.map(readColumn).join('\n    ')}
    rows.push({ ${members(columns, (at) => `v${at}`)} });
  }
}`
}

/** Makes a row of nulls, then fills it by one function for each piece of its columns. */
function inPieces(columns: readonly Column[]): string {
  let functions = ''
  let calls = ''
  for (let from = 0; from < columns.length; from += COLUMNS_IN_A_PIECE) {
    const piece = columns.slice(from, from + COLUMNS_IN_A_PIECE)
    const cells = piece.map((column, index) => {
      const at = from + index
      return `${readColumn(column, at)} row[${JSON.stringify(column.name)}] = v${at};`
    })
    functions += `function piece${from}(chunk, row, r, s) {
  ${locals(piece, from)}
  ${cells.join('\n  ')}
  chunk.latin1At = l; chunk.wideAt = w;
}
`
    calls += `piece${from}(chunk, row, r, s); `
  }
  return `${functions}return function read(chunk, rows) {
  const count = chunk.rows;
  for (let r = 0, s = 0; r < count; r++, s += ${columns.length}) {
    const row = { ${members(columns, () => 'null')} };
    ${calls}
    rows.push(row);
  }
}`
}

/** The members of a row. Of columns with the same name the last wins, as JavaScript has it for object literals. */
function members(columns: readonly Column[], valueAt: (at: number) => string): string {
  const key = (name: string) => (name === '__proto__' ? '["__proto__"]' : JSON.stringify(name))
  return columns.map(({ name }, at) => `${key(name)}: ${valueAt(at)}`).join(', ')
}

/** What {@link readColumn} refers to. */
function locals(columns: readonly Column[], from: number): string {
  const arrays = columns.map(({ json }, index) =>
    json === undefined ? '' : `const j${from + index} = chunk.json[${json}];`,
  )
  return `const F = chunk.floats, I = chunk.integers, L = chunk.latin1, W = chunk.wide; ${arrays.join('')}
  let l = chunk.latin1At, w = chunk.wideAt, e = 0, h = 0, d = 0;`
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
