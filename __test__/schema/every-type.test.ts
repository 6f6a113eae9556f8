/** Every column type with every modifier that it takes, created for real and read back. */
import { expect, test } from 'vitest'
import { Schema } from '../../js/index'
import { onEveryDatabase, type TestDatabase } from '../support/databases'
import { type ColumnKind, kindsOf } from './round-trip/column-kinds'
import { type Call, describeTable, type TableSpec } from './round-trip/table-spec'

function modifiersOf(kind: ColumnKind, db: TestDatabase): Call[][] {
  const all: Call[][] = [[], [['nullable']], [['nullable'], ['comment', "it's a \\ note"]]]
  if (kind.default !== undefined) all.push([['default', kind.default]], [['nullable'], ['default', kind.default]])
  if (kind.hasCurrent && !(db.dialect === 'mysql' && kind.method === 'timestamp')) all.push([['useCurrent']])
  if (kind.hasCurrent) all.push([['nullable'], ['useCurrent']])
  if (kind.isNumber) all.push([['unsigned']], [['unsigned'], ['nullable'], ['default', 3]])
  if (kind.isText) {
    all.push([['collation', { postgres: 'C', mysql: 'utf8mb4_bin', sqlite: 'nocase' }[db.dialect]]])
    if (db.dialect === 'mysql') all.push([['charset', 'latin1']])
  }
  if (db.dialect === 'mysql') all.push([['nullable'], ['invisible']])
  if (kind.method.startsWith('dateTime') || kind.method.startsWith('timestamp')) {
    all.push([['nullable'], ['useCurrentOnUpdate']], [['useCurrent'], ['useCurrentOnUpdate']])
  }
  return all
}

onEveryDatabase('a column', (db) => {
  for (const kind of kindsOf(db.dialect)) {
    test(`${kind.method}(${(kind.args ?? []).join(', ')}) is read back as it was described, with every modifier`, async () => {
      const columns = modifiersOf(kind, db).map((modifiers, at) => ({
        name: `c${at}`,
        kind,
        modifiers,
        isComputed: false,
        isNullable: true,
      }))
      const spec: TableSpec = {
        name: 'of_one_type',
        key: 'id',
        columns,
        indexes: [],
        keys: [],
        checks: [],
        comment: undefined,
      }
      await Schema.dropIfExists(spec.name)
      await Schema.create(spec.name, (table) => describeTable(spec, table))
      const found = await Schema.inspect()
      const changes = await Schema.changes(spec.name, (table) => describeTable(spec, table), 'create')
      const wanted = await Schema.evolve({ driver: db.driver, tables: [] }, changes)
      expect(await Schema.diff(found, wanted)).toEqual([])
      expect(await Schema.diff(wanted, found)).toEqual([])
    })
  }
})
