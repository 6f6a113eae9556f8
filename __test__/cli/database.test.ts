import { expect, test } from 'vitest'
import { type Project, project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'
import { guruorm, type RunOptions } from './run'

const creates = (table: string) => `export default class {
  async up(context) { await context.statement('create table ${table} (id integer primary key)') }
  async down(context) { await context.statement('drop table ${table}') }
}`

const TIME = / \(\d+ms\)/g

onEveryDatabase('the command line', (db) => {
  /** A project on an empty database. */
  async function shop(
    files: Record<string, string> = {},
  ): Promise<{ made: Project; run: (line: string, options?: RunOptions) => ReturnType<typeof guruorm> }> {
    await db.connection().schema().dropAllTables()
    const made = project({
      'guruorm.config.json': JSON.stringify({ default: 'main', connections: { main: db.config() } }),
      'database/migrations/2025_11_30_create_products_table.mjs': creates('products'),
      'database/migrations/2025_11_30_create_tags_table.mjs': creates('tags'),
      ...files,
    })
    return { made, run: (line, options) => guruorm(made.path, line.split(' '), options) }
  }

  test('migrate, status, rollback and reset print the documented lines', async () => {
    const { run } = await shop()
    expect(await run('migrate:status')).toMatchObject({ code: 0, stdout: expect.stringContaining('⏳ pending') })
    const migrated = await run('migrate')
    expect(migrated.stdout.replaceAll(TIME, '')).toBe(
      [
        '🔄 Running migrations...',
        '✅ Migrated: 2025_11_30_create_products_table',
        '✅ Migrated: 2025_11_30_create_tags_table',
        '✨ Migration completed! (2 migrations)',
        '',
      ].join('\n'),
    )
    expect(migrated).toMatchObject({ code: 0, stderr: '' })
    expect(await run('migrate')).toEqual({ code: 0, stdout: '✅ Nothing to migrate\n', stderr: '' })
    expect((await run('migrate:status')).stdout).toContain(
      '│ 2025_11_30_create_products_table       │    1    │   ✅    │',
    )
    expect((await run('migrate:rollback')).stdout.replaceAll(TIME, '')).toBe(
      [
        '🔄 Rolling back migrations...',
        '✅ Rolled back: 2025_11_30_create_tags_table',
        '✅ Rolled back: 2025_11_30_create_products_table',
        '✨ Rollback completed! (2 migrations)',
        '',
      ].join('\n'),
    )
    expect(await run('migrate:reset')).toEqual({ code: 0, stdout: '✅ Nothing to rollback\n', stderr: '' })
  })

  test('--pretend prints names and SQL and needs no --force in production', async () => {
    const { run } = await shop()
    const env = { NODE_ENV: 'production' }
    expect(await run('migrate --pretend', { env })).toEqual({
      code: 0,
      stdout: [
        'Would run: 2025_11_30_create_products_table',
        '  create table products (id integer primary key);',
        'Would run: 2025_11_30_create_tags_table',
        '  create table tags (id integer primary key);',
        '',
      ].join('\n'),
      stderr: '',
    })
    expect(await db.connection().schema().hasTable('migrations')).toBe(false)
    await run('migrate --force', { env })
    expect((await run('migrate:rollback --pretend=names', { env })).stdout).toBe(
      'Would rollback: 2025_11_30_create_tags_table\nWould rollback: 2025_11_30_create_products_table\n',
    )
  })

  test('a failure is a block on stderr and exit code 1', async () => {
    const { made, run } = await shop()
    made.write({
      'database/migrations/2025_12_01_bad.mjs': creates('products'),
      'database/migrations/2025_12_02_last.mjs': creates('last'),
    })
    const { code, stdout, stderr } = await run('migrate')
    expect(code).toBe(1)
    expect(stdout).not.toContain('✨')
    const lines = stderr.split('\n')
    expect(lines[0]).toMatch(/^❌ Failed: 2025_12_01_bad - .+/)
    expect(lines[1]).toMatch(/database\/migrations\/2025_12_01_bad\.mjs:2$/)
    expect(stderr).toContain('\n   create table products (id integer primary key)\n')
    expect(stderr).toContain('\n   State: ')
    expect(stderr).toContain('\n   Not run: 2025_12_02_last\n')
    expect((await run('migrate --detailed-exit-codes')).code).toBe(1)
  })

  test('--json is one document, also on failure', async () => {
    const { made, run } = await shop()
    made.write({ 'database/migrations/2025_12_01_bad.mjs': creates('products') })
    const failed = await run('migrate --json')
    expect(failed).toMatchObject({ code: 1, stderr: '' })
    expect(JSON.parse(failed.stdout)).toMatchObject({
      ok: false,
      command: 'migrate',
      connection: 'main',
      migrations: [{ status: 'done' }, { status: 'done' }, { name: '2025_12_01_bad', status: 'failed' }],
      error: { migration: '2025_12_01_bad', sql: 'create table products (id integer primary key)', notRun: [] },
    })
    expect(JSON.parse((await run('migrate:status --json')).stdout)).toMatchObject({
      ok: true,
      pending: 1,
      connection: 'main',
    })
  })

  test('status --pending fails while something is pending', async () => {
    const { run } = await shop()
    expect((await run('migrate:status --pending')).code).toBe(1)
    await run('migrate')
    expect((await run('migrate:status --pending')).code).toBe(0)
  })

  test('fresh --seed drops everything, migrates and seeds', async () => {
    const { run } = await shop({
      'database/seeders/DatabaseSeeder.mjs': 'export default class { async run() {} }',
      'database/seeders/UserSeeder.mjs': "export default class { async run() { throw new Error('no users') } }",
    })
    await run('migrate')
    await db.connection().statement('create table other (id integer)')
    const { code, stdout } = await run('migrate:fresh --seed')
    expect(code).toBe(0)
    expect(stdout.replaceAll(TIME, '')).toBe(
      [
        '✅ Dropped all tables',
        '🔄 Running migrations...',
        '✅ Migrated: 2025_11_30_create_products_table',
        '✅ Migrated: 2025_11_30_create_tags_table',
        '✨ Migration completed! (2 migrations)',
        '🌱 Seeding database...',
        '✅ Seeded: DatabaseSeeder',
        '✨ Seeding completed! (1 seeder)',
        '',
      ].join('\n'),
    )
    expect(await db.connection().schema().hasTable('other')).toBe(false)
    expect((await run('db:seed')).stdout).toBe(
      '🌱 Seeding database...\n⏭️  Skipped: DatabaseSeeder (already run)\n✅ Nothing to seed\n',
    )
    const failed = await run('db:seed --class=UserSeeder')
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('❌ Failed: UserSeeder - no users\n')
    const unknown = await run('db:seed --class=NoSeeder')
    expect(unknown.code).toBe(1)
    expect(unknown.stderr).toMatch(
      /^❌ Seeder not found: NoSeeder\. Nothing was run\.\n {3}Known seeders in .*: DatabaseSeeder, UserSeeder\n/,
    )
  })

  test('db:wipe drops all tables', async () => {
    const { run } = await shop()
    await run('migrate')
    expect(await run('db:wipe')).toMatchObject({ code: 0, stdout: '✅ Dropped all tables\n' })
    expect(await db.connection().schema().hasTable('products')).toBe(false)
  })

  test('an unknown connection is refused with the known ones', async () => {
    const { run } = await shop()
    const { code, stderr } = await run('migrate --database=nope')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: '❌ guruorm.config.json has no connection "nope". It has: main.\n',
    })
  })

  test('a folder that is not there is a warning, and nothing to migrate', async () => {
    const { run } = await shop()
    const { code, stdout, stderr } = await run('migrate --path=nowhere')
    expect({ code, stdout }).toEqual({ code: 0, stdout: '✅ Nothing to migrate\n' })
    expect(stderr).toMatch(/^⚠️ {2}There is no folder .*nowhere\n$/)
  })
})
