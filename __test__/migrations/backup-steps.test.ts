/** Backups beside what else is kept of a migration: its steps, its lint, the transaction that it shares. */
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Backups } from '../../js/index'
import { MigrationEventDispatcher } from '../../js/migrations/events'
import { Migrator } from '../../js/migrations/migrator'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { doing, running } from './backup-run'
import { type Project, project } from './project'
import { lastAttempt, migrate, migration, OPEN, sends } from './stepped'

const AUTOMATIC = { backup: true } as const

async function people(db: TestDatabase): Promise<void> {
  const schema = db.connection().schema()
  await schema.dropAllTables()
  await schema.create('people', (table) => {
    table.id()
    table.string('name').nullable()
  })
  await db
    .connection()
    .table('people')
    .insert([{ name: 'a' }, { name: 'b' }])
}

const idsOf = async (db: TestDatabase) =>
  (await db.connection().table('people').orderBy('id').get()).map(({ id }) => id)
const insert = (id: number) => `insert into people (id, name) values (${id}, 'new')`
const backupsOf = (db: TestDatabase) => new Backups(db.connection()).list('people')

onEveryDatabase('backups and steps', (db) => {
  test('statements of a backup are no steps, and a resumption makes no second backup', async () => {
    await people(db)
    const added = 'alter table people add column age integer'
    const dropped = 'alter table people drop column name'
    const made = project({ '1_a.mjs': migration(sends(added, dropped, 'no sql'), OPEN) })
    const { lines } = await migrate(db, made, AUTOMATIC)
    expect(lines.slice(4, 6)).toEqual([`     1. ${added}`, `     2. ${dropped}`])
    expect((await lastAttempt(db))?.metadata).toMatchObject({
      steps: { started: 2, done: 2, sql: [added, dropped] },
      backups: [{ table: 'people', rows: 2 }],
    })
    // Were it told of again, this would be a backup of its own.
    await db.connection().statement("alter table people add column name varchar(9) default 'late'")
    const mended = project({ '1_a.mjs': migration(sends(added, dropped), OPEN) })
    expect(await migrate(db, mended, { ...AUTOMATIC, resume: true })).toMatchObject({ isDone: true })
    expect(await backupsOf(db)).toMatchObject([{ lost: ['name'], rows: 2 }])
  })

  test('a backup that fails is no step either: the migration goes on without its statement', async () => {
    await people(db)
    const body = `await context.statement(${JSON.stringify(insert(3))})
    await context.statement('alter table people drop column name').catch(() => {})
    await context.statement(${JSON.stringify(insert(4))})
    await context.statement('no sql')`
    await migrate(db, project({ '1_a.mjs': migration(body, OPEN) }), { backup: { maxRows: 1 } })
    expect((await lastAttempt(db))?.metadata.steps).toMatchObject({ done: 2, sql: [insert(3), insert(4)] })
    expect(await db.connection().schema().hasColumn('people', 'name')).toBe(true)
  })

  test('statements of a backup are not linted', async () => {
    await people(db)
    const events = new MigrationEventDispatcher()
    const told: string[] = []
    events.listen('migration.lint', ({ finding }) => void told.push(finding.rule))
    const made = project({ '1_a.mjs': doing("await context.statement('alter table people drop column name')") })
    const migrator = new Migrator(db.connection(), { paths: [made.path], events, ...AUTOMATIC })
    expect(await migrator.run()).toMatchObject([{ success: true, sent: 1 }])
    expect(told).toEqual(['drop-column'])
    expect(await backupsOf(db)).toHaveLength(1)
  })

  test('what lint refuses is not backed up', async () => {
    await people(db)
    const lint = { rules: { 'drop-column': 'error' } } as const
    const drop = "await context.statement('alter table people drop column name')"
    const { failure } = await running(db, drop, { ...AUTOMATIC, lint })
    expect(failure?.code).toBe('LINT')
    expect(await backupsOf(db)).toEqual([])
    expect(await db.connection().schema().getAllTables()).not.toContainEqual(expect.stringContaining('_backup_'))
  })

  test('a pretended migration backs nothing up', async () => {
    await people(db)
    const drop = `await context.backup('people')
      await context.statement('alter table people drop column name')`
    const made = project({ '1_a.mjs': doing(drop) })
    const migrator = new Migrator(db.connection(), { paths: [made.path], ...AUTOMATIC })
    for (const pretend of [true, 'script'] as const) {
      const [result] = await migrator.run({ pretend })
      expect(result?.statements?.map(({ sql }) => sql)).toEqual(['alter table people drop column name'])
    }
    expect(await db.connection().schema().getAllTables()).toEqual(['people'])
  })

  test('what waits for the commit is backed up before it is sent', async () => {
    await people(db)
    const { failure, migrator } = await running(db, "context.afterCommit(() => context.drop('people'))", AUTOMATIC)
    expect(failure).toBeUndefined()
    expect(await backupsOf(db)).toMatchObject([{ lost: [], rows: 2 }])
    const [attempt] = await migrator.attempts({ limit: 1 })
    expect(attempt?.metadata.backups).toMatchObject([{ table: 'people', rows: 2 }])
  })
})

