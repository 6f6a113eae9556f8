import { describe, expect, test } from 'vitest'
import { InvalidArgumentException } from '../../js/errors'
import { BindingWriter } from '../../js/native/bindings'

/** Reads records as `src/value/bindings.rs` does. */
function read(buffer: ArrayBuffer, words: number, count: number): unknown[] {
  const view = new DataView(buffer)
  const values: unknown[] = []
  let at = 0
  for (let index = 0; index < count; index++) {
    const tag = view.getUint32(at * 8, true)
    const length = view.getUint32(at * 8 + 4, true)
    const start = at * 8 + 8
    const bytes = Buffer.from(buffer, start, length)
    const text = () => new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const integer = () => expectLength(length, 8) && view.getBigInt64(start, true)
    const unsigned = () => expectLength(length, 8) && view.getBigUint64(start, true)
    const float = () => expectLength(length, 8) && view.getFloat64(start, true)
    const readers: (() => unknown)[] = [
      () => ['null'],
      () => ['false'],
      () => ['true'],
      () => ['integer', integer()],
      () => ['unsigned', unsigned()],
      () => ['float', float()],
      () => ['text', text()],
      () => ['bytes', Buffer.from(bytes)],
      () => ['instant', float()],
      () => ['json', text()],
      () => ['array', text()],
      () => ['numeral', text()],
    ]
    values.push(readers[tag]?.())
    at += 1 + Math.ceil(length / 8)
  }
  expect(at).toBe(words)
  return values
}

function expectLength(length: number, expected: number): true {
  expect(length).toBe(expected)
  return true
}

function written(...values: unknown[]): unknown[] {
  const buffers: ArrayBuffer[] = []
  const writer = new BindingWriter((next) => buffers.push(next))
  const words = writer.write(values)
  return read(buffers.at(-1) as ArrayBuffer, words, values.length)
}

const first = (value: unknown) => written(value)[0]

/** The complaint about a value. */
function refusal(value: unknown): string {
  try {
    written('before', value)
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidArgumentException)
    return (error as Error).message
  }
  throw new Error('it was accepted')
}

