/** The production readiness guide (seed 000): every command and sample, as it is written there, but for those of models. */
import { expect, test } from 'vitest'
import { until } from '../cli/processes'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { InstalledProject, tablesOf } from './installed-project'

/** Commands are processes, and others may build meanwhile. */
const PATIENCE = { timeout: 120_000 }

const PRODUCTION = { NODE_ENV: 'production' }

const creates = (table: string, columns = '') => `import { Schema } from 'guruorm'
export default class {
  async up() {
    await Schema.create('${table}', (table) => {
      table.id()
      ${columns}
    })
  }
  async down() { await Schema.drop('${table}') }
}`

/** The three migrations of the guide's box. */
const USERS = {
  'database/migrations/2025_11_29_145247_create_users_table.js': creates(
    'users',
    "table.string('name'); table.string('email'); table.string('role').nullable(); table.boolean('active').default(true); table.integer('company_id').nullable()",
  ),
  'database/migrations/2025_11_29_234218_create_test_table.js': creates('test'),
}
const INDEXES = {
  'database/migrations/2025_11_30_120000_add_index.js': `import { Schema } from 'guruorm'
export default class {
  async up() {
    await Schema.table('users', (table) => {
      table.index('email');
      table.index(['company_id', 'role']);
    });
  }
  async down() {
    await Schema.table('users', (table) => { table.dropIndex(['company_id', 'role']); table.dropIndex(['email']) })
  }
}`,
}

const inserts = (name: string) => `import { DB, Seeder } from 'guruorm'
export default class extends Seeder {
  async run() { await DB.table('users').insert({ name: '${name}', email: '${name}@example.com' }) }
}`

const SEEDERS = {
  'database/seeders/DatabaseSeeder.js': inserts('database'),
  ...Object.fromEntries(
    ['User', 'Permissions', 'Roles', 'Production'].map((name) => [
      `database/seeders/${name}Seeder.js`,
      inserts(name.toLowerCase()),
    ]),
  ),
}

