import { expect, onTestFinished, test } from 'vitest'
import { Capsule } from '../../js/connection/capsule'
import { MigrationEventDispatcher } from '../../js/migrations/events'
import { Migrator, type MigratorOptions } from '../../js/migrations/migrator'
import { RunControl } from '../../js/migrations/run-control'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { FaultProxy } from '../support/proxy'
import { project } from './project'

const creates = (table: string, more = '') => `export default class {
  ${more}
  async up(context) { await context.statement('create table ${table} (id integer primary key)') }
  async down(context) { await context.statement('drop table ${table}') }
}`
const FILES = { '1_a.mjs': creates('a'), '2_b.mjs': creates('b'), '3_c.mjs': creates('c') }

async function migrator(db: TestDatabase, files: Record<string, string>, options: MigratorOptions = {}) {
  await db.connection().schema().dropAllTables()
  const events = new MigrationEventDispatcher()
  return new Migrator(db.connection(), { paths: [project(files).path], events, ...options })
}

/** The attempts of a run, the oldest first. */
async function logged(made: Migrator): Promise<string[]> {
  return (await made.attempts()).reverse().map(({ name, status }) => `${name} ${status}`)
}

onEveryDatabase('attempts that are announced with the end of the one before', (db) => {
  test('every row tells its own attempt, there and back', async () => {
    const made = await migrator(db, FILES)
    await made.run()
    expect(await logged(made)).toEqual(['1_a success', '2_b success', '3_c success'])
    for (const { name, startedAt, endedAt, duration, metadata } of await made.attempts()) {
      expect(startedAt?.getTime()).toBeLessThanOrEqual(endedAt?.getTime() ?? 0)
      expect(duration).toBeGreaterThanOrEqual(0)
      expect(metadata).toMatchObject({
        direction: 'up',
        batch: 1,
        steps: { done: 1, last_sql: expect.stringContaining(`create table ${name.slice(2)} `) },
      })
    }
    await made.rollback()
    expect((await logged(made)).slice(3)).toEqual(['3_c rolled_back', '2_b rolled_back', '1_a rolled_back'])
  })

  test('a migration that empties their table takes none of the next one along', async () => {
    const empties = `export default class { async up(context) { await context.delete('delete from migration_logs') } }`
    const made = await migrator(db, { '1_a.mjs': creates('a'), '2_b.mjs': empties, '3_c.mjs': creates('c') })
    expect((await made.run()).map(({ success }) => success)).toEqual([true, true, true])
    // MariaDB ends an attempt and begins the next in one statement, which writes the row anew.
    const kept = db.driver === 'mariadb' ? ['2_b success'] : []
    expect(await logged(made)).toEqual([...kept, '3_c success'])
  })

  test('it is there while the migration before has ended and it has not begun', async () => {
    const made = await migrator(db, FILES)
    const seen: string[][] = []
    made.events.listen('migration.ended', async () => {
      seen.push(await logged(made))
    })
    await made.run()
    expect(seen).toEqual([
      ['1_a success', '2_b started'],
      ['1_a success', '2_b success', '3_c started'],
      ['1_a success', '2_b success', '3_c success'],
    ])
  })

  test('it is withdrawn when the run is stopped', async () => {
    const control = new RunControl()
    const made = await migrator(db, FILES, { control })
    made.events.listen('migration.ended', () => control.stop())
    expect(await made.run()).toMatchObject([{ name: '1_a', success: true }])
    expect(await logged(made)).toEqual(['1_a success'])
  })

  test('it is withdrawn when a listener ends the run', async () => {
    const made = await migrator(db, FILES)
    made.events.listen('migration.ended', () => {
      throw new Error('enough')
    })
    await expect(made.run()).rejects.toThrow('enough')
    expect(await logged(made)).toEqual(['1_a success'])
  })

  test('it is withdrawn when the migration does not want to run, or cannot say whether it does', async () => {
    const files = { ...FILES, '2_b.mjs': creates('b', 'shouldRun() { return false }') }
    const made = await migrator(db, files)
    expect((await made.run()).map(({ name }) => name)).toEqual(['1_a', '3_c'])
    expect(await logged(made)).toEqual(['1_a success', '3_c success'])
    const throwing = { ...FILES, '2_b.mjs': creates('b', "shouldRun() { throw new Error('who knows') }") }
    const other = await migrator(db, throwing)
    expect(await other.run()).toMatchObject([{ success: true }, { success: false, error: 'who knows' }])
    expect(await logged(other)).toEqual(['1_a success'])
  })

  test('a migration that fails ends its own row, and announces none', async () => {
    const files = { ...FILES, '2_b.mjs': creates('a') }
    const made = await migrator(db, files)
    expect(await made.run()).toMatchObject([{ success: true }, { success: false }])
    expect(await logged(made)).toEqual(['1_a success', '2_b failed'])
  })

  test('nothing is announced while hooks run between migrations', async () => {
    const seen: string[][] = []
    const made: Migrator = await migrator(db, FILES, {
      afterEach: async () => {
        seen.push(await logged(made))
      },
    })
    await made.run()
    expect(seen.map((rows) => rows.at(-1))).toEqual(['1_a success', '2_b success', '3_c success'])
  })

  test('migrations that run in different ways announce each other', async () => {
    const files = { ...FILES, '2_b.mjs': creates('b', 'withinTransaction = false') }
    const made = await migrator(db, files)
    expect(await made.run()).toMatchObject([{ success: true }, { success: true }, { success: true }])
    expect(await logged(made)).toEqual(['1_a success', '2_b success', '3_c success'])
    expect((await made.attempts()).map(({ metadata }) => metadata.mode)).toContain('none')
  })

  test('where nothing is pending the lock is not taken, unless something has to be brought to its end', async () => {
    const made = await migrator(db, FILES)
    await made.run()
    const capsule = new Capsule()
    capsule.addConnection(db.config())
    onTestFinished(() => capsule.disconnect())
    const other = () => new Migrator(capsule.connection(), { paths: [...made.place().paths], lockTimeout: 0 }).run()
    await made.exclusively(async () => {
      expect(await other()).toEqual([])
      await db.connection().statement("update migration_logs set status = 'started' where migration_name = '3_c'")
      await expect(other()).rejects.toThrow('Migration lock not acquired')
    })
    await made.run()
    expect(await logged(made)).toEqual(['1_a success', '2_b success', '3_c success'])
  })
})

