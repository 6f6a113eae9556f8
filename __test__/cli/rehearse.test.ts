import { expect, test } from 'vitest'
import { project } from '../migrations/project'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { guruorm, type Ran, type RunOptions } from './run'

const migration = (up: string, more = '') => `export default class {
  ${more}
  async up(context) { ${up} }
}`

const TABLE = migration(
  "await context.create('products', (table) => { table.id(); table.integer('price') }); await context.connection.table('products').insert([{ price: 1 }, { price: 2 }])",
)
const TWICE = migration(
  "await context.statement('insert into products (id, price) values (7, 1)'); await context.statement('insert into products (id, price) values (7, 2)')",
)
const PRICES = migration("await context.statement('update products set price = price + 1')")

type Run = (line: string, options?: RunOptions) => Promise<Ran>

async function shop(db: TestDatabase, files: Record<string, string>): Promise<Run> {
  await db.connection().schema().dropAllTables()
  const { path } = project({
    'guruorm.config.json': JSON.stringify({ default: 'main', connections: { main: db.config() } }),
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`database/migrations/${name}`, text])),
  })
  return (line, options) => guruorm(path, line.split(' '), options)
}

const withoutTimes = (text: string) => text.replaceAll(/\d+ms/g, 'ms')

for (const dialect of ['postgres', 'sqlite'] as const) {
  onDatabase(dialect, 'one transaction', (db) => {
    const tables = async () => [...(await db.connection().schema().getAllTables())].sort()

    test('scenario 15: a rehearsal reports a unique violation and leaves the database as it was', async () => {
      const run = await shop(db, { '1_products.mjs': TABLE, '2_twice.mjs': TWICE, '3_prices.mjs': PRICES })
      const { code, stdout, stderr } = await run('migrate --rehearse')
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^❌ Failed: 2_twice - .*(duplicate key|UNIQUE constraint failed)/)
      expect(stderr).toContain('   statement 2 · ')
      expect(stderr).toContain('   State: rolled back; nothing of this run remains.\n   Not run: 3_prices\n')
      expect(await tables()).toEqual([])
    })

    test('a rehearsal says times and rows, and what it cannot rehearse', async () => {
      const run = await shop(db, {
        '1_products.mjs': TABLE,
        '2_alone.mjs': migration("throw new Error('it ran')", 'withinTransaction = false'),
        '3_prices.mjs': `${PRICES.slice(0, -4)}; context.afterCommit(() => { throw new Error('it ran') }) }\n}`,
      })
      const { code, stdout, stderr } = await run('migrate --rehearse')
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(withoutTimes(stdout).split('\n')).toEqual([
        '⏭️  Not rehearsed: 2_alone (it runs outside of the transaction)',
        '✅ Rehearsed: 1_products (ms, 2 rows)',
        '✅ Rehearsed: 3_prices (ms, 2 rows)',
        '⏭️  Not rehearsed: 3_prices (what waits for its commit)',
        '✨ Rehearsal completed and rolled back! (2 migrations)',
        '',
      ])
      expect(await tables()).toEqual([])
      const { ok, migrations } = JSON.parse((await run('migrate --rehearse --json')).stdout)
      expect(ok).toBe(true)
      expect(migrations[0]).toMatchObject({ name: '1_products', status: 'rehearsed', rows: 2 })
    })

    test('a rehearsal on a database with records leaves them, and production asks for --force', async () => {
      const run = await shop(db, { '1_products.mjs': TABLE, '2_prices.mjs': PRICES })
      await run('migrate --to=1_products')
      const env = { NODE_ENV: 'production' }
      expect((await run('migrate --rehearse', { env })).stderr).toBe('❌ Use --force to run migrations in production\n')
      const before = await tables()
      const rows = () => db.connection().table('migration_logs').orderBy('id').get()
      const logged = await rows()
      const { code, stdout } = await run('migrate --rehearse --force', { env })
      expect([code, withoutTimes(stdout)]).toEqual([0, expect.stringContaining('✅ Rehearsed: 2_prices (ms, 2 rows)')])
      expect(await db.connection().table('products').orderBy('id').pluck('price')).toEqual([1, 2])
      expect([await tables(), await rows()]).toEqual([before, logged])
      expect(await db.connection().table('migrations').count()).toBe(1)
    })

    test('--single-transaction applies all of them, or none', async () => {
      const run = await shop(db, { '1_products.mjs': TABLE, '2_twice.mjs': TWICE, '3_prices.mjs': PRICES })
      const failed = await run('migrate --single-transaction')
      expect([failed.code, failed.stdout]).toEqual([1, '🔄 Running migrations...\n'])
      expect(failed.stderr).toContain('   State: rolled back; nothing of this run remains.\n   Not run: 3_prices\n')
      expect(await tables()).toEqual(['migration_logs', 'migrations'])
      expect(await db.connection().table('migrations').count()).toBe(0)
      expect(await db.connection().table('migration_logs').orderBy('id').pluck('status')).toEqual(
        Array(3).fill('failed'),
      )

      const again = await shop(db, { '1_products.mjs': TABLE, '3_prices.mjs': PRICES })
      const { code, stdout } = await again('migrate --single-transaction')
      expect([code, withoutTimes(stdout)]).toEqual([
        0,
        '🔄 Running migrations...\n✅ Migrated: 1_products (ms)\n✅ Migrated: 3_prices (ms)\n✨ Migration completed! (2 migrations)\n',
      ])
      expect(await db.connection().table('products').orderBy('id').pluck('price')).toEqual([2, 3])
      expect(await db.connection().table('migrations').pluck('batch')).toEqual([1, 1])
      expect(await db.connection().table('migration_logs').orderBy('id').pluck('status')).toEqual([
        'success',
        'success',
      ])
      expect((await again('migrate --single-transaction')).stdout).toBe('✅ Nothing to migrate\n')
    })

    test('--single-transaction is refused where one migration opts out', async () => {
      const run = await shop(db, { '1_products.mjs': TABLE, '2_alone.mjs': migration('', 'withinTransaction = false') })
      const { code, stderr } = await run('migrate --single-transaction')
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^❌ 2_alone cannot share a transaction: .* Nothing was run\.\n$/),
      ])
      expect(await db.connection().schema().hasTable('products')).toBe(false)
    })

    test('what waits for the commit runs after it', async () => {
      const counts = "context.afterCommit(async () => { await context.statement('create table later (id integer)') })"
      const run = await shop(db, {
        '1_first.mjs': migration(counts),
        '2_fails.mjs': migration("throw new Error('no')"),
      })
      await run('migrate --single-transaction')
      expect(await db.connection().schema().hasTable('later')).toBe(false)
      const again = await shop(db, { '1_first.mjs': migration(counts) })
      expect((await again('migrate --single-transaction')).code).toBe(0)
      expect(await db.connection().schema().hasTable('later')).toBe(true)
    })
  })
}

