import { afterEach, describe, expect, test } from 'vitest'
import { Blueprint } from '../../js/schema/blueprint.js'
import type { Change, Column } from '../../js/schema/change.js'
import { schemaDefaults } from '../../js/schema/defaults.js'
import { guessTable } from '../../js/schema/guess-table.js'

function alter(describe: (table: Blueprint) => void): Change[] {
  const blueprint = new Blueprint('posts')
  describe(blueprint)
  return blueprint.toChanges()
}

function column(describe: (table: Blueprint) => void): Column {
  const [change] = alter(describe)
  if (change?.kind !== 'addColumn') throw new Error(`expected a new column, not ${change?.kind}`)
  return change.column
}

describe('columns', () => {
  test('the names of guruorm 2 mean the same', () => {
    expect(column((table) => table.datetime('at'))).toEqual(column((table) => table.dateTime('at')))
    expect(column((table) => table.text('a').notNullable())).toMatchObject({ nullable: false })
    expect(column((table) => table.text('a').defaultTo('x'))).toEqual(column((table) => table.text('a').default('x')))
    expect(column((table) => table.uuid('a').defaultRaw('now()'))).toMatchObject({
      default: { kind: 'raw', sql: 'now()' },
    })
  })

  test('a ULID of another length is text of that length', () => {
    expect(column((table) => table.ulid('id')).type).toEqual({ kind: 'ulid' })
    expect(column((table) => table.foreignUlid('user_id')).type).toEqual({ kind: 'ulid' })
    expect(column((table) => table.foreignUlid('user_id', 30)).type).toEqual({ kind: 'char', length: 30 })
  })

  test('nullableTimestampsTz() and nullableTimestamps() are names of their own for what timestamps do', () => {
    expect(alter((table) => table.nullableTimestampsTz(3))).toEqual(alter((table) => table.timestampsTz(3)))
    expect(alter((table) => table.nullableTimestamps())).toEqual(alter((table) => table.timestamps()))
  })

  test('a vector is indexed where it is described, and its index is dropped by its columns', () => {
    expect(column((table) => table.vector('embedding', 3).vectorIndex()).indexes).toEqual([{ kind: 'vector' }])
    expect(alter((table) => table.dropVectorIndex(['embedding']))).toEqual([
      { kind: 'dropIndex', table: 'posts', index: { kind: 'vector', columns: ['embedding'] } },
    ])
  })

  test('a scale of nothing stays nothing', () => {
    expect(column((table) => table.decimal('a', 10, 0)).type).toEqual({ kind: 'decimal', precision: 10, scale: 0 })
  })

  test('null takes a default away', () => {
    expect(column((table) => table.integer('a').default(1).default(null)).default).toBeUndefined()
  })

  test.each([
    [1n << 60n, '1152921504606846976'],
    [new Date('2026-01-31T12:00:00.250Z'), '2026-01-31 12:00:00.250'],
    [['a'], '["a"]'],
  ])('a default of %s is sent as text', (value, text) => {
    expect(column((table) => table.text('a').default(value)).default).toEqual({ kind: 'value', value: text })
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, new Date('x'), undefined as unknown as string])(
    'a default of %s is refused',
    (value) => {
      expect(() => alter((table) => table.text('a').default(value))).toThrow(/a: .*default/)
    },
  )

  test('the length of strings can be set once for all', () => {
    schemaDefaults.stringLength = 191
    expect(column((table) => table.string('a')).type).toEqual({ kind: 'string', length: 191 })
  })

  test('after() with a closure keeps the order', () => {
    const changes = alter((table) => {
      table.after('id', (inner) => {
        inner.string('a')
        inner.string('b')
      })
      table.string('c')
    })
    expect(changes.map((change) => (change.kind === 'addColumn' ? change.column.position : null))).toEqual([
      { kind: 'after', column: 'id' },
      { kind: 'after', column: 'a' },
      undefined,
    ])
  })

  test('an index named twice is there once', () => {
    const { indexes } = column((table) => table.string('a').unique().unique('mine').index())
    expect(indexes).toEqual([{ kind: 'unique', name: 'mine' }, { kind: 'index' }])
  })

  test('a removed column is not sent', () => {
    const changes = alter((table) => {
      table.string('a')
      table.string('b')
      table.removeColumn('a')
    })
    expect(changes).toHaveLength(1)
    expect(changes[0]).toMatchObject({ kind: 'addColumn', column: { name: 'b' } })
  })
})