onDatabase('postgres', 'the end of an attempt', (db) => {
  const shared = globalThis as Record<string, unknown>

  test.each([
    // 17 bytes answer its preparation.
    { commit: 'of its own', cutIn: 'a', bytes: 18, done: ['1_a success'], notRun: '2_b, 3_c' },
    { commit: 'sent with the row', cutIn: 'b', bytes: 1, done: ['1_a success', '2_b success'], notRun: '3_c' },
  ])(
    'what was announced by a COMMIT $commit whose answer was lost is withdrawn on the new connection',
    async ({ cutIn, bytes, done, notRun }) => {
      const proxy = await FaultProxy.inFrontOf(db.url)
      db.capsule.addConnection(db.config({ host: '127.0.0.1', port: proxy.port }), 'cut')
      onTestFinished(() => proxy.close())
      await db.connection().schema().dropAllTables()
      shared.guruormCut = () => proxy.cutAfterBytes('toClient', bytes, 'commit')
      const cutting = (table: string) => `export default class {
      async up(context) {
        await context.statement('create table ${table} (id integer primary key)')
        if ('${table}' === '${cutIn}') globalThis.guruormCut()
      }
    }`
      const files = { '1_a.mjs': cutting('a'), '2_b.mjs': cutting('b'), '3_c.mjs': creates('c') }
      const events = new MigrationEventDispatcher()
      const made = new Migrator(db.capsule.connection('cut'), { paths: [project(files).path], events })
      await expect(made.run()).rejects.toThrow(`The connection was lost. Not run: ${notRun}`)
      expect(await logged(new Migrator(db.connection()))).toEqual(done)
      await db.capsule.connection('cut').disconnect()
    },
  )

  test.each([
    { what: 'a statement', changing: (role: string) => `set local role ${role}`, runs: 1 },
    { what: 'a trigger, which shows only at the end', changing: () => 'insert into a (id) values (1)', runs: 2 },
  ])('that another role makes impossible costs the migration nothing: by $what', async ({ changing, runs }) => {
    const role = `${db.name}_nobody`
    const connection = db.connection()
    await connection.unprepared(`drop role if exists ${role}; create role ${role}`)
    onTestFinished(() => connection.unprepared(`drop role ${role}`).then(() => {}))
    await connection.unprepared('drop function if exists other_role cascade')
    shared.guruormRuns = 0
    const statements = [
      'create table a (id integer primary key)',
      `create function other_role() returns trigger language plpgsql as $$
        begin perform set_config('role', '${role}', true); return new; end $$`,
      'create trigger other_role before insert on a for each row execute function other_role()',
      changing(role),
    ]
    const files = {
      '1_a.mjs': `export default class {
        async up(context) {
          globalThis.guruormRuns += 1
          for (const sql of ${JSON.stringify(statements)}) await context.statement(sql)
        }
      }`,
      '2_b.mjs': creates('b'),
    }
    const made = await migrator(db, files)
    expect(await made.run()).toMatchObject([{ success: true }, { success: true }])
    expect(await logged(made)).toEqual(['1_a success', '2_b success'])
    expect((await made.attempts()).map(({ duration }) => duration)).not.toContain(null)
    expect(shared.guruormRuns).toBe(runs)
  })
})
