import { expect, test } from 'vitest'
import { type Project, project } from '../migrations/project'
import { onDatabase, onEveryDatabase } from '../support/databases'
import { guruorm } from './run'

const PRODUCTION = { NODE_ENV: 'production' }
const TESTING = { NODE_ENV: 'test' }

const EXACT = [
  ['migrate', 'run migrations'],
  ['migrate:rollback', 'rollback migrations'],
  ['migrate:reset', 'rollback migrations'],
  ['migrate:refresh', 'refresh the database'],
  ['migrate:fresh', 'refresh the database'],
  ['db:wipe', 'refresh the database'],
  ['db:clear', 'refresh the database'],
  ['db:seed:refresh', 'refresh the database'],
  ['db:seed', 'run seeders'],
  ['backup:restore b', 'restore backups'],
  ['backup:prune', 'remove backups'],
] as const

test.each(EXACT)('scenario 56: %s in production says the exact line, and connects to nothing', async (line, action) => {
  const { path } = project({
    'guruorm.config.json': JSON.stringify({
      driver: 'pgsql',
      host: '127.0.0.1',
      port: 1,
      database: 'x',
      username: 'x',
    }),
  })
  const refused = { stdout: '', stderr: `❌ Use --force to ${action} in production\n` }
  expect(await guruorm(path, line.split(' '), { env: PRODUCTION })).toEqual({ code: 1, ...refused })
  expect(await guruorm(path, [...line.split(' '), '--detailed-exit-codes'], { env: PRODUCTION })).toEqual({
    code: 3,
    ...refused,
  })
})

test('"environment" of the configuration counts as NODE_ENV does', async () => {
  const { path } = project({
    'guruorm.config.json': JSON.stringify({ driver: 'pgsql', port: 1, database: 'x', environment: 'production' }),
  })
  expect((await guruorm(path, ['migrate'])).stderr).toBe('❌ Use --force to run migrations in production\n')
})

