import { expect, test } from 'vitest'
import { MigrationEventDispatcher } from '../../js/migrations/events'
import type { MigrationFailure } from '../../js/migrations/failure'
import { type MigrationResult, Migrator, type MigratorOptions, type Pretend } from '../../js/migrations/migrator'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { project } from './project'

/** A migration with these bodies. */
const file = (up: string, down = '', more = '') => `export default class {
  ${more}
  async up(context) { const { schema: Schema, connection: DB } = context; ${up} }
  async down(context) { ${down} }
}`

interface Pretended {
  results: MigrationResult[]
  /** The statements of each file, by its name. */
  sql: Record<string, string[]>
  failure: MigrationFailure | undefined
  script: string[]
}

async function pretend(
  db: TestDatabase,
  files: Record<string, string>,
  { as = true, ...options }: MigratorOptions & { as?: Pretend } = {},
): Promise<Pretended> {
  const events = new MigrationEventDispatcher()
  const found: Pretended = { results: [], sql: {}, failure: undefined, script: [] }
  events.listen('migration.failed', (failure) => {
    found.failure = failure
  })
  events.listen('migration.pretended', ({ script }) => {
    found.script.push(...(script ?? []))
  })
  const { path } = project(files)
  const migrator = new Migrator(db.connection(), { paths: [path], events, ...options })
  found.results = await migrator.run({ pretend: as })
  found.sql = Object.fromEntries(
    found.results.map(({ name, statements }) => [name, (statements ?? []).map(({ sql }) => sql)]),
  )
  return found
}

/** What `expression` was in `up()` of a second file, after `first` of another one. */
async function seen(db: TestDatabase, first: string, expression: string): Promise<unknown> {
  const { results, failure } = await pretend(db, {
    '1_first.mjs': file(first),
    '2_second.mjs': file(`throw new Error(JSON.stringify(${expression}))`),
  })
  expect(results).toHaveLength(2)
  return JSON.parse(failure?.message ?? 'null')
}

