import { expect, onTestFinished, test } from 'vitest'
import { project } from '../migrations/project'
import { type ConnectionOptions, onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { guruorm, type Ran, type RunOptions } from './run'

const migration = (up: string, down = '') => `export default class {
  async up(context) { ${up} }
  async down(context) { ${down} }
}`

const FILES = {
  '1_products.mjs': migration(
    "await context.create('products', (table) => { table.id(); table.decimal('price', 8, 2) })",
    "await context.drop('products')",
  ),
  '2_rows.mjs': migration(
    "if (await context.hasTable('products')) await context.connection.table('products').insert({ price: '1.50' })",
    "await context.connection.table('products').delete()",
  ),
}

type Run = (line: string, options?: RunOptions) => Promise<Ran>

/** A project on an empty database, and the command line in it. */
async function shop(
  db: TestDatabase,
  files: Record<string, string> = FILES,
  connection: ConnectionOptions = {},
): Promise<Run> {
  await db.connection().schema().dropAllTables()
  const { path } = project({
    'guruorm.config.json': JSON.stringify({ default: 'main', connections: { main: db.config(connection) } }),
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`database/migrations/${name}`, text])),
  })
  return (line, options) => guruorm(path, line.split(' '), options)
}

onEveryDatabase('--pretend', (db) => {
  const tables = () => db.connection().schema().getAllTables()

  test('scenario 11: it prints names and SQL, exits with 0, and the database has no table at all', async () => {
    const run = await shop(db)
    const { code, stdout, stderr } = await run('migrate --pretend')
    const quote = db.dialect === 'mysql' ? '`' : '"'
    expect(stdout.split('\n').map((line) => line.split(' (')[0])).toEqual([
      'Would run: 1_products',
      `  create table ${quote}products${quote}`,
      'Would run: 2_rows',
      `  insert into ${quote}products${quote}`,
      '',
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(await tables()).toEqual([])
    expect((await run('migrate')).code).toBe(0)
    expect((await run('migrate --pretend')).stdout).toBe('✅ Nothing to migrate\n')
  })

  test('scenario 14: a pretended rollback prints the newest first and leaves the rows', async () => {
    const run = await shop(db)
    await run('migrate')
    const before = await db.connection().table('migrations').orderBy('id').get()
    const { code, stdout } = await run('migrate:rollback --pretend')
    expect(code).toBe(0)
    expect(stdout.match(/^Would.*$/gm)).toEqual(['Would rollback: 2_rows', 'Would rollback: 1_products'])
    expect(stdout).toMatch(/^ {2}delete from .products.;$/m)
    expect(await db.connection().table('migrations').orderBy('id').get()).toEqual(before)
  })

  test('a file that would fail says so, on stderr why, and exits with 1', async () => {
    const run = await shop(db, {
      ...FILES,
      '3_bad.mjs': migration("await context.statement('drop table tags')"),
      '4_last.mjs': migration(''),
    })
    const { code, stdout, stderr } = await run('migrate --pretend')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^Would run: 2_rows$/m)
    expect(stdout).toMatch(/^Would fail: 3_bad$/m)
    expect(stderr).toMatch(/^❌ Failed: 3_bad - there is no table tags/)
    expect(stderr).toContain('   State: pretended; nothing was changed.\n   Not run: 4_last\n')
    expect(await tables()).toEqual([])
    const { ok, migrations, error } = JSON.parse((await run('migrate --pretend --json')).stdout)
    expect(ok).toBe(false)
    expect(migrations.map(({ status }: { status: string }) => status)).toEqual(['pretended', 'pretended', 'failed'])
    expect(error.migration).toBe('3_bad')
  })

  test('--sql prints a script that does what the migrations do, and their rollback', async () => {
    const run = await shop(db)
    const { code, stdout, stderr } = await run('migrate --pretend --sql')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^-- Would run: 1_products$/m)
    await db.connection().unprepared(stdout)
    expect(await db.connection().table('products').pluck('price')).toHaveLength(1)
    expect((await run('migrate --pretend --sql')).stdout).toBe('-- Nothing to migrate\n')
    expect((await run('migrate')).stdout).toBe('✅ Nothing to migrate\n')

    await db.connection().unprepared((await run('migrate:rollback --pretend --sql')).stdout)
    expect([...(await tables())].sort()).toEqual(['migration_logs', 'migrations'])
    expect(await db.connection().table('migrations').count()).toBe(0)
  })

  test('--sql without --pretend is refused', async () => {
    const run = await shop(db)
    const { code, stderr } = await run('migrate --sql --detailed-exit-codes')
    expect([code, stderr]).toEqual([2, '❌ --sql prints what --pretend shows: write --pretend --sql.\n'])
    expect(await tables()).toEqual([])
  })
})

/** What a user who may only read sees and may do. */
async function readsOnly(db: TestDatabase, connection: ConnectionOptions, refusal: RegExp): Promise<void> {
  const run = await shop(db, FILES, connection)
  expect(await run('migrate:status')).toMatchObject({ code: 0, stdout: expect.stringContaining('⏳ pending') })
  const pretended = await run('migrate --pretend')
  expect(pretended).toMatchObject({ code: 0, stderr: '' })
  expect(pretended.stdout).toMatch(/^Would run: 2_rows\n {2}insert/m)
  const { code, stderr } = await run('migrate')
  expect([code, stderr]).toEqual([1, expect.stringMatching(refusal)])
  expect(await db.connection().schema().getAllTables()).toEqual([])
}

onDatabase('postgres', 'a user who may only read', (db) => {
  test('scenario 16: status and --pretend work', async () => {
    const role = `${db.name}_reader`
    const server = db.connection()
    await server.statement(`drop role if exists "${role}"`)
    await server.statement(`create role "${role}" login`)
    await server.statement('revoke create on schema public from public')
    onTestFinished(async () => {
      await server.statement(`drop owned by "${role}"`)
      await server.statement(`drop role "${role}"`)
    })
    const refusal = `^❌ permission denied to create table "migrations" \\(42501\\). User "${role}" needs CREATE on schema "public".\n$`
    await readsOnly(db, { username: role }, new RegExp(refusal))
    await server.statement(`alter role "${role}" set default_transaction_read_only = on`)
    await readsOnly(db, { username: role }, /^❌ this server or session is read-only \(25006\)/)
  })
})

onDatabase('mysql', 'a user who may only read', (db) => {
  test('scenario 16: status and --pretend work', async () => {
    const role = `r_${db.name}`.slice(0, 32)
    const server = db.connection()
    await server.unprepared(`create or replace user '${role}'@'%' identified by 'secret'`)
    await server.unprepared(`grant select on \`${db.name}\`.* to '${role}'@'%'`)
    onTestFinished(async () => {
      await server.unprepared(`drop user '${role}'@'%'`)
    })
    const refusal = `^❌ permission denied to create table "migrations" \\(1142\\). User "${role}" needs CREATE on database "${db.name}".\n$`
    await readsOnly(db, { username: role, password: 'secret' }, new RegExp(refusal))
  })
})

onDatabase('sqlite', 'a file that may only be read', (db) => {
  test('scenario 16: status and --pretend work', async () => {
    await readsOnly(db, { database: `file:${db.name}?mode=ro` }, /^❌ this server or session is read-only/)
  })
})
