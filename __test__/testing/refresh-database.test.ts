import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createRefreshDatabase,
  DB,
  MigrationEventDispatcher,
  Migrator,
  RefreshDatabase,
  type RefreshOptions,
  Schema,
} from '../../js/index'
import { Meta } from '../../js/migrations/meta'
import { markAsProduction } from '../../js/migrations/production-mark'
import { type Project, project } from '../migrations/project'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'

const CREATES = `export default class {
  async up(context) { await context.statement('create table notes (id integer primary key, body varchar(50))') }
  async down(context) { await context.statement('drop table notes') }
}`
/** In SQL, which is read again and again: Node imports a file once, whatever becomes of it. */
const creates = (table: string) => `create table ${table} (id integer primary key)`

/** Builds databases as test files do, one after the other, and counts how often. */
class Files {
  builds = 0
  readonly made: Project = project({ 'm/1_notes.mjs': CREATES })
  readonly open: RefreshDatabase[] = []
  private readonly db: TestDatabase

  constructor(db: TestDatabase) {
    this.db = db
  }

  /** What another test file has. */
  next(options: RefreshOptions = {}): RefreshDatabase {
    const events = new MigrationEventDispatcher()
    events.listen('migrations.wiped', () => void this.builds++)
    const connection = this.db.connection()
    const migrator = new Migrator(connection, { paths: [this.made.file('m')], events })
    const database = createRefreshDatabase(connection, migrator, { seeders: this.made.file('s'), ...options })
    this.open.push(database)
    return database
  }
}

