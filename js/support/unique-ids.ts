/** Unique ids that sort by the time they were made at. */
import { crypto } from './crypto'

let lastTime = 0
let counter = 0

/**
 * A UUID of version 7 (RFC 9562): 48 bits of milliseconds, 12 bits that count within one, 62 bits at random. Each one
 * sorts behind those that this process made before.
 */
export function uuid7(): string {
  const now = Date.now()
  if (now > lastTime) {
    lastTime = now
    // Half of the numbers are left to count on.
    counter = crypto().randomBytes(2).readUInt16BE() & 0x7ff
  } else if (counter < 0xfff) counter += 1
  else {
    // More than the millisecond holds, or the clock was set back: the next one is borrowed.
    lastTime += 1
    counter = 0
  }
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(lastTime, 0, 6)
  bytes.writeUInt16BE(0x7000 | counter, 6)
  crypto().randomBytes(8).copy(bytes, 8)
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
const RANDOM_BITS = 80n
const TOTAL_DIGITS = 26

let lastUlidTime = 0
let random = 0n

/** A ULID in lower case, as Laravel writes it: 48 bits of milliseconds, 80 at random; each one behind those before. */
export function ulid(): string {
  const now = Date.now()
  if (now > lastUlidTime) {
    lastUlidTime = now
    // The highest bit is left free to count on.
    random = BigInt(`0x${crypto().randomBytes(10).toString('hex')}`) >> 1n
  } else random += 1n
  const value = (BigInt(lastUlidTime) << RANDOM_BITS) + random
  return Array.from(
    { length: TOTAL_DIGITS },
    (_, at) => DIGITS[Number((value >> BigInt(5 * (TOTAL_DIGITS - 1 - at))) & 31n)],
  ).join('')
}
