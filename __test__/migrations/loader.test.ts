import { symlinkSync, utimesSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { MigrationContext } from '../../js/migrations/context'
import { loadMigration } from '../../js/migrations/loader'
import type { MigrationConnection } from '../../js/migrations/migration-connection'
import { sourceFiles } from '../../js/migrations/source-files'
import { project } from './project'

/** Loads `content` as `file`, runs both halves and gives what they told the context's `log`. */
async function halves(file: string, content: string, others: Record<string, string> = {}): Promise<unknown[]> {
  const { file: path } = project({ ...others, [file]: content })
  const migration = await loadMigration({ name: 'it', path: path(file) })
  const told: unknown[] = []
  const context = { schema: 'the schema', told } as unknown as MigrationContext
  await migration.up(context)
  await migration.down?.(context)
  return told
}

const BODY = "async up(context) { context.told.push('up') } async down(context) { context.told.push('down') }"
const FIELDS = BODY.replace('} async', '}, async')

describe('a migration may be', () => {
  test.each([
    ['an ESM class', 'a.mjs', `export default class CreateUsersTable { ${BODY} }`],
    ['an ESM object', 'a.mjs', `export default { ${FIELDS} }`],
    [
      'two ESM functions',
      'a.mjs',
      "export const up = (c) => c.told.push('up')\nexport function down(c) { c.told.push('down') }",
    ],
    ['a named ESM class', 'a.mjs', `export const other = 1\nexport class CreateUsersTable { ${BODY} }`],
    ['a CommonJS class', 'a.cjs', `module.exports = class CreateUsersTable { ${BODY} }`],
    ['a CommonJS object', 'a.cjs', `module.exports = { ${FIELDS} }`],
    ['a CommonJS class under default', 'a.cjs', `exports.default = class CreateUsersTable { ${BODY} }`],
    [
      'a class whose methods are arrow functions',
      'a.mjs',
      "export default class { up = (c) => c.told.push('up'); down = (c) => c.told.push('down') }",
    ],
    ['an instance', 'a.mjs', `class CreateUsersTable { ${BODY} }\nexport default new CreateUsersTable()`],
    ['ESM in a package that is CommonJS', 'a.js', `export default class CreateUsersTable { ${BODY} }`],
    [
      'TypeScript',
      'a.ts',
      `export default class CreateUsersTable { ${BODY.replaceAll('(context)', '(context: any): Promise<void>')} }`,
    ],
    [
      'ESM TypeScript',
      'a.mts',
      `export default class CreateUsersTable { ${BODY.replaceAll('(context)', '(context: any)')} }`,
    ],
    [
      'CommonJS TypeScript',
      'a.cts',
      `const t: string = 'up'\nmodule.exports = { up(c: any) { c.told.push(t) }, down(c: any) { c.told.push('down') } }`,
    ],
  ])('%s', async (_, file, content) => {
    expect(await halves(file, content, { 'package.json': '{}' })).toEqual(['up', 'down'])
  })

  test('CommonJS in a package that is ESM', async () => {
    const told = await halves('a.js', `module.exports = class { ${BODY} }`, { 'package.json': '{"type":"module"}' })
    expect(told).toEqual(['up', 'down'])
  })

  test('TypeScript that imports types from what is not installed', async () => {
    const content = `
      import type { QueryRunner } from 'typeorm'
      import { Migration } from '../MigrationManager'
      export class AddUsers implements Migration { ${BODY.replaceAll('(context)', '(context: any)')} }`
    expect(await halves('a.ts', content)).toEqual(['up', 'down'])
  })

  test('a class that finds the schema in this.schema, unless it has one', async () => {
    const lent = await halves('a.mjs', 'export default class { up(c) { c.told.push(this.schema) } }')
    const own = await halves('a.mjs', "export default { schema: 'mine', up(c) { c.told.push(this.schema) } }")
    expect([lent, own]).toEqual([['the schema'], ['mine']])
  })
})

describe('a file is refused', () => {
  test.each([
    [
      'that exports nothing',
      'export {}',
      /a\.mjs is not a migration: export default a class or an object with up\(\) and down\(\)/,
    ],
    ['that exports a class without up()', 'export default class { run() {} }', /is not a migration/],
    [
      'that exports two migrations',
      `export class First { ${BODY} }\nexport class Second { ${BODY} }`,
      /exports First and Second: export default the one that is the migration/,
    ],
    [
      'whose constructor fails',
      `export default class { constructor() { throw new Error('no luck') } ${BODY} }`,
      /its constructor failed: no luck/,
    ],
    ['that throws while it loads', "throw new Error('bad day')", /Cannot load .*a\.mjs:1:7: bad day/],
  ])('%s', async (_, content, message) => {
    const { file } = project({ 'a.mjs': content })
    await expect(loadMigration({ name: 'a', path: file('a.mjs') })).rejects.toThrow(message)
  })

  test('with a syntax error, by line and column', async () => {
    const { file } = project({
      'a.ts': 'export default class {\n  async up() {\n    const = 1\n  }\n}\n',
      'b.mjs': 'export default {\n  up( {\n',
    })
    await expect(loadMigration({ name: 'a', path: file('a.ts') })).rejects.toThrow(/Cannot load .*a\.ts:3:\d+: /)
    await expect(loadMigration({ name: 'b', path: file('b.mjs') })).rejects.toThrow(/Cannot load .*b\.mjs:\d/)
  })
})

describe('transactions are left off by', () => {
  test.each([
    ['withinTransaction', 'export default class { withinTransaction = false; up() {} }', false],
    ['transaction, as in TypeORM', 'export default class { transaction = false; up() {} }', false],
    ['config, as in Knex', 'export const config = { transaction: false }\nexport function up() {}', false],
    ['nothing else', 'export default class { up() {} }', true],
  ])('%s', async (_, content, expected) => {
    const { file } = project({ 'a.mjs': content })
    expect((await loadMigration({ name: 'a', path: file('a.mjs') })).withinTransaction).toBe(expected)
  })
})

test('shouldRun() and connection are read from the migration', async () => {
  const { file } = project({
    'a.mjs': "export default class { connection = 'other'; async shouldRun() { return false } up() {} }",
  })
  const migration = await loadMigration({ name: 'a', path: file('a.mjs') })
  expect(migration.connection).toBe('other')
  expect(await migration.shouldRun?.()).toBe(false)
})

describe('of a folder', () => {
  const names = (path: string) => sourceFiles(path)?.map(({ name }) => name)

  test('every kind of source is a migration and nothing else is', () => {
    const { path } = project({
      'a.js': '',
      'b.mjs': '',
      'c.cjs': '',
      'd.ts': '',
      'e.mts': '',
      'f.cts': '',
      'a.d.ts': '',
      'e.d.mts': '',
      'a.js.map': '',
      '.hidden.js': '',
      'a.test.ts': '',
      'b.spec.js': '',
      'index.ts': '',
      'README.md': '',
      'examples/x.js': '',
      'folder.js/x.txt': '',
    })
    expect(names(path)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  test('the compiled file counts unless its source is newer', () => {
    const { path, file } = project({ 'a.ts': '', 'a.js': '', 'b.ts': '', 'b.js': '' })
    utimesSync(file('a.js'), 1000, 1000)
    utimesSync(file('b.ts'), 1000, 1000)
    expect(sourceFiles(path)?.map((found) => found.path)).toEqual([file('a.ts'), file('b.js')])
  })

  test('a link that leads out of it is refused', () => {
    const { path, file } = project({ 'elsewhere/a.js': '', 'migrations/b.js': '' })
    symlinkSync(file('elsewhere/a.js'), file('migrations/a.js'))
    expect(() => sourceFiles(`${path}/migrations`)).toThrow(/is a link out of its folder/)
  })

  test('its absence is told apart from its emptiness', () => {
    const { path } = project()
    expect(sourceFiles(path)).toEqual([])
    expect(sourceFiles(`${path}/none`)).toBeNull()
  })
})

test('a connection offers what the context needs', () => {
  // Compiles only while the real connection fits the narrow interface of this layer.
  const fits: (connection: import('../../js/index').Connection) => MigrationConnection = (connection) => connection
  expect(fits).toBeTypeOf('function')
})
