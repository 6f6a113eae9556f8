import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadDump } from '../../js/migrations/dump-loader'
import { Journal } from '../../js/migrations/journal'
import { readDump } from '../../js/migrations/schema-dump'
import { type Project, project } from '../migrations/project'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { guruorm, type Ran } from './run'

/** 22 migrations: tables with keys, indexes, views on views, a trigger, rows. */
function migrations(db: TestDatabase): Record<string, string> {
  const file = (number: number, name: string) =>
    `database/migrations/2025_01_01_0000${String(number).padStart(2, '0')}_${name}.mjs`
  const of = (up: string) => `export default class { async up(c) { ${up} } async down() {} }`
  const trigger = {
    postgres: `await c.unprepared("create function touch() returns trigger language plpgsql as $$ begin new.note = 'a; b'; return new; end $$");
      await c.statement('create trigger touched before update on users for each row execute function touch()')`,
    mysql: `await c.unprepared("create trigger touched before update on users for each row begin set new.note = 'a; b'; end")`,
    sqlite: `await c.unprepared("create trigger touched after update of name on users begin update users set note = 'a; b' where id = new.id; end")`,
  }
  return {
    [file(1, 'users')]: of(
      `await c.create('users', (t) => { t.id(); t.string('name'); t.text('note').nullable(); t.decimal('credit', 10, 2).default(0); t.enum('level', ['a', 'b']).default('a'); t.timestamps(); t.unique('name') })`,
    ),
    [file(2, 'roles')]: of(
      `await c.create('roles', (t) => { t.id(); t.string('name'); t.binary('icon').nullable(); t.double('weight').nullable() })`,
    ),
    [file(3, 'role_user')]: of(
      `await c.create('role_user', (t) => { t.foreignId('user_id').constrained().cascadeOnDelete(); t.foreignId('role_id').constrained(); t.primary(['user_id', 'role_id']) })`,
    ),
    [file(4, 'fill_roles')]: of(
      `await c.table('roles').insert([{ id: 5, name: "it's; \\\\ admin", icon: Buffer.from([0, 255, 39]), weight: 0.1 }, { id: 9, name: 'guest', icon: null, weight: null }])`,
    ),
    [file(5, 'z_view')]: of(`await c.statement('create view z_names as select id, name from users')`),
    [file(6, 'a_view')]: of(`await c.statement('create view a_names as select name from z_names')`),
    [file(7, 'trigger')]: of(trigger[db.dialect]),
    ...Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [
        file(8 + index, `t${index}`),
        of(
          `await c.create('t${index}', (t) => { t.id(); t.foreignId('user_id').nullable().constrained(); t.index(['user_id', 'id']) })`,
        ),
      ]),
    ),
  }
}

interface Shop {
  made: Project
  run(line: string, env?: Record<string, string>): Promise<Ran>
}

async function shop(db: TestDatabase, files: Record<string, string>): Promise<Shop> {
  const made = project({
    'guruorm.config.json': JSON.stringify({ default: 'main', connections: { main: db.config() } }),
    ...files,
  })
  // No program of the server's maker is in the PATH; git is asked by --prune alone.
  const run = (line: string, env?: Record<string, string>) => guruorm(made.path, line.split(' '), { env })
  expect(await run('db:wipe --force')).toMatchObject({ code: 0 })
  return { made, run }
}

const DUMP = 'database/schema/main-schema.sql'

