/** What is said of migrations that hurt a database in use, on the way to it and before. */
import { expect, test } from 'vitest'
import { LintError } from '../../js/migrations/body-errors'
import { MigrationEventDispatcher } from '../../js/migrations/events'
import type { MigrationFailure } from '../../js/migrations/failure'
import { tableFacts } from '../../js/migrations/lint/lint-engine'
import { MigrationLinter } from '../../js/migrations/lint/linter'
import { Migrator, type MigratorOptions } from '../../js/migrations/migrator'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { type Page, pagesIn, tableOf } from '../support/pages'
import { type Project, project } from './project'

/** A migration with this body. */
const doing = (body: string, fields = '') => `export default class {
  ${fields}
  async up(context) {
    ${body}
  }
  async down(context) { await context.select('select 1') }
}`

interface Ran {
  failure: MigrationFailure | undefined
  /** The rules that were told, in their order. */
  told: string[]
  texts: string[]
  warnings: string[]
}

async function run(db: TestDatabase, made: Project, options: MigratorOptions = {}): Promise<Ran> {
  const events = new MigrationEventDispatcher()
  const ran: Ran = { failure: undefined, told: [], texts: [], warnings: [] }
  events.listen('migration.failed', (failure) => {
    ran.failure = failure
  })
  events.listen('migration.lint', ({ finding }) => {
    ran.told.push(finding.rule)
    ran.texts.push(finding.text)
  })
  events.listen('migrations.warning', ({ message }) => void ran.warnings.push(message))
  await new Migrator(db.connection(), { paths: [made.path], events, ...options }).run()
  return ran
}

const TWO_MILLIONS = "update pg_class set reltuples = 2000000 where relname = 'events'"

/** Makes an empty table `events`. */
async function events(db: TestDatabase): Promise<void> {
  const schema = db.connection().schema()
  await schema.dropAllTables()
  await schema.create('events', (table) => {
    table.id()
    table.string('name').nullable()
    table.integer('n').nullable()
  })
}

/** The same, of which the catalogue says that it has two million rows, or has more than enough. */
async function large(db: TestDatabase): Promise<void> {
  const connection = db.connection()
  await events(db)
  await connection.table('events').insert({ name: 'a' })
  if (db.dialect === 'postgres') {
    await connection.statement(TWO_MILLIONS)
  } else if (db.dialect === 'mysql') {
    await connection.statement('insert into events (n) select seq from seq_1_to_130000')
    await connection.select('analyze table events')
  } else {
    await connection.statement('create index events_name on events (name)')
    await connection.unprepared('analyze')
    await connection.statement("update sqlite_stat1 set stat = '2000000 1'")
  }
}

/** What is slow there on each database, and what is said of it. */
const SLOW = {
  postgres: {
    body: `await context.table('events', (table) => { table.index('n') })
    await context.statement('alter table events add column token uuid not null default gen_random_uuid()')
    await context.statement('alter table events alter column name set not null')`,
    rules: ['index-not-concurrent', 'add-volatile-default', 'set-not-null-scan'],
  },
  mysql: {
    body: `await context.table('events', (table) => { table.bigInteger('n').nullable().change() })
    await context.statement('update events set n = 1 where name is null')`,
    rules: ['mysql-copy-algorithm', 'backfill-unbatched'],
  },
  sqlite: {
    body: `await context.table('events', (table) => { table.string('n').nullable().change() })
    await context.statement('update events set n = 1 where name is null')`,
    rules: ['sqlite-table-rebuild', 'backfill-unbatched'],
  },
}

const FRESH = `await context.create('fresh', (table) => { table.id(); table.string('n').nullable() })
    await context.table('fresh', (table) => { table.index('n') })
    await context.statement('update fresh set n = 1')
    await context.table('fresh', (table) => { table.dropColumn('n') })`

