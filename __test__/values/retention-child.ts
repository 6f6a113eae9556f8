/**
 * Run with `--expose-gc`: keeps one cell of each of some rows of a large result, and says how many bytes stay alive
 * for each kept cell. A cell of text is a piece of its chunk's text, which lives as long as the piece does.
 */
import { Capsule, type Connection, type Row } from '../../js/index'

interface Case {
  name: string
  /** How many rows, of `a` (SQL) and `b` (SQL). */
  rows: number
  a: string
  b: string
  /** One row in so many is kept from. Default 1. */
  every?: number
}

const NUMBERED = "printf('%020d', i)"
const wide = (bytes: number) => `printf('%.*c', ${bytes}, 'x')`

const CASES: Case[] = [
  { name: 'short text beside nothing', rows: 20_000, a: NUMBERED, b: "''" },
  { name: 'short text beside 200 bytes', rows: 20_000, a: NUMBERED, b: wide(200) },
  { name: 'short text beside 200 bytes, one row in 2,000', rows: 40_000, a: NUMBERED, b: wide(200), every: 2000 },
  { name: 'wide text beside 200 bytes', rows: 20_000, a: `'日本語日本語日本語日本語' || ${NUMBERED}`, b: wide(200) },
  { name: 'short text beside 5 kB', rows: 2000, a: NUMBERED, b: wide(5000) },
  { name: 'short text beside 100 kB', rows: 200, a: NUMBERED, b: wide(100_000) },
  { name: 'short text beside 1 MB', rows: 50, a: NUMBERED, b: wide(1_000_000) },
  {
    name: 'short text before a row of 10 MB',
    rows: 500,
    a: NUMBERED,
    b: `iif(i = 500, ${wide(10_000_000)}, '')`,
    every: 100,
  },
  { name: 'a number beside 1 kB', rows: 5000, a: 'i * 1000000007', b: wide(1000) },
  { name: 'three letters beside 1 kB', rows: 5000, a: "'abc'", b: wide(1000) },
  { name: 'ten bytes beside 1 kB', rows: 5000, a: 'randomblob(10)', b: wide(1000) },
  { name: 'nothing', rows: 5000, a: 'null', b: wide(1000), every: 1_000_000 },
]

async function keptOf(connection: Connection, { rows, a, b, every = 1 }: Case): Promise<unknown[]> {
  const sql = `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows}) select ${a} as a, ${b} as b from n`
  const result: Row[] = await connection.select(sql)
  if (result.length !== rows) throw new Error('The result is not whole.')
  return result.filter((_, index) => index % every === 0).map((row) => row.a)
}

async function alive(): Promise<number> {
  // What the last statement left on stacks and in registers goes with the next turns of the loop.
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    global.gc?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function main(): Promise<void> {
  const capsule = new Capsule()
  capsule.addConnection({ driver: 'sqlite', database: ':memory:' })
  const connection = capsule.connection()
  const perCell: Record<string, number> = {}
  for (const one of CASES) {
    const holder: { kept?: unknown[] } = { kept: await keptOf(connection, one) }
    const cells = holder.kept?.length ?? 0
    const before = await alive()
    delete holder.kept
    perCell[one.name] = Math.round((before - (await alive())) / cells)
  }
  await capsule.disconnect()
  process.send?.(perCell)
}

void main()
