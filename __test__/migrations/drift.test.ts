/** Files that are not what was applied. */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MigrationEventDispatcher } from '../../js/migrations/events'
import { Migrator, type MigratorOptions } from '../../js/migrations/migrator'
import { MigrationRecords } from '../../js/migrations/records'
import { onEveryDatabase, type TestDatabase } from '../support/databases'
import { type Project, project } from './project'

const creates = (table: string, down = `drop table ${table}`) => `export default class {
  async up(context) { await context.statement('create table ${table} (id integer primary key)') }
  async down(context) { await context.statement('${down}') }
}
`

function migratorFor(db: TestDatabase, files: Project, options: MigratorOptions = {}) {
  const events = new MigrationEventDispatcher()
  const warnings: string[] = []
  events.listen('migrations.warning', ({ message }) => void warnings.push(message))
  const migrator = new Migrator(db.connection(), { paths: [files.path], events, ...options })
  return { migrator, warnings, records: new MigrationRecords(migrator) }
}

const brief = (results: { name: string; success: boolean }[]) =>
  results.map(({ name, success }) => `${name} ${success ? 'ok' : 'failed'}`)

onEveryDatabase('files and records', (db) => {
  const exists = (table: string) => db.connection().schema().hasTable(table)
  const empty = () => db.connection().schema().dropAllTables()
  const states = async (migrator: Migrator) =>
    Object.fromEntries((await migrator.status()).map(({ name, state }) => [name, state]))

  test('scenario 45: an edited file warns, fails to validate, and is repaired', async () => {
    await empty()
    const files = project({ '1_a.mjs': creates('a'), '2_b.up.sql': 'create table b (id integer)' })
    const { migrator, warnings, records } = migratorFor(db, files)
    await migrator.run()
    const rows = await db.connection().select('select checksum from migrations order by id')
    expect(rows.map((row) => String(row.checksum))).toEqual([
      expect.stringMatching(/^[0-9a-f]{63}1$/),
      expect.stringMatching(/^[0-9a-f]{63}0$/),
    ])
    files.write({ '1_a.mjs': creates('aa'), '2_b.up.sql': 'create table b (id bigint)' })

    expect(await migrator.run()).toEqual([])
    expect(warnings).toEqual(['Edited after it was applied: 1_a', 'Edited after it was applied: 2_b'])
    expect(await states(migrator)).toEqual({ '1_a': 'edited', '2_b': 'edited' })
    expect((await records.validate()).filter(({ problem }) => problem === 'edited').map(({ name }) => name)).toEqual([
      '1_a',
      '2_b',
    ])
    expect((await records.repairChecksums()).checksums).toEqual(['1_a', '2_b'])
    expect(await states(migrator)).toEqual({ '1_a': 'applied', '2_b': 'applied' })
  })

  test("scenario 45: checksums: 'error' refuses the run, 'off' does not look", async () => {
    await empty()
    const files = project({ '1_a.mjs': creates('a') })
    await migratorFor(db, files).migrator.run()
    files.write({ '1_a.mjs': creates('aa'), '2_b.mjs': creates('b') })
    await expect(migratorFor(db, files, { checksums: 'error' }).migrator.run()).rejects.toMatchObject({
      kind: 'validation',
      message: 'Edited after it was applied: 1_a\nNothing was run.',
    })
    expect(await exists('b')).toBe(false)
    const { migrator, warnings } = migratorFor(db, files, { checksums: 'off' })
    expect(brief(await migrator.run())).toEqual(['2_b ok'])
    expect(warnings).toEqual([])
    expect(await states(migrator)).toEqual({ '1_a': 'applied', '2_b': 'applied' })
  })

  test('scenario 46: other line ends, a byte order mark, comments and a formatter change nothing', async () => {
    await empty()
    const files = project({
      '1_a.ts': `import type { MigrationContext } from 'guruorm'
export default class A { async up(context: MigrationContext) { const names = ["it's", 'b'].map(name => ({ 'name': name }))
    await context.statement("create table a (id integer primary key, name varchar(20))"); await context.table('a').insert(names.map((row, index) => ({ id: index, ...row })))
  } async down(context: MigrationContext) { await context.statement('drop table a') } }`,
      '2_b.up.sql': 'create table b (\n  id integer\n);\n',
      '2_b.down.sql': 'drop table b',
    })
    const { migrator, records } = migratorFor(db, files)
    expect(brief(await migrator.run())).toEqual(['1_a ok', '2_b ok'])
    let before = ''
    const biome = join(process.cwd(), 'node_modules', '.bin', 'biome')
    const styles = [
      { quoteStyle: 'double', semicolons: 'always', trailingCommas: 'all', lineWidth: 60 },
      { quoteStyle: 'single', semicolons: 'asNeeded', trailingCommas: 'none', arrowParentheses: 'asNeeded' },
    ]
    for (const formatter of styles) {
      files.write({ 'biome.json': JSON.stringify({ root: true, javascript: { formatter } }) })
      execFileSync(biome, ['format', '--write', '1_a.ts'], { cwd: files.path, stdio: 'pipe' })
      const formatted = readFileSync(files.file('1_a.ts'), 'utf8')
      expect(formatted).not.toBe(before)
      before = formatted
      files.write({ '1_a.ts': `\uFEFF// formatted\r\n${formatted.replaceAll('\n', '\r\n')}` })
      files.write({ '2_b.up.sql': '\uFEFF-- the second\r\ncreate table b (  \r\n  id integer -- a key\r\n);\r\n\r\n' })
      expect(await records.validate()).toEqual([])
      expect(await states(migrator)).toEqual({ '1_a': 'applied', '2_b': 'applied' })
    }
  })

  test('scenario 47: a deleted file is a warning for migrate, and refuses a rollback before anything', async () => {
    await empty()
    const files = project({ '1_a.mjs': creates('a'), '2_b.mjs': creates('b') })
    const { migrator, warnings, records } = migratorFor(db, files)
    await migrator.run()
    rmSync(files.file('1_a.mjs'))
    files.write({ '3_c.mjs': creates('c') })
    expect(brief(await migrator.run())).toEqual(['3_c ok'])
    expect(warnings).toEqual(['The file of an applied migration is missing: 1_a'])
    expect(await states(migrator)).toMatchObject({ '1_a': 'missing' })
    await expect(migrator.rollback({ step: 2 })).rejects.toThrow(
      /^Cannot roll back 1_a: file not found in .*Nothing was rolled back/,
    )
    expect([await exists('b'), await exists('c')]).toEqual([true, true])

    expect(brief(await migrator.rollback({ step: 2, skipMissing: true }))).toEqual(['3_c ok', '2_b ok'])
    expect((await records.forget('1_a')).forgotten).toEqual(['1_a'])
    expect(await migrator.rollback({ step: 2 })).toEqual([])
  })

  test('scenario 48: one of a batch without down() refuses the whole rollback', async () => {
    await empty()
    const files = project({ '1_a.mjs': creates('a'), '2_b.mjs': creates('b'), '3_c.mjs': creates('c') })
    const { migrator } = migratorFor(db, files)
    await migrator.run()
    files.write({ '2_b.mjs': 'export default { up() {} }' })
    // A new process would load the file anew: here it needs another path.
    const other = project({ '1_a.mjs': creates('a'), '2_b.mjs': 'export default { up() {} }', '3_c.mjs': creates('c') })
    await expect(migratorFor(db, other).migrator.rollback()).rejects.toThrow(
      '2_b has no down(); nothing was rolled back.',
    )
    expect(await Promise.all(['a', 'b', 'c'].map(exists))).toEqual([true, true, true])
  })

  test('scenario 49: applied as TypeScript, deployed as JavaScript', async () => {
    await empty()
    const source = creates('a').replaceAll('(context)', '(context: any): Promise<void>')
    const { migrator, warnings, records } = migratorFor(db, project({ '1_a.ts': source }))
    await migrator.run()
    const deployed = migratorFor(
      db,
      project({ '1_a.js': `module.exports = ${creates('a').replace('export default ', '')}` }),
    )
    expect(await states(deployed.migrator)).toEqual({ '1_a': 'applied' })
    expect(await deployed.migrator.run()).toEqual([])
    expect([...warnings, ...deployed.warnings, ...(await records.validate())]).toEqual([])
  })

  test("scenario 50: an older file runs with a warning; with outOfOrder: 'error' it is refused", async () => {
    await empty()
    const files = project({ '2025_01_02_b.mjs': creates('b') })
    await migratorFor(db, files).migrator.run()
    files.write({ '2025_01_01_a.mjs': creates('a') })
    await expect(migratorFor(db, files, { outOfOrder: 'error' }).migrator.run()).rejects.toThrow(
      'Running out of order: 2025_01_01_a (newer ones are applied)\nNothing was run.',
    )
    expect(await exists('a')).toBe(false)
    const { migrator, warnings } = migratorFor(db, files)
    expect(brief(await migrator.run())).toEqual(['2025_01_01_a ok'])
    expect(warnings).toEqual(['Running out of order: 2025_01_01_a (newer ones are applied)'])
    expect((await migrator.status()).map(({ batch }) => batch)).toEqual([2, 1])
  })

  test('scenario 6: names are ordered by their bytes, and uneven numbers are a warning', async () => {
    await empty()
    const files = project(
      Object.fromEntries(['9_b', '10_a', 'Z_x', 'a-b'].map((name, index) => [`${name}.mjs`, creates(`t${index}`)])),
    )
    const { migrator, warnings } = migratorFor(db, files)
    expect(brief(await migrator.run())).toEqual(['10_a ok', '9_b ok', 'Z_x ok', 'a-b ok'])
    expect(warnings).toEqual([expect.stringContaining('different lengths')])
  })

  test('scenario 51: rows of a table without checksums are read, and get none', async () => {
    await empty()
    await db
      .connection()
      .statement('create table migrations (id integer primary key, migration varchar(255), batch integer)')
    await db.connection().insert("insert into migrations (id, migration, batch) values (1, '1_a', 1)")
    const { migrator, records } = migratorFor(db, project({ '1_a.mjs': creates('a') }))
    expect(await states(migrator)).toEqual({ '1_a': 'applied' })
    expect(await migrator.run()).toEqual([])
    expect(await db.connection().select('select checksum from migrations')).toEqual([{ checksum: null }])
    expect((await records.repairChecksums()).checksums).toEqual(['1_a'])
  })

  test('records: what cannot be loaded or rolled back is a problem to validate', async () => {
    await empty()
    const files = project({ '1_a.mjs': creates('a'), '2_b.mjs': "throw new Error('bad day')", '3_c.sql': 'select 1' })
    const { records } = migratorFor(db, files)
    expect((await records.validate()).map(({ name, problem }) => [name, problem])).toEqual([
      ['2_b', 'unloadable'],
      ['3_c', 'noDown'],
    ])
    expect(await exists('migrations')).toBe(false)
  })
})
