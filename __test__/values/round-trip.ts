/** Writes a column's samples in every way that programs have, and reads them back. */
import { isDeepStrictEqual } from 'node:util'
import type { Connection } from '../../js/index'
import type { ValueArgument } from '../../js/query/arguments'
import { type ColumnCase, REFUSED, type Sample, type Setting } from './types/sample'

/** How a table is filled and read. */
export type Way = 'raw' | 'builder'

export const WAYS: readonly Way[] = ['raw', 'builder']

/** A value that is not what it should be. */
export interface Difference {
  way: Way
  setting: Setting
  write: unknown
  expected: unknown
  actual: unknown
}

/** How many values were compared, for docs/reliability/values.md. */
export const compared = { read: 0, found: 0 }

/** Empties `table` (id, value) and gives it the samples, one row each, numbered from 0. */
export async function fill(connection: Connection, table: string, samples: readonly Sample[], way: Way): Promise<void> {
  await connection.transaction(async (trx) => {
    await trx.statement(`delete from ${table}`)
    if (way === 'builder') {
      await trx.table(table).insert(samples.map(({ write }, id) => ({ id, value: write as ValueArgument })))
      return
    }
    for (const [id, { write }] of samples.entries()) {
      await trx.insert(`insert into ${table} (id, value) values (?, ?)`, [id, write])
    }
  })
}

/** The values of `table` that are not what the samples say: other values, or other types. */
export async function differences(
  connection: Connection,
  table: string,
  { samples }: ColumnCase,
  setting: Setting,
  way: Way,
): Promise<Difference[]> {
  const found: Difference[] = []
  const rows = await readAll(connection, table, samples, setting, way)
  for (const [id, sample] of samples.entries()) {
    const expected = expectedOf(sample, setting)
    const actual = rows[id]
    compared.read++
    if (!isDeepStrictEqual(actual, expected)) found.push({ way, setting, write: sample.write, expected, actual })
  }
  return found
}

/** The values that `where` with the value just read does not find. */
export async function notFound(
  connection: Connection,
  table: string,
  { samples, incomparable }: ColumnCase,
  setting: Setting,
): Promise<Difference[]> {
  if (incomparable !== undefined) return []
  const missed: Difference[] = []
  const rows = await readAll(connection, table, samples, setting, 'builder')
  for (const [id, { write, lossUnder }] of samples.entries()) {
    const value = rows[id]
    if (value === REFUSED || lossUnder?.includes(setting)) continue
    // A JSON `null` reads as null, which asks for SQL's.
    if (value === null && write !== null) continue
    compared.found++
    const ids = isStructure(value)
      ? (await connection.select(`select id from ${table} where value = ?`, [value])).map((row) => row.id)
      : await connection
          .table(table)
          .where('value', value as ValueArgument)
          .pluck('id')
    if (!ids.map(Number).includes(id)) missed.push({ way: 'builder', setting, write, expected: id, actual: ids })
  }
  return missed
}

function expectedOf({ read, under }: Sample, setting: Setting): unknown {
  return under !== undefined && Object.hasOwn(under, setting) ? under[setting] : read
}

/** The values in order; row by row where one is refused, so that the others are still read. */
async function readAll(
  connection: Connection,
  table: string,
  samples: readonly Sample[],
  setting: Setting,
  way: Way,
): Promise<unknown[]> {
  if (samples.some((sample) => expectedOf(sample, setting) === REFUSED)) {
    const values: unknown[] = []
    for (const id of samples.keys()) values.push(await readOne(connection, table, id))
    return values
  }
  const rows =
    way === 'raw'
      ? await connection.select(`select id, value from ${table} order by id`)
      : await connection.table(table).orderBy('id').get()
  return rows.map((row) => row.value)
}

async function readOne(connection: Connection, table: string, id: number): Promise<unknown> {
  try {
    const row = await connection.selectOne(`select value from ${table} where id = ?`, [id])
    return row?.value
  } catch (error) {
    if (!String(error).includes('no JavaScript number is exact for')) throw error
    return REFUSED
  }
}

function isStructure(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
}
