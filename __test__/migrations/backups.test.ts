/** Backups of what the statements of a migration destroy. */
import { expect, test } from 'vitest'
import { Backups, Capsule } from '../../js/index'
import { onDatabase, onEveryDatabase } from '../support/databases'
import { doing, runIn, running } from './backup-run'
import { project } from './project'

/** Names that no quoting forgets. */
const TABLE = `us'er"s \`of\` [us]`
const COLUMN = `ni"ck 'n' \`q\``

const AUTOMATIC = { backup: true } as const

onEveryDatabase('backups of migrations', (db) => {
  const backups = () => new Backups(db.connection())
  const people = async (table = TABLE) => {
    const schema = db.connection().schema()
    await schema.dropIfExists(table)
    await schema.create(table, (made) => {
      made.id()
      made.string(COLUMN).nullable()
      made.integer('age').nullable()
    })
    const rows = [
      { [COLUMN]: `a'b"c\\`, age: 1 },
      { [COLUMN]: null, age: 2 },
      { [COLUMN]: '', age: 3 },
    ]
    await db.connection().table(table).insert(rows)
  }
  const rowsOf = (table: string) => db.connection().table(table).orderBy('id').get()
  const text = JSON.stringify
  const dropColumn = `await context.table(${text(TABLE)}, (t) => t.dropColumn(${text(COLUMN)}))`
  const newest = async (table = TABLE) => {
    const [backup] = await backups().list(table)
    if (backup === undefined) throw new Error(`${table} has no backup`)
    return backup
  }

  test('scenario 76: a dropped column is copied with the key; down() brings the values back; children stay', async () => {
    await people()
    const schema = db.connection().schema()
    await schema.dropIfExists('children')
    await schema.create('children', (made) => {
      made.id()
      made.foreignId('person').references('id').on(TABLE).cascadeOnDelete()
    })
    await db
      .connection()
      .table('children')
      .insert([{ person: 1 }, { person: 3 }])
    const before = await rowsOf(TABLE)
    const down = `await context.table(${text(TABLE)}, (t) => t.string(${text(COLUMN)}).nullable())
      const backup = await context.latestBackup(${text(TABLE)}, ${text(COLUMN)})
      await context.restoreFromBackup(backup)`
    const { failure, migrator } = await running(db, dropColumn, AUTOMATIC, down)
    expect(failure).toBeUndefined()
    const backup = await newest()
    expect(backup).toMatchObject({
      target: 'table',
      lost: [COLUMN],
      key: ['id'],
      rows: 2,
      migration: expect.stringMatching(/^m\d+$/),
    })
    expect(await rowsOf(backup.id)).toEqual([
      { id: 1, [COLUMN]: `a'b"c\\` },
      { id: 3, [COLUMN]: '' },
    ])
    const [attempt] = await migrator.attempts({ limit: 1 })
    expect(attempt?.metadata.backups).toEqual([{ id: backup.id, table: TABLE, rows: 2 }])
    expect(await migrator.rollback()).toMatchObject([{ method: 'down', success: true }])
    expect(await schema.hasColumn(TABLE, COLUMN)).toBe(true)
    const after = (await rowsOf(TABLE)).map((row) => ({ id: row.id, [COLUMN]: row[COLUMN], age: row.age }))
    expect(after).toEqual(before)
    expect(await db.connection().table('children').count()).toBe(2)
    await schema.drop('children')
  })

  test('a dropped or emptied table is copied whole, and made again with its keys, numbers and indexes', async () => {
    const schema = db.connection().schema()
    await people('members')
    await schema.table('members', (made) => made.index('age', 'members_age_index'))
    const before = await rowsOf('members')
    const columns = await schema.getColumns('members')
    expect((await running(db, "await context.drop('members')", AUTOMATIC)).failure).toBeUndefined()
    expect(await schema.hasTable('members')).toBe(false)
    const backup = await newest('members')
    expect(backup).toMatchObject({ lost: [], rows: 3 })

    expect(await backups().restore(backup, { dryRun: true })).toMatchObject({ rows: 3, isRecreated: true })
    expect(await schema.hasTable('members')).toBe(false)
    expect(await backups().restore(backup)).toMatchObject({ rows: 3, mode: 'table', isRecreated: true })
    expect(await rowsOf('members')).toEqual(before)
    expect(await schema.getColumns('members')).toEqual(columns)
    expect(await schema.hasIndex('members', 'members_age_index')).toBe(true)
    // The counter stands behind the highest number.
    await db.connection().table('members').insert({ age: 4 })
    expect((await rowsOf('members')).at(-1)).toMatchObject({ id: 4, age: 4 })

    await expect(backups().restore(backup)).rejects.toThrow(
      '"members" is not empty: restore with the mode missing-rows',
    )
    await db.connection().table('members').where('id', 2).delete()
    await db.connection().table('members').where('id', 1).update({ age: 99 })
    expect(await backups().restore(backup, { mode: 'missing-rows', dryRun: true })).toMatchObject({ rows: 1 })
    expect(await db.connection().table('members').count()).toBe(3)
    expect(await backups().restore(backup.id, { mode: 'missing-rows' })).toMatchObject({ rows: 1 })
    expect((await rowsOf('members')).map(({ id, age }) => [id, age])).toEqual([
      [1, 99],
      [2, 2],
      [3, 3],
      [4, 4],
    ])

    const { failure } = await running(db, "await context.connection.table('members').truncate()", AUTOMATIC)
    expect(failure).toBeUndefined()
    expect(await rowsOf('members')).toEqual([])
    expect(await newest('members')).toMatchObject({ rows: 4 })
  })

  test('a column whose type may cut values is copied, one whose type only widens is not', async () => {
    await people('typed')
    const change = (define: string) =>
      running(db, `await context.table('typed', (t) => ${define}.nullable().change())`, AUTOMATIC)
    expect((await change(`t.bigInteger('age')`)).failure).toBeUndefined()
    expect(await backups().list('typed')).toEqual([])
    if (db.dialect === 'sqlite') {
      // Every number has a text; the way back is what may lose something.
      expect((await change("t.text('age')")).failure).toBeUndefined()
      expect((await change("t.integer('age')")).failure).toBeUndefined()
    } else expect((await change(`t.string(${text(COLUMN)}, 6)`)).failure).toBeUndefined()
    const backup = await newest('typed')
    expect(backup.lost).toEqual([db.dialect === 'sqlite' ? 'age' : COLUMN])
  })

  test('a backup goes with a rollback, but on MySQL, where what it is of is gone as well', async () => {
    await people('rolled')
    const { failure } = await running(
      db,
      `await context.table('rolled', (t) => t.dropColumn('age'))
      await context.statement('nonsense')`,
      AUTOMATIC,
    )
    expect(failure?.code).not.toBe('BACKUP_FAILED')
    const isKept = db.dialect === 'mysql'
    expect(await backups().list('rolled')).toHaveLength(isKept ? 1 : 0)
    const tables = await db.connection().schema().getAllTables()
    expect(tables.filter((name) => name.startsWith('rolled_backup_'))).toHaveLength(isKept ? 1 : 0)
    expect(await db.connection().schema().hasColumn('rolled', 'age')).toBe(!isKept)
  })

  test('scenario 77: a limit that is exceeded, or a target that cannot be written, stops the migration', async () => {
    await people('events')
    const drop = "await context.drop('events')"
    const beyond = await running(db, drop, { backup: { maxRows: 2 } })
    expect(beyond.lines[0]).toMatch(
      /^❌ Failed: \S+ - backup of "events" \((at least )?3 rows(, ~\d+ .?B)?\) exceeds the limit; raise it or --no-backup$/,
    )
    expect(beyond.lines.at(-1)).toBe('   State: migration not started; nothing was changed.')
    const large = await running(db, drop, {
      backup: { target: 'file', maxBytes: 10, directory: beyond.made.file('b') },
    })
    expect(large.failure).toMatchObject({ code: 'BACKUP_FAILED' })
    expect(large.lines[0]).toContain('exceeds the limit')

    const blocked = beyond.made.write({ taken: 'a file' }).file('taken/backups')
    const unwritable = await running(db, drop, { backup: { target: 'file', directory: blocked } })
    expect(unwritable.failure).toMatchObject({ code: 'BACKUP_FAILED' })
    expect(unwritable.lines[0]).toMatch(/backup of "events" failed: (ENOTDIR|EEXIST).*; mend that or --no-backup$/)
    expect(unwritable.lines.at(-1)).toBe('   State: migration not started; nothing was changed.')
    expect(await db.connection().table('events').count()).toBe(3)
    expect(await backups().list('events')).toEqual([])
    const tables = await db.connection().schema().getAllTables()
    expect(tables.filter((name) => name.startsWith('events_backup_'))).toEqual([])
  })

  test('nothing is copied unless it is asked for, nor what is empty, or guruorm’s own', async () => {
    await people('plain')
    await running(db, "await context.table('plain', (t) => t.dropColumn('age'))")
    await running(db, "await context.connection.table('plain').delete(); await context.drop('plain')", AUTOMATIC)
    await running(db, "await context.create('bare', (t) => { t.id() }); await context.drop('bare')", AUTOMATIC)
    expect(await backups().list('plain')).toHaveLength(db.dialect === 'sqlite' ? 1 : 0)
    expect(await backups().list('bare')).toEqual([])
  })

  test('statements of a backup are not counted as the migration’s', async () => {
    await people('counted')
    const { failure } = await running(
      db,
      `await context.table('counted', (t) => t.dropColumn('age'))
      await context.statement('nonsense')`,
      AUTOMATIC,
    )
    expect(failure?.statement).toBe(2)
  })

  test('a table without a primary key is copied whole, and only a table of the same name brings it back', async () => {
    const schema = db.connection().schema()
    await schema.dropIfExists('keyless')
    await schema.create('keyless', (made) => {
      made.string('a').nullable()
      made.string('b')
    })
    await db
      .connection()
      .table('keyless')
      .insert([
        { a: 'x', b: 'y' },
        { a: null, b: 'z' },
      ])
    await running(db, "await context.table('keyless', (t) => t.dropColumn('a'))", AUTOMATIC)
    const backup = await newest('keyless')
    expect(backup).toMatchObject({ lost: [], key: [], rows: 2 })
    await expect(backups().restore(backup, { mode: 'missing-rows' })).rejects.toThrow('no primary key')
    await expect(backups().restore(backup)).rejects.toThrow('has no column "a"')
    await schema.drop('keyless')
    await backups().restore(backup)
    expect(await db.connection().table('keyless').orderBy('b').get()).toEqual([
      { a: 'x', b: 'y' },
      { a: null, b: 'z' },
    ])
  })

  test('a failure while rows are brought back leaves everything as it was', async () => {
    await people('parents')
    const schema = db.connection().schema()
    await schema.dropIfExists('kids')
    await schema.create('kids', (made) => {
      made.id()
      made.foreignId('parent').references('id').on('parents')
    })
    await db
      .connection()
      .table('kids')
      .insert([{ parent: 1 }, { parent: 2 }])
    const backup = await backups().take('kids')
    if (backup === null) throw new Error('no backup')
    await schema.drop('kids')
    await db.connection().table('parents').where('id', 2).delete()
    await expect(backups().restore(backup)).rejects.toMatchObject({ name: expect.stringMatching(/ForeignKey|Query/) })
    expect(await schema.hasTable('kids')).toBe(false)
    expect(await schema.hasTable('parents')).toBe(true)
  })

  test('pruning keeps the newest of a table in any case', async () => {
    await people('pruned')
    for (let times = 0; times < 4; times += 1) await backups().take('pruned', 'age')
    const ids = (await backups().list('pruned')).map(({ id }) => id)
    const kept = async () => (await backups().list('pruned')).map(({ id }) => id)
    const gone = await new Backups(db.connection(), { keep: 2 }).prune()
    expect(gone.filter(({ table }) => table.name === 'pruned').map(({ id }) => id)).toEqual(ids.slice(2))
    expect(await kept()).toEqual(ids.slice(0, 2))
    await new Backups(db.connection(), { keep: 0, keepDays: 0 }).prune()
    expect(await kept()).toEqual(ids.slice(0, 1))
    const tables = await db.connection().schema().getAllTables()
    expect(tables.filter((name) => name.startsWith('pruned_backup_'))).toEqual(ids.slice(0, 1))
    await backups().remove(ids[0] ?? '')
    expect(await kept()).toEqual([])
    await expect(backups().restore('nothing')).rejects.toThrow('There is no backup "nothing"')
  })

  test('a long name is cut to what the database takes', async () => {
    const long = 'n'.repeat(60)
    await people(long)
    const backup = await backups().take(long)
    expect(backup?.id).toMatch(/_backup_\d{8}T\d{9}$/)
    expect(
      await db
        .connection()
        .schema()
        .hasTable(backup?.id ?? ''),
    ).toBe(true)
    await db.connection().schema().drop(long)
    expect(await backups().restore(backup?.id ?? '')).toMatchObject({ rows: 3 })
  })

  test('several columns that one statement drops are one backup', async () => {
    await people('several')
    const q = db.dialect === 'mysql' ? '`' : '"'
    const name = `${q}${db.dialect === 'mysql' ? COLUMN.replaceAll('`', '``') : COLUMN.replaceAll('"', '""')}${q}`
    const sql =
      db.dialect === 'sqlite'
        ? [`alter table several drop ${name}`]
        : [`alter table several drop column age, drop ${name}`]
    await running(db, sql.map((one) => `await context.statement(${text(one)})`).join('\n'), AUTOMATIC)
    const [backup, ...others] = await backups().list('several')
    expect(others).toEqual([])
    expect(backup?.lost).toEqual(db.dialect === 'sqlite' ? [COLUMN] : [COLUMN, 'age'])
    expect(backup?.rows).toBe(db.dialect === 'sqlite' ? 2 : 3)
  })

  test('what no backup can hold is refused', async () => {
    if (db.dialect === 'sqlite') return
    const { failure } = await running(db, "await context.statement('drop schema if exists nowhere_at_all')", AUTOMATIC)
    expect(failure).toMatchObject({ code: 'BACKUP_FAILED' })
    expect(failure?.message).toContain('run with --no-backup')
  })

  test('options that cannot work are refused', () => {
    for (const options of [{ target: 'cloud' }, { maxRows: -1 }, { keep: 1.5 }, { folder: 'x' }, { directory: '' }]) {
      expect(() => new Backups(db.connection(), options as never)).toThrow(/`backup/)
    }
  })
})

onDatabase('postgres', 'backups of migrations', (db) => {
  const backups = () => new Backups(db.connection())

  test('truncate … cascade copies the tables that it takes along', async () => {
    const run = (sql: string) => db.connection().unprepared(sql)
    await run(`drop schema if exists "o.t" cascade; create schema "o.t"; drop table if exists a_parent cascade;
      create table a_parent (id int primary key); create table "o.t"."ch.ild" (id int primary key, p int references a_parent);
      insert into a_parent values (1); insert into "o.t"."ch.ild" values (7, 1)`)
    const { failure } = await running(db, "await context.statement('truncate a_parent cascade')", AUTOMATIC)
    expect(failure).toBeUndefined()
    const found = (await backups().list()).filter(({ table }) => ['a_parent', 'ch.ild'].includes(table.name))
    expect(found.map(({ table, rows }) => [table.schema, table.name, rows]).sort()).toEqual([
      ['o.t', 'ch.ild', 1],
      ['public', 'a_parent', 1],
    ])
    for (const name of ['a_parent', 'ch.ild']) {
      const backup = found.find(({ table }) => table.name === name)
      if (backup !== undefined) expect(await backups().restore(backup)).toMatchObject({ rows: 1 })
    }
    expect(await db.connection().select('select * from "o.t"."ch.ild"')).toEqual([{ id: 7, p: 1 }])
    await run('drop schema "o.t" cascade; drop table a_parent cascade')
  })

  test('outside of a transaction a backup is one of its own', async () => {
    await db.connection().unprepared('drop table if exists loose; create table loose (id int primary key, a int)')
    await db.connection().unprepared('insert into loose values (1, 2)')
    const body = "await context.statement('alter table loose drop a'); await context.statement('nonsense')"
    const made = project({ 'loose.mjs': doing(body).replace('{', '{\n  withinTransaction = false') })
    const { failure } = await runIn(db, made, AUTOMATIC)
    expect(failure?.sql).toBe('nonsense')
    const [backup] = await backups().list('loose')
    expect(await db.connection().select(`select * from "${backup?.id}"`)).toEqual([{ id: 1, a: 2 }])
  })

  test('others cannot write to a table from its copy on, and can read it', async () => {
    await db.connection().unprepared('drop table if exists held; create table held (id int primary key)')
    await db.connection().unprepared('insert into held values (1)')
    const others = new Capsule()
    others.addConnection(db.config())
    const attempt = (sql: string) =>
      others.connection().transaction(async (other) => {
        await other.statement("set local lock_timeout = '200ms'")
        return other.select(sql)
      })
    const answers: unknown[] = []
    const told = globalThis as { ofOthers?: () => Promise<void> }
    told.ofOthers = async () => {
      answers.push(await attempt('select id from held'))
      answers.push(await attempt('insert into held values (2)').catch((error) => error.code))
    }
    const { failure } = await running(db, "await context.backup('held'); await globalThis.ofOthers()")
    delete told.ofOthers
    await others.disconnect()
    expect(failure).toBeUndefined()
    expect(answers).toEqual([[{ id: 1 }], 'LOCK_TIMEOUT'])
  })
})
