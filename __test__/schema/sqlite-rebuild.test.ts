/** Alterations that SQLite makes by a copy of the table: nothing but what was asked for changes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  Capsule,
  type Connection,
  ForeignKeyConstraintViolationException,
  InvalidArgumentException,
  NotNullConstraintViolationException,
  UnsupportedException,
} from '../../js/index'
import { MigrationEventDispatcher } from '../../js/migrations/events'
import { Migrator } from '../../js/migrations/migrator'
import { project } from '../migrations/project'

const TABLES = `
  create table teams (id integer primary key, name text);
  create table users (
    id integer primary key autoincrement not null,
    name varchar not null default 'x' /* the name */,
    email varchar collate nocase constraint mail unique,
    age integer default (10 + 8) check (age >= 0),
    boss integer references users (id) on delete cascade,
    team_id integer not null references teams on delete cascade,
    shout text as (upper(name)),
    twice integer as (age * 2) stored,
    constraint grown check (age < 200),
    unique (name, team_id)
  );
  create index by_age on users (age desc, lower(name)) where age > 1;
  create unique index by_name_age on users (name, age);
  create table posts (id integer primary key, user_id integer not null references users (id) on delete cascade);
  create table logs (id integer primary key, what text);
  create trigger logged after insert on users begin insert into logs (what) values (new.name); end;
  create trigger posted after insert on posts begin update users set age = age + 1 where id = new.user_id; end;
  create view adults as select id, name, age from users where age >= 18;
  create view named as select name from adults;
  insert into teams values (1, 'a'), (2, 'b');
  insert into users (name, email, age, boss, team_id) values ('Ann', 'ann@x', 30, null, 1), ('Bob', 'bob@x', 20, 1, 2);
  insert into users (name, email, age, boss, team_id) values ('Gone', 'gone@x', 20, 1, 2);
  delete from users where name = 'Gone';
  insert into posts values (1, 1), (2, 1), (3, 2);
