/** What a program that keeps one value of a result keeps alive with it (fastpath.md 3). */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'

/**
 * Most bytes for each kept cell. Text is cut from its chunk's text, which is 64 KiB and one row at most, unless its
 * rows are large (over 4 KiB of text on average, or over 128 KiB in all): then each piece is a copy.
 */
const BOUNDS: Record<string, number> = {
  // The text of all rows, and V8's 32 bytes for a piece and 8 for its place in the list, with room for chance.
  'short text beside nothing': 20 + 100,
  'short text beside 200 bytes': 220 + 100,
  'wide text beside 200 bytes': 64 + 100,
  // A chunk each: 64 KiB and a row.
  'short text beside 200 bytes, one row in 2,000': 64 * 1024 + 220 + 2048,
  // Copies.
  'short text beside 5 kB': 200,
  'short text beside 100 kB': 1000,
  'short text beside 1 MB': 4000,
  'short text before a row of 10 MB': 20_000,
  // Never part of the chunk's text.
  'a number beside 1 kB': 200,
  'three letters beside 1 kB': 200,
  'ten bytes beside 1 kB': 250,
  nothing: 400_000,
}

let perCell: Record<string, number> = {}

beforeAll(async () => {
  const child = fork(join(__dirname, 'retention-child.ts'), { execArgv: ['--expose-gc', '--import', 'jiti/register'] })
  ;[perCell] = (await once(child, 'message')) as [Record<string, number>]
  if (process.env.GURUORM_FIGURES !== undefined) console.info('bytes kept alive per kept cell', perCell)
})

for (const [name, most] of Object.entries(BOUNDS)) {
  test(`${name}: at most ${most} bytes stay alive for each cell that is kept`, () => {
    expect(perCell[name]).toBeLessThanOrEqual(most)
  })
}