describe('references', () => {
  const key = (describe: (table: Blueprint) => void) => {
    const change = alter(describe).find(({ kind }) => kind === 'addForeignKey')
    return change?.kind === 'addForeignKey' ? change.foreignKey : undefined
  }

  test('constrained() guesses the table from the column', () => {
    expect(key((table) => table.foreignId('company_id').constrained())).toEqual({
      columns: ['company_id'],
      on: 'companies',
      references: ['id'],
    })
  })

  test('constrained() takes table, column and name', () => {
    expect(key((table) => table.foreignUuid('owner').constrained('users', 'uuid', 'owned_by'))).toEqual({
      columns: ['owner'],
      on: 'users',
      references: ['uuid'],
      name: 'owned_by',
    })
  })

  test('actions are read in any case', () => {
    const foreignKey = key((table) =>
      table.foreign('a').references('id').on('t').onDelete(' SET NULL ').onUpdate('Cascade'),
    )
    expect(foreignKey).toMatchObject({ onDelete: 'set null', onUpdate: 'cascade' })
  })

  test('several columns refer to as many', () => {
    expect(key((table) => table.foreign(['a', 'b']).references(['c', 'd']).on('t'))).toMatchObject({
      columns: ['a', 'b'],
      references: ['c', 'd'],
    })
  })

  test('a column added with its reference comes before it', () => {
    const changes = alter((table) => table.foreignId('user_id').constrained())
    expect(changes.map(({ kind }) => kind)).toEqual(['addColumn', 'addForeignKey'])
  })

  test.each([
    ['user_id', 'users'],
    ['category_id', 'categories'],
    ['day_id', 'days'],
    ['address_id', 'addresses'],
    ['box_id', 'boxes'],
    ['branch_id', 'branches'],
    ['sales_person_id', 'sales_people'],
    ['child_id', 'children'],
    ['human_id', 'humans'],
    ['news_id', 'news'],
    ['parent_user_id', 'parent_users'],
    ['valid_idea_id', 'valid_ideas'],
  ])('%s refers to %s', (name, table) => {
    expect(guessTable(name, 'id')).toBe(table)
  })
})

describe('removals', () => {
  test('a name is a name, a list is what a name is made from', () => {
    expect(
      alter((table) => {
        table.dropIndex('by_slug')
        table.dropUnique(['slug'])
        table.dropForeign(['user_id'])
        table.dropForeign('by_user')
      }),
    ).toEqual([
      { kind: 'dropIndex', table: 'posts', index: { kind: 'index', name: 'by_slug' } },
      { kind: 'dropIndex', table: 'posts', index: { kind: 'unique', columns: ['slug'] } },
      { kind: 'dropForeignKey', table: 'posts', foreignKey: { columns: ['user_id'] } },
      { kind: 'dropForeignKey', table: 'posts', foreignKey: { columns: [], name: 'by_user' } },
    ])
  })

  test('dropMorphs() drops the index before its columns', () => {
    expect(alter((table) => table.dropMorphs('taggable')).map(({ kind }) => kind)).toEqual(['dropIndex', 'dropColumns'])
  })
})

describe('tables', () => {
  test('how a table is stored is said when it is created', () => {
    const blueprint = new Blueprint('posts', true)
    blueprint.id()
    blueprint.engine('InnoDB')
    blueprint.charset('utf8mb4')
    blueprint.temporary()
    expect(blueprint.toChanges()[0]).toMatchObject({
      table: { options: { engine: 'InnoDB', charset: 'utf8mb4', temporary: true } },
    })
    expect(() => alter((table) => table.engine('InnoDB'))).toThrow('posts: engine can only be chosen when')
  })
})

afterEach(() => {
  schemaDefaults.stringLength = 255
})
