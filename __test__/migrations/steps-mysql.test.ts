/** Databases that commit at every schema change: what lies between two of them is one transaction. */
import { expect, onTestFinished, test } from 'vitest'
import { Capsule } from '../../js/index'
import { until } from '../cli/processes'
import { onDatabase, type TestDatabase } from '../support/databases'
import { project } from './project'
import { lastAttempt, migrate, migration, refused, sends } from './stepped'

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
    const { lines } = await migrate(
      db,
      project({ '1_a.mjs': migration(sends(insert, 'alter table nowhere add x int')) }),
    )
    expect(lines.join('\n')).toContain('Step 1 of this migration is in the database')
    expect(await notes()).toEqual(['a'])
  })

  test('transactions of the migration are kept or taken back as it wishes, and the journal knows', async () => {
    await empty()
    const insert = (id: number, values = 'null') => `insert into users (id, old_field) values (${id}, ${values})`
    const body = (last: string) =>
      migration(`
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

  test('a deadlock that the migration catches takes its rows since the last schema change, and the journal knows', async () => {
    await empty()
    await db
      .connection()
      .table('users')
      .insert([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }])
    const other = new Capsule()
    other.addConnection(db.config())
    onTestFinished(() => other.disconnect())
    let ends: Promise<unknown> = Promise.resolve()
    // The other one has changed more rows, so that the server ends the migration's transaction.
    const meet = async () => {
      ends = other.connection().transaction(async (transaction) => {
        await transaction.statement("update users set note = 'o' where id > 1")
        await transaction.statement("update users set note = 'o' where id = 1")
      })
      await until(async () => {
        // The server looks at its transactions anew when nobody has asked for a tenth of a second.
        await new Promise((resolve) => setTimeout(resolve, 150))
        const waiting = await other
          .connection()
          .select(
            "select trx_id from information_schema.innodb_trx join information_schema.processlist on id = trx_mysql_thread_id where db = database() and trx_state = 'LOCK WAIT'",
          )
        return waiting.length > 0
      })
    }
    Object.assign(globalThis, { guruormMeet: meet })
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'guruormMeet'))
    const made = project({
      '1_a.mjs': migration(`${sends("update users set note = 'm' where id = 1")}
    await globalThis.guruormMeet()
    await context.statement("update users set note = 'm' where id = 2").catch((error) => console.assert(error.code === 'DEADLOCK'))
    ${sends('insert into users (id) values (11)')}`),
    })
    const { lines } = await migrate(db, made)
    await ends
    expect(lines).toEqual([])
    expect(await notes()).toEqual(['o', 'o', 'o', 'o', null])
    const results = (await lastAttempt(db))?.metadata.steps?.results
    expect(results).toMatchObject([{ undone: true }, { failed: { code: 'DEADLOCK' } }, { affected: 1 }])
  })

  test('bulk inserts that are cut, scripts and locked tables are steps as well', async () => {
    await empty()
    const rows = 'Array.from({ length: 40_000 }, (_, id) => ({ id, note: String(id) }))'
    const body = (last: string) =>
      migration(`
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
    expect((await refused(db, made(''), { resume: true })).message).toMatch(
      /Nothing was run: it is not among what would run now\.$/,
    )
    const resumed = await migrate(db, made(sends(drops, 'drop table users')), { resume: true }, 'rollback')
    expect(resumed).toMatchObject({ isDone: true, resumed: [{ step: 2 }] })
    expect([await exists('users'), await isRecorded()]).toEqual([false, false])
    expect((await lastAttempt(db))?.status).toBe('rolled_back')
  })

  test('tables that the migration locked are given back, and their rows are in doubt meanwhile', async () => {
    await empty()
    const insert = "insert into users (id, note) values (1, 'a')"
    const made = project({
      '1_a.mjs': migration(`${sends(ADDS, 'lock tables users write', insert)}
    throw new Error('no luck')`),
    })
    const { lines } = await migrate(db, made)
    expect(lines.join('\n')).toContain('Steps 1-2 of this migration are in the database:')
    expect((await lastAttempt(db))?.metadata.steps).toMatchObject({ started: 2, done: 2 })
    expect(await migrate(db, project({ '1_a.mjs': migration(sends(ADDS, insert)) }), { resume: true })).toMatchObject({
      isDone: true,
    })
    expect(await notes()).toEqual(['a'])
  })

  test('a journal on another database knows the steps as well', async () => {
    await empty()
    const capsule = new Capsule()
    capsule.addConnection({ driver: 'sqlite', database: ':memory:' })
    onTestFinished(() => capsule.disconnect())
    const options = { resolveConnection: () => db.connection() }
    const body = (last: string) =>
      project({
        '1_a.mjs': migration(`${sends(DROPS, 'insert into users (id) values (1)')}\n    ${last}`, {
          fields: "connection = 'away'",
        }),
      })
    const journal = { ...db, connection: () => capsule.connection() } as TestDatabase
    const { lines } = await migrate(journal, body("throw new Error('no luck')"), options)
    expect(lines.join('\n')).toContain('State: PARTIAL. MariaDB cannot roll back DDL. Steps 1-2 of this migration')
    expect((await refused(journal, body(''), options)).kind).toBe('partial')
    expect(await migrate(journal, body(''), { ...options, resume: true })).toMatchObject({ isDone: true })
    expect(await db.connection().table('users').count()).toBe(1)
  })

  test('onPartialFailure: stop leaves creations where they are', async () => {
    await empty()
    const made = project({ '1_a.mjs': migration(sends('create table a (id integer)', 'no sql')) })
    const { lines } = await migrate(db, made, { onPartialFailure: 'stop' })
    expect(lines.join('\n')).toContain(
      'State: PARTIAL. MariaDB cannot roll back DDL. Step 1 of this migration is in the database:',
    )
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
    expect(said).toEqual([
      'Attempts are not logged (logTable: false): a migration that fails half-way cannot be resumed',
    ])
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
