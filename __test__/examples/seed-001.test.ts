/** The issue report of the project that moved 22 tables (seed 001): what it expected, as it is written there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { onDatabase, onEveryDatabase } from '../support/databases'
import { InstalledProject, shop, tablesOf } from './installed-project'

/** Commands are processes, and others may build meanwhile. */
const PATIENCE = { timeout: 120_000 }

const PACKAGE = { 'package.json': '{"type":"module"}' }

const creates = (Class: string, table: string) => `import { Schema } from 'guruorm'
export default class ${Class} {
  async up() { await Schema.create('${table}', (table) => { table.id() }) }
  async down() { await Schema.drop('${table}') }
}`

const THREE = {
  'database/migrations/2025_11_30_000001_create_users_table.js': creates('CreateUsersTable', 'users'),
  'database/migrations/2025_11_30_000002_create_carts_table.js': creates('CreateCartsTable', 'carts'),
  'database/migrations/2025_11_30_000003_create_brands_table.js': creates('CreateBrandsTable', 'brands'),
}

/** `node migrate.js`, as the project had one of its own. */
const RUNNER = `import { Capsule, Migrator } from 'guruorm'
const capsule = new Capsule()
capsule.addConnection({
  url: process.env.DATABASE_URL,
  pool: {
    min: 2,
    max: 10,
    idleTimeoutMillis: 30000,
    acquireTimeoutMillis: 30000
  }
});
capsule.setAsGlobal()
const pretend = process.argv.includes('--pretend')
const results = await new Migrator(capsule.connection()).run({ pretend })
for (const { name, success, error, statements = [] } of results) {
  console.log(success ? name : name + ': ' + error)
  for (const { sql } of statements) console.log('  ' + sql)
}
await capsule.disconnect()
process.exitCode = results.every(({ success }) => success) ? 0 : 1
`

onEveryDatabase('the issue report', (db) => {
  const installed = (files: Record<string, string>) => new InstalledProject(db, { ...PACKAGE, ...files }).empty()
  const recorded = async () =>
    (await db.connection().select('select migration from migrations order by id')).map(({ migration }) => migration)

  test('scenario 1: the table of migrations is the one that was asked for, and a checksum', PATIENCE, async () => {
    const project = await installed(THREE)
    await project.done('migrate')
    const columns = await db.connection().schema().getColumns('migrations')
    expect(columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      // SQLite says of a key that numbers the rows that it may be null.
      ['id', db.dialect === 'sqlite'],
      ['migration', false],
      ['batch', false],
      ['executed_at', expect.any(Boolean)],
      ['checksum', true],
    ])
    const type = (name: string) => columns.find((column) => column.name === name)?.type
    const text = { postgres: 'character varying(255)', mysql: 'varchar(255)', sqlite: 'varchar' }[db.dialect]
    expect(type('migration')).toMatch(text)
    expect(type('batch')).toMatch(/^int/)
    expect(type('executed_at')).toMatch(/^timestamp|^datetime/)
    // `DEFAULT NOW()` and a key that numbers the rows: a row needs a name and a batch alone.
    await db.connection().insert("insert into migrations (migration, batch) values ('by_hand', 9)")
    const [row] = await db.connection().select('select * from migrations where batch = 9')
    expect(row).toMatchObject({ id: 4, migration: 'by_hand', batch: 9, checksum: null })
    expect(Math.abs(new Date(row?.executed_at as Date).getTime() - Date.now())).toBeLessThan(60_000)
  })

  test('node migrate.js runs what has not run, and --pretend shows its SQL', PATIENCE, async () => {
    const project = await installed({ ...THREE, 'migrate.js': RUNNER })
    const shown = await project.program('migrate.js', '--pretend')
    expect(shown).toMatchObject({ code: 0, stderr: '' })
    expect(shown.stdout).toMatch(/^2025_11_30_000001_create_users_table\n {2}create table .users. /)
    expect((await db.connection().schema().inspect()).tables).toEqual([])
    expect((await project.program('migrate.js')).stdout.split('\n')).toHaveLength(4)
    expect(await project.program('migrate.js')).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(await recorded()).toHaveLength(3)
  })

  test('a migration that fails at step 5 of 10 is not recorded and runs again once mended', PATIENCE, async () => {
    const steps = (broken: boolean) => `import { Schema } from 'guruorm'
export default class TenSteps {
  async up() {
    for (let step = 1; step <= 10; step++) {
      if (${broken} && step === 5) await Schema.table('nowhere', (table) => { table.integer('a') })
      await Schema.create('step_' + step, (table) => { table.id() })
    }
  }
  async down() { for (let step = 10; step > 0; step--) await Schema.drop('step_' + step) }
}`
    const project = await installed({ 'database/migrations/1_ten_steps.js': steps(true), 'migrate.js': RUNNER })
    const { code, stdout } = await project.program('migrate.js')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^1_ten_steps: .*nowhere/)
    expect(await recorded()).toEqual([])
    if (db.dialect !== 'mysql') expect(await tablesOf(db)).toEqual([])
    await project.empty()
    project.made.write({ 'database/migrations/1_ten_steps.js': steps(false) })
    await project.done('migrate')
    expect(await tablesOf(db)).toHaveLength(10)
  })

  test('down() is called: the last batch, two batches, all, and a fresh start', PATIENCE, async () => {
    const project = await installed(THREE)
    const rolledBack = (text: string) =>
      [...text.matchAll(/^✅ Rolled back: (\S+)$/gm)].map(([, name]) => name?.slice(18))
    await project.done('migrate --step')
    expect(rolledBack(await project.done('migrate:rollback'))).toEqual(['create_brands_table'])
    expect(rolledBack(await project.done('migrate:rollback --step=2'))).toEqual([
      'create_carts_table',
      'create_users_table',
    ])
    expect(await recorded()).toEqual([])
    await project.done('migrate')
    expect(rolledBack(await project.done('migrate:reset'))).toHaveLength(3)
    expect(await tablesOf(db)).toEqual([])
    await project.done('migrate')
    await db.connection().statement('create table by_hand (id integer)')
    // Drop all + migrate: no down() is called, and what nobody migrated goes as well.
    expect(rolledBack(await project.done('migrate:fresh'))).toEqual([])
    expect((await tablesOf(db)).sort()).toEqual(['brands', 'carts', 'users'])
  })

  test('one seeder, and two of a list in its order', PATIENCE, async () => {
    const project = await shop(db)
    await project.done('migrate')
    const seeded = (text: string) => [...text.matchAll(/^✅ Seeded: (\w+)$/gm)].map(([, name]) => name)
    expect(seeded(await project.done('db:seed --class=PermissionsSeeder'))).toEqual(['PermissionsSeeder'])
    expect(seeded(await project.done('db:seed --class=CategoriesSeeder,BrandsSeeder'))).toEqual([
      'CategoriesSeeder',
      'BrandsSeeder',
    ])
    const counts = ['permissions', 'categories', 'brands', 'users'].map((name) => db.connection().table(name).count())
    expect(await Promise.all(counts)).toEqual([55, 819, 16, 0])
    expect(await project.done('db:seed --class=PermissionsSeeder')).toContain(
      '⏭️  Skipped: PermissionsSeeder (already run)',
    )
  })

  test('models, migrations, factories and seeders are made, also from a table that is there', PATIENCE, async () => {
    const project = await installed(THREE)
    await project.done('make:model User')
    await project.done('make:model Product --migration')
    expect(await project.done('make:model Order --factory --seeder')).toMatch(
      /^✅ Created model: app\/models\/Order\.js\n✅ Created factory: \S+OrderFactory\.js\n✅ Created seeder: \S+OrderSeeder\.js\n$/,
    )
    expect(readdirSync(project.made.file('app/models')).sort()).toEqual(['Order.js', 'Product.js', 'User.js'])
    expect(existsSync(project.made.file('database/factories/OrderFactory.js'))).toBe(true)
    expect(readdirSync(project.made.file('database/migrations')).at(-1)).toMatch(/_create_products_table\.js$/)
    // What was made runs.
    expect(await project.done('migrate')).toContain('✨ Migration completed! (4 migrations)')
    expect(await project.done('db:seed --class=OrderSeeder')).toContain('✅ Seeded: OrderSeeder')
    await db.connection().statement('alter table users add column full_name varchar(80)')
    await project.done('make:model Customer --from-table=users')
    expect(readFileSync(project.made.file('app/models/Customer.js'), 'utf8')).toContain("'full_name'")
  })

  test('UUIDs, JSON, soft deletes, timestamps, and a foreign key that cascades', PATIENCE, async () => {
    const project = await installed({ 'samples.js': SAMPLES })
    const { code, stdout, stderr } = await project.program('samples.js')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      inserted: 3,
      red: [{ title: 'a' }],
      tags: { colour: 'blue', sizes: [1, 2] },
      kept: ['b', 'c'],
      refused: 'FOREIGN_KEY_VIOLATION',
      left: 0,
    })
  })
})

