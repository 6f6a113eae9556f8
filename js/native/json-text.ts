/** JSON text of a bound array or object: as `JSON.stringify`, but nothing is lost silently. */
import { InvalidArgumentException } from '../errors'

/** Deeper than this is taken for a circle. */
const MAX_DEPTH = 512

/**
 * The text. Bigints are bare digits, bytes `{"$bytes":"<hex>"}`, dates ISO text; properties that
 * are `undefined` are left out.
 *
 * @param where - Names the value in messages: `binding 2`.
 * @throws InvalidArgumentException for what JSON cannot say: `undefined` in an array, functions,
 * symbols, `NaN` in an object, lone surrogates, circles.
 */
export function jsonText(value: unknown, where: string): string {
  return write(value, where, 0, Array.isArray(value))
}

/** `inArray`: every level so far is an array, so that PostgreSQL may read it as one of numbers. */
function write(value: unknown, where: string, depth: number, inArray: boolean): string {
  switch (typeof value) {
    case 'string':
      if (!isWellFormed.call(value)) throw refuse(where, 'contains half of a surrogate pair, which is not text')
      return JSON.stringify(value)
    case 'number':
      if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
      if (inArray) return `"${value}"`
      throw refuse(where, `contains ${value}, which JSON cannot say`)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return value.toString()
    case 'object':
      return value === null ? 'null' : writeObject(value, where, depth, inArray)
    case 'undefined':
      throw refuse(where, 'contains undefined; use null')
    default:
      throw refuse(where, `contains a ${typeof value}`)
  }
}

function writeObject(value: object, where: string, depth: number, inArray: boolean): string {
  if (depth > MAX_DEPTH) throw refuse(where, 'refers to itself, or is nested too deeply')
  if (Array.isArray(value)) {
    let text = '['
    for (let index = 0; index < value.length; index++) {
      text += (index === 0 ? '' : ',') + write(value[index], where, depth + 1, inArray)
    }
    return `${text}]`
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw refuse(where, 'contains an invalid Date')
    return `"${value.toISOString()}"`
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `{"$bytes":"${bytesOf(value).toString('hex')}"}`
  const json = toJsonOf(value)
  if (json !== undefined) return write(json.value, where, depth + 1, inArray)
  if (!isPlain(value)) throw refuse(where, `contains ${describeInstance(value)}`)
  let text = '{'
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key]
    if (member === undefined) continue
    text += `${text === '{' ? '' : ','}${write(key, where, depth, false)}:${write(member, where, depth + 1, false)}`
  }
  return `${text}}`
}

/** `String.prototype.isWellFormed` is in ES2024 and in every supported Node. */
export const isWellFormed = (String.prototype as unknown as { isWellFormed(this: string): boolean }).isWellFormed

/** The complaint about one value. It never shows the value. */
export function refuse(where: string, what: string): InvalidArgumentException {
  return new InvalidArgumentException(`${where} ${what}.`)
}

/** Whether an object is a literal, from whichever realm. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

/** What `toJSON` answers, for an object that has it. */
export function toJsonOf(value: object): { value: unknown } | undefined {
  const { toJSON } = value as { toJSON?: unknown }
  return typeof toJSON === 'function' ? { value: toJSON.call(value, '') as unknown } : undefined
}

/** The bytes of a buffer or view, without copying. */
export function bytesOf(value: ArrayBufferView | ArrayBuffer): Buffer {
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.from(value)
}

/** What to do about an object that cannot be bound. */
export function describeInstance(value: object): string {
  if (value instanceof Map) return 'a Map; use Object.fromEntries(map)'
  if (value instanceof Set) return 'a Set; use [...set]'
  if (value instanceof Promise) return 'a Promise; await it first'
  const name = (value.constructor as { name?: string } | undefined)?.name
  return `an instance of ${name === undefined || name === '' ? 'a class' : name}; give a plain value, or the class a toJSON method`
}