onEveryDatabase('guards', (db) => {
  const creates = (table: string, down = `await c.statement('drop table ${table}')`) => `export default class {
    async up(c) { await c.statement('create table ${table} (id integer primary key)') }
    async down(c) { ${down} }
  }`

  async function shop(
    more: object = {},
  ): Promise<{ made: Project; run: (line: string, env?: Record<string, string>) => ReturnType<typeof guruorm> }> {
    const made = project({
      'guruorm.config.json': JSON.stringify({ default: 'main', connections: { main: db.config() }, ...more }),
      'database/migrations/2025_01_01_000000_products.mjs': creates('products'),
    })
    const run = (line: string, env?: Record<string, string>) => guruorm(made.path, line.split(' '), { env })
    await guruorm(project({ 'guruorm.config.json': JSON.stringify(db.config()) }).path, ['db:wipe', '--force'])
    return { made, run }
  }

  test('scenario 57: a database that is marked "production" is not emptied from elsewhere', async () => {
    const { run } = await shop()
    expect((await run('migrate --force', PRODUCTION)).code).toBe(0)
    for (const line of [
      'migrate:fresh',
      'migrate:refresh',
      'migrate:reset',
      'db:wipe',
      'db:clear',
      'db:seed:refresh',
    ]) {
      const { code, stderr } = await run(`${line} --detailed-exit-codes`, TESTING)
      expect(stderr).toMatch(
        /^❌ This database is marked "production" \(by \S+, \d{4}-\d\d-\d\d\)\. NODE_ENV is "test"\. Nothing was changed\. Use --force if you mean it\.\n$/,
      )
      expect(code).toBe(3)
    }
    expect(await db.connection().schema().hasTable('products')).toBe(true)
    expect((await run('migrate', TESTING)).code).toBe(0)
    expect((await run('db:wipe --force', TESTING)).code).toBe(0)
    expect(await db.connection().schema().hasTable('products')).toBe(false)
  })

  test('a database stays marked after fresh in production', async () => {
    const { run } = await shop()
    await run('migrate:fresh --force', PRODUCTION)
    expect((await run('db:wipe', TESTING)).stderr).toContain('marked "production"')
  })

  test('scenario 13: --pretend and migrate:status work in production and mark nothing', async () => {
    const { run } = await shop()
    expect((await run('migrate --pretend', PRODUCTION)).code).toBe(0)
    expect((await run('migrate:status', PRODUCTION)).code).toBe(0)
    expect((await db.connection().schema().inspect()).tables).toEqual([])
  })

  test('prohibitDestructiveCommands refuses also with --force, and nothing else', async () => {
    const { run } = await shop({ prohibitDestructiveCommands: true })
    await run('migrate')
    for (const line of ['migrate:fresh', 'migrate:refresh', 'migrate:reset', 'db:wipe', 'db:clear']) {
      const { code, stderr } = await run(`${line} --force --detailed-exit-codes`)
      expect(stderr).toContain(`prohibits destructive commands (prohibitDestructiveCommands), and ${line} is one`)
      expect(code).toBe(3)
    }
    expect(await db.connection().schema().hasTable('products')).toBe(true)
    expect((await run('migrate:rollback')).code).toBe(0)
  })

  test('scenario 54: fresh works with broken down() and foreign keys in a cycle', async () => {
    const { made, run } = await shop()
    made.write({
      'database/migrations/2025_01_02_000000_broken.mjs': creates('broken', "throw new Error('no way back')"),
    })
    await run('migrate')
    const { connection } = { connection: db.connection() }
    if (db.dialect === 'sqlite') {
      await connection.unprepared(
        'create table a (id integer primary key, b integer references b); create table b (id integer primary key, a integer references a); insert into a values (1, null); insert into b values (1, 1); update a set b = 1',
      )
    } else {
      await connection.statement('create table a (id integer primary key, b integer)')
      await connection.statement(
        'create table b (id integer primary key, a integer, constraint b_a foreign key (a) references a (id))',
      )
      await connection.statement('alter table a add constraint a_b foreign key (b) references b (id)')
    }
    await connection.statement('create view seen as select id from a')
    const { code, stderr } = await run('migrate:fresh')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const schema = connection.schema()
    expect((await schema.inspect()).tables.map(({ name }) => name).sort()).toEqual([
      'broken',
      'migration_logs',
      'migrations',
      'products',
    ])
    expect((await schema.inspect()).views).toEqual([])
  })
})

onDatabase('postgres', 'wipe', (db) => {
  test('scenario 55: what an extension brought survives, own enums, functions and views go', async () => {
    const connection = db.connection()
    await connection.unprepared(`create extension if not exists citext; create extension if not exists hstore;
      create type mood as enum ('ok'); create domain short as varchar(5); create type pair as (a int, b int);
      create table users (id serial primary key, mood mood, name citext);
      create function double(int) returns int language sql as 'select $1 * 2';
      create procedure nothing() language sql as 'select 1';
      create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0');
      create view names as select name from users; create materialized view stored as select 1 as one;
      create sequence numbers`)
    const { path } = project({ 'guruorm.config.json': JSON.stringify(db.config()) })
    expect(await guruorm(path, ['db:wipe'])).toMatchObject({ code: 0, stderr: '' })
    const left =
      await connection.select(`select count(*) filter (where d.objid is null) as own, count(d.objid) as theirs
      from (select oid, typnamespace as n from pg_type where typtype in ('e', 'd', 'b', 'c') and typcategory <> 'A' union all select oid, pronamespace from pg_proc
      union all select oid, relnamespace from pg_class) o left join pg_depend d on d.objid = o.oid and d.deptype = 'e'
      where o.n = current_schema()::regnamespace`)
    expect(left).toEqual([{ own: 0, theirs: expect.anything() }])
    expect(await connection.select("select 'A'::citext = 'a' as same, 'a=>1'::hstore -> 'a' as one")).toEqual([
      { same: true, one: '1' },
    ])
  })
})
