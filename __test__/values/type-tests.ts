/** Every type of a database, both ways, under every option that changes values. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DialectName, onDatabase, type TestDatabase } from '../support/databases'
import { compared, type Difference, differences, fill, notFound, WAYS } from './round-trip'
import { type ColumnCase, SETTING_NAMES, SETTINGS, type Setting, WRITING_SETTINGS } from './types/sample'

/** Defines a test for each type of a database. */
export function testTypes(dialect: DialectName, columns: readonly ColumnCase[]): void {
  onDatabase(dialect, 'Values', (db) => {
    let settings: readonly Setting[] = []

    beforeAll(async () => {
      for (const name of SETTING_NAMES) {
        if (name !== 'default') db.capsule.addConnection(db.config({ ...SETTINGS[name], pool: { max: 1 } }), name)
      }
      settings = await usable(db)
      Object.assign(compared, { read: 0, found: 0 })
    })

    afterAll(() => {
      if (process.env.GURUORM_FIGURES === undefined) return
      console.info(`${dialect}: ${columns.length} types, ${settings.length} settings`, compared)
    })

    for (const [number, column] of columns.entries()) {
      test(`${column.type} gives back what it was given`, async () => {
        const table = `t${number}`
        for (const sql of column.before ?? []) await db.connection().statement(sql)
        await db.connection().statement(`create table ${table} (id integer primary key, value ${column.type} null)`)
        const different: Difference[] = []
        const missed: Difference[] = []
        // Those that only read come first: they take what `default` has written.
        await fill(db.connection(), table, column.samples, 'builder')
        for (const setting of settings.filter((name) => !WRITING_SETTINGS.includes(name))) {
          const connection = db.capsule.connection(setting)
          for (const way of WAYS) different.push(...(await differences(connection, table, column, setting, way)))
          if (isTouchedBy(column, setting)) missed.push(...(await notFound(connection, table, column, setting)))
        }
        for (const setting of settings.filter((name) => WRITING_SETTINGS.includes(name))) {
          const connection = db.capsule.connection(setting)
          for (const way of WAYS) {
            await fill(connection, table, column.samples, way)
            different.push(...(await differences(connection, table, column, setting, way)))
          }
          missed.push(...(await notFound(connection, table, column, setting)))
        }
        expect(different, 'differences').toEqual([])
        expect(missed, 'not found by the value that was read').toEqual([])
      })
    }
  })
}

/** A server without time zone tables knows no names of zones. */
async function usable(db: TestDatabase): Promise<readonly Setting[]> {
  if (db.dialect !== 'mysql') return SETTING_NAMES
  const named = await db.connection().scalar("select convert_tz('2024-01-01', 'UTC', 'Europe/Berlin')")
  return named === null ? SETTING_NAMES.filter((name) => name !== 'berlin') : SETTING_NAMES
}

function isTouchedBy({ samples }: ColumnCase, setting: Setting): boolean {
  return samples.some(({ under }) => under !== undefined && Object.hasOwn(under, setting))
}