describe('scalars', () => {
  test('null and booleans have no payload', () => {
    expect(written(null, true, false)).toEqual([['null'], ['true'], ['false']])
  })

  test.each([0, 1, -1, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, 2 ** 40 + 7, -(2 ** 40) - 7, 2 ** 53 - 1, -(2 ** 53) + 1])(
    'the safe integer %d keeps all its bits',
    (value) => {
      expect(first(value)).toEqual(['integer', BigInt(value)])
    },
  )

  test.each([0.5, -0.5, 2 ** 53, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%d is a float',
    (value) => {
      expect(first(value)).toEqual(['float', value])
    },
  )

  test('minus zero keeps its sign', () => {
    expect(first(-0)).toEqual(['float', -0])
  })

  test('bigints are integers, unsigned integers or digits, whatever is the narrowest', () => {
    expect(first(-(2n ** 63n))).toEqual(['integer', -(2n ** 63n)])
    expect(first(2n ** 63n - 1n)).toEqual(['integer', 2n ** 63n - 1n])
    expect(first(2n ** 63n)).toEqual(['unsigned', 2n ** 63n])
    expect(first(2n ** 64n - 1n)).toEqual(['unsigned', 2n ** 64n - 1n])
    expect(first(2n ** 64n)).toEqual(['numeral', '18446744073709551616'])
    expect(first(-(2n ** 63n) - 1n)).toEqual(['numeral', '-9223372036854775809'])
  })

  test('a date is its milliseconds', () => {
    expect(first(new Date(-1))).toEqual(['instant', -1])
  })

  test('bytes come from buffers, typed arrays, views and array buffers', () => {
    const bytes = Buffer.from([0, 1, 255])
    expect(first(bytes)).toEqual(['bytes', bytes])
    expect(first(new Uint8Array([9, 0, 1, 255, 9]).subarray(1, 4))).toEqual(['bytes', bytes])
    expect(first(new DataView(new Uint8Array([0, 1, 255]).buffer))).toEqual(['bytes', bytes])
    expect(first(new Uint8Array([0, 1, 255]).buffer)).toEqual(['bytes', bytes])
    expect(first(new Uint8Array())).toEqual(['bytes', Buffer.alloc(0)])
  })
})

describe('text', () => {
  test.each([0, 1, 7, 8, 9, 47, 48, 49, 400, 4095, 4096])('ASCII of %d characters', (length) => {
    expect(first('x'.repeat(length))).toEqual(['text', 'x'.repeat(length)])
  })

  test.each([
    'naïve',
    'é',
    '日本',
    '🦀',
    'a\0b',
    'ASCII then ü',
    `${'x'.repeat(47)}é`,
    'é'.repeat(5000),
    '🦀'.repeat(30),
  ])('text beyond ASCII: %s', (text) => {
    expect(first(text)).toEqual(['text', text])
  })

  test('one character of three bytes at the very end of the buffer is not lost when the buffer grows', () => {
    for (let padding = 0; padding < 40; padding++) {
      const filler = 'x'.repeat(64 * 1024 - 16 - padding)
      expect(written(filler, '€', 7)).toEqual([
        ['text', filler],
        ['text', '€'],
        ['integer', 7n],
      ])
    }
  })

  test('half of a surrogate pair is refused, short or long', () => {
    expect(refusal('\ud800')).toMatch(/^Binding 2 contains half of a surrogate pair/)
    expect(refusal(`${'x'.repeat(100)}\udc00`)).toMatch(/half of a surrogate pair/)
  })
})

describe('objects', () => {
  test('a plain object is JSON, an array is an array', () => {
    expect(first({ a: [1, null, 'é'], b: undefined })).toEqual(['json', '{"a":[1,null,"é"]}'])
    expect(first(Object.assign(Object.create(null), { a: 1 }))).toEqual(['json', '{"a":1}'])
    expect(first([[1, 2], ['x']])).toEqual(['array', '[[1,2],["x"]]'])
    expect(first([])).toEqual(['array', '[]'])
  })

  test('bigints inside are bare digits, bytes are marked, dates are ISO text', () => {
    const value = [2n ** 70n, Buffer.from([1, 255]), new Date(0), true]
    expect(first(value)).toEqual([
      'array',
      '[1180591620717411303424,{"$bytes":"01ff"},"1970-01-01T00:00:00.000Z",true]',
    ])
  })

  test('numbers that JSON lacks are text inside of arrays, and refused inside of objects', () => {
    expect(first([Number.NaN, Number.NEGATIVE_INFINITY, [Number.POSITIVE_INFINITY]])).toEqual([
      'array',
      '["NaN","-Infinity",["Infinity"]]',
    ])
    expect(refusal({ a: Number.NaN })).toBe('Binding 2 contains NaN, which JSON cannot say.')
    expect(refusal([{ a: Number.NaN }])).toMatch(/NaN/)
  })

  test('an object with toJSON is what it says: text, a number, or JSON', () => {
    expect(first({ toJSON: () => '1.10' })).toEqual(['text', '1.10'])
    expect(first({ toJSON: () => ({ a: 1 }) })).toEqual(['json', '{"a":1}'])
    expect(first({ toJSON: () => [1] })).toEqual(['array', '[1]'])
    expect(first({ nested: { toJSON: () => 'x' } })).toEqual(['json', '{"nested":"x"}'])
    class Model {
      toJSON() {
        return { id: 1 }
      }
    }
    expect(first(new Model())).toEqual(['json', '{"id":1}'])
  })

  test('what cannot be bound is refused by its place, with advice', () => {
    class Point {}
    expect(refusal(undefined)).toBe('Binding 2 is undefined; use null for "no value".')
    expect(refusal(() => 1)).toBe('Binding 2 is a function, which cannot be bound.')
    expect(refusal(Symbol('x'))).toMatch(/is a symbol/)
    expect(refusal(new Date(Number.NaN))).toBe('Binding 2 is an invalid Date.')
    expect(refusal(new Map())).toMatch(/a Map; use Object.fromEntries/)
    expect(refusal(new Set())).toMatch(/a Set; use \[\.\.\.set\]/)
    expect(refusal(Promise.resolve())).toMatch(/a Promise; await it/)
    expect(refusal(new Point())).toMatch(/an instance of Point/)
    expect(refusal([1, undefined])).toMatch(/contains undefined/)
    expect(refusal({ a: () => 1 })).toMatch(/contains a function/)
    expect(refusal({ a: new Set() })).toMatch(/contains a Set/)
    expect(refusal({ a: '\ud800' })).toMatch(/surrogate/)
    expect(refusal([new Date(Number.NaN)])).toMatch(/invalid Date/)
  })

  test('an object that refers to itself is refused', () => {
    const circle: unknown[] = []
    circle.push(circle)
    expect(refusal(circle)).toMatch(/refers to itself/)
  })

  test('a message never shows the value', () => {
    expect(refusal({ password: 'hunter2', bad: undefined, worse: () => 1 })).not.toContain('hunter2')
  })
})

describe('the buffer', () => {
  test('grows for many and for large values, keeping what was written', () => {
    const values = Array.from({ length: 20_000 }, (_, index) =>
      index % 2 === 1 || index === 0 ? index : `value ${index}`,
    )
    const read = written(...values, 'x'.repeat(1_000_000))
    expect(read[0]).toEqual(['integer', 0n])
    expect(read[19_999]).toEqual(['integer', 19_999n])
    expect(read[19_998]).toEqual(['text', 'value 19998'])
    expect(read.at(-1)).toEqual(['text', 'x'.repeat(1_000_000)])
  })

  test('is given back after one large statement', () => {
    const sizes: number[] = []
    const writer = new BindingWriter((buffer) => sizes.push(buffer.byteLength))
    writer.write(['x'.repeat(9_000_000)])
    writer.write([1])
    expect(sizes[1]).toBeGreaterThanOrEqual(9_000_000)
    expect(sizes[2]).toBe(sizes[0])
  })

  test('names values as its caller does', () => {
    const writer = new BindingWriter(() => {})
    expect(() => writer.write([1, undefined], (index) => `Column "c${index}"`)).toThrow('Column "c1" is undefined')
  })
})
