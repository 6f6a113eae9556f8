/** The tables of the guide's pages about `Schema`: every cell is what the engine writes, or refuses, for that database. */
import { describe, expect, test } from 'vitest'
import { Blueprint, InvalidArgumentException, raw, Schema, UnsupportedException } from '../../js/index'
import type { Change, Table } from '../../js/schema/change'
import { connectionOf, DATABASES, type Database } from '../support/examples'
import { type Page, pagesIn, tableOf } from '../support/pages'

const pages = pagesIn('docs')
const rowsBehind = (name: string, heading: string): string[][] => {
  const page = pages.find(({ path }) => path.endsWith(`/${name}.md`)) as Page
  return tableOf(page, heading).slice(1)
}

/** The table `a` as it is, for what depends on it. */
const A: Table = {
  name: 'a',
  columns: [
    { name: 'id', type: { kind: 'bigInteger' } },
    { name: 'b', type: { kind: 'string', length: 255 } },
    { name: 'c', type: { kind: 'bigInteger' }, nullable: true },
  ],
  indexes: [
    { kind: 'primary', columns: ['id'] },
    { kind: 'index', columns: ['b'], name: 'a_b_index' },
    { kind: 'unique', columns: ['c'], name: 'a_c_unique', withoutConstraint: true },
  ],
  foreignKeys: [{ columns: ['c'], on: 'd', references: ['id'], name: 'a_c_foreign' }],
  checks: [{ name: 'a_check', expression: 'c > 0' }],
}

/** A table without key. */
const KEYLESS: Table = { ...A, name: 'keyless', indexes: [] }

function compile(changes: readonly Change[], database: Database): string[] {
  const connection = connectionOf(database)
  const tables = [A, KEYLESS]
  return connection.planChanges(changes, { format: 1, driver: connection.driverName, tables })
}

/** The statements of calls on the blueprint `table` of the new table `a`, or of the one that is there. */
function sqlOf(code: string, database: Database, isNew: boolean, name = 'a'): string[] {
  const table = new Blueprint(name, isNew)
  new Function('table', 'raw', code)(table, raw)
  return compile(table.toChanges(), database)
}

