/** What a migration asks before it drops something. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { onEveryDatabase } from '../support/databases'
import { running } from './backup-run'

const INDEX = join(__dirname, '..', '..', 'dist', 'index.js')

/** A body with the guards at hand. */
const guarding = (body: string) =>
  `const { createRequire } = await import('node:module')
  const { guardColumnDrop, guardTableDrop } = createRequire(${JSON.stringify(INDEX)})(${JSON.stringify(INDEX)})
  ${body}`

onEveryDatabase('guards of drops', (db) => {
  const people = async () => {
    const schema = db.connection().schema()
    await db.connection().unprepared('drop view if exists guarded_view')
    for (const table of ['guarded_child', 'guarded']) await schema.dropIfExists(table)
    await schema.create('guarded', (made) => {
      made.id()
      made.string('nick').nullable()
      made.string('bio').nullable()
      made.string('seen').nullable()
      made.index('nick', 'guarded_nick_index')
    })
    await schema.create('guarded_child', (made) => {
      made.id()
      made.foreignId('parent')
      made.foreign('parent', 'guarded_child_parent_foreign').references('id').on('guarded')
    })
    await db.connection().unprepared('create view guarded_view as select seen from guarded')
    await db
      .connection()
      .table('guarded')
      .insert([{ bio: 'x' }, { bio: null }])
  }

  test('what is not there is a warning, and what holds values is counted', async () => {
    await people()
    const { failure, warnings, notes } = await running(
      db,
      guarding(`
        const found = [await guardColumnDrop(context, 'nowhere', 'a'), await guardTableDrop(context, 'nowhere'),
          await guardColumnDrop(context, 'guarded', 'gone'), await guardColumnDrop(context, 'guarded', 'bio')]
        if (found.join() !== 'false,false,false,true') throw new Error(found.join())`),
    )
    expect(failure).toBeUndefined()
    expect(warnings).toEqual([
      'guardColumnDrop: there is no table "nowhere"',
      'guardTableDrop: there is no table "nowhere"',
      'guardColumnDrop: "guarded" has no column "gone"',
    ])
    expect(notes).toEqual(['"guarded"."bio" has a value in 1 row'])
  })

  test('foreign keys, indexes and views that depend on it are named', async () => {
    await people()
    const message = async (call: string) => (await running(db, guarding(`await ${call}`))).failure
    const key = db.dialect === 'sqlite' ? 'foreign key parent' : 'foreign key guarded_child_parent_foreign'
    expect(await message("guardColumnDrop(context, 'guarded', 'nick')")).toMatchObject({
      code: 'GUARD',
      message: '"guarded"."nick" cannot be dropped: index guarded_nick_index depend on it.',
    })
    expect((await message("guardColumnDrop(context, 'guarded', 'id')"))?.message).toContain(`${key} of guarded_child`)
    expect((await message("guardColumnDrop(context, 'guarded', 'seen')"))?.message).toContain('view guarded_view')
    expect((await message("guardTableDrop(context, 'guarded')"))?.message).toMatch(
      new RegExp(`${key} of guarded_child, view guarded_view depend on it`),
    )
  })

  test('in production a backup of this run is needed, or somebody says that there shall be none', async () => {
    await people()
    const body = guarding("await guardColumnDrop(context, 'guarded', 'bio')")
    const production = { environment: 'production' }
    expect((await running(db, body, production)).failure).toMatchObject({
      code: 'BACKUP_FAILED',
      message:
        '"guarded" ("bio") has no backup of this run: run with --backup, call context.backup(), or run with --no-backup',
    })
    for (const backup of [true, false])
      expect((await running(db, body, { ...production, backup })).failure).toBeUndefined()
    const made = guarding(`await context.backup('guarded', 'bio')
      await guardColumnDrop(context, 'guarded', 'bio')`)
    expect((await running(db, made, production)).failure).toBeUndefined()
    const other = guarding(`await context.backup('guarded', 'bio')
      await guardTableDrop(context, 'guarded_child')`)
    expect((await running(db, other, production)).failure?.code).toBe('BACKUP_FAILED')
  })
})