onEveryDatabase('the production guide', (db) => {
  const installed = (files: Record<string, string>) =>
    new InstalledProject(db, { 'package.json': '{"type":"module"}', ...files }).empty()
  const names = async () => (await db.connection().table('users').orderBy('id').get()).map(({ name }) => name)

  test('scenarios 1, 2 and 3: batches in the box of the guide, and nothing runs twice', PATIENCE, async () => {
    const guide = await installed(USERS)
    expect(await guide.done('migrate')).toBe(
      [
        '🔄 Running migrations...',
        '✅ Migrated: 2025_11_29_145247_create_users_table',
        '✅ Migrated: 2025_11_29_234218_create_test_table',
        '✨ Migration completed! (2 migrations)',
        '',
      ].join('\n'),
    )
    const rows = () => db.connection().select('select id, migration, batch, executed_at from migrations order by id')
    const first = await rows()
    expect(first.map(({ migration, batch }) => [migration, batch])).toEqual([
      ['2025_11_29_145247_create_users_table', 1],
      ['2025_11_29_234218_create_test_table', 1],
    ])
    expect(await guide.done('migrate')).toBe('✅ Nothing to migrate\n')
    expect(await rows()).toEqual(first)

    guide.made.write(INDEXES)
    await guide.done('migrate')
    expect(await guide.done('migrate:status')).toBe(
      [
        '┌────────────────────────────────────────┬─────────┬─────────┐',
        '│ Migration                              │ Batch   │ Status  │',
        '├────────────────────────────────────────┼─────────┼─────────┤',
        '│ 2025_11_29_145247_create_users_table   │    1    │   ✅    │',
        '│ 2025_11_29_234218_create_test_table    │    1    │   ✅    │',
        '│ 2025_11_30_120000_add_index            │    2    │   ✅    │',
        '└────────────────────────────────────────┴─────────┴─────────┘',
        '',
      ].join('\n'),
    )
    expect(await rows()).toHaveLength(3)
  })

  test('what fails is not recorded, and runs once it is mended', PATIENCE, async () => {
    const guide = await installed({ 'database/migrations/2025_11_29_145247_create_users_table.js': FAILS })
    const { code, stderr } = await guide.run('migrate')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^❌ Failed: 2025_11_29_145247_create_users_table - /)
    expect(await db.connection().table('migrations').count()).toBe(0)
    await guide.empty()
    guide.made.write(USERS)
    expect(await guide.done('migrate')).toContain('✨ Migration completed! (2 migrations)')
  })

  test('each way of rolling back', PATIENCE, async () => {
    const guide = await installed({ ...USERS, ...SEEDERS })
    await guide.done('migrate --step')
    guide.made.write(INDEXES)
    await guide.done('migrate')
    expect(await guide.done('migrate:rollback')).toBe(
      '🔄 Rolling back migrations...\n✅ Rolled back: 2025_11_30_120000_add_index\n✨ Rollback completed! (1 migration)\n',
    )
    expect(await guide.done('migrate:rollback --step=2')).toBe(
      [
        '🔄 Rolling back migrations...',
        '✅ Rolled back: 2025_11_29_234218_create_test_table',
        '✅ Rolled back: 2025_11_29_145247_create_users_table',
        '✨ Rollback completed! (2 migrations)',
        '',
      ].join('\n'),
    )
    expect(await tablesOf(db)).toEqual([])
    await guide.done('migrate')
    expect(await guide.done('migrate:reset')).toContain('✨ Rollback completed! (3 migrations)')
    await guide.done('migrate')
    expect(await guide.done('migrate:fresh')).toContain('✨ Migration completed! (3 migrations)')
    expect(await guide.done('migrate:refresh --seed')).toContain('✅ Seeded: DatabaseSeeder')
    expect(await names()).toEqual(['database'])
    const refused = await guide.run('migrate:rollback', PRODUCTION)
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: '❌ Use --force to rollback migrations in production\n',
    })
    expect(await guide.done('migrate:rollback --force', PRODUCTION)).toContain('✨ Rollback completed! (3 migrations)')
  })

  test('--pretend prints the lines of the guide and changes nothing', PATIENCE, async () => {
    const guide = await installed({
      'database/migrations/2025_11_30_create_products_table.js': creates('products'),
      'database/migrations/2025_12_01_add_price_column.js': `import { Schema } from 'guruorm'
export default class {
  async up() { await Schema.table('products', (table) => { table.decimal('price', 8, 2).default(0) }) }
  async down() { await Schema.table('products', (table) => { table.dropColumn('price') }) }
}`,
    })
    expect(await guide.done('migrate --pretend=names')).toBe(
      'Would run: 2025_11_30_create_products_table\nWould run: 2025_12_01_add_price_column\n',
    )
    const headers = (text: string) => text.split('\n').filter((line) => line.startsWith('Would'))
    const shown = await guide.done('migrate --pretend')
    expect(headers(shown)).toEqual([
      'Would run: 2025_11_30_create_products_table',
      'Would run: 2025_12_01_add_price_column',
    ])
    expect(shown).toMatch(/^ {2}create table .products. /m)
    expect((await db.connection().schema().inspect()).tables).toEqual([])
    await guide.done('migrate')
    expect(headers(await guide.done('migrate:rollback --pretend'))).toEqual([
      'Would rollback: 2025_12_01_add_price_column',
      'Would rollback: 2025_11_30_create_products_table',
    ])
    expect(await db.connection().table('migrations').count()).toBe(2)
  })

  test('seeders run one by one, as the default, and after migrate:fresh', PATIENCE, async () => {
    const guide = await installed({ ...USERS, ...SEEDERS })
    await guide.done('migrate')
    for (const name of ['UserSeeder', 'PermissionsSeeder', 'RolesSeeder']) {
      expect(await guide.done(`db:seed --class=${name}`)).toBe(
        `🌱 Seeding database...\n✅ Seeded: ${name}\n✨ Seeding completed! (1 seeder)\n`,
      )
    }
    await guide.done('db:seed')
    expect(await names()).toEqual(['user', 'permissions', 'roles', 'database'])
    await guide.done('migrate:fresh --seed')
    expect(await names()).toEqual(['database'])
  })

  test('both ways of deploying, with the exact refusal without --force', PATIENCE, async () => {
    const guide = await installed({ ...USERS, ...SEEDERS })
    expect(await guide.done('migrate --pretend', PRODUCTION)).toContain(
      'Would run: 2025_11_29_145247_create_users_table',
    )
    expect(await guide.run('migrate', PRODUCTION)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: '❌ Use --force to run migrations in production\n',
    })
    expect((await db.connection().schema().inspect()).tables).toEqual([])
    await guide.done('migrate --force', PRODUCTION)
    expect(await guide.done('migrate:status', PRODUCTION)).toContain(
      '│ 2025_11_29_145247_create_users_table   │    1    │',
    )
    expect((await guide.run('db:seed --class=ProductionSeeder', PRODUCTION)).stderr).toBe(
      '❌ Use --force to run seeders in production\n',
    )
    await guide.done('db:seed --class=ProductionSeeder --force', PRODUCTION)
    expect(await names()).toEqual(['production'])
    await guide.done('migrate:rollback --force', PRODUCTION)
    expect(await tablesOf(db)).toEqual([])
  })

  test('an error has its message, its place, and with --verbose its stack', PATIENCE, async () => {
    const guide = await installed({ 'database/migrations/2025_11_29_145247_create_users_table.js': FAILS })
    const { code, stderr } = await guide.run('migrate --verbose')
    expect(code).toBe(1)
    expect(stderr).toContain('database/migrations/2025_11_29_145247_create_users_table.js:5\n')
    expect(stderr).toMatch(/\n\s+at .*2025_11_29_145247_create_users_table\.js:5/)
  })

  test('the samples of logs, chunks, queries and the pool, as one program', PATIENCE, async () => {
    const guide = await installed({ ...USERS, ...INDEXES, 'samples.js': SAMPLES })
    await guide.done('migrate')
    const { code, stdout, stderr } = await guide.program('samples.js')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { log, chunks, chosen, stats, found, injected, totals, heard, status, pool } = JSON.parse(stdout)
    expect(log).toEqual([
      { query: 'SELECT * FROM users WHERE id = ?', bindings: [1], time: expect.any(Number) },
      expect.objectContaining({ bindings: ['last', 'last@example.com'], time: expect.any(Number) }),
    ])
    expect(chunks).toEqual([100, 100, 51])
    expect(chosen).toEqual({ id: 1, name: 'n0', email: 'n0@example.com' })
    expect(Object.keys(stats[0])).toEqual(['date', 'count'])
    expect(stats.map(({ count }: { count: number }) => count)).toEqual([2])
    expect([found, injected]).toEqual([1, 0])
    expect(totals).toHaveLength(251)
    expect(Number(totals[0].total)).toBe(1)
    expect(heard).toEqual({ sql: 'select 1 as one', time: expect.any(Number) })
    expect(status).toEqual({ driver: db.driver, size: expect.any(Number) })
    expect(pool).toMatchObject({ max: db.dialect === 'sqlite' ? expect.any(Number) : 20 })
  })
})