onEveryDatabase('lint of migrations', (db) => {
  const exists = (table: string) => db.connection().schema().hasTable(table)
  const hasName = () => db.connection().schema().hasColumn('events', 'name')

  test('scenario 81: what is slow on a large table is told with its rows and a rewrite, a new table is not', async () => {
    await large(db)
    const { body, rules } = SLOW[db.dialect]
    const made = project({ '1_slow.mjs': doing(body), '2_fresh.mjs': doing(FRESH) })
    const linter = new MigrationLinter(new Migrator(db.connection(), { paths: [made.path] }))
    const { findings } = await linter.lintStatements({ names: ['1_slow'] })
    expect(findings.map(({ rule }) => rule)).toEqual(rules)
    for (const { table, rows, rewrite, text } of findings) {
      expect([table, rewrite]).toEqual(['events', expect.any(String)])
      expect(rows).toBeGreaterThan(db.dialect === 'mysql' ? 100_000 : 1_999_999)
      expect(text).toMatch(db.dialect === 'mysql' ? /\(~1\d\d,\d{3} rows\)/ : /\(~2,000,000 rows\)/)
      expect(text).toContain(`Instead: ${rewrite}`)
    }
    // The run says the same.
    const ran = await run(db, made)
    expect([ran.failure, ran.told, ran.warnings]).toEqual([undefined, rules, []])
    expect(ran.texts).toEqual(findings.map(({ text }) => text))
  })

  test('the same table with few rows gives nothing', async () => {
    const made = project({ '1_slow.mjs': doing(SLOW[db.dialect].body) })
    await events(db)
    expect((await run(db, made)).told).toEqual([])
  })

  const drop = "await context.table('events', (table) => { table.dropColumn('name') })"
  const settled: MigratorOptions = { lint: { rules: { 'drop-column': 'error' } } }
  const script = 'alter table events drop column name'

  test('the catalogue is read whatever tables are called', async () => {
    await events(db)
    const odd = `it's "odd" [here]`
    await db
      .connection()
      .schema()
      .create(odd, (table) => {
        table.id()
      })
    await db.connection().table(odd).insert({ id: 7 })
    const facts = await tableFacts(db.connection())
    expect(facts.map(({ name }) => name).sort()).toEqual(['events', odd])
    expect(facts.map(({ estimate }) => typeof estimate)).toEqual(['string', 'string'])
  })

  test('a rule that is an error refuses the statement before it is sent', async () => {
    await events(db)
    const made = project({
      '1_a.mjs': doing(`await context.statement('create table extra (id integer)')\n    ${drop}`),
      '2_b.mjs': doing(''),
    })
    const { failure, told } = await run(db, made, settled)
    expect(failure).toMatchObject({ code: 'LINT', statement: 2, nativeCode: null, notRun: ['2_b'] })
    expect(failure?.error).toBeInstanceOf(LintError)
    expect(failure?.message).toMatch(/^drop-column: drop column .name. of .events.* loses its values/)
    expect(failure?.message).toContain('-- guruorm: allow drop-column')
    expect(failure?.sql).toMatch(/^alter table .events. drop/)
    expect([told, await hasName(), await exists('extra')]).toEqual([[], true, db.dialect === 'mysql'])
  })

  test.each([
    ['a comment in the SQL', `await context.statement('-- guruorm: allow drop-column\\n${script}')`, settled],
    ['safetyAssured() of the context', `await context.safetyAssured(() => context.statement('${script}'))`, settled],
    ['safetyAssured() of the migration', `await this.safetyAssured(async () => { ${drop} })`, settled],
    ['lint.ignore', drop, { lint: { ...settled.lint, ignore: ['drop-column:events'] } }],
    ['lint: false', drop, { lint: false }],
  ] as [string, string, MigratorOptions][])('it is let through by %s', async (_, body, options) => {
    await events(db)
    const made = project({ '1_a.mjs': doing(body) })
    // The same by pretending.
    const linter = new MigrationLinter(new Migrator(db.connection(), { paths: [made.path], ...options }))
    const rules = (await linter.lintStatements()).findings.map(({ rule }) => rule)
    expect(rules).toEqual(options.lint === false ? ['drop-column'] : [])
    const ran = await run(db, made, options)
    expect([ran.failure, ran.told, await hasName()]).toEqual([undefined, [], false])
  })

  test('a file of SQL is refused before anything runs, unless a comment lets it through', async () => {
    await events(db)
    const made = project({
      '1_a.mjs': doing("await context.create('extra', (table) => { table.id() })"),
      '2_b.sql': script,
    })
    await expect(run(db, made, settled)).rejects.toMatchObject({
      kind: 'validation',
      message: expect.stringMatching(/^2_b: drop-column: [\s\S]*\nNothing was run\.$/),
    })
    expect([await exists('extra'), await hasName()]).toEqual([false, true])
    made.write({ '2_b.sql': `-- why\n-- guruorm: allow drop-column\n${script};\n` })
    expect((await run(db, made, settled)).failure).toBeUndefined()
    expect([await exists('extra'), await hasName()]).toEqual([true, false])
  })

  test('a table that an earlier migration of the run makes is no reason to refuse a file of SQL', async () => {
    await db.connection().schema().dropAllTables()
    const made = project({
      '1_a.mjs': doing("await context.create('events', (table) => { table.id(); table.string('name') })"),
      '2_b.sql': script,
    })
    expect(await run(db, made, settled)).toMatchObject({ failure: undefined, told: [] })
  })

  test('a rollback is not linted', async () => {
    await db.connection().schema().dropAllTables()
    const made = project({
      '1_a.mjs': doing("await context.create('events', (table) => { table.id() })").replace(
        "select('select 1')",
        "drop('events')",
      ),
    })
    await run(db, made)
    const events = new MigrationEventDispatcher()
    const told: unknown[] = []
    events.listen('migration.lint', (event) => void told.push(event))
    await new Migrator(db.connection(), { paths: [made.path], events }).rollback()
    expect([told, await exists('events')]).toEqual([[], false])
  })

  test('a comment that allows a rule that there is not is told', async () => {
    await events(db)
    const made = project({ '1_a.sql': `-- guruorm: allow drop-colum\n${script}` })
    const ran = await run(db, made)
    expect(ran.told).toEqual(['drop-column'])
    expect(ran.warnings).toContain('There is no lint rule "drop-colum": did you mean "drop-column"?')
  })

  test.each([
    [{ rules: { 'drop-colum': 'off' } }, 'There is no lint rule "drop-colum": did you mean "drop-column"?'],
    [{ ignore: ['rename-tables:users'] }, 'did you mean "rename-table"?'],
    [{ rules: { 'drop-column': 'eror' } }, 'unknown variant `eror`'],
    [{ rule: {} }, 'unknown field `rule`'],
  ])('options that cannot work are refused: %j', (lint, message) => {
    expect(() => new Migrator(db.connection(), { lint: lint as MigratorOptions['lint'] & object })).toThrow(message)
  })

  test('what a listener throws fails the migration', async () => {
    await events(db)
    const made = project({ '1_a.mjs': doing(drop) })
    const dispatcher = new MigrationEventDispatcher()
    let failure: MigrationFailure | undefined
    dispatcher.listen('migration.lint', () => {
      throw new Error('not on my watch')
    })
    dispatcher.listen('migration.failed', (failed) => {
      failure = failed
    })
    await new Migrator(db.connection(), { paths: [made.path], events: dispatcher }).run()
    expect(failure?.message).toBe('not on my watch')
    expect(await hasName()).toBe(db.dialect !== 'mysql')
  })
})

