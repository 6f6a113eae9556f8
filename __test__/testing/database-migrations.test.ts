import { expect, test } from 'vitest'
import { createDatabaseMigrations, DatabaseMigrations, Migrator, Schema } from '../../js/index'
import { markAsProduction } from '../../js/migrations/production-mark'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'

const CREATES = `export default class {
  async up(context) { await context.statement('create table notes (id integer primary key)') }
  async down(context) { await context.statement('drop table notes') }
}`

onEveryDatabase('DatabaseMigrations', (db) => {
  test('migrates before a test and takes everything back after it', async () => {
    await db.connection().schema().dropAllTables()
    await db.connection().statement('create table left_behind (id integer)')
    const migrator = new Migrator(db.connection(), { paths: [project({ '1_notes.mjs': CREATES }).path] })
    const migrations = createDatabaseMigrations(db.connection(), migrator)
    await migrations.runDatabaseMigrations()
    expect(await migrations.getMigrationStatus()).toMatchObject([{ name: '1_notes', ran: true, batch: 1 }])
    expect(await Schema.hasTable('left_behind')).toBe(false)
    await migrations.rollbackDatabaseMigrations()
    expect(await Schema.hasTable('notes')).toBe(false)
    expect(await migrations.getMigrationStatus()).toMatchObject([{ name: '1_notes', ran: false }])
  })

  test('throws for a migration that fails, and leaves production alone', async () => {
    await db.connection().schema().dropAllTables()
    const wrong = CREATES.replace('create table', 'create a table')
    const paths = [project({ '1_wrong.mjs': wrong }).path]
    const migrator = new Migrator(db.connection(), { paths })
    const migrations = new DatabaseMigrations().setConnection(db.connection(), migrator)
    await expect(migrations.runDatabaseMigrations()).rejects.toThrow('1_wrong failed')
    await markAsProduction(db.connection())
    await expect(migrations.runDatabaseMigrations()).rejects.toThrow('marked "production"')
    await expect(migrations.rollbackDatabaseMigrations()).rejects.toThrow('marked "production"')
  })
})
