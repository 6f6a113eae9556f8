import { describe, expect, test } from 'vitest'
import { SchemaBuilder } from '../../js/schema/builder.js'
import type { Change } from '../../js/schema/change.js'
import type { ColumnInfo, IndexInfo, Question, SchemaExecutor, TableInfo } from '../../js/schema/executor.js'
import { resolveSchemaWith, Schema } from '../../js/schema/schema.js'

/** Remembers what a builder asks of its connection. Real databases are in the tests of the whole package. */
function recorder(
  answers: { tables?: Partial<TableInfo>[]; columns?: Partial<ColumnInfo>[]; indexes?: IndexInfo[] } = {},
) {
  const log: (Change[] | Question | string)[] = []
  const executor: SchemaExecutor = {
    getTablePrefix: () => '',
    driverName: 'pgsql',
    async applyChanges(changes) {
      log.push([...changes])
    },
    async evolution(command) {
      return (command.do === 'schema.plan' ? command.changes.map((change) => change.kind) : []) as never
    },
    inspectDatabase: async () => ({ driver: 'pgsql', tables: [] }),
    async inspect(question) {
      log.push(question)
      return (answers as Record<string, unknown>)[question.ask] as never
    },
    async pin(work) {
      log.push('pin')
      try {
        return await work()
      } finally {
        log.push('unpin')
      }
    },
  }
  return { builder: new SchemaBuilder(executor), log }
}

const off: Change[] = [{ kind: 'checkForeignKeys', enabled: false }]
const on: Change[] = [{ kind: 'checkForeignKeys', enabled: true }]

describe('SchemaBuilder', () => {
  test('everything of one call is applied at once', async () => {
    const { builder, log } = recorder()
    await builder.create('users', (table) => {
      table.id()
      table.foreignId('team_id').constrained()
    })
    expect(log).toHaveLength(1)
    expect((log[0] as Change[]).map(({ kind }) => kind)).toEqual(['createTable', 'addForeignKey'])
  })

  test('an asynchronous description is waited for', async () => {
    const { builder, log } = recorder()
    await builder.create('users', async (table) => {
      await Promise.resolve()
      table.id()
    })
    expect(log[0]).toMatchObject([{ table: { columns: [{ name: 'id' }] } }])
  })

  test('table() alters and never creates', async () => {
    const { builder, log } = recorder()
    await builder.table('users', (table) => table.string('nick'))
    expect(log[0]).toMatchObject([{ kind: 'addColumn', table: 'users' }])
  })

  test('nothing said is nothing sent', async () => {
    const { builder, log } = recorder()
    await builder.table('users', () => {})
    expect(log).toEqual([])
  })

  test('columns are compared without regard to case', async () => {
    const { builder } = recorder({
      columns: [{ name: 'Email', type_name: 'varchar', type: 'varchar(10)' }, { name: 'id' }],
    })
    expect(await builder.hasColumn('users', 'email')).toBe(true)
    expect(await builder.hasColumns('users', ['ID', 'email'])).toBe(true)
    expect(await builder.hasColumns('users', ['id', 'nick'])).toBe(false)
    expect(await builder.getColumnType('users', 'EMAIL')).toBe('varchar')
    expect(await builder.getColumnType('users', 'EMAIL', true)).toBe('varchar(10)')
    await expect(builder.getColumnType('users', 'nick')).rejects.toThrow('users has no column nick')
  })

  test('an index is found by name, or by its columns in order', async () => {
    const index = { name: 'i', columns: ['a', 'b'], type: 'btree', unique: true, primary: false }
    const { builder } = recorder({ indexes: [index] })
    expect(await builder.hasIndex('users', 'i')).toBe(true)
    expect(await builder.hasIndex('users', ['a', 'b'], 'unique')).toBe(true)
    expect(await builder.hasIndex('users', ['b', 'a'])).toBe(false)
    expect(await builder.hasIndex('users', 'i', 'primary')).toBe(false)
  })

  test('dropAllTables() drops what the current namespace holds', async () => {
    const { builder, log } = recorder({ tables: [{ name: 'a.b', schema: 'public' }] })
    await builder.dropAllTables()
    expect(log).toEqual([
      { ask: 'tables', current: true },
      [{ kind: 'dropAllTables', tables: [{ name: 'a.b', schema: 'public' }] }],
    ])
  })

  test('foreign keys are checked again after work that fails, on the same connection', async () => {
    const { builder, log } = recorder()
    const work = builder.withoutForeignKeyConstraints(async () => {
      await builder.drop('users')
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(log).toEqual(['pin', off, [{ kind: 'dropTable', table: 'users' }], on, 'unpin'])
  })

  test('toSql() plans without applying', async () => {
    const { builder, log } = recorder()
    expect(await builder.toSql('users', (table) => table.id(), 'create')).toEqual(['createTable'])
    expect(log).toEqual([])
  })
})

describe('Schema', () => {
  test('says what is missing before a connection is there', async () => {
    await expect(Schema.hasTable('users')).rejects.toThrow('setAsGlobal')
  })

  test('speaks to the default connection, or to a named one', async () => {
    const main = recorder()
    const reports = recorder()
    resolveSchemaWith((name) => (name === 'reports' ? reports.builder : main.builder))
    await Schema.drop('a')
    await Schema.connection('reports').drop('b')
    expect(main.log).toEqual([[{ kind: 'dropTable', table: 'a' }]])
    expect(reports.log).toEqual([[{ kind: 'dropTable', table: 'b' }]])
  })

  test('has every method of the builder', () => {
    const names = Object.getOwnPropertyNames(SchemaBuilder.prototype).filter((name) => name !== 'constructor')
    expect(names.filter((name) => !Object.hasOwn(Schema, name))).toEqual([])
  })
})
