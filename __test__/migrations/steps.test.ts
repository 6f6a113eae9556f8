/** Migrations that no transaction takes back: what is written, what is undone, how they are resumed. */
import { expect, onTestFinished, test } from 'vitest'
import { Capsule } from '../../js/index'
import { MigrationEventDispatcher, type MigrationEventMap } from '../../js/migrations/events'
import { failureLines } from '../../js/migrations/failure'
import type { MigrationError } from '../../js/migrations/migration-error'
import { Migrator, type MigratorOptions, type RunOptions } from '../../js/migrations/migrator'
import { MigrationRecords } from '../../js/migrations/records'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { type Project, project } from './project'

const migration = (up: string, { down = '', fields = '' } = {}) => `export default class {
  ${fields}
  async up(context) {
    ${up}
  }
  async down(context) {
    ${down}
  }
}`

const sends = (...statements: string[]) =>
  statements.map((sql) => `await context.statement(${JSON.stringify(sql)})`).join('\n    ')

const OPEN = { fields: 'withinTransaction = false' }

interface Run {
  /** The block of the failure. */
  lines: string[]
  notes: string[]
  resumed: MigrationEventMap['migration.resuming'][]
  isDone: boolean
}

async function migrate(
  db: TestDatabase,
  made: Project,
  { resume, ...options }: MigratorOptions & RunOptions = {},
  act: 'run' | 'rollback' = 'run',
): Promise<Run> {
  const events = new MigrationEventDispatcher()
  const run: Run = { lines: [], notes: [], resumed: [], isDone: false }
  events.listen('migration.failed', (failure) => void (run.lines = failureLines(failure, made.path)))
  events.listen('migration.resuming', (event) => void run.resumed.push(event))
  events.listen('migration.indexRemoved', ({ index }) => void run.notes.push(`removed ${index}`))
  events.listen('migrations.warning', ({ message }) => void run.notes.push(message))
  const migrator = new Migrator(db.connection(), { paths: [made.path], events, ...options })
  const results = await migrator[act](resume === undefined ? {} : { resume })
  run.isDone = results.every(({ success }) => success)
  return run
}

/** What refuses to begin. */
async function refused(db: TestDatabase, made: Project, options: MigratorOptions & RunOptions = {}) {
  const error = await migrate(db, made, options).then(
    () => undefined,
    (thrown: MigrationError) => thrown,
  )
  return { kind: error?.kind, message: error?.message ?? 'It ran.' }
}

async function lastAttempt(db: TestDatabase) {
  const [attempt] = await new Migrator(db.connection()).attempts({ limit: 1 })
  return attempt
}