onDatabase('postgres', 'lint of migrations', (db) => {
  const ADD = `await context.statement("alter type mood add value 'calm'")`
  const moods = async () => (await db.connection().select('select mood from people')).map(({ mood }) => mood)

  async function people(): Promise<void> {
    await db.connection().schema().dropAllTables()
    await db.connection().unprepared('drop type if exists mood cascade')
    await db.connection().statement("create type mood as enum ('glad')")
    await db.connection().statement('create table people (id integer, mood mood)')
  }

  test.each([
    ['in the text', `await context.insert("insert into people values (1, 'calm')")`],
    ['as a binding', "await context.connection.table('people').insert({ id: 1, mood: 'calm' })"],
  ])('scenario 29: a new value of an enum that the same migration uses %s is refused', async (_, use) => {
    await people()
    const { failure } = await run(db, project({ '1_a.mjs': doing(`${ADD}\n    ${use}`) }))
    expect(failure).toMatchObject({ code: 'LINT', statement: 2, nativeCode: null })
    expect(failure?.message).toMatch(
      /^enum-add-value-in-tx: 'calm' was added to "mood" by this migration, and cannot be used before that is committed/,
    )
    const values = await db.connection().select("select enumlabel from pg_enum where enumtypid = 'mood'::regtype")
    expect([values, await moods()]).toEqual([[{ enumlabel: 'glad' }], []])
    // As it advises.
    const parted = await run(db, project({ '1_a.mjs': doing(ADD), '2_b.mjs': doing(use) }))
    expect([parted.failure, await moods()]).toEqual([undefined, ['calm']])
  })

  test('the rewrites that it gives run and give nothing', async () => {
    await large(db)
    const made = project({ '1_slow.mjs': doing(SLOW.postgres.body) })
    const linter = new MigrationLinter(new Migrator(db.connection(), { paths: [made.path] }))
    const { findings } = await linter.lintStatements()
    const sql = findings.map(({ rewrite }) => rewrite?.replace(/, with within.*|; then fill.*/, '')).join(';\n')
    await db.connection().statement("update events set name = 'b'")
    const rewritten = project({ '1_b.sql': `-- guruorm: no-transaction\n${sql}` })
    expect(await run(db, rewritten)).toMatchObject({ failure: undefined, told: [] })
    const columns = await db.connection().schema().getColumns('events')
    expect(columns.find(({ name }) => name === 'name')?.nullable).toBe(false)
  })

  test('a table in parts has the rows of all of them, and one of another namespace is told apart', async () => {
    await db.connection().schema().dropAllTables()
    await db.connection().unprepared(`create schema if not exists other; drop table if exists other.parts;
      create table other.parts (id integer);
      create table parts (id integer) partition by range (id);
      create table parts_1 partition of parts for values from (0) to (9);
      create table parts_2 partition of parts for values from (9) to (99);
      update pg_class set reltuples = 300000 where relname in ('parts_1', 'parts_2')`)
    const texts = async (table: string) =>
      (await run(db, project({ [`${table}.sql`]: `-- guruorm: no-transaction\ncreate index on ${table} (id)` }))).texts
    expect(await texts('parts')).toEqual([expect.stringContaining('create index on "parts" (~600,000 rows) blocks')])
    expect(await texts('other.parts')).toEqual([])
  })

  test('an index that is dropped and a key without an index are found by the catalogue', async () => {
    await large(db)
    await db
      .connection()
      .unprepared('create index events_n on events (n); create table owners (id integer primary key)')
    // Making the index counted the rows.
    await db.connection().statement(TWO_MILLIONS)
    const made = project({
      '1_a.mjs': doing(`await context.statement('drop index events_n')
    await context.statement('alter table events add owner_id integer')
    await context.statement('alter table events add foreign key (owner_id) references owners (id) not valid')`),
    })
    const { told, texts } = await run(db, made)
    expect(told).toEqual(['drop-index-not-concurrent', 'missing-fk-index'])
    expect(texts[1]).toContain('create index concurrently "events_owner_id_index" on "events" ("owner_id")')
  })

  test('the catalogue is asked once a run, and not at all when no rule needs it', async () => {
    await large(db)
    const asked: string[] = []
    const count = async (options: MigratorOptions) => {
      asked.length = 0
      await db.connection().schema().dropAllTables()
      await run(db, project({ '1_a.mjs': doing(''), '2_b.mjs': doing('') }), options)
      return asked.filter((sql) => sql.includes('reltuples')).length
    }
    db.connection().listen(({ sql }) => void asked.push(sql))
    const rules = (db.connection().nativeNow({ do: 'migrate.lintRules' }) as { id: string }[]).map(({ id }) => id)
    expect(await count({})).toBe(1)
    expect(await count({ lint: { rules: Object.fromEntries(rules.map((id) => [id, 'off'])) } })).toBe(0)
    expect(await count({ lint: false })).toBe(0)
  })
})

