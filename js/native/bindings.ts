/**
 * Values on their way to the engine, written to one buffer that both sides share. The layout is
 * that of `src/value/bindings.rs`.
 */
import { types } from 'node:util'
import { bytesOf, describeInstance, isPlain, isWellFormed, jsonText, refuse, toJsonOf } from './json-text'

const Tag = {
  null: 0,
  false: 1,
  true: 2,
  integer: 3,
  unsigned: 4,
  float: 5,
  text: 6,
  bytes: 7,
  instant: 8,
  json: 9,
  array: 10,
  numeral: 11,
} as const

const INITIAL_BYTES = 64 * 1024

/** A buffer that one large insert made bigger than this is given back before the next statement. */
const KEPT_BYTES = 8 * 1024 * 1024

/** Up to this length a loop over the characters is faster than Node's own encoder. */
const SHORT_TEXT = 48

const TWO_TO_32 = 2 ** 32
const MIN_I64 = -(2n ** 63n)
const MAX_I64 = 2n ** 63n - 1n
const MAX_U64 = 2n ** 64n - 1n

/** Names a value in messages. */
export type Label = (index: number) => string

const position: Label = (index) => `Binding ${index + 1}`

/** Writes the values of one statement at a time. */
export class BindingWriter {
  #capacity = 0
  #buffer!: Buffer
  #integers!: Int32Array
  #floats!: Float64Array
  /** Where the next record starts, in words of 8 bytes. */
  #word = 0
  readonly #announce: (buffer: ArrayBuffer) => void

  /** @param announce - Is told the buffer, and each larger one that takes its place. */
  constructor(announce: (buffer: ArrayBuffer) => void) {
    this.#announce = announce
    this.#use(new ArrayBuffer(INITIAL_BYTES))
  }

  /**
   * Writes the values and answers how many words they fill.
   *
   * @throws InvalidArgumentException for a value that cannot be bound, named by `label`.
   */
  write(values: readonly unknown[], label: Label = position): number {
    if (this.#capacity > KEPT_BYTES) this.#use(new ArrayBuffer(INITIAL_BYTES))
    this.#word = 0
    for (let index = 0; index < values.length; index++) this.#value(values[index], index, label)
    return this.#word
  }

  #value(value: unknown, index: number, label: Label): void {
    switch (typeof value) {
      case 'string':
        this.#text(Tag.text, value, index, label)
        break
      case 'number':
        this.#number(value)
        break
      case 'boolean':
        this.#head(value ? Tag.true : Tag.false, 0)
        break
      case 'object':
        if (value === null) this.#head(Tag.null, 0)
        else this.#object(value, index, label)
        break
      case 'bigint':
        this.#bigint(value, index, label)
        break
      case 'undefined':
        throw refuse(label(index), 'is undefined; use null for "no value"')
      default:
        throw refuse(label(index), `is a ${typeof value}, which cannot be bound`)
    }
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this.#head(Tag.integer, 8)
      const at = this.#word * 2
      this.#integers[at] = value | 0
      this.#integers[at + 1] = Math.floor(value / TWO_TO_32)
      this.#word++
    } else {
      this.#float(Tag.float, value)
    }
  }

  #float(tag: number, value: number): void {
    this.#head(tag, 8)
    this.#floats[this.#word++] = value
  }

  #bigint(value: bigint, index: number, label: Label): void {
    if (value < MIN_I64 || value > MAX_U64) {
      this.#text(Tag.numeral, value.toString(), index, label)
      return
    }
    this.#head(value > MAX_I64 ? Tag.unsigned : Tag.integer, 8)
    this.#buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.#word * 8)
    this.#word++
  }

  #object(value: object, index: number, label: Label): void {
    if (value instanceof Date || types.isDate(value)) {
      const time = value.getTime()
      if (Number.isNaN(time)) throw refuse(label(index), 'is an invalid Date')
      this.#float(Tag.instant, time)
    } else if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) {
      this.#bytes(bytesOf(value as ArrayBufferView))
    } else if (Array.isArray(value)) {
      this.#text(Tag.array, jsonText(value, label(index)), index, label)
    } else {
      this.#json(value, index, label)
    }
  }

  #json(value: object, index: number, label: Label): void {
    const json = toJsonOf(value)
    if (json === undefined) {
      if (!isPlain(value)) throw refuse(label(index), `is ${describeInstance(value)}`)
      this.#text(Tag.json, jsonText(value, label(index)), index, label)
    } else if (typeof json.value === 'object' && json.value !== null && !Array.isArray(json.value)) {
      this.#text(Tag.json, jsonText(json.value, label(index)), index, label)
    } else {
      // A decimal or a date of some library says itself as text, which the server can read.
      this.#value(json.value, index, label)
    }
  }

  #bytes(bytes: Buffer): void {
    this.#reserve(bytes.length)
    this.#head(Tag.bytes, bytes.length)
    this.#buffer.set(bytes, this.#word * 8)
    this.#word += (bytes.length + 7) >>> 3
  }

  #text(tag: number, text: string, index: number, label: Label): void {
    const { length } = text
    if (length <= SHORT_TEXT) {
      this.#reserve(length)
      const buffer = this.#buffer
      const start = this.#word * 8 + 8
      let done = 0
      for (; done < length; done++) {
        const character = text.charCodeAt(done)
        if (character > 127) break
        buffer[start + done] = character
      }
      if (done === length) {
        this.#head(tag, length)
        this.#word += (length + 7) >>> 3
        return
      }
    }
    if (!isWellFormed.call(text)) throw refuse(label(index), 'contains half of a surrogate pair, which is not text')
    // Three bytes a character is the most that UTF-8 takes; counted exactly where that is much.
    this.#reserve(length < 4096 ? length * 3 : Buffer.byteLength(text))
    const written = utf8Write.call(this.#buffer, text, this.#word * 8 + 8)
    this.#head(tag, written)
    this.#word += (written + 7) >>> 3
  }

  #head(tag: number, length: number): void {
    if (length <= 8) this.#reserve(8)
    const at = this.#word * 2
    this.#integers[at] = tag
    this.#integers[at + 1] = length
    this.#word++
  }

  /** Makes room for a record with this many bytes. */
  #reserve(bytes: number): void {
    // Records start on 8 bytes, so where one byte of a text fits a scalar does: `#head` never moves a written text.
    const needed = this.#word * 8 + 16 + bytes
    if (needed <= this.#capacity) return
    const used = this.#buffer.subarray(0, this.#word * 8)
    // A multiple of 8, so that the views fit.
    this.#use(new ArrayBuffer(Math.max(this.#capacity * 2, Math.ceil(needed / 8) * 8)))
    this.#buffer.set(used)
  }

  #use(buffer: ArrayBuffer): void {
    this.#capacity = buffer.byteLength
    this.#buffer = Buffer.from(buffer)
    this.#integers = new Int32Array(buffer)
    this.#floats = new Float64Array(buffer)
    this.#announce(buffer)
  }
}

type Utf8Write = (this: Buffer, text: string, offset: number) => number

/** Node's encoder without the argument checks of `write`; `write` in hosts that hide it. */
const utf8Write =
  (Buffer.prototype as unknown as { utf8Write?: Utf8Write }).utf8Write ?? (Buffer.prototype.write as Utf8Write)
