/**
 * The round trip of schemas, with random ones: what is created is what the catalogue says; edits make it what was
 * wished for, their undoing what it was; and rows survive. A failure names its seed: `SCHEMA_SEED=17` runs that one.
 */
import { describe, expect, test } from 'vitest'
import { Schema } from '../../../js/index'
import type { Database } from '../../../js/schema/database'
import { type DialectName, onDatabase, type TestDatabase } from '../../support/databases'
import { Random } from './random'
import { RandomSchema, rowOf, unchangedColumns } from './random-schema'
import { describeTable, keyColumns, type TableSpec } from './table-spec'

const ROWS = 3
const SEEDS = Number(process.env.SCHEMA_SEEDS ?? 500)
/** Each test runs some of them, so that a report says how far it came. */
const PER_TEST = 50
const PATIENCE_MS = 240_000

function seeds(): number[][] {
  const only = process.env.SCHEMA_SEED
  if (only !== undefined) return [[Number(only)]]
  const all = Array.from({ length: SEEDS }, (_, at) => at + 1)
  return Array.from({ length: Math.ceil(SEEDS / PER_TEST) }, (_, at) => all.slice(at * PER_TEST, (at + 1) * PER_TEST))
}

/** The structure that tables have when they are created. */
async function structureOf(tables: TableSpec[], db: TestDatabase): Promise<Database> {
  let database: Database = { driver: db.driver, tables: [] }
  for (const spec of tables) {
    const changes = await Schema.changes(spec.name, (table) => describeTable(spec, table), 'create')
    database = await Schema.evolve(database, changes)
  }
  return database
}

async function expectSame(found: Database, wanted: Database, when: string): Promise<void> {
  const missing = await Schema.diff(found, wanted)
  expect(missing, `${when}: what is missing`).toEqual([])
  expect(await Schema.diff(wanted, found), `${when}: what is too much`).toEqual([])
}

/** The rows of every table, in order, as far as the columns are the same before and after. */
async function rowsOf(db: TestDatabase, before: TableSpec[], after: TableSpec[]): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {}
  for (const table of before) {
    const kept = after.find(({ name }) => name === table.name)
    if (kept === undefined) continue
    const query = db.connection().table(table.name).select(unchangedColumns(table, kept))
    for (const column of keyColumns(table)) query.orderBy(column)
    rows[table.name] = await query.get()
  }
  return rows
}

async function tryOne(db: TestDatabase, seed: number): Promise<void> {
  const random = new RandomSchema(new Random(seed), db.dialect)
  const tables = random.tables()
  const wanted = await structureOf(tables, db)
  await Schema.dropAllTables()
  for (const spec of tables) await Schema.create(spec.name, (table) => describeTable(spec, table))
  const created = await Schema.inspect()
  await expectSame(created, wanted, 'created')

  for (const table of tables) {
    const rows = Array.from({ length: ROWS }, (_, row) => rowOf(table, row))
    await db.connection().table(table.name).insert(rows)
  }
  const edited = random.edited(tables)
  const before = await rowsOf(db, tables, edited)
  const wish = await structureOf(edited, db)
  const edits = await Schema.diff(created, wish)
  await Schema.apply(edits)
  await expectSame(await Schema.inspect(), wish, 'edited')
  expect(await rowsOf(db, tables, edited), 'rows after the edits').toEqual(before)

  await Schema.apply(await Schema.undo(created, edits))
  await expectSame(await Schema.inspect(), created, 'undone')
  expect(await rowsOf(db, tables, edited), 'rows after the undoing').toEqual(before)
}

/** Defines the tests of one database: a file for each lets them run beside each other. */
export function tryRandomSchemas(dialect: DialectName): void {
  onDatabase(dialect, 'a random schema', (db) => {
    describe('is created, read, edited, and undone', () => {
      for (const some of seeds()) {
        test(`seeds ${some[0]} to ${some.at(-1)}`, { timeout: PATIENCE_MS, retry: 0 }, async () => {
          for (const seed of some) {
            await tryOne(db, seed).catch((error: Error) => {
              error.message = `seed ${seed}: ${error.message}`
              throw error
            })
          }
        })
      }
    })
  })
}
