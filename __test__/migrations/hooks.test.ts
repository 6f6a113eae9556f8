import { expect, test } from 'vitest'
import { MigrationEventDispatcher } from '../../js/migrations/events'
import type { MigrationFailure } from '../../js/migrations/failure'
import { type MigrationResult, Migrator, type MigratorOptions } from '../../js/migrations/migrator'
import { guruorm } from '../cli/run'
import { onEveryDatabase } from '../support/databases'
import { project } from './project'

const creates = (table: string, more = '') => `export default class {
  ${more}
  async up(context) { await context.statement('create table ${table} (id integer primary key)') }
  async down(context) { await context.statement('drop table ${table}') }
}`
const FILES = { '1_a.mjs': creates('a'), '2_b.mjs': creates('b') }

onEveryDatabase('hooks', (db) => {
  const tables = async () => [...(await db.connection().schema().getAllTables())].sort()

  async function migrator(
    options: MigratorOptions,
    files: Record<string, string> = FILES,
  ): Promise<{ migrator: Migrator; failures: MigrationFailure[] }> {
    await db.connection().schema().dropAllTables()
    const events = new MigrationEventDispatcher()
    const failures: MigrationFailure[] = []
    events.listen('migration.failed', (failure) => {
      failures.push(failure)
    })
    return { migrator: new Migrator(db.connection(), { paths: [project(files).path], events, ...options }), failures }
  }

  test('they are called around the run and around each migration, with the session', async () => {
    const called: string[] = []
    const made = await migrator({
      beforeAll: ({ migrations }) => called.push(`beforeAll ${migrations}`),
      afterAll: ({ results }) => called.push(`afterAll ${results.map(({ success }) => success)}`),
      beforeEach: async ({ migration, method, batch, connection }) => {
        const rows = await connection.select('select count(*) as number from migrations')
        called.push(`beforeEach ${migration} ${method} ${batch} ${rows[0]?.number}`)
      },
      afterEach: async ({ migration, connection }) => {
        const rows = await connection.select('select count(*) as number from migrations')
        called.push(`afterEach ${migration} ${rows[0]?.number}`)
      },
    })
    await made.migrator.run()
    expect(called).toEqual([
      'beforeAll 1_a,2_b',
      'beforeEach 1_a up 1 0',
      'afterEach 1_a 1',
      'beforeEach 2_b up 1 1',
      'afterEach 2_b 2',
      'afterAll true,true',
    ])
    called.length = 0
    await made.migrator.run()
    await made.migrator.run({ pretend: true })
    await made.migrator.rollback({ pretend: true })
    expect(called).toEqual([])
  })

  test('scenario 31: nothing runs when beforeAll throws', async () => {
    const made = await migrator({
      beforeAll: () => {
        throw new Error('not today')
      },
      afterAll: () => {
        throw new Error('called')
      },
    })
    expect(await made.migrator.run()).toEqual([
      { name: 'beforeAll', success: false, time: 0, error: 'beforeAll: not today' },
    ])
    expect(made.failures).toMatchObject([{ state: 'nothing was run.', notRun: ['1_a', '2_b'] }])
    expect(await tables()).toEqual(['migration_logs', 'migrations'])
    expect(await made.migrator.attempts()).toEqual([])
  })

  test('scenario 31: a migration does not begin when beforeEach throws', async () => {
    const ended: (readonly MigrationResult[])[] = []
    const made = await migrator({
      beforeEach: ({ migration }) => {
        if (migration === '2_b') throw new Error('not this one')
      },
      afterAll: ({ results }) => ended.push(results),
    })
    const results = await made.migrator.run()
    expect(results.map(({ success }) => success)).toEqual([true, false])
    expect(made.failures).toMatchObject([
      {
        migration: '2_b',
        message: 'beforeEach: not this one',
        state: 'nothing of this migration ran. 1 migration of this run stays applied (batch 1).',
      },
    ])
    expect(ended).toEqual([results])
    expect(await tables()).toEqual(['a', 'migration_logs', 'migrations'])
    expect(await db.connection().table('migrations').pluck('migration')).toEqual(['1_a'])
  })

  test('scenario 31: the migration stays when afterEach throws, and the run ends', async () => {
    const made = await migrator({
      afterEach: () => {
        throw new Error('cache is gone')
      },
    })
    expect(await made.migrator.run()).toMatchObject([
      { name: '1_a', success: false, error: 'afterEach: cache is gone' },
    ])
    expect(made.failures).toMatchObject([
      { state: 'this migration is applied and stays so; its hook failed.', notRun: ['2_b'] },
    ])
    expect(await db.connection().table('migrations').pluck('migration')).toEqual(['1_a'])
    expect((await made.migrator.attempts()).map(({ status }) => status)).toEqual(['success'])
  })

  test('scenario 31: all of them stay when afterAll throws, and the command line exits with 1', async () => {
    await db.connection().schema().dropAllTables()
    const { path } = project({
      'guruorm.config.cjs': `module.exports = { default: 'main', connections: { main: ${JSON.stringify(db.config())} },
        migrations: { afterAll() { throw new Error('no cache') } } }`,
      'database/migrations/1_a.mjs': creates('a'),
    })
    const { code, stdout, stderr } = await guruorm(path, ['migrate'])
    expect([code, stderr]).toEqual([
      1,
      '❌ Failed: afterAll - afterAll: no cache\n   State: every migration stays as it is.\n',
    ])
    expect(stdout).toContain('✅ Migrated: 1_a')
    expect(await db.connection().table('migrations').count()).toBe(1)
  })

  test('a migration that does not want to run has no hooks', async () => {
    const called: string[] = []
    const made = await migrator(
      { beforeEach: ({ migration }) => called.push(migration) },
      { '1_a.mjs': creates('a', 'shouldRun() { return false }'), '2_b.mjs': creates('b') },
    )
    await made.migrator.run()
    expect(called).toEqual(['2_b'])
  })

  test('in a shared transaction they are called before and after it', async () => {
    if (db.dialect === 'mysql') return // it has none
    const called: string[] = []
    const count = async () => (await db.connection().schema().hasTable('a')) as boolean
    const made = await migrator({
      beforeEach: async ({ migration }) => called.push(`before ${migration} ${await count()}`),
      afterEach: async ({ migration }) => called.push(`after ${migration} ${await count()}`),
    })
    await made.migrator.run({ singleTransaction: true })
    expect(called).toEqual(['before 1_a false', 'before 2_b false', 'after 1_a true', 'after 2_b true'])
    called.length = 0
    const stopped = await migrator({
      beforeEach: ({ migration }) => {
        if (migration === '2_b') throw new Error('no')
      },
    })
    expect(await stopped.migrator.run({ singleTransaction: true })).toMatchObject([{ name: '2_b', success: false }])
    expect(await count()).toBe(false)
    const rehearsed = await migrator({
      beforeEach: () => called.push('called'),
      beforeAll: () => called.push('called'),
    })
    await rehearsed.migrator.rehearse()
    expect(called).toEqual([])
  })
})

test('a hook that is no function is refused', async () => {
  const { path } = project({
    'guruorm.config.json': JSON.stringify({ driver: 'sqlite', database: ':memory:', migrations: { beforeEach: 'x' } }),
  })
  const { code, stderr } = await guruorm(path, ['migrate'])
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^❌ `beforeEach` must be a function/)])
})
