/** Commands that choose among migrations, and that change what is recorded of them. */
import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'
import { guruorm, type RunOptions } from './run'

const creates = (table: string) => `export default class {
  async up(context) { await context.statement('create table ${table} (id integer primary key)') }
  async down(context) { await context.statement('drop table ${table}') }
}`

const FIVE = Object.fromEntries(
  ['1_a', '2_b', '3_c', '4_d', '5_e'].map((name) => [`database/migrations/${name}.mjs`, creates(`t${name}`)]),
)

onEveryDatabase('chosen migrations', (db) => {
  /** A project on an empty database. */
  async function shop(migrations: object = {}) {
    await db.connection().schema().dropAllTables()
    const config = { default: 'main', connections: { main: db.config() }, migrations }
    const made = project({ 'guruorm.config.json': JSON.stringify(config), ...FIVE })
    const run = (line: string, options?: RunOptions) => guruorm(made.path, line.split(' '), options)
    /** `1_a 1, 2_b 1` */
    const batches = async () => {
      const { migrations } = JSON.parse((await run('migrate:status --json')).stdout)
      const applied = migrations.filter(({ batch }: { batch: number | null }) => batch !== null)
      return applied.map(({ name, batch }: { name: string; batch: number }) => `${name} ${batch}`).join(', ')
    }
    return { made, run, batches }
  }

  test('scenarios 3 and 4: a later run is a later batch, and --step gives each its own', async () => {
    const { run, batches } = await shop()
    await run('migrate --limit=2')
    await run('migrate --limit=1')
    expect(await batches()).toBe('1_a 1, 2_b 1, 3_c 2')
    expect((await run('migrate:status')).stdout).toMatch(/│ 3_c +│ {4}2 {4}│ {3}✅ {4}│/)
    await run('migrate --step')
    expect(await batches()).toBe('1_a 1, 2_b 1, 3_c 2, 4_d 3, 5_e 4')
  })

  test('scenario 5: --to runs up to a migration, --only one alone; the one between stays pending and warns later', async () => {
    const { run, batches } = await shop()
    expect((await run('migrate --to=3_c')).stdout).toContain('✨ Migration completed! (3 migrations)')
    expect((await run('migrate --only=5_e.mjs')).stdout).toContain('✅ Migrated: 5_e')
    expect(await batches()).toBe('1_a 1, 2_b 1, 3_c 1, 5_e 2')
    expect((await run('migrate:status')).stdout).toMatch(/│ 4_d +│ {9}│ {3}⏳ {4}│/)
    const later = await run('migrate')
    expect(later).toMatchObject({ code: 0, stderr: '⚠️  Running out of order: 4_d (newer ones are applied)\n' })
    expect(await batches()).toBe('1_a 1, 2_b 1, 3_c 1, 4_d 3, 5_e 2')
  })

  test('a name that is not there, and two choices at once, are refused before anything', async () => {
    const { run, batches } = await shop()
    expect((await run('migrate --to=9_x')).stderr).toMatch(
      /^❌ There is no migration 9_x in .*Nothing was changed\.\n$/,
    )
    expect((await run('migrate --to=1_a --only=2_b')).code).toBe(1)
    expect((await run('migrate --limit=0')).stderr).toContain('Write a whole number from 1.')
    expect((await run('migrate:rollback --to=1_a')).stderr).toContain('1_a is not applied')
    expect(await batches()).toBe('')
  })

  test('scenario 53: rollback of so many batches, migrations, one batch, or back to a name', async () => {
    const { run, batches } = await shop()
    await run('migrate --step')
    const lines = async (line: string) =>
      (await run(line)).stdout
        .split('\n')
        .filter((text) => text.startsWith('✅'))
        .map((text) => text.slice(2).split(' (')[0])
    expect(await lines('migrate:rollback --step=2')).toEqual(['Rolled back: 5_e', 'Rolled back: 4_d'])
    await run('migrate')
    expect(await batches()).toBe('1_a 1, 2_b 2, 3_c 3, 4_d 4, 5_e 4')
    expect(await lines('migrate:rollback --migrations=1')).toEqual(['Rolled back: 5_e'])
    expect(await lines('migrate:rollback --batch=2')).toEqual(['Rolled back: 2_b'])
    expect(await lines('migrate:rollback --to=1_a')).toEqual(['Rolled back: 4_d', 'Rolled back: 3_c'])
    expect(await batches()).toBe('1_a 1')
  })

  test('up, down and redo take one migration', async () => {
    const { run, batches } = await shop()
    await run('migrate --to=2_b --step')
    expect((await run('migrate:up 4_d')).stdout).toContain('✅ Migrated: 4_d')
    const down = await run('migrate:down 1_a')
    expect(down.stdout).toContain('✅ Rolled back: 1_a')
    expect(down.stderr).toBe('⚠️  1_a is not the last migration that ran: after it came 2_b, 4_d\n')
    const redo = await run('migrate:redo')
    expect(redo.stdout).toMatch(/✅ Rolled back: 4_d[\s\S]*✅ Migrated: 4_d/)
    expect(await batches()).toBe('2_b 2, 4_d 3')
    expect((await run('migrate:down 1_a')).stderr).toContain('❌ 1_a is not applied')
  })

  test('mark and baseline record without running; batch 0 is never rolled back', async () => {
    const { run, batches } = await shop()
    expect((await run('migrate:baseline --to=2_b')).stdout).toBe(
      '✅ Recorded as applied: 1_a\n✅ Recorded as applied: 2_b\n',
    )
    await run('migrate:mark 3_c --applied')
    expect(await batches()).toBe('1_a 0, 2_b 0, 3_c 1')
    expect(await db.connection().schema().hasTable('t1_a')).toBe(false)
    expect((await run('migrate:mark 3_c --pending')).stdout).toBe('✅ Record removed: 3_c\n')
    expect((await run('migrate:rollback')).stdout).toBe('✅ Nothing to rollback\n')
    expect((await run('migrate:reset')).stderr).toContain(
      'Cannot roll back 2_b: it came with a schema dump or a baseline',
    )
    expect((await run('migrate:mark --all --applied --json')).stdout).toContain('"recorded":["3_c","4_d","5_e"]')
    expect((await run('migrate')).stdout).toBe('✅ Nothing to migrate\n')
    expect((await run('migrate:mark --all --pending')).code).toBe(0)
    expect(await batches()).toBe('')
  })

  test('mark, baseline and repair ask for what they need, and for --force in production', async () => {
    const { run } = await shop()
    expect((await run('migrate:mark 1_a')).stderr).toBe('❌ Say how to mark it: --applied or --pending.\n')
    expect((await run('migrate:mark --applied')).stderr).toBe('❌ Name one migration, or give --all.\n')
    expect((await run('migrate:repair')).stderr).toBe(
      '❌ Say what to repair: --checksums, --failed, or --forget NAME.\n',
    )
    for (const line of [
      'migrate:mark 1_a --applied',
      'migrate:baseline',
      'migrate:repair --checksums',
      'migrate:redo',
    ]) {
      const refused = await run(`${line} --detailed-exit-codes`, { env: { NODE_ENV: 'production' } })
      expect([line, refused.code]).toEqual([line, 3])
    }
  })

  test('scenario 45: validate fails on an edited file until repair takes it, and status shows it', async () => {
    const { made, run } = await shop()
    await run('migrate')
    expect(await run('migrate:validate')).toEqual({ code: 0, stdout: '✅ Migrations and records fit\n', stderr: '' })
    made.write({ 'database/migrations/2_b.mjs': `${creates('t2_b')}\nconst more = 1\n` })
    expect((await run('migrate')).stderr).toBe('⚠️  Edited after it was applied: 2_b\n')
    expect((await run('migrate:status')).stdout).toMatch(
      /│ 2_b +│ {4}1 {4}│ {3}⚠️ {4}│[\s\S]*⚠️ edited after it was applied/,
    )
    expect(await run('migrate:validate --detailed-exit-codes')).toEqual({
      code: 6,
      stdout: '⚠️  Edited after it was applied: 2_b\n',
      stderr: '❌ 1 problem found. Nothing was changed.\n',
    })
    expect((await run('migrate:repair --checksums')).stdout).toBe('✅ Checksum recorded: 2_b\n')
    expect((await run('migrate:validate')).code).toBe(0)
  })

  test("scenarios 45 and 50: the configuration's checksums and outOfOrder refuse with exit code 6", async () => {
    const { made, run, batches } = await shop({ checksums: 'error', outOfOrder: 'error' })
    await run('migrate --only=2_b')
    const older = await run('migrate --detailed-exit-codes')
    expect(older.code).toBe(6)
    expect(older.stderr).toBe('❌ Running out of order: 1_a (newer ones are applied)\n   Nothing was run.\n')
    made.write({ 'database/migrations/2_b.mjs': creates('other') })
    expect((await run('migrate --only=3_c')).stderr).toContain('❌ Edited after it was applied: 2_b\n')
    expect(await batches()).toBe('2_b 1')
  })

  test('scenario 47: a deleted file is ❓ in status, and its record can be forgotten', async () => {
    const { made, run } = await shop()
    await run('migrate')
    rmSync(made.file('database/migrations/5_e.mjs'))
    expect((await run('migrate:status')).stdout).toMatch(/│ 5_e +│ {4}1 {4}│ {3}❓ {4}│/)
    expect((await run('migrate:rollback')).stderr).toMatch(/^❌ Cannot roll back 5_e: file not found in /)
    expect((await run('migrate:repair --forget=4_d')).stderr).toContain('The file of 4_d is there')
    expect((await run('migrate:repair --forget=5_e')).stdout).toBe('✅ Record removed: 5_e\n')
    expect((await run('migrate:rollback')).code).toBe(0)
  })

  test('scenario 89: status --pending fails while something is pending; --json has every field', async () => {
    const { run } = await shop()
    await run('migrate --to=4_d')
    expect((await run('migrate:status --pending')).code).toBe(1)
    expect((await run('migrate:status --pending --detailed-exit-codes')).code).toBe(6)
    const document = JSON.parse((await run('migrate:status --json')).stdout)
    expect(document).toMatchObject({ connection: 'main', pending: 1 })
    expect(document.migrations[0]).toEqual({
      name: '1_a',
      state: 'applied',
      durationMs: expect.any(Number),
      batch: 1,
      executedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      file: expect.stringMatching(/1_a\.mjs$/),
    })
    await run('migrate')
    expect((await run('migrate:status --pending')).code).toBe(0)
  })

  test('make:migration --sql writes a pair that runs', async () => {
    const { made, run } = await shop()
    for (const name of Object.keys(FIVE)) rmSync(made.file(name))
    const written = await run('make:migration create_users_table --sql')
    expect(written.stdout).toMatch(/^✅ Created migration: .*_create_users_table\.up\.sql\n$/)
    expect((await run('migrate')).code).toBe(0)
    expect(await db.connection().schema().hasTable('users')).toBe(true)
    expect((await run('migrate:rollback')).code).toBe(0)
    expect(await db.connection().schema().hasTable('users')).toBe(false)
    expect((await run('make:migration other --sql --ts')).stderr).toBe('❌ Give --sql or a language, not both.\n')
  })
})
