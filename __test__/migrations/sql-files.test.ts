/** Migrations in SQL, and texts of several statements. */
import { expect, test } from 'vitest'
import { MigrationEventDispatcher } from '../../js/migrations/events'
import type { MigrationFailure } from '../../js/migrations/failure'
import { failureLines } from '../../js/migrations/failure'
import { Migrator, type MigratorOptions } from '../../js/migrations/migrator'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { type Project, project } from './project'

/** A migrator with what it warned of and what failed. */
function migratorFor(db: TestDatabase, files: Project, options: MigratorOptions = {}) {
  const events = new MigrationEventDispatcher()
  const warnings: string[] = []
  const failures: MigrationFailure[] = []
  events.listen('migrations.warning', ({ message }) => void warnings.push(message))
  events.listen('migration.failed', (failure) => void failures.push(failure))
  return { migrator: new Migrator(db.connection(), { paths: [files.path], events, ...options }), warnings, failures }
}

const brief = (results: { name: string; success: boolean }[]) =>
  results.map(({ name, success }) => `${name} ${success ? 'ok' : 'failed'}`)

onEveryDatabase('migrations in SQL', (db) => {
  const exists = (table: string) => db.connection().schema().hasTable(table)
  const empty = () => db.connection().schema().dropAllTables()

  test('scenario 8: classes without a base, modules of functions and SQL pairs run up and down', async () => {
    await empty()
    const files = project({
      '1_class.mjs': `export default class {
        async up(context) { await context.query('create table made_by_class (id integer)') }
        async down(context) { await context.query('drop table made_by_class') }
      }`,
      '2_knex.cjs': `exports.up = (knex) => knex.schema.create('made_by_knex', (table) => { table.id() })
        exports.down = (knex) => knex.schema.drop('made_by_knex')`,
      '3_pair.up.sql':
        "create table made_by_sql (id integer, name varchar(20));\ninsert into made_by_sql values (1, 'a;b');\n",
      '3_pair.down.sql': 'drop table made_by_sql;\n',
    })
    const { migrator } = migratorFor(db, files)
    expect(brief(await migrator.run())).toEqual(['1_class ok', '2_knex ok', '3_pair ok'])
    expect(await db.connection().select('select * from made_by_sql')).toEqual([{ id: 1, name: 'a;b' }])
    expect(brief(await migrator.rollback())).toEqual(['3_pair ok', '2_knex ok', '1_class ok'])
    expect(await Promise.all(['made_by_class', 'made_by_knex', 'made_by_sql'].map(exists))).toEqual([
      false,
      false,
      false,
    ])
  })

  test('scenario 10: several statements in one text of query() all run, and the last one answers', async () => {
    await empty()
    const files = project({
      '1_a.mjs': `export default { async up(context) {
        const rows = await context.query(\`
          create table notes (id integer, body varchar(20)); -- one; two
          create index notes_id on notes (id);
          create index notes_body on notes (body);
          insert into notes values (7, 'x;y');
          select id, body from notes;\`)
        if (rows[0]?.id !== 7) throw new Error('no rows')
      } }`,
    })
    expect(brief(await migratorFor(db, files).migrator.run())).toEqual(['1_a ok'])
    const table = await db.connection().getSchemaBuilder().getIndexes('notes')
    expect(table.map((index: { name: string }) => index.name).sort()).toEqual(['notes_body', 'notes_id'])
  })

  test('several statements take no values, and nothing of them is sent', async () => {
    await empty()
    const files = project({
      '1_a.mjs': `export default { async up(context) {
        await context.query('create table a (id integer); insert into a values (?)', [1])
      } }`,
    })
    const { migrator, failures } = migratorFor(db, files)
    expect(brief(await migrator.run())).toEqual(['1_a failed'])
    expect(failures[0]).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('takes no values') })
    expect(await exists('a')).toBe(false)
  })

  test('a failure names the statement and its line in the file, going up and down', async () => {
    await empty()
    const files = project({
      '1_a.up.sql': '-- first\ncreate table a (id integer);\n\ninsert into\n  nowhere values (1);\n',
      '1_a.down.sql': 'drop table a;\ndrop table nowhere;',
    })
    const { migrator, failures } = migratorFor(db, files)
    expect(brief(await migrator.run())).toEqual(['1_a failed'])
    expect(failures[0]).toMatchObject({ file: files.file('1_a.up.sql'), line: 4, statement: 2 })
    expect(failureLines(failures[0] as MigrationFailure, files.path).join('\n')).toMatch(
      /\n {3}statement 2 · .+ · 1_a\.up\.sql:4\n/,
    )

    await empty()
    files.write({ '1_a.up.sql': 'create table a (id integer)' })
    expect(brief(await migrator.run())).toEqual(['1_a ok'])
    expect(brief(await migrator.rollback())).toEqual(['1_a failed'])
    expect(failures[1]).toMatchObject({ method: 'down', file: files.file('1_a.down.sql'), line: 2, statement: 2 })
  })

  test('a single file goes up only: a rollback is refused before anything', async () => {
    await empty()
    const { migrator } = migratorFor(db, project({ '1_a.sql': 'create table a (id integer)' }))
    expect(brief(await migrator.run())).toEqual(['1_a ok'])
    await expect(migrator.rollback()).rejects.toThrow('1_a has no down(); nothing was rolled back.')
    expect(await exists('a')).toBe(true)
  })

  test('begin and commit around a file are left out with a warning; inside they are refused before anything', async () => {
    await empty()
    const wrapped = project({ '1_a.up.sql': 'begin;\ncreate table a (id integer);\ncommit;\n' })
    const { migrator, warnings } = migratorFor(db, wrapped)
    expect(brief(await migrator.run())).toEqual(['1_a ok'])
    expect(warnings).toEqual([expect.stringMatching(/1_a\.up\.sql: the BEGIN and COMMIT around it were left out/)])

    await empty()
    const files = project({
      '1_b.sql': 'create table b (id integer)',
      '2_c.sql': 'create table c (id integer);\ncommit;',
    })
    await expect(migratorFor(db, files).migrator.run()).rejects.toThrow(
      /2_c\.sql: statement 2 \(line 2\) is COMMIT: guruorm already runs this migration in a transaction/,
    )
    expect(await exists('b')).toBe(false)
  })

  test('halves without their other one, and two migrations of one name, are refused', async () => {
    await empty()
    await expect(migratorFor(db, project({ '1_a.down.sql': 'drop table a' })).migrator.run()).rejects.toThrow(
      /1_a\.down\.sql has no 1_a\.up\.sql beside it/,
    )
    const two = project({ '1_a.up.sql': 'select 1', '1_a.mjs': 'export default { up() {} }' })
    await expect(migratorFor(db, two).migrator.run()).rejects.toThrow(/^Duplicate migration name 1_a: /)
  })

  test('pretending shows every statement of a file', async () => {
    await empty()
    const files = project({ '1_a.sql': 'create table a (id integer);\ninsert into a values (1);' })
    const [result] = await migratorFor(db, files).migrator.run({ pretend: true })
    expect(result?.statements?.map(({ sql }) => sql)).toEqual([
      'create table a (id integer)',
      'insert into a values (1)',
    ])
    expect(await exists('a')).toBe(false)
  })
})