onDatabase('mysql', 'backups and steps', (db) => {
  /** A backup between two rows, and what comes after them. */
  const between = (...last: string[]) =>
    project({
      '1_a.mjs': migration(`${sends(insert(3))}
    await context.backup('people')
    ${sends(insert(4), ...last)}`),
    })

  test('what came before a backup that commits is a step that remains, whether steps are logged or not', async () => {
    for (const options of [{}, { logTable: false }] as const) {
      await people(db)
      const { lines } = await migrate(db, between('no sql'), options)
      expect(await idsOf(db)).toEqual([1, 2, 3])
      expect(lines.slice(3, 5)).toEqual([
        '   State: PARTIAL. MariaDB cannot roll back DDL. Step 1 of this migration is in the database:',
        `     1. ${insert(3)}`,
      ])
    }
  })

  test('resumed, what a backup committed is not sent again', async () => {
    await people(db)
    await migrate(db, between('no sql'))
    expect(await migrate(db, between(), { resume: true })).toMatchObject({
      isDone: true,
      resumed: [{ step: 2, verified: 1 }],
    })
    expect(await idsOf(db)).toEqual([1, 2, 3, 4])
    expect((await lastAttempt(db))?.metadata).toMatchObject({ backups: [{ rows: 3 }], steps: { done: 2 } })
  })

  test('a backup in a file, or one that fails, commits nothing: a failure takes back what came before it', async () => {
    const directory = project().path
    for (const more of [{ target: 'file', directory }, { maxRows: 1 }] as const) {
      await people(db)
      const made = project({
        '1_a.mjs': migration(`${sends(insert(3))}
    await context.backup('people').catch(() => {})
    ${sends(insert(4), 'no sql')}`),
      })
      const { lines } = await migrate(db, made, { backup: more })
      expect(lines.at(-1)).toBe('   State: rolled back; nothing of this migration remains.')
      expect(await idsOf(db)).toEqual([1, 2])
    }
    expect(readdirSync(directory)).toHaveLength(2)
  })
})

onEveryDatabase('backups of migrations that share a transaction', (db) => {
  const isAtomic = db.dialect !== 'mysql'
  const inFiles = (made: Project) => ({ backup: { target: 'file', directory: made.file('backups') } }) as const
  const filesOf = (made: Project) => readdirSync(made.file('backups')).filter((name) => name.endsWith('.gz'))
  const drop = "await context.statement('alter table people drop column name')"

  test.runIf(isAtomic)('files of backups go when all of them are rolled back', async () => {
    await people(db)
    const made = project({ '1_a.mjs': doing(drop), '2_b.mjs': doing("await context.statement('no sql')") })
    const migrator = new Migrator(db.connection(), { paths: [made.path], ...inFiles(made) })
    expect(await migrator.run({ singleTransaction: true })).toMatchObject([{ success: false }, { success: false }])
    expect(filesOf(made)).toEqual([])
  })

  test.runIf(isAtomic)('a rehearsal leaves no backup', async () => {
    await people(db)
    const made = project({ '1_a.mjs': doing(drop) })
    await new Migrator(db.connection(), { paths: [made.path], ...inFiles(made) }).rehearse()
    expect(filesOf(made)).toEqual([])
    await new Migrator(db.connection(), { paths: [made.path], ...AUTOMATIC }).rehearse()
    expect(await backupsOf(db)).toEqual([])
  })

  test.runIf(isAtomic)('they are logged with the migration that they are of', async () => {
    await people(db)
    const made = project({ '1_a.mjs': doing(drop), '2_b.mjs': doing('') })
    const migrator = new Migrator(db.connection(), { paths: [made.path], ...inFiles(made) })
    expect(await migrator.run({ singleTransaction: true })).toMatchObject([{ success: true }, { success: true }])
    expect(filesOf(made)).toHaveLength(1)
    const attempts = await migrator.attempts({ limit: 2 })
    const logged = attempts.map(({ name, metadata }) => [name, metadata.backups?.length ?? 0])
    expect(logged.sort()).toEqual([
      ['1_a', 1],
      ['2_b', 0],
    ])
  })

  test('what a guard notes is told', async () => {
    await people(db)
    const body = "await context.backups.note('people are here')"
    const events = new MigrationEventDispatcher()
    const notes: string[] = []
    events.listen('migration.note', ({ message }) => void notes.push(message))
    const made = project({ '1_a.mjs': doing(body) })
    await new Migrator(db.connection(), { paths: [made.path], events }).run({ singleTransaction: isAtomic })
    expect(notes).toEqual(['people are here'])
  })
})
