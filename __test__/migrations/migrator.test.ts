import { expect, test } from 'vitest'
import { MigrationEventDispatcher } from '../../js/migrations/events'
import type { MigrationFailure } from '../../js/migrations/failure'
import { type MigrationResult, Migrator, type MigratorOptions } from '../../js/migrations/migrator'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { project } from './project'

/** A migration that creates `table` and, as its second statement, does `then`. */
const creates = (table: string, then = '') => `export default class {
  async up(context) {
    await context.statement('create table ${table} (id integer primary key, name varchar(50))')
    ${then}
  }
  async down(context) { await context.statement('drop table ${table}') }
}`

const FAILS = "await context.statement('insert into nowhere (id) values (1)')"

/** A migrator over its own journal table, so that tests of one database do not meet. */
function migratorFor(db: TestDatabase, path: string, options: MigratorOptions = {}): Migrator {
  return new Migrator(db.connection(), { paths: [path], events: new MigrationEventDispatcher(), ...options })
}

const brief = (results: MigrationResult[]) => results.map(({ name, success }) => `${name} ${success ? 'ok' : 'failed'}`)

async function batches(migrator: Migrator): Promise<Record<string, number | null>> {
  return Object.fromEntries((await migrator.status()).map(({ name, batch }) => [name, batch]))
}