onDatabase('sqlite', 'lint of migrations', (db) => {
  test('rows are known of hundreds of tables, also of one without a rowid', async () => {
    await db.connection().schema().dropAllTables()
    const names = Array.from({ length: 900 }, (_, index) => `t${index}`)
    await db.connection().unprepared(names.map((name) => `create table ${name} (id integer primary key)`).join(';'))
    await db
      .connection()
      .unprepared('create table keyed (id text primary key) without rowid; create view seen as select 1')
    await db.connection().statement('insert into t899 values (250000)')
    const facts = await tableFacts(db.connection())
    expect(facts).toHaveLength(901)
    expect(facts.filter(({ estimate }) => estimate !== '0')).toEqual([{ name: 't899', estimate: '250000' }])
    const { texts } = await run(
      db,
      project({ '1_a.sql': 'update t899 set id = 1 where id is null; update keyed set id = 1' }),
    )
    expect(texts).toEqual([expect.stringContaining('update of "t899" (~250,000 rows)')])
  })
})

onDatabase('sqlite', 'the table of rules in the guide', (db) => {
  test('is that of the engine', () => {
    const page = pagesIn('docs').find(({ path }) => path.endsWith('migrations-lint.md')) as Page
    const rows = (
      db.connection().nativeNow({ do: 'migrate.lintRules' }) as {
        id: string
        about: string
        threshold: number | null
        severity: string
      }[]
    ).map(({ id, about, threshold, severity }) => [
      `\`${id}\``,
      about,
      threshold === null ? 'any' : threshold.toLocaleString('en'),
      severity,
    ])
    expect(tableOf(page, '## The rules').slice(1)).toEqual(rows)
  })
})