onDatabase('postgres', 'PostgreSQL files', (db) => {
  test('no-transaction lets an index be built concurrently, which is refused without it', async () => {
    await db.connection().schema().dropAllTables()
    const files = project({
      '1_a.sql': 'create table a (id integer);',
      '2_i.sql': 'create index concurrently a_id on a (id);',
    })
    const { migrator } = migratorFor(db, files)
    await expect(migrator.run()).rejects.toThrow(/CREATE INDEX CONCURRENTLY cannot run inside a transaction/)
    files.write({ '2_i.sql': '-- guruorm: no-transaction\ncreate index concurrently a_id on a (id);' })
    expect(brief(await migrator.run())).toEqual(['1_a ok', '2_i ok'])
    const [row] = await db
      .connection()
      .select("select indisvalid as ok from pg_index where indexrelid = 'a_id'::regclass")
    expect(row).toEqual({ ok: true })
  })

  test('functions with dollar quotes and bodies of standard SQL', async () => {
    await db.connection().schema().dropAllTables()
    const files = project({
      '1_f.up.sql': `create table a (id integer);
create or replace function one() returns integer language plpgsql as $$ begin perform 1; return 1; end $$;
create or replace procedure two() begin atomic insert into a values (1); insert into a values (2); end;
call two();`,
      '1_f.down.sql': 'drop procedure two; drop function one; drop table a',
    })
    const { migrator } = migratorFor(db, files)
    expect(brief(await migrator.run())).toEqual(['1_f ok'])
    expect(await db.connection().select('select one() + count(*)::int as n from a')).toEqual([{ n: 3 }])
    expect(brief(await migrator.rollback())).toEqual(['1_f ok'])
  })
})

onDatabase('mysql', 'MariaDB files', (db) => {
  test('procedures and triggers, with and without DELIMITER', async () => {
    await db.connection().schema().dropAllTables()
    const files = project({
      '1_p.up.sql': `create table a (id integer, n integer);
create trigger a_n before insert on a for each row begin
  if new.n is null then set new.n = 5; end if;
end;
DELIMITER //
create procedure fill_a()
begin
  insert into a (id) values (1);
  insert into a (id, n) values (2, 3);
end//
DELIMITER ;
call fill_a();`,
      '1_p.down.sql': 'drop procedure fill_a; drop table a;',
    })
    const { migrator } = migratorFor(db, files)
    expect(brief(await migrator.run())).toEqual(['1_p ok'])
    expect(await db.connection().select('select n from a order by id')).toEqual([{ n: 5 }, { n: 3 }])
    expect(brief(await migrator.rollback())).toEqual(['1_p ok'])
  })
})

onDatabase('sqlite', 'SQLite files', (db) => {
  test('triggers hold statements', async () => {
    await db.connection().schema().dropAllTables()
    const files = project({
      '1_t.sql': `create table a (id integer, n integer);
create trigger a_n after insert on a begin
  update a set n = case when new.id > 1 then 9 else 5 end where id = new.id;
end;
insert into a (id) values (1);`,
    })
    expect(brief(await migratorFor(db, files).migrator.run())).toEqual(['1_t ok'])
    expect(await db.connection().select('select n from a')).toEqual([{ n: 5 }])
  })
})