onEveryDatabase('migrations', (db) => {
  const exists = (table: string) => db.connection().schema().hasTable(table)

  /** An empty database. */
  async function empty(): Promise<void> {
    await db.connection().schema().dropAllTables()
  }

  test('pending ones run once, in the order of their names, in one batch', async () => {
    await empty()
    const files = project({
      '2_b.mjs': creates('b', "await context.statement('insert into a (id) values (1)')"),
      '1_a.mjs': creates('a'),
    })
    const migrator = migratorFor(db, files.path)

    expect(brief(await migrator.run())).toEqual(['1_a ok', '2_b ok'])
    expect(await migrator.run()).toEqual([])
    files.write({ '3_c.mjs': creates('c') })
    expect(brief(await migrator.run())).toEqual(['3_c ok'])

    expect(await batches(migrator)).toEqual({ '1_a': 1, '2_b': 1, '3_c': 2 })
    const rows = await db.connection().select('select * from migrations order by id')
    expect(Object.keys(rows[0] ?? {})).toEqual(['id', 'migration', 'batch', 'executed_at', 'checksum'])
    const [first] = await migrator.status()
    expect(Math.abs(Number(first?.executedAt) - Date.now())).toBeLessThan(60_000)
  })

  test('step gives each a batch of its own', async () => {
    await empty()
    const migrator = migratorFor(db, project({ '1_a.mjs': creates('a'), '2_b.mjs': creates('b') }).path)
    await migrator.run({ step: true })
    expect(await batches(migrator)).toEqual({ '1_a': 1, '2_b': 2 })
  })

  test('rollback undoes the last batch, or as many batches as asked, newest first', async () => {
    await empty()
    const files = project({ '1_a.mjs': creates('a'), '2_b.mjs': creates('b') })
    const migrator = migratorFor(db, files.path)
    await migrator.run()
    for (const table of ['c', 'd']) {
      files.write({ [`3_${table}.mjs`]: creates(table) })
      await migrator.run()
    }
    expect(brief(await migrator.rollback())).toEqual(['3_d ok'])
    expect(brief(await migrator.rollback({ step: 2 }))).toEqual(['3_c ok', '2_b ok', '1_a ok'])
    expect(await migrator.rollback()).toEqual([])
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(exists))).toEqual([false, false, false, false])
  })

  test('reset undoes everything, refresh runs everything again', async () => {
    await empty()
    const migrator = migratorFor(db, project({ '1_a.mjs': creates('a'), '2_b.mjs': creates('b') }).path)
    await migrator.run({ step: true })
    expect(brief(await migrator.refresh())).toEqual(['2_b ok', '1_a ok', '1_a ok', '2_b ok'])
    expect(await batches(migrator)).toEqual({ '1_a': 1, '2_b': 1 })
    expect(brief(await migrator.reset())).toEqual(['2_b ok', '1_a ok'])
    expect(await exists('a')).toBe(false)
  })

  test('fresh drops every table, also of others, and never calls down()', async () => {
    await empty()
    await db.connection().statement('create table unmanaged (id integer)')
    const migrator = migratorFor(
      db,
      project({ '1_a.mjs': creates('a').replace('drop table a', 'drop table nowhere') }).path,
    )
    await migrator.run()
    expect(brief(await migrator.fresh())).toEqual(['1_a ok'])
    expect([await exists('unmanaged'), await exists('a')]).toEqual([false, true])
  })

  test('the first failure stops the run; what ran before stays, what comes after is named', async () => {
    await empty()
    const files = project({
      '1_a.mjs': creates('a'),
      '2_b.mjs': creates('b', FAILS),
      '3_c.mjs': creates('c'),
      '4_d.mjs': creates('d'),
    })
    const events = new MigrationEventDispatcher()
    const failures: MigrationFailure[] = []
    events.listen('migration.failed', (failure) => void failures.push(failure))
    const migrator = migratorFor(db, files.path, { events })

    expect(brief(await migrator.run())).toEqual(['1_a ok', '2_b failed'])
    expect(await batches(migrator)).toEqual({ '1_a': 1, '2_b': null, '3_c': null, '4_d': null })
    expect(failures).toHaveLength(1)
    expect(failures[0]).toMatchObject({
      migration: '2_b',
      method: 'up',
      file: files.file('2_b.mjs'),
      line: 4,
      notRun: ['3_c', '4_d'],
    })
    expect(failures[0]?.sql).toContain('insert into nowhere')
    expect(failures[0]?.state).toContain('1 migration of this run stays applied (batch 1)')

    // Nothing of it remains, and it can simply run again.
    expect(await exists('b')).toBe(false)
    expect(failures[0]?.state).toMatch(
      db.dialect === 'mysql'
        ? /^MariaDB cannot roll back DDL; 1 completed step was reversed\. Nothing of this migration remains\./
        : /^rolled back; nothing of this migration remains/,
    )
    expect(await exists('c')).toBe(false)
  })

  test('a failure in down() leaves the migration applied', async () => {
    await empty()
    const failing = creates('b').replace(
      "await context.statement('drop table b')",
      "await context.statement('delete from nowhere')",
    )
    const migrator = migratorFor(
      db,
      project({ '1_a.mjs': creates('a'), '2_b.mjs': failing, '3_c.mjs': creates('c') }).path,
    )
    await migrator.run()
    expect(brief(await migrator.rollback())).toEqual(['3_c ok', '2_b failed'])
    expect(await batches(migrator)).toEqual({ '1_a': 1, '2_b': 1, '3_c': null })
  })

  test('a file that cannot be loaded stops everything before it begins', async () => {
    await empty()
    const migrator = migratorFor(db, project({ '1_a.mjs': creates('a'), '2_b.mjs': 'export default {' }).path)
    await expect(migrator.run()).rejects.toThrow(/Cannot load .*2_b\.mjs/)
    expect(await exists('a')).toBe(false)
  })

  test('a rollback is refused as a whole when a file or its down() is missing', async () => {
    await empty()
    const files = project({ '1_a.mjs': creates('a'), '2_b.mjs': creates('b') })
    const migrator = migratorFor(db, files.path)
    await migrator.run()
    await expect(migratorFor(db, project({ '2_b.mjs': creates('b') }).path).rollback()).rejects.toThrow(
      /Cannot roll back 1_a: file not found in .*\. Nothing was rolled back\./,
    )
    const upOnly = project({ '1_a.mjs': 'export const up = () => {}', '2_b.mjs': creates('b') })
    await expect(migratorFor(db, upOnly.path).rollback()).rejects.toThrow('1_a has no down(); nothing was rolled back.')
    expect([await exists('a'), await exists('b')]).toEqual([true, true])
  })

  test('pretend shows the statements and changes nothing, not even the journal', async () => {
    await empty()
    const migrator = migratorFor(db, project({ '1_a.mjs': creates('a') }).path)
    const [result] = await migrator.run({ pretend: true })
    expect(result).toMatchObject({ name: '1_a', success: true, pretend: true })
    expect(result?.statements?.map(({ sql }) => sql)).toEqual([
      'create table a (id integer primary key, name varchar(50))',
    ])
    expect([await exists('a'), await exists('migrations')]).toEqual([false, false])

    await migrator.run()
    const [undo] = await migrator.rollback({ pretend: true })
    expect(undo?.statements?.map(({ sql }) => sql)).toEqual(['drop table a'])
    expect(await batches(migrator)).toEqual({ '1_a': 1 })
  })

  test('status tells applied, pending and lost ones apart and creates nothing', async () => {
    await empty()
    const files = project({ '1_a.mjs': creates('a'), '2_b.mjs': creates('b') })
    expect((await migratorFor(db, files.path).status()).map(({ state }) => state)).toEqual(['pending', 'pending'])
    expect(await exists('migrations')).toBe(false)
    await migratorFor(db, files.path).run()
    const other = project({ '2_b.mjs': creates('b'), '3_c.mjs': creates('c') })
    expect((await migratorFor(db, other.path).status()).map(({ name, state }) => `${name} ${state}`)).toEqual([
      '1_a missing',
      '2_b applied',
      '3_c pending',
    ])
  })

  test('shouldRun() leaves a migration pending', async () => {
    await empty()
    const waits = creates('a').replace('async up', 'shouldRun() { return false }\n  async up')
    const migrator = migratorFor(db, project({ '1_a.mjs': waits, '2_b.mjs': creates('b') }).path)
    expect(brief(await migrator.run())).toEqual(['2_b ok'])
    expect(await batches(migrator)).toEqual({ '1_a': null, '2_b': 1 })
  })

  test('withinTransaction = false: what ran before the failure is undone, or kept when that is asked for', async () => {
    await empty()
    const open = creates('a', FAILS).replace('async up', 'withinTransaction = false\n  async up')
    const events = new MigrationEventDispatcher()
    const states: string[] = []
    events.listen('migration.failed', ({ state }) => void states.push(state))
    const { path } = project({ '1_a.mjs': open })
    await migratorFor(db, path, { events }).run()
    expect(await exists('a')).toBe(false)
    await migratorFor(db, path, { events, onPartialFailure: 'stop' }).run()
    expect(await exists('a')).toBe(true)
    expect(states[0]).toMatch(/^This migration runs without a transaction; 1 completed step was reversed\./)
    expect(states[1]).toMatch(
      /^PARTIAL\. This migration runs without a transaction\. Step 1 of this migration is in the database:\n {2}1\. create table /,
    )
  })

  test('a table of three columns, as Laravel and guruorm 2 make it, is taken over with its rows', async () => {
    await empty()
    const connection = db.connection()
    await connection.statement(
      'create table migrations (id integer primary key, migration varchar(255) not null, batch integer not null)',
    )
    await connection.statement("insert into migrations (id, migration, batch) values (1, '1_a', 4)")
    const [id] = { postgres: ['id set default 2'], mysql: [], sqlite: [] }[db.dialect]
    if (id !== undefined) await connection.statement(`alter table migrations alter column ${id}`)
    if (db.dialect === 'mysql') await connection.statement('alter table migrations modify id integer auto_increment')
    const events = new MigrationEventDispatcher()
    const adopted: unknown[] = []
    events.listen('migrations.adopted', ({ layout, rows }) => void adopted.push([layout, rows]))
    const migrator = migratorFor(db, project({ '1_a.mjs': creates('a'), '2_b.mjs': creates('b') }).path, { events })
    expect(brief(await migrator.run())).toEqual(['2_b ok'])
    expect(await batches(migrator)).toEqual({ '1_a': 4, '2_b': 5 })
    expect(adopted).toEqual([['guruorm 2 or Laravel', 1]])
  })

  test('a table called migrations that is something else is left alone', async () => {
    await empty()
    await db.connection().statement('create table migrations (bird varchar(20), wings integer)')
    await expect(migratorFor(db, project({ '1_a.mjs': creates('a') }).path).run()).rejects.toThrow(
      /Table "migrations" exists but is not a migration table \(columns: bird, wings\)/,
    )
    expect(await exists('a')).toBe(false)
  })

  test('two runners at once run each migration exactly once', async () => {
    await empty()
    await db.connection().statement('create table hits (name varchar(50))')
    const hit = (name: string) => `export const down = () => {}
      export async function up(context) {
        await context.insert("insert into hits (name) values ('${name}')")
        await new Promise((resolve) => setTimeout(resolve, 150))
      }`
    const { path } = project({ '1_a.mjs': hit('a'), '2_b.mjs': hit('b'), '3_c.mjs': hit('c') })
    const runners = [1, 2, 3].map(() => migratorFor(db, path).run())
    const counts = (await Promise.all(runners)).map((results) => results.length)
    expect(counts.toSorted()).toEqual([0, 0, 3])
    const hits = await db.connection().select('select name from hits order by name')
    expect(hits.map((row) => row.name)).toEqual(['a', 'b', 'c'])
  })

  test('a runner that may not wait says who has the lock and changes nothing', async () => {
    await empty()
    const slow = creates('a', 'await new Promise((resolve) => setTimeout(resolve, 1500))')
    const first = migratorFor(db, project({ '1_a.mjs': slow }).path).run()
    await new Promise((resolve) => setTimeout(resolve, 700))
    const second = migratorFor(db, project({ '2_b.mjs': creates('b') }).path, { lockTimeout: 0 }).run()
    await expect(second).rejects.toThrow(/Migration lock not acquired within 0s\. Holder: .*\nNothing was changed\./)
    expect(brief(await first)).toEqual(['1_a ok'])
    expect(await exists('b')).toBe(false)
  })

  test('the lock is free again after a failure', async () => {
    await empty()
    await migratorFor(db, project({ '1_a.mjs': creates('a', FAILS) }).path).run()
    const migrator = migratorFor(db, project({ '2_b.mjs': creates('b') }).path, { lockTimeout: 0 })
    expect(brief(await migrator.run())).toEqual(['2_b ok'])
  })
})