onEveryDatabase('a schema dump', (db) => {
  const structure = async () => {
    const { tables, ...others } = await db.connection().schema().inspect()
    const isOwn = (name: string) => name === 'migrations' || name === 'migration_logs'
    return { ...others, tables: tables.filter(({ name }) => !isOwn(name)) }
  }

  test('scenario 84: 22 migrations are squashed, and an empty database begins with the dump', async () => {
    const { made, run } = await shop(db, migrations(db))
    expect(await run('migrate')).toMatchObject({ code: 0, stderr: '' })
    const before = await structure()
    const squashed = await run('migrate:squash --verify --include-data=roles')
    expect(squashed).toEqual({
      code: 0,
      stdout: `✅ Squashed 22 migrations: ${DUMP}\n`,
      stderr: expect.stringContaining(
        '⚠️  2025_01_01_000004_fill_roles.mjs changes rows, and its rows are not in the dump\n',
      ),
    })
    expect(readFileSync(made.file(DUMP), 'utf8').split('\n')[0]).toBe(
      `-- guruorm schema v1, ${db.driver}, replaces 22 migrations`,
    )

    made.write({
      'database/migrations/2026_01_01_000000_later.mjs':
        "export default { async up(c) { await c.create('later', (t) => t.id()) } }",
    })
    await run('db:wipe')
    const { code, stdout, stderr } = await run('migrate')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.replaceAll(/ \(\d+ms\)/g, '')).toBe(
      [
        '📦 Loaded schema dump (22 migrations)',
        '🔄 Running migrations...',
        '✅ Migrated: 2026_01_01_000000_later',
        '✨ Migration completed! (1 migration)',
        '',
      ].join('\n'),
    )
    await db.connection().schema().drop('later')
    expect(await structure()).toEqual(before)
    const batches = await db
      .connection()
      .select('select batch, count(*) as number from migrations group by batch order by batch')
    expect(batches.map((row) => [Number(row.batch), Number(row.number)])).toEqual([
      [0, 22],
      [1, 1],
    ])
    const roles = await db.connection().table('roles').orderBy('id').get()
    expect(roles).toEqual([
      { id: 5, name: "it's; \\ admin", icon: Buffer.from([0, 255, 39]), weight: 0.1 },
      { id: 9, name: 'guest', icon: null, weight: null },
    ])
    await db.connection().table('roles').insert({ name: 'next' })
    await db.connection().table('users').insert({ name: 'Ada' })
    await db.connection().table('users').update({ name: 'Grace' })
    expect(await db.connection().table('users').value('note')).toBe('a; b')
    expect(await run('migrate')).toEqual({ code: 0, stdout: '✅ Nothing to migrate\n', stderr: '' })
  })

  test('--prune deletes what git has, and databases on both sides of it go on', async () => {
    const { made, run } = await shop(db, migrations(db))
    await run('migrate')
    const refused = await run('migrate:squash --prune')
    expect(refused.stderr).toContain('not committed to git')
    expect(existsSync(made.file(DUMP))).toBe(false)
    const git = (...argv: string[]) => execFileSync('git', argv, { cwd: made.path })
    git('init', '-q')
    git('add', '.')
    git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'all')
    expect(await run('migrate:squash --prune')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('✅ Deleted 22 files'),
    })
    expect(readdirSync(made.file('database/migrations'))).toEqual([])
    expect(await run('migrate')).toEqual({ code: 0, stdout: '✅ Nothing to migrate\n', stderr: '' })
    expect((await run('migrate:status')).stdout).not.toContain('❓')
    expect(await run('migrate:fresh')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('📦 Loaded schema dump (22 migrations)'),
    })
    expect((await run('migrate:rollback')).stdout).toBe('✅ Nothing to rollback\n')
    await db.connection().statement("delete from migrations where migration like '%_t3'")
    expect(await run('migrate')).toMatchObject({ code: 1, stderr: expect.stringContaining('_t3 did not run here') })
  })

  test('scenario 85: nothing is squashed while a migration is pending', async () => {
    const { made, run } = await shop(db, migrations(db))
    expect((await run('migrate:squash')).stderr).toMatch(
      /^❌ Migrations are pending: run or remove them first\. Nothing was written\.\n {3}2025_01_01_000001_users\n/,
    )
    expect((await run('migrate:squash --detailed-exit-codes')).code).toBe(3)
    expect(existsSync(made.file('database/schema'))).toBe(false)
  })

  test('scenario 85: edited and interrupted migrations are not squashed; an edit may be taken as it is', async () => {
    const name = '2025_01_01_000001_a'
    const file = `database/migrations/${name}.mjs`
    const text = "export default { async up(c) { await c.create('a', (t) => t.id()) } }"
    const { made, run } = await shop(db, { [file]: text })
    await run('migrate')
    made.write({ [file]: text.replace('t.id()', "t.id('number')") })
    const edited = await run('migrate:squash --no-verify --detailed-exit-codes')
    expect(edited).toEqual({
      code: 3,
      stdout: '',
      stderr: `❌ Migrations were edited after they were applied: restore them, or take the edits as they are with --force. Nothing was written.\n   ${name}\n`,
    })
    expect(existsSync(made.file(DUMP))).toBe(false)
    expect(await run('migrate:squash --no-verify --force')).toMatchObject({ code: 0 })

    // What was applied is remembered in the dump, so an edit shows in databases that begin with it.
    await run('migrate:fresh')
    expect((await run('migrate:status')).stdout).toContain('⚠️')
    made.write({ [file]: text })
    expect((await run('migrate:status')).stdout).not.toContain('⚠️')

    const begun = `insert into migration_logs (migration_name, status) values ('${name}', 'started')`
    await db.connection().statement(begun)
    await db.connection().statement('delete from migrations')
    const interrupted = await run('migrate:squash --no-verify')
    expect(interrupted.code).toBe(1)
    expect(interrupted.stderr).toContain(
      `Attempts were interrupted: run them to their end first. Nothing was written.\n   ${name}\n`,
    )
  })

  test('a dump that is not what the migrations make is refused', async () => {
    const { made, run } = await shop(db, migrations(db))
    await run('migrate')
    await db
      .connection()
      .schema()
      .table('users', (table) => table.string('by_hand').nullable())
    const { code, stderr } = await run('migrate:squash')
    expect(stderr).toMatch(
      /^❌ The dump is not what the migrations make\. Nothing was written\.\n {3}users: dropColumns/,
    )
    expect(code).toBe(1)
    expect(existsSync(made.file(DUMP))).toBe(false)
  })

  test('a database with tables and without records is not touched', async () => {
    const { run } = await shop(db, migrations(db))
    await run('migrate')
    await run('migrate:squash --no-verify')
    await run('db:wipe')
    await db.connection().statement('create table mine (id integer primary key)')
    const { code, stderr } = await run('migrate --detailed-exit-codes')
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: '❌ Database is not empty and has no migration records; run migrate:baseline\n',
    })
    expect((await structure()).tables.map(({ name }) => name)).toEqual(['mine'])
    expect(await db.connection().schema().hasTable('migrations')).toBe(false)
  })

  test('a dump that fails half-way leaves nothing', async () => {
    const { made, run } = await shop(db, migrations(db))
    await run('migrate')
    await run('schema:dump')
    made.write({
      [DUMP]: `${readFileSync(made.file(DUMP), 'utf8').trimEnd()}\n-- next\ncreate table users (id integer);\n`,
    })
    await run('db:wipe')
    expect((await run('migrate')).code).toBe(1)
    expect((await structure()).tables).toEqual([])
  })

  test('a pretended migrate says what would be loaded, and a foreign file is refused', async () => {
    const { made, run } = await shop(db, migrations(db))
    await run('migrate')
    await run('schema:dump')
    await run('db:wipe')
    expect((await run('migrate --pretend')).stdout).toBe(
      'Would load schema dump (22 migrations)\n✅ Nothing to migrate\n',
    )
    made.write({ [DUMP]: 'create table x (id int);\n' })
    expect((await run('migrate')).stderr).toContain('is no schema dump of guruorm')
  })
})

