import { describe, expect, test } from 'vitest'
import { Chunk, ColumnKind, type ShapeDescription } from '../../js/native/cells'
import { Decoder } from '../../js/native/decode'
import type { Row } from '../../js/support/types'

/** Writes cells as `ChunkWriter` in `src/driver/rows.rs` does. */
class CellWriter {
  readonly arena = new ArrayBuffer(256 * 1024)
  readonly floats = new Float64Array(this.arena)
  readonly integers = new Int32Array(this.arena)
  latin1 = ''
  wide = ''
  bytes: number[] = []
  json: string[][]
  slot = 0
  rows = 0
  readonly shape: ShapeDescription

  constructor(shape: ShapeDescription) {
    this.shape = shape
    this.json = shape.kinds.filter((kind) => kind >= ColumnKind.json).map(() => [])
  }

  get #column(): number {
    return this.slot % this.shape.names.length
  }

  #mark(high: number, low: number): void {
    this.integers[this.slot * 2] = low
    this.integers[this.slot * 2 + 1] = high
    this.slot++
    if (this.#column === 0) this.rows++
  }

  #area(): string[] | undefined {
    const place = this.shape.kinds.slice(0, this.#column).filter((kind) => kind >= ColumnKind.json).length
    return (this.shape.kinds[this.#column] as number) >= ColumnKind.json ? this.json[place] : undefined
  }

  null(): this {
    this.#area()?.push('null')
    this.#mark(-3, 0)
    return this
  }

  int32(value: number): this {
    this.#mark(-2, value)
    return this
  }

  float(value: number): this {
    this.floats[this.slot] = value
    this.slot++
    if (this.#column === 0) this.rows++
    return this
  }

  boolean(value: boolean): this {
    this.#mark(-7, Number(value))
    return this
  }

  text(value: string): this {
    this.#area()?.push('null')
    if ([...value].every((character) => character.charCodeAt(0) < 256)) {
      this.latin1 += value
      this.#mark(-1, this.latin1.length)
    } else {
      this.wide += value
      this.#mark(-4, this.wide.length)
    }
    return this
  }

  binary(...value: number[]): this {
    this.bytes.push(...value)
    this.#mark(-5, this.bytes.length)
    return this
  }

  jsonText(text: string): this {
    this.#area()?.push(text)
    this.#mark(-6, 0)
    return this
  }

  decode(decoder = new Decoder(this.shape)): Row[] {
    const chunk = new Chunk(this.floats, this.integers)
    const parts = [
      this.latin1,
      this.wide,
      Uint8Array.from(this.bytes),
      ...this.json.map((area) => `[${area.join(',')}]`),
    ]
    chunk.load(this.rows, parts, decoder.jsonColumns)
    const rows: Row[] = []
    decoder.read(chunk, rows)
    return rows
  }
}

function shapeOf(columns: Record<string, number> | [string, number][], bigint: ShapeDescription['bigint'] = 'auto') {
  const entries = Array.isArray(columns) ? columns : Object.entries(columns)
  return { names: entries.map(([name]) => name), kinds: entries.map(([, kind]) => kind), bigint }
}

/** The rows, read by the loop and by generated code, which must agree. */
function both(shape: ShapeDescription, write: (cells: CellWriter) => unknown): Row[] {
  const cells = new CellWriter(shape)
  write(cells)
  const looped = cells.decode()
  const decoder = new Decoder(shape)
  for (let use = 0; use < 8; use++) cells.decode(decoder)
  const generated = cells.decode(decoder)
  expect(generated).toEqual(looped)
  return generated
}

const K = ColumnKind

describe('cells of every kind', () => {
  test('numbers: integers, doubles, NaN, infinities, minus zero, null', () => {
    const rows = both(shapeOf({ n: K.number }), (cells) => {
      for (const value of [7, -7, 2 ** 31 - 1, -(2 ** 31)]) cells.int32(value)
      for (const value of [0.5, -1.5, Number.NaN, Infinity, -Infinity, -0, 1e-310, 0]) cells.float(value)
      cells.null()
    })
    const values = rows.map((row) => row.n)
    expect(values).toEqual([7, -7, 2147483647, -2147483648, 0.5, -1.5, NaN, Infinity, -Infinity, -0, 1e-310, 0, null])
  })

  test('text in both areas, empty text and null side by side', () => {
    const texts = ['plain', '', 'naïve', '日本', 'x'.repeat(100), '🦀', 'end']
    const rows = both(shapeOf({ a: K.text, b: K.text }), (cells) => {
      for (const text of texts) cells.text(text).null()
      for (const text of texts) cells.null().text(text)
    })
    expect(rows.slice(0, 7).map((row) => row.a)).toEqual(texts)
    expect(rows.slice(7).map((row) => row.b)).toEqual(texts)
    expect(rows[0]?.b).toBeNull()
  })

  test('booleans, and bytes that are copies', () => {
    const cells = new CellWriter(shapeOf({ yes: K.boolean, data: K.bytes }))
    cells.boolean(true).binary(1, 2).boolean(false).binary().null().null()
    const rows = cells.decode()
    expect(rows).toEqual([
      { yes: true, data: Buffer.from([1, 2]) },
      { yes: false, data: Buffer.alloc(0) },
      { yes: null, data: null },
    ])
    expect(Buffer.isBuffer(rows[0]?.data)).toBe(true)
  })

  test('instants are dates; what no date can hold stays a number', () => {
    const rows = both(shapeOf({ at: K.instant }), (cells) => {
      cells.float(0).float(-1).float(Infinity).float(-Infinity).float(9.2e15).null()
    })
    expect(rows.map((row) => row.at)).toEqual([new Date(0), new Date(-1), Infinity, -Infinity, 9.2e15, null])
  })

  test('JSON columns are parsed, each by its own text', () => {
    const rows = both(shapeOf({ a: K.json, n: K.number, b: K.json }), (cells) => {
      cells.jsonText('{"x":[1]}').int32(1).null()
      cells.null().int32(2).jsonText('null')
      cells.text('not json').int32(3).jsonText('"text"')
    })
    expect(rows).toEqual([
      { a: { x: [1] }, n: 1, b: null },
      { a: null, n: 2, b: null },
      { a: 'not json', n: 3, b: 'text' },
    ])
  })

  test('arrays of every kind of element, nested, with nulls', () => {
    const shape = shapeOf({
      a: K.array,
      at: K.instantArray,
      bytes: K.bytesArray,
      big: K.bigIntegerArray,
      n: K.numberArray,
    })
    const rows = both(shape, (cells) => {
      cells.jsonText('["x",null,true]').jsonText('[0,null,[1]]').jsonText('["01ff",null]')
      cells.jsonText('["1","9007199254740993",null]').jsonText('["NaN",1.5,["-Infinity"]]')
    })
    expect(rows[0]).toEqual({
      a: ['x', null, true],
      at: [new Date(0), null, [new Date(1)]],
      bytes: [Buffer.from([1, 255]), null],
      big: [1, '9007199254740993', null],
      n: [NaN, 1.5, [-Infinity]],
    })
  })

  test('a column of any kind takes each cell as it is', () => {
    const rows = both(shapeOf({ v: K.any, w: K.any }), (cells) => {
      cells.int32(1).text('a').float(1.5).text('日本').binary(7).null().boolean(true).text('b')
    })
    expect(rows).toEqual([
      { v: 1, w: 'a' },
      { v: 1.5, w: '日本' },
      { v: Buffer.from([7]), w: null },
      { v: true, w: 'b' },
    ])
  })

  test('a cell of another type than its column is taken as it is, and the texts after it stay in step', () => {
    const shape = shapeOf({ n: K.number, at: K.instant, flag: K.boolean, t: K.text, data: K.bytes })
    const rows = both(shape, (cells) => {
      cells.text('odd').text('2024').int32(5).int32(9).text('wide 日')
      cells.int32(1).float(0).boolean(true).text('in step').binary(1)
    })
    expect(rows).toEqual([
      { n: 'odd', at: '2024', flag: 5, t: 9, data: 'wide 日' },
      { n: 1, at: new Date(0), flag: true, t: 'in step', data: Buffer.from([1]) },
    ])
  })
})

describe('64-bit integers', () => {
  const write = (cells: CellWriter) =>
    cells
      .int32(7)
      .float(2 ** 40)
      .text('9223372036854775807')
      .null()
  const read = (policy: ShapeDescription['bigint']) =>
    both(shapeOf({ id: K.bigInteger }, policy), write).map((row) => row.id)

  test('are numbers where exact, else text, by default', () => {
    expect(read('auto')).toEqual([7, 2 ** 40, '9223372036854775807', null])
  })

  test('are always text, or always bigints, on demand', () => {
    expect(read('string')).toEqual(['7', '1099511627776', '9223372036854775807', null])
    expect(read('bigint')).toEqual([7n, 2n ** 40n, 2n ** 63n - 1n, null])
  })

  test('that no number is exact for throw under "number", naming the column and not the value', () => {
    expect(() => read('number')).toThrow('Column "id" holds an integer that no JavaScript number is exact for')
    expect(() => read('number')).not.toThrow('9223372036854775807')
  })
})

describe('names', () => {
  const hostile = ['__proto__', 'constructor', 'toString', 'then', '"]; throw 1; //', '\u2028', '', 'a.b', '0']

  test('are own properties, whatever they are, and change no prototype', () => {
    const rows = both(shapeOf(hostile.map((name): [string, number] => [name, K.number])), (cells) => {
      for (let value = 0; value < hostile.length; value++) cells.int32(value)
    })
    const row = rows[0] as Row
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
    for (const [value, name] of hostile.entries()) {
      expect(Object.hasOwn(row, name)).toBe(true)
      expect(Object.entries(row).find(([key]) => key === name)?.[1]).toBe(value)
    }
  })

  test('that come twice: the last wins, and the texts between stay in step', () => {
    const shape = shapeOf([
      ['id', K.text],
      ['name', K.text],
      ['id', K.text],
    ])
    expect(both(shape, (cells) => cells.text('first').text('middle').text('last'))).toEqual([
      { id: 'last', name: 'middle' },
    ])
  })

  test('are as many as a query has', () => {
    const columns = Array.from({ length: 1600 }, (_, index): [string, number] => [`c${index}`, K.number])
    const [row] = both(shapeOf(columns), (cells) => {
      for (let index = 0; index < 1600; index++) cells.int32(index)
    })
    expect(row?.c1599).toBe(1599)
  })
})

/** Cells of every kind in turn, over so many columns that generated code reads them by several functions. */
test('very many columns are read in step, each as its kind', () => {
  const kinds = [K.number, K.text, K.instant, K.json, K.boolean, K.bytes, K.any, K.bigInteger]
  const names = Array.from({ length: 304 }, (_, at) => (at === 130 ? '__proto__' : `c${at}`))
  const shape = shapeOf(
    names.map((name, at): [string, number] => [name, kinds[at % kinds.length] as number]),
    'string',
  )
  const rows = both(shape, (cells) => {
    for (let row = 0; row < 3; row++) {
      for (let at = 0; at < names.length; at += kinds.length) {
        cells.int32(at).text(row === 1 ? `日本 ${at}` : `text ${at}`)
        cells
          .float(at)
          .jsonText(`[${at}]`)
          .boolean(row === 2)
          .binary(row)
          .null()
          .int32(row)
      }
    }
  })
  expect(rows).toHaveLength(3)
  expect(Object.keys(rows[0] as Row)).toEqual(names)
  expect(Object.getPrototypeOf(rows[0])).toBe(Object.prototype)
  expect(Object.entries(rows[0] as Row)[130]).toEqual(['__proto__', new Date(128)])
  expect(rows[1]).toMatchObject({ c0: 0, c1: '日本 0', c297: '日本 296', c298: new Date(296), c299: [296] })
  expect(rows[2]).toMatchObject({ c300: true, c301: Buffer.from([2]), c302: null, c303: '2' })
})

test('a large first chunk is read by generated code at once, and like the small ones', () => {
  const shape = shapeOf({ id: K.number, name: K.text })
  const cells = new CellWriter(shape)
  for (let row = 0; row < 300; row++) cells.int32(row).text(`name ${row}`)
  const rows = cells.decode()
  expect(rows).toHaveLength(300)
  expect(rows[299]).toEqual({ id: 299, name: 'name 299' })
})