onEveryDatabase('steps of migrations', (db) => {
  const isSteps = db.dialect === 'mysql'
  const exists = (table: string) => db.connection().schema().hasTable(table)
  const hasColumn = (table: string, column: string) => db.connection().schema().hasColumn(table, column)
  const empty = () => db.connection().schema().dropAllTables()
  const count = (table: string) => db.connection().table(table).count()
  const isRecorded = async () => (await db.connection().select('select id from migrations')).length > 0

  test('scenario 18: a foreign key to a table that is missing leaves no table behind', async () => {
    await empty()
    const made = project({
      '1_users.mjs': migration(`await context.create('users', (table) => {
        table.id()
        table.string('email').unique()
        table.bigInteger('company_id').unsigned().index()
        table.foreign('company_id').references('id').on('companies')
        table.check('id > 0')
      })
      await context.table('companies').insert({ id: 1 })`),
    })
    const { lines } = await migrate(db, made)
    expect(lines.find((line) => line.startsWith('   State: '))).toMatch(/nothing of this migration remains\.$/i)
    expect([await exists('users'), await isRecorded()]).toEqual([false, false])
    if (isSteps) expect((await lastAttempt(db))?.metadata.steps).toMatchObject({ started: 0, done: 0, hashes: [] })
    // It simply runs again.
    expect((await migrate(db, made)).lines[0]).toMatch(/^❌ Failed: 1_users - /)
  })

  test('only what the migration made is reversed: what was there before stays', async () => {
    await empty()
    await db.connection().statement('create table old (id integer primary key)')
    await db.connection().statement('insert into old (id) values (1)')
    const made = project({
      '1_a.mjs': migration(
        sends(
          'create table if not exists old (id integer primary key)',
          'create table if not exists a (id integer primary key)',
          'alter table old add column note integer',
          'create index old_note on old (note)',
          'create table a (id integer)',
        ),
        OPEN,
      ),
    })
    const { lines } = await migrate(db, made)
    expect(lines[3]).toBe(
      '   State: This migration runs without a transaction; 4 completed steps were reversed. Nothing of this migration remains.',
    )
    expect([await exists('a'), await exists('old'), await hasColumn('old', 'note'), await count('old')]).toEqual([
      false,
      true,
      false,
      1,
    ])
  })

  test('a migration without a transaction that stops half-way is refused, then resumed: each step ran once', async () => {
    await empty()
    const body = (last: string) =>
      migration(
        `const rows = []
        await context.statement('create table a (id integer primary key, n integer)')
        await context.insert('insert into a (id, n) values (?, ?)', [1, 5])
        rows.push(await context.connection.table('a').where('id', 1).increment('n'))
        rows.push((await context.select('select n from a'))[0].n)
        ${last}`,
        OPEN,
      )
    const made = project({ '1_a.mjs': body("await context.statement('insert into nowhere (id) values (1)')") })
    const { lines } = await migrate(db, made)
    const state = lines.findIndex((line) => line.startsWith('   State: '))
    expect(lines.slice(state).join('\n')).toMatch(
      /^ {3}State: PARTIAL\. This migration runs without a transaction\. Steps 1-3 of this migration are in the database:\n {5}1\. create table a .*\n {5}2\. insert into a .*\n {5}3\. update .*\n {3}Mend it, then one of:\n {5}npx guruorm migrate --resume\n {5}npx guruorm migrate:mark 1_a --applied\n {5}npx guruorm migrate:mark 1_a --pending$/,
    )
    expect(await refused(db, made)).toMatchObject({
      kind: 'partial',
      message: expect.stringMatching(/^Failed: 1_a - .*\nState: PARTIAL\. [\s\S]*\nNothing was run\.$/),
    })
    expect((await new Migrator(db.connection(), { paths: [made.path] }).status())[0]?.state).toBe('interrupted')

    // `rows`: what the update answered when it ran, and what the select answers again.
    const mended = project({
      '1_a.mjs': body("await context.insert('insert into a (id, n) values (?, ?)', [10 + rows[0], 10 * rows[1]])"),
    })
    const { lines: failure, resumed } = await migrate(db, mended, { resume: true })
    expect(failure).toEqual([])
    expect(resumed).toMatchObject([{ migration: '1_a', step: 4, verified: 3 }])
    expect(await db.connection().select('select id, n from a order by id')).toEqual([
      { id: 1, n: 6 },
      { id: 11, n: 60 },
    ])
    const [last, first] = await new Migrator(db.connection()).attempts()
    expect([first?.status, last?.status]).toEqual(['failed', 'success'])
    expect(last?.metadata).toMatchObject({ resumed_from: first?.id, steps: { started: 4, done: 4 } })
    expect(last?.metadata.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(await migrate(db, mended)).toMatchObject({ isDone: true })
  })

  test('row 9: a step that is not the one that ran before stops a resumption; nothing is executed', async () => {
    await empty()
    const first = sends('create table a (id integer primary key, n integer)', 'insert into a (id, n) values (1, 1)')
    await migrate(db, project({ '1_a.mjs': migration(`${first}\n    throw new Error('no luck')`, OPEN) }))
    for (const [body, message] of [
      [first.replace('values (1, 1)', 'values (2, 2)'), 'Statement 2 is not the one that ran before.'],
      [first.slice(0, first.indexOf('\n')), 'Statement 2 of those that ran before is not sent any more.'],
      [first.replace("context.statement(\"insert", "context.statement(\"create table b (id integer)\"); await context.statement(\"insert"), 'Statement 2 is not the one that ran before.'],
      // Even where the migration catches the error.
      [`${first.replace('values (1, 1)")', 'values (2, 2)").catch(() => {})')}\n    ${sends('create table c (id integer)')}`, 'Statement 2 is not the one that ran before.'],
    ] as const) {
      const { lines } = await migrate(db, project({ '1_a.mjs': migration(body, OPEN) }), { resume: true })
      expect(lines[0]).toBe(`❌ Failed: 1_a - ${message} Nothing was changed.`)
      expect(lines.join('\n')).toContain('   State: PARTIAL. ')
      expect(await db.connection().select('select id, n from a')).toEqual([{ id: 1, n: 1 }])
      expect([await exists('b'), await exists('c')]).toEqual([false, false])
    }
    const whole = project({ '1_a.mjs': migration(first, OPEN) })
    expect(await migrate(db, whole, { resume: true })).toMatchObject({ isDone: true, resumed: [{ step: 3, verified: 2 }] })
    expect(await count('a')).toBe(1)
  })

  test('migrate:mark and migrate:repair --failed settle what was finished or undone by hand', async () => {
    const made = project({
      '1_a.mjs': migration(`${sends('create table a (id integer primary key)', 'insert into a (id) values (1)')}
    throw new Error('no luck')`, OPEN),
    })
    const records = () => new MigrationRecords(new Migrator(db.connection(), { paths: [made.path] }))
    const leave = async () => {
      await empty()
      await migrate(db, made)
      expect((await refused(db, made)).kind).toBe('partial')
    }
    await leave()
    expect(await records().markApplied('1_a')).toMatchObject({ recorded: ['1_a'], settled: ['1_a'] })
    expect((await lastAttempt(db))?.status).toBe('success')
    expect(await migrate(db, made)).toMatchObject({ isDone: true, lines: [] })

    await leave()
    expect(await records().markPending('1_a.mjs')).toMatchObject({ forgotten: [], settled: ['1_a'] })
    await db.connection().statement('drop table a')
    expect((await migrate(db, made)).lines[0]).toMatch(/no luck/)
    expect(await records().repairFailed()).toMatchObject({ settled: ['1_a'] })
    expect((await lastAttempt(db))?.status).toBe('rolled_back')
    expect((await migrate(db, made)).lines[0]).toMatch(/already exists/)
  })

  test('a migration that catches its failures is replayed with them', async () => {
    await empty()
    const body = (last: string) => migration(`let caught = ''
      await context.statement('create table a (id integer primary key)')
      await context.statement('create table a (id integer)').catch((error) => { caught = error.message })
      await context.insert('insert into a (id) values (?)', [caught === '' ? 1 : 2])
      ${last}`, OPEN)
    const { lines } = await migrate(db, project({ '1_a.mjs': body("throw new Error('no luck')") }))
    expect(lines.join('\n')).toContain('Steps 1, 3 of this migration are in the database:')
    await db.connection().statement('drop table a')
    await db.connection().statement('create table b (id integer)')
    expect(await migrate(db, project({ '1_a.mjs': body('') }), { resume: true })).toMatchObject({ isDone: true })
    expect(await exists('a')).toBe(false)
  })

  test('row 4: when reversing fails, both errors are told and what remains', async () => {
    await empty()
    const made = project({
      '1_a.mjs': migration(`${sends('create table a (id integer primary key)', 'create table b (id integer)')}
    process.emit('guruorm-test')
    await new Promise((resolve) => setTimeout(resolve, 300))
    throw new Error('no luck')`, OPEN),
    })
    const other = new Capsule()
    other.addConnection(db.config())
    onTestFinished(() => other.disconnect())
    const spoil = new Promise((resolve) => process.once('guruorm-test' as 'exit', () => resolve(undefined))).then(() =>
      other.connection().statement('drop table a'),
    )
    const { lines } = await migrate(db, made)
    await spoil
    expect(lines[0]).toBe('❌ Failed: 1_a - no luck')
    expect(lines.join('\n')).toMatch(
      /State: PARTIAL\. This migration runs without a transaction\. Step 1 of this migration is in the database:\n {5}1\. create table a \(id integer primary key\)\n {3}It could not be undone: .*\n {5}drop table a\n/,
    )
    expect((await lastAttempt(db))?.metadata.steps).toMatchObject({ started: 1, done: 1 })
    expect(await exists('b')).toBe(false)
  })

  test('a statement whose end nobody saw is looked for in the catalogue; what it does not tell is asked', async () => {
    await empty()
    const steps = ['create table a (id integer primary key)', 'insert into a (id) values (1)']
    const made = project({ '1_a.mjs': migration(sends(...steps), OPEN) })
    // What a process leaves that is killed in the middle of the second statement, or of the first.
    const interrupt = async (started: number) => {
      const [row] = await db.connection().select('select id, metadata from migration_logs order by id desc')
      const metadata = typeof row?.metadata === 'string' ? JSON.parse(row.metadata) : row?.metadata
      const { hashes, sql, results } = metadata.steps
      metadata.steps = {
        started,
        done: started - 1,
        hashes: hashes.slice(0, started),
        sql: sql.slice(0, started),
        results: results.slice(0, started),
        last_sql: steps[started - 1],
      }
      await db.connection().update("update migration_logs set status = 'started', metadata = ? where id = ?", [
        JSON.stringify(metadata),
        row?.id,
      ])
      await db.connection().statement('delete from migrations')
    }
    await migrate(db, made)
    await interrupt(2)
    const { message } = await refused(db, made)
    expect(message).toMatch(/Step 1 of this migration is in the database:\n {2}1\. create table a .*\nNobody saw the end of step 2:\n {2}2\. insert into a .*\nMend it, then one of:\n {2}npx guruorm migrate --resume=skip\|retry\n/)
    expect((await migrate(db, made, { resume: true })).lines[0]).toMatch(
      /^❌ Failed: 1_a - Statement 2 was sent, nobody saw its end, and the database does not tell it\. Nothing was changed\./,
    )
    expect(await migrate(db, made, { resume: 'skip' })).toMatchObject({ isDone: true })
    expect(await count('a')).toBe(1)

    await db.connection().statement('delete from a')
    await interrupt(2)
    expect(await migrate(db, made, { resume: 'retry' })).toMatchObject({ isDone: true })
    expect(await count('a')).toBe(1)

    // The table is there: the first step is done.
    await interrupt(1)
    expect((await refused(db, made)).message).toMatch(/Step 1 of this migration is in the database:\n {2}1\. create table a .*\nMend it/)
    await db.connection().statement('delete from a')
    expect(await migrate(db, made, { resume: true })).toMatchObject({ isDone: true, resumed: [{ step: 2 }] })

    // It is not: nothing remains, and the migration simply runs.
    await interrupt(1)
    await db.connection().statement('drop table a')
    expect(await migrate(db, made)).toMatchObject({ isDone: true, resumed: [] })
  })
})

onDatabase('mysql', 'steps of migrations', (db) => {
  const exists = (table: string) => db.connection().schema().hasTable(table)
  const hasColumn = (table: string, column: string) => db.connection().schema().hasColumn(table, column)
  const empty = async () => {
    await db.connection().schema().dropAllTables()
    await db.connection().statement('create table users (id integer primary key, old_field integer, note varchar(20))')
  }
  const isRecorded = async () => (await db.connection().select('select id from migrations')).length > 0
  const notes = async () => (await db.connection().select('select note from users order by id')).map((row) => row.note)

  const DROPS = 'alter table users drop column old_field'
  const ADDS = 'alter table users add column new_field integer'

  test('scenario 21: a dropped column is PARTIAL; the next run is refused; resumed, the first step runs once only', async () => {
    await empty()
    const made = project({ '1_a.mjs': migration(sends(DROPS, ADDS, 'alter table nowhere add column x integer')) })
    const { lines } = await migrate(db, made)
    expect(lines.slice(1)).toEqual([
      '   statement 3 · 1146 · 1_a.mjs:6',
      '   alter table nowhere add column x integer',
      '   State: PARTIAL. MariaDB cannot roll back DDL. Steps 1-2 of this migration are in the database:',
      `     1. ${DROPS}`,
      `     2. ${ADDS}`,
      '   Mend it, then one of:',
      '     npx guruorm migrate --resume',
      '     npx guruorm migrate:mark 1_a --applied',
      '     npx guruorm migrate:mark 1_a --pending',
    ])
    const attempt = await lastAttempt(db)
    expect(attempt).toMatchObject({ status: 'failed', metadata: { mode: 'steps', steps: { started: 2, done: 2 } } })
    const refusal = await refused(db, made)
    expect(refusal.kind).toBe('partial')
    expect(refusal.message.split('\n').slice(1, -1)).toEqual(lines.slice(3).map((line) => line.slice(3)))

    const mended = project({ '1_a.mjs': migration(sends(DROPS, ADDS, 'alter table users add column x integer')) })
    // The column that a second `drop` would fail for is gone already.
    expect(await migrate(db, mended, { resume: true })).toMatchObject({
      isDone: true,
      resumed: [{ migration: '1_a', step: 3, verified: 2 }],
    })
    expect([await hasColumn('users', 'old_field'), await hasColumn('users', 'x')]).toEqual([false, true])
    expect((await lastAttempt(db))?.metadata).toMatchObject({ resumed_from: attempt?.id, steps: { done: 3 } })
  })

  test('scenario 22: with an edited first step a resumption is refused and nothing is executed', async () => {
    await empty()
    await migrate(db, project({ '1_a.mjs': migration(sends(DROPS, ADDS, 'no sql')) }))
    const edited = project({
      '1_a.mjs': migration(sends('alter table users drop column note', ADDS, 'create table c (id integer)')),
    })
    const { lines } = await migrate(db, edited, { resume: true })
    expect(lines[0]).toBe('❌ Failed: 1_a - Statement 1 is not the one that ran before. Nothing was changed.')
    expect([await hasColumn('users', 'note'), await exists('c'), await isRecorded()]).toEqual([true, false, false])
    expect((await refused(db, edited)).kind).toBe('partial')
  })

  test('scenario 23: rows since the last schema change are taken back; the journal agrees with the data', async () => {
    await empty()
    const insert = (id: number) => `insert into users (id, note) values (${id}, 'row ${id}')`
    const made = project({
      '1_a.mjs': migration(sends(insert(1), ADDS, insert(2), insert(3), 'insert into nowhere values (1)')),
    })
    const { lines } = await migrate(db, made)
    expect(await notes()).toEqual(['row 1'])
    expect(lines.slice(3, 6)).toEqual([
      '   State: PARTIAL. MariaDB cannot roll back DDL. Steps 1-2 of this migration are in the database:',
      `     1. ${insert(1)}`,
      `     2. ${ADDS}`,
    ])
    expect((await lastAttempt(db))?.metadata.steps).toMatchObject({ started: 2, done: 2, sql: [insert(1), ADDS] })
    const mended = project({ '1_a.mjs': migration(sends(insert(1), ADDS, insert(2), insert(3))) })
    expect(await migrate(db, mended, { resume: true })).toMatchObject({ isDone: true })
    expect(await notes()).toEqual(['row 1', 'row 2', 'row 3'])
  })

  test('rows alone are all or nothing, and so are those before a schema change that cannot be read', async () => {
    await empty()
    const insert = "insert into users (id, note) values (1, 'a')"
    for (const last of ['insert into nowhere values (1)', 'alter table users no such clause']) {
      const { lines } = await migrate(db, project({ '1_a.mjs': migration(sends(insert, last)) }))
      expect(lines.at(-1)).toBe('   State: rolled back; nothing of this migration remains.')
      expect(await notes()).toEqual([])
      expect((await lastAttempt(db))?.metadata.steps).toMatchObject({ started: 0, done: 0 })
    }
    // One that can be read commits before it fails.
    const { lines } = await migrate(db, project({ '1_a.mjs': migration(sends(insert, 'alter table nowhere add x int')) }))
    expect(lines.join('\n')).toContain('Step 1 of this migration is in the database')
    expect(await notes()).toEqual(['a'])
  })

  test('transactions of the migration are kept or taken back as it wishes, and the journal knows', async () => {
    await empty()
    const insert = (id: number, values = 'null') => `insert into users (id, old_field) values (${id}, ${values})`
    const body = (last: string) => migration(`
      ${sends(insert(1))}
      await context.transaction(async () => { ${sends(insert(2))} })
      await context.transaction(async () => { ${sends(insert(3))}; throw new Error('back') }).catch(() => {})
      ${sends(ADDS, insert(4))}
      ${last}`)
    const ids = async () => (await db.connection().select('select id from users order by id')).map(({ id }) => id)
    const { lines } = await migrate(db, project({ '1_a.mjs': body("throw new Error('no luck')") }))
    expect(await ids()).toEqual([1, 2])
    expect(lines.join('\n')).toContain('Steps 1-2, 4 of this migration are in the database:')
    expect(await migrate(db, project({ '1_a.mjs': body('') }), { resume: true })).toMatchObject({ isDone: true })
    expect(await ids()).toEqual([1, 2, 4])
  })

  test('bulk inserts that are cut, scripts and locked tables are steps as well', async () => {
    await empty()
    const rows = 'Array.from({ length: 40_000 }, (_, id) => ({ id, note: `n${id}` }))'
    const body = (last: string) => migration(`
      await context.table('users').insert(${rows})
      await context.unprepared("lock tables users write; update users set note = 'x' where id = 1; unlock tables; select 1")
      ${sends(ADDS)}
      ${last}`)
    const { lines } = await migrate(db, project({ '1_a.mjs': body("throw new Error('no luck')") }))
    expect(lines.join('\n')).toContain('Steps 1-3 of this migration are in the database:')
    expect(await db.connection().table('users').count()).toBe(40_000)
    expect(await migrate(db, project({ '1_a.mjs': body('') }), { resume: true })).toMatchObject({ isDone: true })
    expect(await db.connection().table('users').where('note', 'x').count()).toBe(1)
  })

  test('a rollback goes step by step as well, and is resumed', async () => {
    await empty()
    const made = (down: string) => project({ '1_a.mjs': migration(sends(ADDS), { down }) })
    const drops = 'alter table users drop column new_field'
    await migrate(db, made(''))
    const { lines } = await migrate(db, made(sends(drops, 'drop table nowhere')), {}, 'rollback')
    expect(lines.slice(3)).toEqual([
      '   State: PARTIAL. MariaDB cannot roll back DDL. Step 1 of its down() is in the database:',
      `     1. ${drops}`,
      '   Mend it, then one of:',
      '     npx guruorm migrate:rollback --resume',
      '     npx guruorm migrate:mark 1_a --applied',
      '     npx guruorm migrate:mark 1_a --pending',
    ])
    expect((await refused(db, made(''))).kind).toBe('partial')
    // It is no part of what `migrate` runs.
    expect((await refused(db, made(''), { resume: true })).message).toMatch(/Nothing was run: it is not among what would run now\.$/)
    const resumed = await migrate(db, made(sends(drops, 'drop table users')), { resume: true }, 'rollback')
    expect(resumed).toMatchObject({ isDone: true, resumed: [{ step: 2 }] })
    expect([await exists('users'), await isRecorded()]).toEqual([false, false])
    expect((await lastAttempt(db))?.status).toBe('rolled_back')
  })

  test('onPartialFailure: stop leaves creations where they are', async () => {
    await empty()
    const made = project({ '1_a.mjs': migration(sends('create table a (id integer)', 'no sql')) })
    const { lines } = await migrate(db, made, { onPartialFailure: 'stop' })
    expect(lines.join('\n')).toContain('State: PARTIAL. MariaDB cannot roll back DDL. Step 1 of this migration is in the database:')
    expect(await exists('a')).toBe(true)
    await expect(migrate(db, made, { onPartialFailure: 'undo' as 'stop' })).rejects.toThrow(
      "`onPartialFailure` must be 'reverse' or 'stop'.",
    )
  })

  test('without a log it is said once that nothing can be resumed', async () => {
    await empty()
    const made = project({
      '1_a.mjs': migration(sends('create table a (id integer)')),
      '2_b.mjs': migration(sends(DROPS, 'no sql')),
    })
    const { lines, notes: said } = await migrate(db, made, { logTable: false })
    expect(said).toEqual(['Attempts are not logged (logTable: false): a migration that fails half-way cannot be resumed'])
    expect(lines.slice(-2)).toEqual([
      '   Attempts are not logged, so it cannot be resumed: undo the steps by hand, then run again.',
      '   1 migration of this run stays applied (batch 1).',
    ])
  })

  test('an index that a foreign key brought goes with it; one that was there before stays', async () => {
    await empty()
    await db.connection().statement('create table teams (id integer primary key)')
    await db.connection().statement('alter table users add column team_id integer, add column boss_id integer')
    await db.connection().statement('create index boss on users (boss_id)')
    const key = (name: string, column: string, table: string) =>
      `alter table users add constraint ${name} foreign key (${column}) references ${table} (id)`
    const made = project({
      '1_a.mjs': migration(sends(key('team', 'team_id', 'teams'), key('boss', 'boss_id', 'users'), 'no sql')),
    })
    expect((await migrate(db, made)).lines.at(-1)).toMatch(/2 completed steps were reversed/)
    const indexes = await db.connection().select("show index from users where key_name <> 'PRIMARY'")
    expect(indexes.map((index) => index.Key_name)).toEqual(['boss'])
  })
})

onDatabase('postgres', 'steps of migrations', (db) => {
  const empty = async () => {
    await db.connection().schema().dropAllTables()
    await db.connection().statement('create table users (id integer primary key, email text)')
    await db.connection().statement("insert into users values (1, 'a'), (2, 'a')")
  }
  const index = 'create unique index concurrently users_email on users (lower(email)) where id > 0'
  const isValid = async () => {
    const [row] = await db
      .connection()
      .select("select indisvalid as valid from pg_index where indexrelid = to_regclass('users_email')")
    return row?.valid
  }

  test('scenario 28: an invalid index is told, and removed and built by the next run', async () => {
    await empty()
    const made = project({ '1_a.mjs': migration(sends(index), OPEN) })
    const { lines } = await migrate(db, made)
    expect(lines.at(-1)).toBe(
      '   State: PARTIAL: index "users_email" is INVALID and is ignored by queries; the next run removes and rebuilds it.',
    )
    expect(await isValid()).toBe(false)
    await db.connection().statement('delete from users where id = 2')
    expect(await migrate(db, made)).toMatchObject({ isDone: true, notes: ['removed users_email'] })
    expect(await isValid()).toBe(true)
  })

  test('an index that is there already counts as built; another one of its name does not', async () => {
    await empty()
    await db.connection().statement('delete from users where id = 2')
    await db.connection().statement(index)
    expect(await migrate(db, project({ '1_a.mjs': migration(sends(index), OPEN) }))).toMatchObject({ isDone: true, notes: [] })
    for (const other of [index.replace('lower(email)', 'email'), index.replace('unique ', ''), index.replace(' where id > 0', '')]) {
      const { lines } = await migrate(db, project({ '2_b.mjs': migration(sends(other), OPEN) }))
      expect(lines[0]).toMatch(/^❌ Failed: 2_b - Index "users_email" exists already and is another one \(unique USING btree \(lower\(email\)\) WHERE \(id > 0\)\)\. Rename or drop it, then run again\./)
    }
    expect(await isValid()).toBe(true)
    // It is not this migration's to be undone.
    const { lines } = await migrate(db, project({ '3_c.mjs': migration(sends(index, 'no sql'), OPEN) }))
    expect(lines.join('\n')).toContain('Nothing of this migration remains.')
    expect(await isValid()).toBe(true)
  })

  test('what the schema builder builds online is mended as well, in afterCommit() too', async () => {
    await empty()
    const online = "await context.table('users', (table) => { table.unique('email', 'users_email').online() })"
    const broken = { lines: expect.arrayContaining([expect.stringContaining('index "users_email" is INVALID')]) }
    const made = project({ '1_a.mjs': migration(online, OPEN) })
    expect(await migrate(db, made)).toMatchObject(broken)
    await db.connection().statement('delete from users where id = 2')
    expect(await migrate(db, made)).toMatchObject({ isDone: true, notes: ['removed users_email'] })
    expect(await isValid()).toBe(true)

    await empty()
    await db.connection().statement(index).catch(() => {})
    expect(await isValid()).toBe(false)
    await db.connection().statement('delete from users where id = 2')
    const after = project({ '1_a.mjs': migration(`context.afterCommit(async () => { ${sends(index)} })`) })
    expect(await migrate(db, after)).toMatchObject({ isDone: true, notes: ['removed users_email'] })
    expect(await isValid()).toBe(true)
  })
})