onDatabase('postgres', 'what a dump cannot hold', (db) => {
  test('scenario 85: it is refused with the list, and no file is written or deleted', async () => {
    const { made, run } = await shop(db, migrations(db))
    await run('migrate')
    await db
      .connection()
      .unprepared('alter table users enable row level security; create policy mine on users using (true)')
    for (const line of ['schema:dump', 'migrate:squash --prune --force']) {
      const { code, stderr } = await run(line)
      expect(stderr).toContain('   users: its rows are guarded by policies\n')
      expect(stderr).toContain('   users.mine: it is a policy\n')
      expect(code).toBe(1)
    }
    expect(existsSync(made.file(DUMP))).toBe(false)
    expect(readdirSync(made.file('database/migrations'))).toHaveLength(22)
    expect(await run('schema:dump --allow-missing')).toMatchObject({ code: 0 })
    await db.connection().unprepared('alter table users disable row level security; drop policy mine on users')
  })

  test('enums, domains of sequences, functions in defaults and stored views come back, sequences where they stood', async () => {
    const { made, run } = await shop(db, {})
    await db
      .connection()
      .unprepared(`create type mood as enum ('it''s', 'ok'); create sequence numbers start 10; select nextval('numbers'); select nextval('numbers'); set local check_function_bodies = off;
      create function later() returns int language sql as 'select count(*)::int from things';
      create function stamp() returns int language sql immutable as 'select 7';
      create table things (id serial primary key, mood mood, stamp int default stamp(), twice int generated always as (stamp() * 2) stored);
      create function mood_of(things) returns mood language sql as 'select $1.mood';
      create materialized view stored as select count(*) as all_of_them from things`)
    const inspect = () => db.connection().schema().inspect()
    const before = await inspect()
    expect(await run('schema:dump --output=database/schema/other.sql')).toMatchObject({ code: 0, stderr: '' })
    await run('db:wipe')
    const dump = readDump(made.file('database/schema/other.sql'))
    if (dump === null) throw new Error('There is no dump.')
    await loadDump(db.connection(), await Journal.open(db.connection(), 'migrations', 'migrations'), dump)
    expect(await inspect()).toEqual(before)
    expect(await db.connection().select("select nextval('numbers') as next")).toEqual([{ next: 12 }])
  })
})