onEveryDatabase('pretending', (db) => {
  const tables = async () => (await db.connection().schema().getAllTables()).sort()

  async function empty(): Promise<void> {
    await db.connection().schema().dropAllViews()
    await db.connection().schema().dropAllTables()
  }

  async function withUsers(): Promise<void> {
    await empty()
    await db
      .connection()
      .schema()
      .create('users', (table) => {
        table.id()
        table.string('name').nullable()
      })
    await db.connection().table('users').insert({ name: 'Ada' })
  }

  test('scenario 12: a file sees what the files before it would have made', async () => {
    await empty()
    const { sql } = await pretend(db, {
      '1_tags.mjs': file("await Schema.create('tags', (table) => { table.id(); table.string('name', 40) })"),
      '2_more.mjs': file(`
        if (await Schema.hasTable('tags') && !(await Schema.hasTable('nothing')))
          await Schema.table('tags', (table) => table.string('slug').unique())
        if (await Schema.hasColumns('tags', ['name', 'slug'])) await Schema.table('tags', (table) => table.dropColumn('name'))
        if (await Schema.hasColumn('tags', 'name')) throw new Error('name is still there')
      `),
    })
    expect(sql['2_more']?.join('\n')).toContain('slug')
    expect(sql['2_more']?.join('\n')).toMatch(/drop (?:column )?["`]name|drop table "tags"/)
    expect(await tables()).toEqual([])
  })

  test('scenario 12: what is made by SQL is seen as well', async () => {
    await empty()
    const first = `await context.query('create table posts (id integer primary key, title varchar(80) not null); create index posts_title on posts (title)')
      await context.statement('create view titles as select title from posts')`
    expect(
      await seen(
        db,
        first,
        "[await Schema.hasTable('posts'), await Schema.getColumnListing('posts'), await Schema.hasIndex('posts', ['title']), await Schema.hasView('titles'), await Schema.getAllTables()]",
      ),
    ).toEqual([true, ['id', 'title'], true, true, ['posts']])
    expect(await tables()).toEqual([])
  })

  test('columns that are there keep the words of the catalogue, new ones are described as they are made', async () => {
    await withUsers()
    const schema = db.connection().schema()
    const before = await schema.getColumns('users')
    const columns = (await seen(
      db,
      "await Schema.table('users', (table) => { table.decimal('sum', 8, 2).default(0); table.boolean('is_new').nullable() })",
      "await Schema.getColumns('users')",
    )) as { name: string; type: string; nullable: boolean }[]
    expect(columns.slice(0, 2)).toEqual(JSON.parse(JSON.stringify(before)))
    await schema.table('users', (table) => {
      table.decimal('sum', 8, 2).default(0)
      table.boolean('is_new').nullable()
    })
    const made = await schema.getColumns('users')
    const brief = (list: typeof columns) => list.map(({ name, nullable }) => [name, nullable])
    expect(brief(columns)).toEqual(brief(made))
    if (db.driver === 'pgsql') expect(columns.map(({ type }) => type)).toEqual(made.map(({ type }) => type))
  })

  test('rows that are there are read, and what only would be there is empty, with a note', async () => {
    await withUsers()
    const { sql, results } = await pretend(db, {
      '1_copy.mjs': file(`
        await Schema.create('people', (table) => { table.id(); table.string('name') })
        for (const { name } of await DB.table('users').get()) await DB.table('people').insert({ name })
        if ((await DB.table('people').get()).length > 0) throw new Error('rows')
        const id = await DB.table('people').insertGetId({ name: 'Bob' })
        await context.statement('update people set name = ? where id = ?', ['Eve', id])
        for await (const { name } of DB.table('users').cursor()) await DB.table('people').insert({ name })
      `),
    })
    expect(results[0]).toMatchObject({ success: true })
    const statements = sql['1_copy'] ?? []
    expect(statements.filter((text) => text.startsWith('insert into'))).toHaveLength(3)
    expect(statements).toContain('-- note: SELECT on a table that does not exist yet: pretended empty')
    expect(results[0]?.statements?.find(({ sql: text }) => text.startsWith('update'))?.bindings).toEqual(['Eve', 0])
    expect(await tables()).toEqual(['users'])
    expect(await db.connection().table('users').count()).toBe(1)
  })

  test('a column that only would be there is pretended empty', async () => {
    await withUsers()
    const { sql, results } = await pretend(db, {
      '1_slug.mjs': file(`
        await Schema.table('users', (table) => table.string('slug').nullable())
        for (const { id } of await DB.table('users').whereNull('slug').get()) throw new Error('row ' + id)
      `),
    })
    expect(results[0]?.success).toBe(true)
    expect(sql['1_slug']?.at(-1)).toBe('-- note: SELECT on a table that is altered before: pretended empty')
  })

  test('what would fail fails, with its statements and its block, and the rest is not run', async () => {
    await withUsers()
    for (const [up, message] of [
      ["await Schema.create('users', (table) => { table.id() })", 'the table users exists already'],
      ["await Schema.drop('nothing')", 'there is no table nothing'],
      [
        "await context.statement('drop table users'); await DB.table('users').get()",
        'there is no table users: a statement before drops or renames it',
      ],
      ["await context.statement('commit')", /^statement 1 is COMMIT/],
      ["throw new Error('no')", 'no'],
    ] as const) {
      const { results, failure } = await pretend(db, { '1_bad.mjs': file(up), '2_last.mjs': file('') })
      expect(results).toHaveLength(1)
      expect(results[0]).toMatchObject({ success: false, pretend: true })
      expect(failure?.message).toMatch(message)
      expect(failure).toMatchObject({ state: 'pretended; nothing was changed.', notRun: ['2_last'] })
    }
    expect(await tables()).toEqual(['users'])
  })

  test('nothing is taken for certain after what may have done anything', async () => {
    await withUsers()
    const anything = {
      pgsql: 'do $$ begin create table made (id int); end $$',
      mariadb: "execute immediate 'create table made (id int)'",
      sqlite: 'analyze',
    }
    const { results } = await pretend(db, {
      '1_any.mjs': file(
        `await context.statement(${JSON.stringify(anything[db.driver as keyof typeof anything])}); await Schema.drop('made')`,
      ),
    })
    // SQLite has no statement that could have made it.
    expect(results[0]?.success).toBe(db.dialect !== 'sqlite')
  })

  test('transactions, what waits for the commit, and shouldRun are pretended too', async () => {
    await empty()
    const { sql, results } = await pretend(db, {
      '1_all.mjs': file(`
        await context.transaction(() => context.statement('create table a (id integer)'))
        await DB.transaction(() => context.statement('create table b (id integer)'))
        context.afterCommit(() => context.statement('create table c (id integer)'))
      `),
      '2_not.mjs': file("await context.statement('create table d (id integer)')", '', 'shouldRun() { return false }'),
    })
    expect(sql).toEqual({
      '1_all': ['create table a (id integer)', 'create table b (id integer)', 'create table c (id integer)'],
    })
    expect(results).toHaveLength(1)
    expect(await tables()).toEqual([])
  })

  test('a pretended fresh begins with nothing', async () => {
    await withUsers()
    const files = project({ '1_users.mjs': file("await Schema.create('users', (table) => { table.id() })") })
    const migrator = new Migrator(db.connection(), { paths: [files.path], events: new MigrationEventDispatcher() })
    expect(await migrator.fresh({ pretend: true })).toMatchObject([{ success: true }])
    expect(await db.connection().table('users').count()).toBe(1)
  })

  test('a script makes the same database as the migrations it was made of', async () => {
    await empty()
    const files = {
      '1_users.mjs': file(`await Schema.create('users', (table) => {
        table.id(); table.string('name').unique(); table.integer('age').default(7); table.timestamp('born').nullable()
      })`),
      '2_rows.mjs': file(`
        await DB.table('users').insert([{ name: "O'Hara; \\\\ -- \\n?", born: new Date(1000) }, { name: '$1', born: null }])
        await context.statement('update users set age = ? where name = ?', [9, '$1'])
        await DB.update('update users set age = :age + 1 where name = :name', { name: '$1', age: 9 })
      `),
      '3_alter.mjs': file(
        "await Schema.table('users', (table) => { table.dropColumn('age') })",
        '',
        'withinTransaction = false',
      ),
      '4_plain.up.sql': "create table plain (id integer, note varchar(20));\ninsert into plain values (1, 'a;b');",
      '4_plain.down.sql': 'drop table plain;',
    }
    const { path } = project(files)
    const { script } = await pretend(db, files, { as: 'script' })
    expect(script.join('\n')).toMatch(/^-- Would run: 2_rows$/m)
    expect(await tables()).toEqual([])
    await db.connection().unprepared(script.join('\n'))
    const state = async () => ({
      structure: (await db.connection().schema().inspect()).tables,
      users: await db.connection().table('users').orderBy('id').get(),
      plain: await db.connection().table('plain').get(),
      rows: (await db.connection().table('migrations').orderBy('id').get()).map(({ executed_at: _, ...row }) => row),
    })
    const scripted = await state()
    expect(scripted.rows).toHaveLength(4)
    await empty()
    await new Migrator(db.connection(), {
      paths: [path],
      logTable: false,
      events: new MigrationEventDispatcher(),
    }).run()
    expect(scripted).toEqual(await state())
  })
})

onDatabase('postgres', 'pretending', (db) => {
  test('a SELECT that writes is not run', async () => {
    await db.connection().schema().dropAllTables()
    await db.connection().statement('create sequence if not exists numbers')
    const { sql, results } = await pretend(db, {
      '1_next.mjs': file('await context.query("select nextval(\'numbers\')")'),
    })
    expect(results[0]?.success).toBe(true)
    expect(sql['1_next']).toEqual(['-- note: a SELECT that writes: pretended empty', "select nextval('numbers')"])
    expect(await db.connection().scalar('select is_called from numbers')).toBe(false)
  })

  test('create index concurrently in a transaction would fail', async () => {
    await db.connection().schema().dropAllTables()
    const body =
      "await context.statement('create table a (id int)'); await context.statement('create index concurrently i on a (id)')"
    const { failure } = await pretend(db, { '1_a.mjs': file(body) })
    expect(failure).toMatchObject({ statement: 2, message: expect.stringContaining('set withinTransaction = false') })
  })
})
