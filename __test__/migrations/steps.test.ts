/** Migrations that no transaction takes back: what is written, what is undone, how they are resumed. */
import { expect, onTestFinished, test } from 'vitest'
import { Capsule } from '../../js/index'
import { Migrator } from '../../js/migrations/migrator'
import { MigrationRecords } from '../../js/migrations/records'
import { onEveryDatabase } from '../support/databases'
import { project } from './project'
import { lastAttempt, migrate, migration, OPEN, refused, sends } from './stepped'

onEveryDatabase('steps of migrations', (db) => {
  const isSteps = db.dialect === 'mysql'
  const exists = (table: string) => db.connection().schema().hasTable(table)
  const hasColumn = (table: string, column: string) => db.connection().schema().hasColumn(table, column)
  const empty = () => db.connection().schema().dropAllTables()
  const count = (table: string) => db.connection().table(table).count()
  const isRecorded = async () => (await db.connection().select('select id from migrations')).length > 0

  test.each([{}, OPEN])('scenario 18: a foreign key to a missing table leaves no table behind, %o', async (fields) => {
    await empty()
    const made = project({
      '1_users.mjs': migration(
        `await context.create('users', (table) => {
        table.id()
        table.string('email').unique()
        table.bigInteger('company_id').unsigned().index()
        table.foreign('company_id').references('id').on('companies')
        table.check('id > 0')
      })
      await context.table('companies').insert({ id: 1 })`,
        fields,
      ),
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
      [
        first.replace(
          'context.statement("insert',
          'context.statement("create table b (id integer)"); await context.statement("insert',
        ),
        'Statement 2 is not the one that ran before.',
      ],
      // Even where the migration catches the error.
      [
        `${first.replace('values (1, 1)")', 'values (2, 2)").catch(() => {})')}\n    ${sends('create table c (id integer)')}`,
        'Statement 2 is not the one that ran before.',
      ],
    ] as const) {
      const { lines } = await migrate(db, project({ '1_a.mjs': migration(body, OPEN) }), { resume: true })
      expect(lines[0]).toBe(`❌ Failed: 1_a - ${message} Nothing was changed.`)
      expect(lines.join('\n')).toContain('   State: PARTIAL. ')
      expect(await db.connection().select('select id, n from a')).toEqual([{ id: 1, n: 1 }])
      expect([await exists('b'), await exists('c')]).toEqual([false, false])
    }
    if (!isSteps) {
      // In a transaction the first steps could not be left out.
      const { kind } = await refused(db, project({ '1_a.mjs': migration(first) }), { resume: true })
      expect(kind).toBe('partial')
    }
    const whole = project({ '1_a.mjs': migration(first, OPEN) })
    expect(await migrate(db, whole, { resume: true })).toMatchObject({
      isDone: true,
      resumed: [{ step: 3, verified: 2 }],
    })
    expect(await count('a')).toBe(1)
  })

  test('migrate:mark and migrate:repair --failed settle what was finished or undone by hand', async () => {
    const made = project({
      '1_a.mjs': migration(
        `${sends('create table a (id integer primary key)', 'insert into a (id) values (1)')}
    throw new Error('no luck')`,
        OPEN,
      ),
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
    const body = (last: string) =>
      migration(
        `let caught = ''
      await context.statement('create table a (id integer primary key)')
      await context.statement('create table a (id integer)').catch((error) => { caught = error.message })
      await context.insert('insert into a (id) values (?)', [caught === '' ? 1 : 2])
      ${last}`,
        OPEN,
      )
    const { lines } = await migrate(db, project({ '1_a.mjs': body("throw new Error('no luck')") }))
    expect(lines.join('\n')).toContain('Steps 1, 3 of this migration are in the database:')
    await db.connection().statement('drop table a')
    await db.connection().statement('create table b (id integer)')
    expect(await migrate(db, project({ '1_a.mjs': body('') }), { resume: true })).toMatchObject({ isDone: true })
    expect(await exists('a')).toBe(false)
  })

  test('what a migration rolls back itself is neither undone nor told as remaining', async () => {
    await empty()
    const made = project({
      '1_a.mjs': migration(
        `${sends('create table a (id integer primary key)')}
    await context.transaction(async () => {
      ${sends(isSteps ? 'insert into a (id) values (1)' : 'create table b (id integer primary key)')}
      throw new Error('back')
    }).catch(() => {})
    throw new Error('no luck')`,
        OPEN,
      ),
    })
    expect((await migrate(db, made, { onPartialFailure: 'stop' })).lines.join('\n')).toContain(
      'Step 1 of this migration is in the database:',
    )
    await empty()
    expect((await migrate(db, made)).lines.at(-1)).toMatch(/1 completed step was reversed\. Nothing of this migration/)
    expect(await exists('a')).toBe(false)
  })

  test('of very many steps the first are told, and all are known', async () => {
    await empty()
    const many = (last: string) =>
      migration(
        `await context.statement('create table a (id integer primary key)')
      for (let id = 1; id < 300; id += 1) await context.insert('insert into a (id) values (?)', [id])
      ${last}`,
        OPEN,
      )
    const { lines } = await migrate(db, project({ '1_a.mjs': many("throw new Error('no luck')") }))
    expect(lines.join('\n')).toMatch(
      /Steps 1-300 of .*\n {5}1\. create .*\n( {5}\d+\. insert .*\n){19} {5}… and 280 more\n/,
    )
    const resumed = await migrate(db, project({ '1_a.mjs': many('') }), { resume: true })
    expect(resumed).toMatchObject({ isDone: true, resumed: [{ verified: 300 }] })
    expect(await count('a')).toBe(299)
  })

  test('row 4: when reversing fails, both errors are told and what remains', async () => {
    await empty()
    const made = project({
      '1_a.mjs': migration(
        `${sends('create table a (id integer primary key)', 'create table b (id integer)')}
    process.emit('guruorm-test')
    await new Promise((resolve) => setTimeout(resolve, 300))
    throw new Error('no luck')`,
        OPEN,
      ),
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
      await db
        .connection()
        .update("update migration_logs set status = 'started', metadata = ? where id = ?", [
          JSON.stringify(metadata),
          row?.id,
        ])
      await db.connection().statement('delete from migrations')
    }
    await migrate(db, made)
    await interrupt(2)
    const { message } = await refused(db, made)
    expect(message).toMatch(
      /Step 1 of this migration is in the database:\n {2}1\. create table a .*\nNobody saw the end of step 2:\n {2}2\. insert into a .*\nMend it, then one of:\n {2}npx guruorm migrate --resume=skip\|retry\n/,
    )
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
    expect((await refused(db, made)).message).toMatch(
      /Step 1 of this migration is in the database:\n {2}1\. create table a .*\nMend it/,
    )
    await db.connection().statement('delete from a')
    expect(await migrate(db, made, { resume: true })).toMatchObject({ isDone: true, resumed: [{ step: 2 }] })

    // It is not: nothing remains, and the migration simply runs.
    await interrupt(1)
    await db.connection().statement('drop table a')
    expect(await migrate(db, made)).toMatchObject({ isDone: true, resumed: [] })
  })
})