/** The guide's example of a migration that fails: neither the column nor the table that it names is there. */
const FAILS = `import { Schema } from 'guruorm'
export default class {
  async up() {
    // If this migration fails halfway:
    await Schema.create('users', (table) => {
      table.id();
      table.string('email');
      table.foreign('company_id').references('id').on('companies'); // FAILS
    });
  }
  async down() {}
}`

const SAMPLES = `import { Capsule, DB, QueryLogger, Schema } from 'guruorm'
const told = {}
const capsule = new Capsule();
capsule.addConnection({
  url: process.env.DATABASE_URL,
  // Production pool configuration
  pool: {
    min: 5,                    // Keep 5 connections warm
    max: 20,                   // Max 20 concurrent connections
    acquireTimeoutMillis: 30000,  // 30s timeout to acquire
    idleTimeoutMillis: 30000,     // Close idle after 30s
    createTimeoutMillis: 3000,    // 3s timeout to create
  },
});
capsule.setAsGlobal()

// Enable query logging
capsule.connection().enableQueryLog();
await DB.select('SELECT * FROM users WHERE id = ?', [1])
await DB.table('users').insert({ name: 'last', email: 'last@example.com' })
// View all queries
const log = capsule.connection().getQueryLog();
told.log = log
await DB.table('users').delete()
capsule.connection().disableQueryLog()
await Schema.withoutForeignKeyConstraints(() => DB.table('users').truncate())

const rows = Array.from({ length: 251 }, (_, n) => ({ name: 'n' + n, email: 'n' + n + '@example.com', active: n % 2 === 0, company_id: n }))
await DB.table('users').insert(rows)

// Chunk large datasets
told.chunks = []
await DB.table('users').chunk(100, async (users) => {
  told.chunks.push(0)
  for (const user of users) {
    told.chunks[told.chunks.length - 1] += 1
  }
});

// Select only needed columns
const users = await DB.table('users')
  .select('id', 'name', 'email')
  .where('active', true)
  .get();
told.chosen = users[0]

await Schema.create('orders', (table) => { table.id(); table.timestamps() })
const thirtyDaysAgo = new Date(Date.now() - 30 * 86400000)
const now = new Date(), long = new Date(Date.now() - 90 * 86400000)
await DB.table('orders').insert([{ created_at: now }, { created_at: now }, { created_at: long }])
// Raw queries when needed
const stats = await DB.select(\`
  SELECT
    DATE(created_at) as date,
    COUNT(*) as count
  FROM orders
  WHERE created_at >= ?
  GROUP BY DATE(created_at)
\`, [thirtyDaysAgo]);
told.stats = stats
await Schema.drop('orders')

// Safe: Prepared statements
const userInput = "n7@example.com", evil = "x' or '1' = '1"
await DB.select('SELECT * FROM users WHERE email = ?', [userInput]);
told.found = (await DB.table('users').where('email', userInput).get()).length
told.injected = (await DB.select('SELECT * FROM users WHERE email = ?', [evil])).length

// Safe: Raw expressions in controlled contexts
told.totals = await DB.table('users')
  .select('id', DB.raw('COUNT(*) as total'))
  .groupBy('id')
  .get();

// Set up logger
const logger = new QueryLogger();
logger.onQuery((query) => {
  if (query.time > 1000) {
    console.warn(\`Slow query detected: \${query.sql} (\${query.time}ms)\`);
  }
  told.heard = { sql: query.sql, time: query.time }
});
// Attach to connection
capsule.connection().setQueryLogger(logger);
await DB.select('select 1 as one')
capsule.connection().setQueryLogger(undefined)

// Check pool stats periodically
const connection = capsule.connection();
told.status = { driver: connection.getDriverName(), size: connection.pool.getPoolSize() }
told.pool = connection.pool.stats()
console.log(JSON.stringify(told))
await capsule.disconnect()
`