onDatabase('sqlite', 'one transaction', (db) => {
  const REBUILD = migration(`
    await context.create('parents', (table) => { table.id(); table.integer('a') })
    await context.create('children', (table) => { table.id(); table.foreignId('parent_id').constrained('parents').cascadeOnDelete() })
    await context.connection.table('parents').insert({ id: 1, a: 1 })
    await context.connection.table('children').insert({ id: 1, parent_id: 1 })
  `)
  const CHANGE = migration("await context.table('parents', (table) => { table.string('a').change() })")

  test('a table that others refer to is altered by a copy, rehearsed and shared', async () => {
    const run = await shop(db, { '1_tables.mjs': REBUILD, '2_change.mjs': CHANGE })
    expect(await run('migrate --rehearse')).toMatchObject({ code: 0 })
    expect(await db.connection().schema().getAllTables()).toEqual([])
    expect(await run('migrate --single-transaction')).toMatchObject({ code: 0 })
    expect(await db.connection().table('children').count()).toBe(1)
  })
})

onDatabase('postgres', 'one transaction', (db) => {
  test('a rehearsal checks what otherwise waits for the commit, and waits a second for a lock', async () => {
    const run = await shop(db, {
      '1_tables.mjs': migration(
        "await context.query('create table a (id int primary key); create table b (a_id int references a deferrable initially deferred); insert into b values (1)')",
      ),
    })
    const { code, stderr } = await run('migrate --rehearse')
    expect([code, stderr]).toEqual([1, expect.stringContaining('violates foreign key constraint')])

    const other = await shop(db, {
      '1_a.mjs': migration("await context.statement('alter table busy add column a int')"),
    })
    await db.connection().statement('create table busy (id int)')
    await db.connection().transaction(async (reader) => {
      await reader.select('select * from busy')
      const start = performance.now()
      expect((await other('migrate --rehearse')).stderr).toContain('55P03')
      expect(performance.now() - start).toBeLessThan(8_000)
    })
  })
})

onDatabase('mysql', 'one transaction', (db) => {
  test.each(['--rehearse', '--single-transaction'])('%s is refused, with the reason', async (option) => {
    const run = await shop(db, { '1_products.mjs': TABLE })
    const { code, stderr } = await run(`migrate ${option}`)
    expect([code, stderr]).toEqual([
      1,
      `❌ MariaDB commits at every schema change, so it cannot roll them back: ${option} works on PostgreSQL, SQLite and SQL Server. Nothing was run.\n`,
    ])
    expect(await db.connection().schema().hasTable('products')).toBe(false)
  })
})

onEveryDatabase('--rehearse', (db) => {
  test('it goes with neither --pretend nor --single-transaction', async () => {
    const run = await shop(db, {})
    for (const other of ['--pretend', '--single-transaction']) {
      const { code, stderr } = await run(`migrate --rehearse ${other}`)
      expect([code, stderr]).toEqual([1, '❌ --rehearse goes with neither --pretend nor --single-transaction.\n'])
    }
  })
})
