/** `examples/shop`: the project of the second seed (22 migrations, 1,017 records), with real processes on real servers. */
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ForeignKeyConstraintViolationException } from '../../js/index'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'
import { shop, tablesOf } from './installed-project'

/** A process takes a third of a second, more when others build. */
const PATIENCE = 120_000

const BOTH_FOLDERS = '--path=database/migrations --path=database/broken'

onEveryDatabase('examples/shop', (db) => {
  const countOf = (table: string) => db.connection().table(table).count()
  const structure = async () => {
    const { tables, ...others } = await db.connection().schema().inspect()
    const isOwn = (name: string) => ['migrations', 'migration_logs', 'seeders'].includes(name)
    return { ...others, tables: tables.filter(({ name }) => !isOwn(name)) }
  }
  const total = async () => {
    const counts = await Promise.all((await tablesOf(db)).map(countOf))
    return counts.reduce((all, count) => all + count, 0)
  }

  test('migrates 22 tables and seeds 1,017 records, as the report counts them', { timeout: PATIENCE }, async () => {
    const installed = await shop(db)
    expect(await installed.done('migrate')).toContain('✨ Migration completed! (22 migrations)')
    expect(await tablesOf(db)).toHaveLength(22)
    const seeded = await installed.done('db:seed')
    expect(seeded).toContain('✅ Seeded 819 records into categories\n')
    expect(seeded).toContain('✨ Seeding completed! (1 seeder)')
    const counts = await Promise.all(['categories', 'permissions', 'brands', 'orders', 'users'].map(countOf))
    expect(counts).toEqual([819, 55, 16, 10, 6])
    expect(await total()).toBe(1017)
    const query = (name: string) => db.connection().table(name)
    // The three columns that had to be mended by hand, and JSON as JSON.
    expect(await query('payments').orderBy('razorpay_order_id').value('razorpay_order_id')).toBe('order_Nea00000000000')
    expect(String(await query('email_templates').value('text_body')).length).toBeGreaterThan(255)
    expect(await query('system_configs').where('key', 'tax.rate').value('value')).toBe('18')
    expect(await query('products').where('attributes->colour', 'red').count()).toBe(4)
    expect(await query('reviews').where('body', 'like', '%👍%').count()).toBe(2)
    expect(await installed.done('db:seed')).toContain('⏭️  Skipped: DatabaseSeeder (already run)')
    expect(await total()).toBe(1017)

    await expect(query('users').where('email', 'asha-rao@example.com').delete()).rejects.toThrow(
      ForeignKeyConstraintViolationException,
    )
    await query('orders').delete()
    expect(await Promise.all(['order_items', 'payments'].map(countOf))).toEqual([0, 0])
  })

  test('a migration that fails half-way is not recorded, and the rest stays', { timeout: PATIENCE }, async () => {
    const installed = await shop(db)
    await installed.done('migrate')
    const { code, stderr } = await installed.run(`migrate ${BOTH_FOLDERS}`)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^❌ Failed: 2025_12_15_090000_add_loyalty_points - .*loyalty_tiers/)
    expect(stderr).toContain('database/broken/2025_12_15_090000_add_loyalty_points.js:15\n')
    if (db.dialect !== 'mysql') {
      expect(stderr).toContain('   State: rolled back; nothing of this migration remains.\n')
      expect((await tablesOf(db)).filter((name) => name.startsWith('loyalty'))).toEqual([])
    }
    expect(await tablesOf(db)).toEqual(expect.arrayContaining(['users', 'email_templates']))
    const rows = await db.connection().select('select migration from migrations')
    expect(rows).toHaveLength(22)
    expect(rows.filter(({ migration }) => String(migration).includes('loyalty'))).toEqual([])
  })

  test('squashed, an empty database begins with the dump and is the same', { timeout: PATIENCE }, async () => {
    const installed = await shop(db)
    await installed.done('migrate')
    const before = await structure()
    expect(await installed.done('migrate:squash')).toBe('✅ Squashed 22 migrations: database/schema/shop-schema.sql\n')
    expect(readFileSync(installed.made.file('database/schema/shop-schema.sql'), 'utf8').split('\n')[0]).toBe(
      `-- guruorm schema v1, ${db.driver}, replaces 22 migrations`,
    )
    await installed.done('db:wipe')
    expect(await installed.done('migrate')).toContain('📦 Loaded schema dump (22 migrations)')
    expect(await structure()).toEqual(before)
    expect(await installed.done('migrate')).toBe('✅ Nothing to migrate\n')
    await installed.done('db:seed')
    expect(await total()).toBe(1017)
  })

  test('is rolled back batch by batch until nothing is left, and migrates again', { timeout: PATIENCE }, async () => {
    const installed = await shop(db)
    for (const to of ['2025_11_29_141600_create_brands_table', '2025_11_29_142100_create_order_items_table']) {
      await installed.done(`migrate --to=${to}`)
    }
    await installed.done('migrate --seed')
    const before = await structure()
    const left: number[] = []
    for (const _ of [1, 2, 3]) {
      expect(await installed.done('migrate:rollback')).toContain('✨ Rollback completed!')
      left.push((await tablesOf(db)).length)
    }
    expect(left).toEqual([12, 7, 0])
    expect(await installed.done('migrate:rollback')).toBe('✅ Nothing to rollback\n')
    const { tables, ...others } = await structure()
    expect({
      tables,
      others: Object.values(others).filter((value) => Array.isArray(value) && value.length > 0),
    }).toEqual({
      tables: [],
      others: [],
    })
    expect(await installed.done('migrate --seed --seeder=UsersSeeder')).toContain(
      '✨ Migration completed! (22 migrations)',
    )
    expect(await structure()).toEqual(before)
    expect(await countOf('users')).toBe(6)
  })
})

test('the data of the shop is what its script writes', () => {
  const made = project()
  cpSync('examples/shop/scripts', made.file('scripts'), { recursive: true })
  made.write({ 'package.json': '{"type":"module"}' })
  execFileSync(process.execPath, [made.file('scripts/data.js')])
  const read = (root: string) => {
    const folder = join(root, 'database/seeds/data')
    return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  }
  expect(read(made.path)).toEqual(read('examples/shop'))
})
