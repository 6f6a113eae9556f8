/** A pooler that gives every transaction another session: no session can keep the lock. Real processes, a real PgBouncer. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onDatabase, type TestDatabase } from '../support/databases'
import { PrivatePgBouncer } from '../support/private-servers'
import { processes } from './processes'

const POOLED = 'ℹ️  Transaction pooler detected: using transaction-level locks\n'

const creates = (table: string, pause = 0) => `export default class {
  async up(context) {
    await context.statement('create table ${table} (id integer primary key)')
    await new Promise((resolve) => setTimeout(resolve, ${pause}))
  }
  async down(context) { await context.statement('drop table ${table}') }
}`

const ONLINE = `export default class {
  withinTransaction = false
  async up(context) { await context.statement('create index concurrently a_id on a (id)') }
}`

async function rows(db: TestDatabase, sql: string): Promise<string[]> {
  return (await db.connection().select(sql)).map((row) => Object.values(row).join(' '))
}

onDatabase('postgres', 'behind a transaction pooler', (db) => {
  describe.skipIf(!PrivatePgBouncer.isInstalled())('PgBouncer in transaction mode', () => {
    let pooler: PrivatePgBouncer
    beforeAll(async () => {
      pooler = await PrivatePgBouncer.create(process.env.GURUORM_TEST_POSTGRES_URL ?? '')
    })
    afterAll(() => pooler.destroy())

    const project = (files: Record<string, string>, migrations: object = {}) => {
      const { port } = pooler
      return processes(db, files, { migrations, connection: { host: '127.0.0.1', port, pgbouncer: true } })
    }

    test('scenario 42: two runners apply each migration once, by locks of their transactions', async () => {
      await db.connection().schema().dropAllTables()
      const names = ['1_a', '2_b', '3_c', '4_d']
      const { start } = project(Object.fromEntries(names.map((name) => [`${name}.mjs`, creates(name.slice(2), 200)])))
      const ended = await Promise.all([start('migrate').ended, start('migrate').ended])
      expect(ended.map(({ code, stderr }) => [code, stderr.includes(POOLED), stderr.includes('interrupted')])).toEqual([
        [0, true, false],
        [0, true, false],
      ])
      const printed = ended.map(({ stdout }) => stdout).join('')
      for (const name of names) expect(printed.match(new RegExp(`Migrated: ${name} `, 'g'))).toHaveLength(1)
      expect(await rows(db, 'select migration from migrations order by id')).toEqual(names)
      expect(await rows(db, 'select migration_name, status from migration_logs order by id')).toEqual(
        names.map((name) => `${name} success`),
      )
      expect(
        await rows(
          db,
          "select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
        ),
      ).toEqual(['0'])

      const back = await start('migrate:reset').ended
      expect([back.code, back.stdout.match(/Rolled back: /g)?.length]).toEqual([0, 4])
      expect(await rows(db, 'select count(*) from migrations')).toEqual(['0'])
    })

    test('a runner without a log keeps the promise as well', async () => {
      await db.connection().schema().dropAllTables()
      const { start } = project({ '1_a.mjs': creates('a', 300), '2_b.mjs': creates('b', 300) }, { logTable: false })
      const ended = await Promise.all([start('migrate').ended, start('migrate').ended])
      expect(ended.map(({ code }) => code)).toEqual([0, 0])
      expect(ended.map(({ stdout }) => stdout).join('')).toMatch(
        /Skipped: \d_\w \(already applied by another process\)/,
      )
      expect(await rows(db, 'select migration from migrations order by id')).toEqual(['1_a', '2_b'])
    })

    test('a runner past the pooler and one behind it keep each other out', async () => {
      await db.connection().schema().dropAllTables()
      const files = { '1_a.mjs': creates('a', 500), '2_b.mjs': creates('b', 500) }
      const ended = await Promise.all([
        project(files).start('migrate').ended,
        processes(db, files).start('migrate').ended,
      ])
      expect(ended.map(({ code }) => code)).toEqual([0, 0])
      expect(await rows(db, 'select migration from migrations order by id')).toEqual(['1_a', '2_b'])
    })

    test('a migration without a transaction asks for a direct connection, and runs on one', async () => {
      await db.connection().schema().dropAllTables()
      const { made, start } = project({ '1_a.mjs': creates('a'), '2_online.mjs': ONLINE })
      const refused = await start('migrate').ended
      expect(refused.code).toBe(1)
      expect(refused.stderr).toContain('❌ 2_online needs a direct connection: set "directUrl" / DIRECT_URL.')
      expect(await rows(db, 'select migration from migrations')).toEqual([])

      const config = JSON.parse(readFileSync(made.file('guruorm.config.json'), 'utf8'))
      config.connections.main.directUrl = db.url
      made.write({ 'guruorm.config.json': JSON.stringify(config) })
      const { code, stderr } = await start('migrate').ended
      expect([code, stderr]).toEqual([0, ''])
      expect(await rows(db, 'select migration from migrations order by id')).toEqual(['1_a', '2_online'])
    })

    test('two runners with one transaction each, a rehearsal and a pretended run', async () => {
      await db.connection().schema().dropAllTables()
      const { start } = project({ '1_a.mjs': creates('a', 200), '2_b.mjs': creates('b', 200) })
      expect((await start('migrate --pretend').ended).code).toBe(0)
      expect((await start('migrate --rehearse').ended).stdout).toContain('rolled back! (2 migrations)')
      expect(await db.connection().schema().getAllTables()).toEqual([])
      const line = 'migrate --single-transaction'
      const ended = await Promise.all([start(line).ended, start(line).ended])
      expect(ended.map(({ code, stderr }) => [code, stderr.includes('❌')])).toEqual([
        [0, false],
        [0, false],
      ])
      expect(await rows(db, 'select migration from migrations order by id')).toEqual(['1_a', '2_b'])
      expect(await rows(db, "select count(*) from migration_logs where status = 'success'")).toEqual(['2'])
      expect(await rows(db, "select count(*) from migration_logs where status = 'started'")).toEqual(['0'])
    })

    test('a row that another program named is rolled back by its number', async () => {
      await db.connection().schema().dropAllTables()
      const { start } = project({ '1_a.mjs': creates('a') })
      expect((await start('migrate').ended).code).toBe(0)
      await db.connection().statement("update migrations set migration = '1_a.mjs'")
      const back = await start('migrate:rollback').ended
      expect([back.code, back.stdout.includes('Rolled back: 1_a')]).toEqual([0, true])
      expect(await db.connection().schema().hasTable('a')).toBe(false)
    })

    test('a failure leaves nothing behind, and nothing locked', async () => {
      await db.connection().schema().dropAllTables()
      const { made, start } = project({
        '1_a.mjs': creates('a').replace('await new', "await context.statement('select 1 / 0'); await new"),
      })
      const failed = await start('migrate').ended
      expect(failed.code).toBe(1)
      expect(failed.stderr).toContain('State: rolled back; nothing of this migration remains.')
      made.write({ 'database/migrations/1_a.mjs': creates('a') })
      expect((await start('migrate').ended).code).toBe(0)
      expect(await rows(db, 'select migration_name, status from migration_logs order by id')).toEqual([
        '1_a failed',
        '1_a success',
      ])
    })

    test('a killed runner leaves its claim behind for no longer than ten seconds', async () => {
      await db.connection().schema().dropAllTables()
      const { made, start } = project({ '1_a.mjs': creates('a', 60_000) })
      const first = start('migrate')
      await expect
        .poll(() => rows(db, 'select status from migration_logs').catch(() => []), { timeout: 10_000 })
        .toEqual(['started'])
      first.kill('SIGKILL')
      await first.ended
      made.write({ 'database/migrations/1_a.mjs': creates('a') })
      const second = await start('migrate').ended
      expect([second.code, second.stdout.includes('Migrated: 1_a')]).toEqual([0, true])
      expect(second.time).toBeLessThan(20_000)
    }, 40_000)
  })
})