onDatabase('postgres', 'migrations', (db) => {
  test('a migration may end as another role: the end of its attempt is then written after its commit', async () => {
    await db.connection().schema().dropAllTables()
    const role = `guruorm_guest_${process.pid}`
    await db.connection().statement(`create role ${role}`)
    const { path } = project({ '1_a.mjs': creates('mine', `await context.statement('set local role ${role}')`) })
    const migrator = migratorFor(db, path)
    expect(brief(await migrator.run())).toEqual(['1_a ok'])
    expect(await migrator.attempts({})).toMatchObject([{ name: '1_a', status: 'success' }])
    await db.connection().statement(`drop role ${role}`)
  })

  test('a migration that swallows an error fails: the server has discarded its transaction', async () => {
    await db.connection().schema().dropAllTables()
    const migrator = migratorFor(db, project({ '1_a.mjs': creates('a', `try { ${FAILS} } catch {}`) }).path)
    expect(brief(await migrator.run())).toEqual(['1_a failed'])
    expect(await batches(migrator)).toEqual({ '1_a': null })
  })

  test('create index concurrently runs without a transaction', async () => {
    await db.connection().schema().dropAllTables()
    const index = `export default class { withinTransaction = false
      async up(context) { await context.statement('create index concurrently a_name on a (name)') }
      async down(context) { await context.statement('drop index concurrently a_name') } }`
    const migrator = migratorFor(db, project({ '1_a.mjs': creates('a'), '2_index.mjs': index }).path)
    expect(brief(await migrator.run())).toEqual(['1_a ok', '2_index ok'])
    const [row] = await db
      .connection()
      .select("select indisvalid as valid from pg_index where indexrelid = 'a_name'::regclass")
    expect(row?.valid).toBe(true)
  })
})