`

async function database(tables = TABLES): Promise<Connection> {
  const folder = mkdtempSync(join(tmpdir(), 'guruorm-rebuild-'))
  const capsule = new Capsule()
  onTestFinished(async () => {
    await capsule.connection().disconnect()
    rmSync(folder, { recursive: true, force: true })
  })
  capsule.addConnection({ driver: 'sqlite', database: join(folder, 'db.sqlite'), pool: { max: 2 } })
  await capsule.connection().unprepared(tables)
  return capsule.connection()
}

/** Everything that the file holds, the texts of a table and its indexes apart. */
async function contents(connection: Connection, without = 'nothing') {
  const schema = await connection.select(
    'select name, case tbl_name when ? then type else sql end as sql from sqlite_schema order by name',
    [without],
  )
  const rows: Record<string, unknown> = {}
  for (const table of ['teams', 'users', 'posts', 'logs', 'adults', 'named', 'sqlite_sequence']) {
    rows[table] = await connection.select(`select * from ${table}`)
  }
  return { schema, rows }
}

async function settings(connection: Connection) {
  return connection.pin(async (pinned) => [
    ...(await pinned.select('pragma foreign_keys')),
    ...(await pinned.select('pragma legacy_alter_table')),
  ])
}

const AS_ALWAYS = [{ foreign_keys: 1 }, { legacy_alter_table: 0 }]

async function columns(connection: Connection, table = 'users') {
  const found = await connection.schema().getColumns(table)
  return Object.fromEntries(found.map(({ name, type, nullable }) => [name, `${type}${nullable ? '' : ' not null'}`]))
}

const sqlOf = async (connection: Connection, name = 'users') =>
  String((await connection.select('select sql from sqlite_schema where name = ?', [name]))[0]?.sql)

describe('on SQLite', () => {
  test('a changed column changes nothing else: rows of others, triggers, views, indexes, counters, checks', async () => {
    const connection = await database()
    const before = await contents(connection, 'users')
    await connection.schema().table('users', (table) => {
      table.text('name').nullable().change()
      table.bigInteger('team_id').nullable().change()
    })
    expect(await columns(connection)).toMatchObject({ name: 'text', team_id: 'integer', age: 'integer' })
    expect(await contents(connection, 'users')).toEqual(before)
    const sql = await sqlOf(connection)
    for (const part of [
      'constraint "mail" unique ("email")',
      "collate 'nocase'",
      'default (10 + 8)',
      'check (age >= 0)',
      'constraint "grown" check (age < 200)',
      'unique ("name", "team_id")',
      'foreign key("boss") references "users"("id") on delete cascade',
      'as (age * 2) stored',
    ]) {
      expect(sql).toContain(part)
    }
    await connection.insert("insert into users (name, team_id) values ('Cid', 1)")
    expect(await connection.select('select id, age, twice, shout from users where name = ?', ['Cid'])).toEqual([
      { id: 4, age: 18, twice: 36, shout: 'CID' },
    ])
    expect(await connection.select('select what from logs where what = ?', ['Cid'])).toHaveLength(1)
    expect(await settings(connection)).toEqual(AS_ALWAYS)
    await connection.delete('delete from users where id = 1')
    expect(await connection.select('select id from posts')).toEqual([])
  })

  test('foreign keys are added and dropped', async () => {
    const connection = await database()
    await connection.schema().table('logs', (table) => {
      table.foreignId('user_id').nullable().constrained('users').cascadeOnDelete()
    })
    const keys = async (table: string) =>
      (await connection.schema().getForeignKeys(table)).map(({ columns, foreign_table, on_delete }) => [
        ...columns,
        foreign_table,
        on_delete,
      ])
    expect(await keys('logs')).toEqual([['user_id', 'users', 'cascade']])
    await connection.schema().table('users', (table) => table.dropForeign(['boss']))
    expect(await keys('users')).toEqual([['team_id', 'teams', 'cascade']])
    const missing = connection.schema().table('users', (table) => table.dropForeign(['boss']))
    await expect(missing).rejects.toThrow(InvalidArgumentException)
    expect(await connection.select('select count(*) as number from posts')).toEqual([{ number: 3 }])
  })

  test('a foreign key that rows of today break is refused, and nothing is changed', async () => {
    const connection = await database()
    await connection.insert("insert into logs (what) values ('77')")
    const before = await contents(connection)
    const added = connection.schema().table('logs', (table) => {
      table.foreign('what').references('id').on('users')
    })
    await expect(added).rejects.toThrow(ForeignKeyConstraintViolationException)
    await expect(added).rejects.toThrow('rows of logs would refer to rows of users that are not there')
    expect(await contents(connection)).toEqual(before)
    expect(await settings(connection)).toEqual(AS_ALWAYS)
  })

  test('rows that referred to nothing before are no reason to refuse', async () => {
    const connection = await database()
    await connection.schema().withoutForeignKeyConstraints(async () => {
      await connection.insert('insert into posts values (9, 99)')
    })
    await connection.schema().table('users', (table) => table.text('name').change())
    expect(await columns(connection)).toMatchObject({ name: 'text not null' })
  })

  test('a copy that fails leaves everything as it was', async () => {
    const connection = await database()
    const before = await contents(connection)
    const changed = connection.schema().table('users', (table) => {
      table.string('nick').nullable()
      table.integer('boss').nullable(false).change()
    })
    await expect(changed).rejects.toThrow(NotNullConstraintViolationException)
    expect(await contents(connection)).toEqual(before)
    expect(await settings(connection)).toEqual(AS_ALWAYS)
  })

  test('a view or a trigger that would be broken is a reason to refuse', async () => {
    const connection = await database()
    const before = await contents(connection)
    const dropped = connection.schema().table('users', (table) => {
      table.dropForeign(['boss'])
      table.dropColumn('age', 'twice')
    })
    await expect(dropped).rejects.toThrow('users: a view or trigger would not be valid any more')
    expect(await contents(connection)).toEqual(before)
    await connection.unprepared('create view broken as select * from nowhere')
    await connection.schema().table('users', (table) => table.text('name').change())
    expect(await columns(connection)).toMatchObject({ name: 'text not null' })
  })

  test('columns in keys, checks and indexes are dropped', async () => {
    const connection = await database(
      'create table t (a int primary key, b int unique, c int check (c > 0), d int, e int, f int, g as (f + 1))',
    )
    await connection.unprepared(
      'create index i on t (d); create index j on t (d) where e > 1; insert into t (a, b, c, d) values (1, 2, 3, 4)',
    )
    const queries = await connection.pretend(() => connection.schema().table('t', (table) => table.dropColumn('e')))
    expect(queries.map(({ sql }) => sql)).toEqual(['drop index "j"', 'alter table "t" drop column "e"'])
    await connection.schema().table('t', (table) => table.dropColumn('b'))
    await connection.schema().table('t', (table) => table.dropColumn('a', 'c', 'e', 'g'))
    expect(await connection.select('select * from t')).toEqual([{ d: 4, f: null }])
    expect(await connection.schema().getIndexes('t')).toMatchObject([{ name: 'i' }])
  })

  test('columns are added that `alter table` does not add to a table with rows', async () => {
    const connection = await database()
    await connection.schema().table('users', (table) => {
      table.timestamp('seen_at').useCurrent()
      table.integer('thrice').storedAs('age * 3')
    })
    const [row] = await connection.select("select seen_at is not null as seen, thrice from users where name = 'Ann'")
    expect(row).toEqual({ seen: 1, thrice: 96 })
    expect(await connection.select('select count(*) as number from posts')).toEqual([{ number: 3 }])
  })

  test('primary keys are dropped and made; that of a numbered table is not', async () => {
    const connection = await database()
    await connection.schema().table('posts', (table) => table.dropPrimary())
    expect(await connection.schema().getIndexes('posts')).toEqual([])
    await connection.schema().table('posts', (table) => table.primary(['id', 'user_id']))
    expect(await connection.schema().getIndexes('posts')).toMatchObject([{ columns: ['id', 'user_id'], primary: true }])
    const referred = connection.schema().table('teams', (table) => table.dropPrimary())
    await expect(referred).rejects.toThrow('refer to columns that are neither primary key nor unique')
    const numbered = connection.schema().table('users', (table) => table.dropPrimary())
    await expect(numbered).rejects.toThrow(UnsupportedException)
    await expect(numbered).rejects.toThrow('other primary key than the column that numbers the rows')
  })

  test('indexes get other names, constraints too', async () => {
    const connection = await database()
    await connection.schema().table('users', (table) => {
      table.renameIndex('by_age', 'age_first')
      table.renameIndex('mail', 'post')
      table.renameIndex('users_name_team_id_unique', 'once')
    })
    expect(await sqlOf(connection, 'age_first')).toContain('("age" desc, (lower(name))) where age > 1')
    const sql = await sqlOf(connection)
    expect(sql).toContain('constraint "post" unique ("email")')
    expect(sql).toContain('constraint "once" unique ("name", "team_id")')
    await connection.schema().table('users', (table) => table.dropUnique('once'))
    expect(await sqlOf(connection)).not.toContain('once')
  })

  test('a column under a new name is carried into triggers, and changed in the same call', async () => {
    const connection = await database()
    await connection.unprepared('drop view named; drop view adults')
    await connection.schema().table('users', (table) => {
      table.renameColumn('name', 'called')
      table.text('email').nullable().change()
    })
    await connection.insert("insert into users (called, team_id) values ('Cid', 1)")
    expect(await connection.select("select what from logs where what = 'Cid'")).toHaveLength(1)
  })

  test('triggers of the session on the table stay', async () => {
    const connection = await database()
    await connection.pin(async (pinned) => {
      await pinned.unprepared(
        "create temp trigger mine after insert on users begin insert into logs (what) values ('mine'); end",
      )
      await pinned.schema().table('users', (table) => table.text('name').change())
      await pinned.insert("insert into users (name, team_id) values ('Cid', 1)")
      expect(await pinned.select("select what from logs where what = 'mine'")).toHaveLength(1)
    })
  })

  test('a table that is not there is named', async () => {
    const connection = await database()
    const changed = connection.schema().table('nobody', (table) => table.text('name').change())
    await expect(changed).rejects.toThrow('no such table: nobody')
  })

  test('tables of attached databases are altered there', async () => {
    const connection = await database()
    await connection.pin(async (pinned) => {
      await pinned.statement("attach ':memory:' as other")
      await pinned.unprepared(
        'create table other.t (id integer primary key autoincrement, a int); create table other.log (a); create trigger other.tr after insert on t begin insert into log values (new.a); end; insert into other.t (a) values (5)',
      )
      await pinned.schema().table('other.t', (table) => table.text('a').change())
      expect(await pinned.select('select typeof(a) as type from other.t')).toEqual([{ type: 'text' }])
      await pinned.insert("insert into other.t (a) values ('x')")
      expect(await pinned.select('select a from other.log')).toEqual([{ a: 5 }, { a: 'x' }])
    })
  })

  describe('in a transaction', () => {
    test('a table that rows refer to is not replaced while foreign keys are on', async () => {
      const connection = await database()
      const before = await contents(connection)
      const changed = connection.transaction(async (transaction) => {
        await transaction.schema().table('users', (table) => table.text('name').change())
      })
      await expect(changed).rejects.toThrow(UnsupportedException)
      await expect(changed).rejects.toThrow(/rows of posts, users that refer to it.*withoutForeignKeyConstraints/s)
      expect(await contents(connection)).toEqual(before)
    })

    test('it is replaced where they were switched off before', async () => {
      const connection = await database()
      const before = await contents(connection, 'users')
      await connection.schema().withoutForeignKeyConstraints(() =>
        connection.transaction(async (transaction) => {
          await transaction.schema().table('users', (table) => table.text('name').change())
        }),
      )
      expect(await columns(connection)).toMatchObject({ name: 'text not null' })
      expect(await contents(connection, 'users')).toEqual(before)
    })

    test('a table that nobody refers to is replaced, and the transaction decides', async () => {
      const connection = await database()
      const change = (transaction: Connection) =>
        transaction.schema().table('posts', (table) => table.text('user_id').change())
      const undone = connection.transaction(async (transaction) => {
        await change(transaction)
        throw new Error('undo')
      })
      await expect(undone).rejects.toThrow('undo')
      expect(await columns(connection, 'posts')).toMatchObject({ user_id: 'integer not null' })
      await connection.transaction(change)
      expect(await columns(connection, 'posts')).toMatchObject({ user_id: 'text not null' })
    })

    test('a copy that fails leaves the transaction usable', async () => {
      const connection = await database()
      await connection.transaction(async (transaction) => {
        await transaction.insert('insert into logs (what) values (null)')
        const changed = transaction.schema().table('logs', (table) => table.text('what').nullable(false).change())
        await expect(changed).rejects.toThrow(NotNullConstraintViolationException)
        await transaction.insert("insert into teams values (3, 'c')")
      })
      expect(await connection.select('select name from teams where id = 3')).toEqual([{ name: 'c' }])
      expect(await connection.schema().hasTable('__temp__logs')).toBe(false)
    })
  })

  describe('a migration', () => {
    const migration = (up: string) => `export default class {
      async up(context) { ${up} }
      async down() {}
    }`
    const run = async (connection: Connection, up: string) => {
      const files = project({ '1_change.mjs': migration(up) })
      return new Migrator(connection, { paths: [files.path], events: new MigrationEventDispatcher() }).run()
    }
    const CHANGE = "await context.schema.table('users', (table) => table.text('name').nullable().change());"

    test('that alters a table that others refer to keeps their rows', async () => {
      const connection = await database()
      const before = await contents(connection, 'users')
      expect(await run(connection, CHANGE)).toMatchObject([{ success: true }])
      const { schema, rows } = await contents(connection, 'users')
      expect(rows).toMatchObject({ ...before.rows, sqlite_sequence: expect.anything() })
      expect(schema).toEqual(expect.arrayContaining(before.schema))
      expect(await columns(connection)).toMatchObject({ name: 'text' })
      expect(await settings(connection)).toEqual(AS_ALWAYS)
      expect(await connection.select('select migration from migrations')).toEqual([{ migration: '1_change' }])
    })

    test('that fails afterwards leaves nothing behind', async () => {
      const connection = await database()
      const [result] = await run(connection, `${CHANGE} throw new Error('no')`)
      expect(result).toMatchObject({ success: false })
      expect(await columns(connection)).toMatchObject({ name: 'varchar not null' })
      expect(await settings(connection)).toEqual(AS_ALWAYS)
      expect(await connection.select('select migration from migrations')).toEqual([])
    })

    test('that leaves rows referring to nothing meanwhile is undone', async () => {
      const connection = await database()
      const [result] = await run(connection, `${CHANGE} await context.statement('delete from users where id = 1')`)
      expect(result).toMatchObject({ success: false, error: expect.stringContaining('refer to rows of users') })
      expect(await connection.select('select count(*) as number from users')).toEqual([{ number: 2 }])
    })
  })
})
