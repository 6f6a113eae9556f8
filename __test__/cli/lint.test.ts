/** `migrate:lint`, and lint inside of the commands that run and check migrations. */
import { expect, test } from 'vitest'
import { type Project, project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'
import { guruorm } from './run'

const doing = (up: string, down = 'async down(context) { await context.select("select 1") }') =>
  `export default class { async up(context) { ${up} } ${down} }`

const USERS = "await context.create('users', (table) => { table.id(); table.string('name').nullable() })"
const DROP = "await context.table('users', (table) => { table.dropColumn('name') })"

onEveryDatabase('lint on the command line', (db) => {
  async function made(files: Record<string, string>, lint?: unknown): Promise<Project> {
    const { connection } = { connection: db.connection() }
    await connection.schema().dropAllTables()
    await connection.schema().create('users', (table) => {
      table.id()
      table.string('name').nullable()
    })
    const named = Object.entries(files).map(([name, text]) => [`database/migrations/${name}`, text])
    return project({
      'guruorm.config.json': JSON.stringify({
        connections: { main: db.config() },
        migrations: lint === undefined ? {} : { lint },
      }),
      ...Object.fromEntries(named),
    })
  }
  const run = (at: Project, line: string) => guruorm(at.path, line.split(' '))
  const hasName = () => db.connection().schema().hasColumn('users', 'name')

  test('it prints findings under the names of the migrations, and changes nothing', async () => {
    const at = await made({
      '1_a.mjs': doing("await context.create('fresh', (table) => { table.id() })", ''),
      '2_b.mjs': doing(DROP),
      '3_c.mjs': doing('', 'async down() {}'),
    })
    const { code, stdout, stderr } = await run(at, 'migrate:lint')
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.filter((line) => !line.startsWith('⚠️'))).toEqual([
      '1_a',
      '3_c',
      '2_b',
      '✅ 3 warnings, no error (3 migrations)',
    ])
    expect(lines[1]).toBe('⚠️  no-down: 1_a cannot be rolled back: it has no down().')
    expect(lines[3]).toBe('⚠️  down-is-noop: the down() of 3_c does nothing.')
    expect(lines[5]).toMatch(
      /^⚠️ {2}drop-column: drop column .name. of .users.* Instead: drop it in a migration of its own/,
    )
    expect([await hasName(), await db.connection().schema().hasTable('migrations')]).toEqual([true, false])
    const clean = await made({ '1_a.mjs': doing('') })
    expect(await run(clean, 'migrate:lint')).toMatchObject({ code: 0, stdout: '✅ Nothing found (1 migration)\n' })
  })

  test('only an error fails it: 1, and 6 with --detailed-exit-codes', async () => {
    const at = await made({ '1_a.mjs': doing(''), '2_b.mjs': doing(DROP) }, { rules: { 'drop-column': 'error' } })
    const failed = await run(at, 'migrate:lint')
    expect([failed.code, failed.stderr]).toEqual([1, '❌ 1 error, 0 warnings (2 migrations)\n'])
    expect((await run(at, 'migrate:lint --detailed-exit-codes')).code).toBe(6)
    expect((await run(at, 'migrate:lint 1_a')).stdout).toBe('✅ Nothing found (1 migration)\n')
    expect((await run(at, 'migrate:lint 1_a 2_b')).code).toBe(1)
    const { stdout, stderr } = await run(at, 'migrate:lint 2_b --json')
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      command: 'migrate:lint',
      migrations: ['2_b'],
      findings: [{ migration: '2_b', rule: 'drop-column', severity: 'error', table: 'users' }],
      warnings: [],
    })
    expect((await run(at, 'migrate:validate')).stdout).toMatch(/^⚠️ {2}2_b: drop-column: /)
    expect((await run(at, 'migrate:validate --detailed-exit-codes')).code).toBe(6)
    expect(await hasName()).toBe(true)
  })

  test('--all looks at every file, as on an empty database, where the run makes the table itself', async () => {
    const at = await made({ '1_a.mjs': doing(USERS), '2_b.mjs': doing(DROP) }, { rules: { 'drop-column': 'error' } })
    await db.connection().schema().dropAllTables()
    expect((await run(at, 'migrate --to=1_a')).code).toBe(0)
    expect((await run(at, 'migrate:lint')).code).toBe(1)
    expect(await run(at, 'migrate:lint 1_a')).toMatchObject({
      code: 1,
      stderr: '❌ 1_a cannot be looked at. It is not pending; --all looks at every file.\n',
    })
    expect(await run(at, 'migrate:lint 1_a --all')).toMatchObject({ code: 0 })
  })

  test('migrate prints warnings before the statement and stops at errors', async () => {
    const at = await made({ '1_a.mjs': doing(DROP) })
    const warned = await run(at, 'migrate --json')
    expect(JSON.parse(warned.stdout)).toMatchObject({
      ok: true,
      warnings: [expect.stringMatching(/^1_a: drop-column: /)],
    })
    expect(await hasName()).toBe(false)
    const strict = await made({ '1_a.mjs': doing(DROP) }, { rules: { 'drop-column': 'error' } })
    const { code, stderr } = await run(strict, 'migrate')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^❌ Failed: 1_a - drop-column: /)
    expect(stderr).toContain('\n   If it is safe here: this.safetyAssured(() => …), -- guruorm: allow drop-column')
    expect(await hasName()).toBe(true)
  })

  test('a name that is too long is refused before it is sent, where the database has a limit', async () => {
    const name = 'n'.repeat(70)
    const at = await made({ '1_a.mjs': doing(`await context.statement('create table ${name} (id integer)')`) })
    const { code, stderr } = await run(at, 'migrate')
    if (db.dialect === 'sqlite') return expect(code).toBe(0)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^❌ Failed: 1_a - identifier-too-long: the name .n{70}. has 70 (bytes|characters), 6[34] are taken/,
    )
  })

  test('settings that cannot work are refused before a connection is used', async () => {
    const at = await made({}, { rules: { 'drop-colum': 'off' } })
    expect(await run(at, 'migrate --detailed-exit-codes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no lint rule "drop-colum": did you mean "drop-column"?'),
    })
    const flag = await made({}, true)
    expect((await run(flag, 'migrate')).stderr).toContain('"migrations.lint" must be false, or an object')
  })
})
