import { expect, test } from 'vitest'
import { Output } from '../../js/cli/output'
import { Reporter } from '../../js/cli/reporter'
import { Capsule } from '../../js/index'
import { MigrationEventDispatcher, type MigrationEventMap } from '../../js/migrations/events'
import { Migrator, type MigratorOptions } from '../../js/migrations/migrator'
import { guruorm } from '../cli/run'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { project } from './project'

type Progress = MigrationEventMap['migration.progress']

const migration = (up: string) => `export default class { async up(context) { ${up} } }`

/** What is told about while a migration runs. */
async function told(
  db: TestDatabase,
  up: string,
  options: MigratorOptions = { progress: { first: 40, every: 40 } },
  connection = db.connection(),
): Promise<Progress[]> {
  const events = new MigrationEventDispatcher()
  const found: Progress[] = []
  events.listen('migration.progress', (progress) => {
    found.push(progress)
  })
  const { path } = project({ '1_slow.mjs': migration(up) })
  const migrator = new Migrator(connection, { paths: [path], events, ...options })
  expect(await migrator.run()).toMatchObject([{ success: true }])
  return found
}

const SLOW: Record<string, string> = {
  pgsql: 'select pg_sleep(0.7)',
  mariadb: 'select sleep(0.7)',
  sqlite: 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 4000000) select count(*) from n',
}

onEveryDatabase('progress', (db) => {
  const slow = () => `await context.query('select 1 as a'); await context.query('${SLOW[db.driver]}')`

  test('a statement that takes long is told about again and again, with its number', async () => {
    await db.connection().schema().dropAllTables()
    const lines = await told(db, slow())
    expect(lines.length).toBeGreaterThan(1)
    expect(lines[0]).toMatchObject({ migration: '1_slow', statement: 2, activity: null, blockedBy: null })
    expect(lines[1]?.time).toBeGreaterThan(Number(lines[0]?.time))
  })

  test('nothing is told when it is switched off, or when statements are quick', async () => {
    await db.connection().schema().dropAllTables()
    expect(await told(db, slow(), { progress: false })).toEqual([])
    await db.connection().schema().dropAllTables()
    expect(await told(db, "await context.query('select 1 as a')", { progress: { first: 2_000 } })).toEqual([])
  })
})

test('the line says which statement, for how long, what is built and who is in the way', async () => {
  const host = { cwd: '/', env: {}, stdout: { write() {} }, stderr: { write: (line: string) => printed.push(line) } }
  const printed: string[] = []
  const events = new MigrationEventDispatcher()
  new Reporter(new Output(host), '/').listen(events)
  const about = { migration: '1_a', statement: 2, time: 15_020 }
  await events.dispatch('migration.progress', { ...about, activity: null, blockedBy: null })
  await events.dispatch('migration.progress', {
    ...about,
    activity: 'CREATE INDEX: building index, 41 %',
    blockedBy: 'pid 991 (idle in transaction, 00:12:03)',
  })
  expect(printed).toEqual([
    '… statement 2 running for 15s\n',
    '… statement 2 running for 15s (CREATE INDEX: building index, 41 %), blocked by pid 991 (idle in transaction, 00:12:03)\n',
  ])
})

onDatabase('postgres', 'progress', (db) => {
  test('the server says how far an index is', async () => {
    await db.connection().schema().dropAllTables()
    await db
      .connection()
      .statement('create table big as select i, md5(i::text) as text from generate_series(1, 600000) i')
    const lines = await told(
      db,
      "await context.statement('set local max_parallel_maintenance_workers = 0'); await context.statement('create index big_text on big (text)')",
      { progress: { first: 20, every: 20 } },
    )
    expect(lines.map(({ activity }) => activity)).toContainEqual(
      expect.stringMatching(/^CREATE INDEX: building index.*, \d+ %$/),
    )
  })

  test('the server says who is in the way', async () => {
    await db.connection().schema().dropAllTables()
    await db.connection().statement('create table busy (id int)')
    let pid = 0
    let lines: Progress[] = []
    await db.capsule.connection().transaction(async (reader) => {
      await reader.select('select * from busy')
      pid = Number(await reader.scalar('select pg_backend_pid()'))
      const migrating = db
        .connection()
        .outsideTransaction(() => told(db, "await context.statement('alter table busy add a int')"))
      const end = setTimeout(() => reader.unprepared('rollback; begin'), 700)
      lines = await migrating
      clearTimeout(end)
    })
    expect(lines[0]?.blockedBy).toMatch(new RegExp(`^pid ${pid} \\(idle in transaction, 00:00:0\\d\\)$`))
  })

  test('a pool of one connection is told about without what another one would say', async () => {
    await db.connection().schema().dropAllTables()
    const capsule = new Capsule()
    capsule.addConnection(db.config({ pool: { min: 0, max: 1 } }))
    const lines = await told(
      db,
      "await context.query('select pg_sleep(1.5)')",
      { progress: { first: 40, every: 40 } },
      capsule.connection(),
    )
    expect(lines[0]).toMatchObject({ activity: null, blockedBy: null })
    await capsule.disconnect()
  })

  test('the command line prints nothing of it with --json', async () => {
    await db.connection().schema().dropAllTables()
    const { path } = project({
      'guruorm.config.json': JSON.stringify({ default: 'main', connections: { main: db.config() } }),
      'database/migrations/1_slow.mjs': migration("await context.query('select pg_sleep(0.2)')"),
    })
    const { stderr, stdout } = await guruorm(path, ['migrate', '--json'], { isTTY: true })
    expect([stderr, JSON.parse(stdout).ok]).toEqual(['', true])
  })
})