/** MariaDB commits at each change: what it leaves is told by the tests of its steps. */
const atomic = (db: TestDatabase) => {
  test('scenario 18: a foreign key that cannot be leaves no table behind', PATIENCE, async () => {
    const file = 'database/migrations/2025_11_29_145247_create_users_table.js'
    const missing = FAILS.replace("table.string('email');", "table.string('email'); table.integer('company_id');")
    // SQLite takes a key to a table that is not there yet.
    for (const text of db.dialect === 'sqlite' ? [FAILS] : [FAILS, missing]) {
      const guide = await new InstalledProject(db, { 'package.json': '{"type":"module"}', [file]: text }).empty()
      const { code, stderr } = await guide.run('migrate')
      expect(code).toBe(1)
      expect(stderr).toContain('   State: rolled back; nothing of this migration remains.\n')
      expect(await tablesOf(db)).toEqual([])
      expect(await db.connection().table('migrations').count()).toBe(0)
    }
  })
}
onDatabase('postgres', 'the production guide, all or nothing', atomic)
onDatabase('sqlite', 'the production guide, all or nothing', atomic)

onDatabase('postgres', 'the pool of the production guide', (db) => {
  test('keeps five connections and opens no more than twenty', async () => {
    const pool = { min: 5, max: 20, acquireTimeoutMillis: 30000, idleTimeoutMillis: 30000, createTimeoutMillis: 3000 }
    db.capsule.addConnection(db.config({ driver: 'postgres', pool }), 'production')
    const connection = db.capsule.connection('production')
    await connection.select('select 1')
    await until(() => connection.pool.getPoolSize() >= 5)
    await Promise.all(Array.from({ length: 60 }, () => connection.select('select pg_sleep(0.05)')))
    expect(connection.pool.getPoolSize()).toBeLessThanOrEqual(20)
    expect(connection.pool.stats().max).toBe(20)
    await connection.disconnect()
  })
})