const refusalOf = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('the tables of types', () => {
  const headings = ['### Numbers', '### Text and JSON', '### Dates and times', '### Keys, bytes, shapes and others']
  const cells = headings.flatMap((heading) =>
    rowsBehind('schema-columns', heading).flatMap(([call = '', ...words]) =>
      DATABASES.map((database, at) => ({ call: call.replaceAll('`', ''), database, word: words[at] ?? '' })),
    ),
  )

  test('have every method that makes one column', () => {
    const described = new Set(cells.map(({ call }) => /^\w+/.exec(call)?.[0]))
    const elsewhere =
      /^(addColumn$|unsigned|mediumIncrements|integerIncrements|bigIncrements|datetime$|point|lineString|polygon)/
    const missing = [...Object.keys(COLUMN_METHODS)].filter((name) => !described.has(name) && !elsewhere.test(name))
    expect(missing).toEqual([])
  })

  test.each(cells)('$database, $call: $word', ({ call, database, word }) => {
    const sql = refusalOf(() => sqlOf(`table.${call}`, database, true)[0])
    if (word === 'error') expect(sql).toBeInstanceOf(UnsupportedException)
    else
      expect(/\(["`]\w+["`] (.*)\)$/.exec(String(sql))?.[1]?.replace(/ not null$/, '')).toBe(word.replaceAll('`', ''))
  })
})

/** The methods of a blueprint that answer the definition of one column. */
const COLUMN_METHODS: Record<string, true> = Object.fromEntries(
  methodsOf(Blueprint.prototype)
    .filter((name) => {
      const blueprint = new Blueprint('a', true)
      const method = Reflect.get(blueprint, name) as (...args: unknown[]) => unknown
      const args = name === 'enum' || name === 'set' ? ['a', ['b']] : ['a', ...(name === 'computed' ? ['b'] : [])]
      try {
        const answer = method.apply(blueprint, args)
        return (
          typeof answer === 'object' && answer !== null && 'column' in answer && blueprint.getColumns().length === 1
        )
      } catch {
        return false
      }
    })
    .filter((name) => !/^(softDeletes|rememberToken|foreign.*For$)/.test(name))
    .map((name) => [name, true]),
)

function methodsOf(prototype: object): string[] {
  const above: unknown = Object.getPrototypeOf(prototype)
  const own = Object.getOwnPropertyNames(prototype)
  return above === null || above === Object.prototype ? own : [...own, ...methodsOf(above as object)]
}

/** A line of a table: what is said without the feature, and with it. */
type Feature = readonly [without: string, ...withIt: string[]]

/** What a cell promises of statements: `plain` are those without the feature. */
function expectCell(word: string, sql: unknown, plain: unknown): void {
  switch (word) {
    case 'error':
      expect(sql).toBeInstanceOf(UnsupportedException)
      break
    case 'nothing is sent':
      expect(sql).toEqual([])
      break
    case 'ignored':
      expect(sql).toEqual(plain)
      break
    case 'rebuilt':
      expect(sql).toEqual(expect.arrayContaining([expect.stringMatching(/^insert into "__temp__/)]))
      break
    default:
      expect(sql).toEqual(expect.arrayContaining([expect.any(String)]))
      expect(sql).not.toEqual(plain)
  }
}

const NEW_INDEX = "table.string('b'); table.string('d'); table.index('b')"
const NEW_UNIQUE = "table.string('b'); table.unique('b')"

const MODIFIERS: Readonly<Record<string, Feature>> = {
  '`nullable()`, `nullable(false)`, `notNullable()`': ["table.integer('e')", "table.integer('e').nullable()"],
  '`default(value)`, `defaultTo`, `defaultRaw(sql)`': [
    "table.integer('e')",
    "table.integer('e').default(1)",
    "table.integer('e').defaultTo(1)",
    "table.integer('e').defaultRaw('(1)')",
  ],
  '`useCurrent()`': ["table.timestamp('e')", "table.timestamp('e').useCurrent()"],
  '`useCurrentOnUpdate()`': ["table.timestamp('e')", "table.timestamp('e').useCurrentOnUpdate()"],
  '`unsigned()`': ["table.integer('e')", "table.integer('e').unsigned()"],
  '`autoIncrement()`': ["table.integer('e')", "table.integer('e').autoIncrement()"],
  '`from(1000)`, `startingValue`': ['table.id()', 'table.id().from(1000)', 'table.id().startingValue(1000)'],
  '`primary()`, `unique()`, `index()`': [
    "table.integer('e')",
    "table.integer('e').primary()",
    "table.integer('e').unique()",
    "table.integer('e').index()",
  ],
  '`comment(text)`': ["table.integer('e')", "table.integer('e').comment('f')"],
  '`charset(name)`': ["table.string('e')", "table.string('e').charset('ascii')"],
  '`collation(name)`': ["table.string('e')", "table.string('e').collation('f')"],
  '`first()`, `after(column)`': ["table.string('e')", "table.string('e').first()", "table.string('e').after('b')"],
  '`invisible()`': ["table.string('e')", "table.string('e').invisible()"],
  '`storedAs(sql)`, `storedAsJson(path)`': [
    "table.string('e')",
    "table.string('e').storedAs('b')",
    "table.string('e').storedAsJson('b->c')",
  ],
  '`virtualAs(sql)`, `virtualAsJson(path)`': [
    "table.string('e')",
    "table.string('e').virtualAs('b')",
    "table.string('e').virtualAsJson('b->c')",
  ],
  '`generatedAs()`, `always()`': [
    "table.integer('e')",
    "table.integer('e').generatedAs()",
    "table.integer('e').generatedAs().always()",
  ],
  '`instant()`, `lock(mode)`': [
    "table.string('e').nullable()",
    "table.string('e').nullable().instant()",
    "table.string('e').nullable().lock('none')",
  ],
  '`check(sql)`': ["table.integer('e')", "table.integer('e').check('e > 0')"],
}

/** Modifiers of a column that is added; the others are of a new table. */
const OF_ADDED = new Set(['`first()`, `after(column)`', '`instant()`, `lock(mode)`'])

describe('the table of modifiers', () => {
  const rows = rowsBehind('schema-columns', '## Modifiers')

  test('names what is tried', () => {
    expect(rows.map(([feature]) => feature)).toEqual(Object.keys(MODIFIERS))
  })

  const cells = rows.flatMap(([feature = '', postgres, mysql, ...others]) =>
    DATABASES.flatMap((database, at) => {
      const [plain = '', ...codes] = MODIFIERS[feature] ?? []
      const word = [postgres, mysql, mysql, ...others][at] ?? ''
      return codes.map((code) => ({ database, code, plain, word, isNew: !OF_ADDED.has(feature) }))
    }),
  )

  test.each(cells)('$database, $code: $word', ({ database, code, plain, word, isNew }) => {
    expectCell(
      word,
      refusalOf(() => sqlOf(code, database, isNew)),
      sqlOf(plain, database, isNew),
    )
  })
})

const OF_INDEXES: Readonly<Record<string, Feature>> = {
  "`name('by_email')`": [NEW_INDEX, `${NEW_INDEX}.name('e')`],
  "`algorithm('hash')`": [NEW_INDEX, `${NEW_INDEX}.algorithm('hash')`],
  '`where(sql)`': [NEW_INDEX, `${NEW_INDEX}.where('b is null')`, `${NEW_UNIQUE}.where('b is null')`],
  '`include(columns)`': [NEW_INDEX, `${NEW_INDEX}.include('d')`],
  '`online()`': [NEW_INDEX, `${NEW_INDEX}.online()`],
  '`nullsNotDistinct()`': [NEW_UNIQUE, `${NEW_UNIQUE}.nullsNotDistinct()`],
  '`deferrable()`, `initiallyImmediate(false)`': [
    NEW_UNIQUE,
    `${NEW_UNIQUE}.deferrable()`,
    `${NEW_UNIQUE}.deferrable().initiallyImmediate(false)`,
  ],
  "`language('german')` of a full-text index": [
    "table.string('b'); table.fullText('b')",
    "table.string('b'); table.fullText('b').language('german')",
  ],
  "`lock('none')`": [NEW_INDEX, `${NEW_INDEX}.lock('none')`],
  "`fullText('body')`": ["table.string('b')", "table.string('b'); table.fullText('b')"],
  "`spatialIndex('area')`": ["table.point('b')", "table.point('b'); table.spatialIndex('b')"],
  "`vectorIndex('embedding')`": [
    "table.rawColumn('b', 'vector')",
    "table.rawColumn('b', 'vector'); table.vectorIndex('b')",
  ],
  "`rawIndex('lower(email)', 'by_email')`": ["table.string('b')", "table.string('b'); table.rawIndex('lower(b)', 'e')"],
}

describe('the tables of indexes', () => {
  const rows = [
    ...rowsBehind('schema-keys', '## Indexes').filter((row) => row.length === 6 && !row[0]?.startsWith('modifier')),
    ...rowsBehind('schema-keys', '## Words, shapes, vectors'),
  ]

  test('name what is tried', () => {
    expect(rows.map(([feature]) => feature)).toEqual(Object.keys(OF_INDEXES))
  })

  const cells = rows.flatMap(([feature = '', ...words]) =>
    DATABASES.flatMap((database, at) => {
      const [plain = '', ...codes] = OF_INDEXES[feature] ?? []
      return codes.map((code) => ({ database, code, plain, word: words[at] ?? '' }))
    }),
  )

  test.each(cells)('$database, $code: $word', ({ database, code, plain, word }) => {
    expectCell(
      word,
      refusalOf(() => sqlOf(code, database, true)),
      refusalOf(() => sqlOf(plain, database, true)),
    )
  })
})

/** Calls on a table that is there, or on a new one, or changes. */
const FEATURES: Readonly<
  Record<string, { there?: string[]; isNew?: string[]; keyless?: string[]; changes?: Change[] }>
> = {
  '`change()` of a column': { there: ["table.text('b').nullable().change()"] },
  '`renameColumn`, `dropColumn`': { there: ["table.renameColumn('b', 'e')", "table.dropColumn('b')"] },
  '`renameIndex`': { there: ["table.renameIndex('a_b_index', 'e')"] },
  '`dropUnique`, `dropIndex`': { there: ["table.dropUnique(['c'])", "table.dropIndex(['b'])"] },
  '`primary` of a table that is there': { keyless: ["table.primary('id')"] },
  '`dropPrimary`': { there: ['table.dropPrimary()'] },
  'a foreign key of a table that is there': {
    there: ["table.foreign('b').references('id').on('d')", "table.foreignId('e').nullable().constrained('d')"],
  },
  '`dropForeign`': { there: ["table.dropForeign(['c'])", "table.dropForeign('a_c_foreign')"] },
  'a check of a table that is there': { there: ["table.check('c > 1', 'e')"] },
  '`dropCheck`': { there: ["table.dropCheck('a_check')"] },
  'a primary key beside a column that the server numbers': {
    isNew: ["table.id(); table.integer('b'); table.primary('b')"],
  },
  '`comment` of a table': { there: ["table.comment('e')"] },
  '`temporary()`': { isNew: ["table.temporary(); table.integer('b')"] },
  '… with a foreign key': {
    isNew: ["table.temporary(); table.integer('b'); table.foreign('b').references('id').on('d')"],
  },
  'an index on an expression': { there: ["table.index(raw('lower(b)'), 'e')", "table.unique(raw('lower(b)'), 'e')"] },
  "`nulls: 'last'` of a place of an index": { there: ["table.index([{ column: 'b', nulls: 'last' }], 'e')"] },
  '`length` of a place': { there: ["table.index([{ column: 'b', length: 9 }], 'e')"] },
  '`collation` of a place': { there: ["table.index([{ column: 'b', collation: 'f' }], 'e')"] },
  '`operatorClass` of a place': { there: ["table.index([{ column: 'b', operatorClass: 'f' }], 'e')"] },
  "`rename('app.a', 'other.a')`": { changes: [{ kind: 'renameTable', table: 'app.a', to: 'other.a' }] },
  '`dropAllTypes()`': { changes: [{ kind: 'dropTypes', types: [{ name: 'e' }], domains: [] }] },
  '`createDatabase`, `dropDatabaseIfExists`': { changes: [{ kind: 'createDatabase', name: 'e' }] },
  '`ensureExtensionExists`': { changes: [{ kind: 'createExtension', name: 'e' }] },
}

describe('the table of what each database lacks', () => {
  const rows = rowsBehind('schema-differences', '## What each database lacks')

  test('names what is tried', () => {
    expect(rows.map(([feature]) => feature)).toEqual(Object.keys(FEATURES))
  })

  const cells = rows.flatMap(([feature = '', ...words]) =>
    DATABASES.flatMap((database, at) => {
      const { there = [], isNew = [], keyless = [], changes } = FEATURES[feature] ?? {}
      const work: [string, () => string[]][] = [
        ...there.map((code): [string, () => string[]] => [code, () => sqlOf(code, database, false)]),
        ...isNew.map((code): [string, () => string[]] => [code, () => sqlOf(code, database, true)]),
        ...keyless.map((code): [string, () => string[]] => [code, () => sqlOf(code, database, false, 'keyless')]),
      ]
      if (changes !== undefined) work.push([feature, () => compile(changes, database)])
      return work.map(([code, run]) => ({ database, code, run, word: words[at] ?? '' }))
    }),
  )

  test.each(cells)('$database, $code: $word', ({ run, word }) => {
    expectCell(word, refusalOf(run), undefined)
  })
})

/** What is refused before anything is sent, whatever the database. */
const REFUSED: readonly [code: string, error: new (...args: never[]) => Error][] = [
  [`table.integer('${'b'.repeat(200)}')`, InvalidArgumentException],
  ["table.integer('b'); table.integer('b')", InvalidArgumentException],
  ["table.integer('b'); table.foreign('b').references('id')", InvalidArgumentException],
  ["table.foreignId('b').constrained().onDelete('explode')", InvalidArgumentException],
  ["table.string('b').useCurrent()", InvalidArgumentException],
  ["table.string('b').default(undefined)", InvalidArgumentException],
  ["table.string('b').default(NaN)", InvalidArgumentException],
  ["table.string('b').default(() => 1)", InvalidArgumentException],
  ["table.string('b').default(new Date('never'))", InvalidArgumentException],
  ["table.index([{ column: 'b', order: 'up' }])", InvalidArgumentException],
  ["table.string('b').persisted()", InvalidArgumentException],
]

describe('the table of errors', () => {
  test.each(REFUSED)('%s is refused by %o', (code, error) => {
    for (const database of DATABASES) {
      if (database === 'sqlite' && code.includes('bbbb')) continue // it keeps names of any length
      expect(refusalOf(() => sqlOf(code, database, true))).toBeInstanceOf(error)
    }
  })

  test('what is chosen when a table is made is refused afterwards', () => {
    for (const code of ["table.engine('InnoDB')", "table.charset('ascii')", 'table.temporary()']) {
      expect(refusalOf(() => sqlOf(code, 'mysql', false))).toBeInstanceOf(InvalidArgumentException)
    }
  })

  test('what is written without quotes has to be one word', () => {
    for (const code of ["table.engine('a b')", "table.charset('a b')"]) {
      expect(refusalOf(() => sqlOf(`table.id(); ${code}`, 'mysql', true))).toBeInstanceOf(InvalidArgumentException)
    }
    for (const code of ["table.index('b').algorithm('a b')", "table.index([{ column: 'b', operatorClass: 'a b' }])"]) {
      expect(refusalOf(() => sqlOf(code, 'postgres', false))).toBeInstanceOf(InvalidArgumentException)
    }
  })

  test('macros and resolvers that cannot work are refused', async () => {
    expect(refusalOf(() => Blueprint.macro('string', () => {}))).toBeInstanceOf(InvalidArgumentException)
    Schema.blueprintResolver(() => ({}) as Blueprint)
    await expect(
      connectionOf('postgres')
        .schema()
        .toSql('a', () => {}),
    ).rejects.toBeInstanceOf(InvalidArgumentException)
    Schema.blueprintResolver(null)
  })
})