const SAMPLES = `import { Capsule, DB } from 'guruorm'
import { randomUUID } from 'node:crypto'
const told = {}
const capsule = new Capsule()
capsule.addConnection({ url: process.env.DATABASE_URL })
capsule.setAsGlobal()
await capsule.schema().create('users', (table) => {
  table.uuid('id').primary()
  table.string('name')
})
await capsule.schema().create('posts', (table) => {
  table.uuid('id').primary()
  table.string('title')
  table.text('body').nullable()
  table.jsonb('tags')
  table.uuid('user_id');
  table.foreign('user_id')
    .references('id')
    .on('users')
    .onDelete('CASCADE');
  table.timestamps()
  table.softDeletes()
  table.index(['user_id', 'title'])
})
const user_id = randomUUID()
await DB.table('users').insert({ id: user_id, name: 'Ada' })
const post = (title, tags) => ({ id: randomUUID(), title, tags, user_id, created_at: new Date(), updated_at: new Date() })
await DB.table('posts').insert([post('a', { colour: 'red' }), post('b', { colour: 'blue', sizes: [1, 2] }), post('c', {})])
told.inserted = await DB.table('posts').count()
told.red = await DB.table('posts').select('title').where('tags->colour', 'red').get()
const tags = await DB.table('posts').where('title', 'b').value('tags')
told.tags = typeof tags === 'string' ? JSON.parse(tags) : tags
await DB.table('posts').where('title', 'a').update({ deleted_at: new Date() })
told.kept = await DB.table('posts').whereNull('deleted_at').orderBy('title').pluck('title')
await DB.table('posts').insert({ ...post('d', {}), user_id: randomUUID() }).catch((error) => { told.refused = error.code })
await DB.table('users').where('id', user_id).delete()
told.left = await DB.table('posts').count()
console.log(JSON.stringify(told))
await capsule.disconnect()
`

onDatabase('postgres', 'the issue report', (db) => {
  test('uuid_generate_v4() is a default of a key', async () => {
    const connection = db.connection()
    await connection.schema().dropAllTables()
    await connection.statement('create extension if not exists "uuid-ossp"')
    await connection.schema().create('users', (table) => {
      table.uuid('id').primary().default(connection.raw('uuid_generate_v4()'))
      table.string('name')
    })
    await connection.table('users').insert([{ name: 'a' }, { name: 'b' }])
    const ids = await connection.table('users').pluck('id')
    expect(new Set(ids).size).toBe(2)
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
