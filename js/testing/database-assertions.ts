import { Capsule } from '../connection/capsule'
import type { Connection } from '../connection/connection'
import { onDemand } from '../support/on-demand'
import type { Row } from '../support/types'

const assert = onDemand<typeof import('node:assert')>('node:assert')

/** Columns and the values that a row is to have. `null` is null. */
export type Attributes = Readonly<Record<string, unknown>>

/** A connection, or its name. Default: the global default one. */
export type OnWhich = Connection | string

/** How many rows a message shows. */
const SHOWN = 3

/**
 * Passes where a row of the table has these values.
 *
 * @throws AssertionError with the row that comes closest as `actual`, which runners show as a difference.
 * @example
 * await assertDatabaseHas('users', { email: 'ada@example.com', active: true })
 */
export async function assertDatabaseHas(table: string, attributes: Attributes, on?: OnWhich): Promise<void> {
  const connection = connectionOf(on)
  if (await connection.table(table).where(attributes).exists()) return
  const close = await closest(connection, table, attributes)
  const found =
    close.length > 0 ? `Rows that come close: ${shown(close)}.` : `It has ${rows(await countOf(connection, table))}.`
  fail(assertDatabaseHas, `No row of [${table}] has ${shown(attributes)}. ${found}`, close[0] ?? null, attributes)
}

/**
 * Passes where no row of the table has these values.
 *
 * @throws AssertionError with such rows as `actual`.
 * @example
 * await assertDatabaseMissing('users', { email: 'ada@example.com' })
 */
export async function assertDatabaseMissing(table: string, attributes: Attributes, on?: OnWhich): Promise<void> {
  const query = () => connectionOf(on).table(table).where(attributes)
  const found = await query().limit(SHOWN).get()
  if (found.length === 0) return
  const count = rows(Number(await query().count()))
  fail(assertDatabaseMissing, `[${table}] has ${count} with ${shown(attributes)}: ${shown(found)}.`, found, [])
}

/**
 * Passes where the table has so many rows.
 *
 * @throws AssertionError
 * @example
 * await assertDatabaseCount('users', 2)
 */
export async function assertDatabaseCount(table: string, count: number, on?: OnWhich): Promise<void> {
  const found = await countOf(connectionOf(on), table)
  if (found !== count) fail(assertDatabaseCount, `[${table}] has ${rows(found)}, not ${count}.`, found, count)
}

/**
 * Passes where the table has no rows.
 *
 * @throws AssertionError with some of its rows as `actual`.
 * @example
 * await assertDatabaseEmpty('failed_jobs')
 */
export async function assertDatabaseEmpty(table: string, on?: OnWhich): Promise<void> {
  const connection = connectionOf(on)
  const found = await connection.table(table).limit(SHOWN).get()
  if (found.length === 0) return
  const count = rows(await countOf(connection, table))
  fail(assertDatabaseEmpty, `[${table}] has ${count}, and should have none: ${shown(found)}.`, found, [])
}

/** Rows with some of the values, those with the most of them first, and nothing of them but the columns in question. */
async function closest(connection: Connection, table: string, attributes: Attributes): Promise<Row[]> {
  const columns = Object.keys(attributes)
  const matches: Row[] = []
  for (const column of columns) {
    const query = connection.table(table).select(columns)
    matches.push(
      ...(await query
        .where({ [column]: attributes[column] } as never)
        .limit(SHOWN)
        .get()),
    )
  }
  const times = new Map<string, { row: Row; count: number }>()
  for (const row of matches) {
    const known = times.get(shown(row))
    times.set(shown(row), { row, count: (known?.count ?? 0) + 1 })
  }
  const sorted = [...times.values()].toSorted((a, b) => b.count - a.count)
  return sorted.slice(0, SHOWN).map(({ row }) => row)
}

async function countOf(connection: Connection, table: string): Promise<number> {
  return Number(await connection.table(table).count())
}

function connectionOf(on: OnWhich | undefined): Connection {
  return typeof on === 'object' ? on : Capsule.getInstance().connection(on)
}

function rows(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))
}

// biome-ignore lint/complexity/noBannedTypes: it is only where the stack of the error begins
function fail(from: Function, message: string, actual: unknown, expected: unknown): never {
  const { AssertionError } = assert()
  throw new AssertionError({ message, actual, expected, stackStartFn: from })
}