onEveryDatabase('RefreshDatabase', (db) => {
  let files: Files
  const ids = async () => (await DB.table('notes').orderBy('id').get()).map(({ id }) => id)

  beforeEach(async () => {
    await db.connection().schema().dropAllTables()
    files = new Files(db)
  })
  afterEach(async () => {
    for (const database of files.open) await database.rollbackDatabaseTransaction().catch(() => {})
  })

  test('gives each test the database as migrations made it', async () => {
    const database = files.next()
    for (let count = 0; count < 3; count++) {
      await database.refreshDatabase()
      expect(await ids()).toEqual([])
      await DB.table('notes').insert({ id: 1, body: 'a' })
      await database.rollbackDatabaseTransaction()
    }
    expect(files.builds).toBe(1)
  })

  test('keeps the database for the next file and the next process', async () => {
    await files.next().refreshTestDatabase()
    await files.next().refreshTestDatabase()
    expect(files.builds).toBe(1)
  })

  test('builds it again when a migration is new or edited, or when told to', async () => {
    await files.next().refreshTestDatabase()
    files.made.write({ 'm/2_more.sql': creates('more') })
    await files.next().refreshTestDatabase()
    expect(files.builds).toBe(2)
    expect(await Schema.hasTable('more')).toBe(true)
    files.made.write({ 'm/2_more.sql': creates('others') })
    await files.next().refreshTestDatabase()
    expect(files.builds).toBe(3)
    expect(await Schema.hasTable('more')).toBe(false)
    await files.next({ fresh: true }).refreshTestDatabase()
    expect(files.builds).toBe(4)
  })

  test('fills it with seeders, and again when they are edited', async () => {
    const seeder = (id: number) => `export default class DatabaseSeeder {
      async run() { await process.guruormTestOfRefresh(${id}) } }`
    Object.assign(process, { guruormTestOfRefresh: (id: number) => DB.table('notes').insert({ id, body: 'seeded' }) })
    files.made.write({ 's/DatabaseSeeder.mjs': seeder(1) })
    const options = { seed: true }
    await files.next(options).refreshTestDatabase()
    await files.next(options).refreshTestDatabase()
    expect([files.builds, await ids()]).toEqual([1, [1]])
    files.made.write({ 's/OtherSeeder.mjs': seeder(2).replace('DatabaseSeeder', 'OtherSeeder') })
    await files.next({ seed: 'OtherSeeder' }).refreshTestDatabase()
    expect([files.builds, await ids()]).toEqual([2, [2]])
    await files.next({ seed: (on) => on.table('notes').insert({ id: 3, body: 'by hand' }) }).refreshTestDatabase()
    expect([files.builds, await ids()]).toEqual([3, [3]])
  })

  test('builds it once for workers that share it', async () => {
    const all = [files.next(), files.next(), files.next()]
    await Promise.all(all.map((database) => database.refreshTestDatabase()))
    expect(files.builds).toBe(1)
  })

  test('stops at a migration that fails, and tries again the next time', async () => {
    files.made.write({ 'm/2_wrong.sql': 'insert into nowhere values (1)' })
    await expect(files.next().refreshDatabase()).rejects.toThrow('2_wrong failed, so there is no database to test with')
    files.made.write({ 'm/2_wrong.sql': creates('mended') })
    await files.next().refreshDatabase()
    expect(files.builds).toBe(2)
  })

  test('leaves a database alone that is marked as production', async () => {
    await db.connection().statement('create table customers (id integer)')
    await markAsProduction(db.connection())
    const database = files.next()
    await expect(database.refreshDatabase()).rejects.toThrow('This database is marked "production"')
    await expect(database.resetDatabase()).rejects.toThrow('It is no database for tests')
    expect(await Schema.hasTable('customers')).toBe(true)
    expect(files.builds).toBe(0)
  })

  test('leaves every database alone in production', async () => {
    const environment = process.env.NODE_ENV
    process.env.NODE_ENV = 'production'
    try {
      await expect(files.next().refreshDatabase()).rejects.toThrow('NODE_ENV is "production"')
    } finally {
      process.env.NODE_ENV = environment
    }
    expect(files.builds).toBe(0)
  })

  test('a test that commits is told so, and the next one has a new database', async () => {
    const database = files.next()
    await database.refreshDatabase()
    await DB.table('notes').insert({ id: 1, body: 'a' })
    await db.connection().unprepared('commit')
    await expect(database.rollbackDatabaseTransaction()).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' })
    const kept = (await (await Meta.of(db.connection())).read()).get('testing.fingerprint')
    expect(kept?.value).toBe('stale')
    await files.next().refreshDatabase()
    expect([files.builds, await ids()]).toEqual([2, []])
  })

  test('resets to nothing, and migrates what is pending', async () => {
    const database = files.next()
    await database.refreshTestDatabase()
    await database.resetDatabase()
    expect(await Schema.hasTable('notes')).toBe(false)
    await database.runMigrations()
    expect(await Schema.hasTable('notes')).toBe(true)
  })

  test('has a migrator of its own where none is given', async () => {
    const database = new RefreshDatabase().setConnection(db.connection())
    await expect(database.refreshDatabase()).resolves.toBeUndefined()
    expect(database.isTransactionActive()).toBe(true)
    await database.rollbackDatabaseTransaction()
    const migrator = new Migrator(db.connection(), { paths: [files.made.file('m')] })
    await database.setConnection(db.connection(), migrator).refreshDatabase()
    expect(await ids()).toEqual([])
    await database.rollbackDatabaseTransaction()
  })
})

onDatabase('mysql', 'RefreshDatabase where definitions commit', (db) => {
  test('a test that makes a table may, when that is said, and leaves nothing', async () => {
    await db.connection().schema().dropAllTables()
    const database = new Files(db).next({ onCommit: 'rebuild' })
    await database.refreshDatabase()
    await DB.table('notes').insert({ id: 1, body: 'a' })
    await Schema.create('made', (table) => table.id())
    await database.rollbackDatabaseTransaction()
    await database.refreshDatabase()
    expect(await Schema.hasTable('made')).toBe(false)
    expect(await DB.table('notes').count()).toBe(0)
    await database.rollbackDatabaseTransaction()
  })
})
