/** Indexes that are built while their table is used. */
import { expect, test } from 'vitest'
import { onDatabase } from '../support/databases'
import { project } from './project'
import { migrate, migration, OPEN, sends } from './stepped'

onDatabase('postgres', 'online indexes', (db) => {
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
    expect(await migrate(db, project({ '1_a.mjs': migration(sends(index), OPEN) }))).toMatchObject({
      isDone: true,
      notes: [],
    })
    for (const other of [
      index.replace('lower(email)', 'email'),
      index.replace('unique ', ''),
      index.replace(' where id > 0', ''),
    ]) {
      const { lines } = await migrate(db, project({ '2_b.mjs': migration(sends(other), OPEN) }))
      expect(lines[0]).toMatch(
        /^❌ Failed: 2_b - Index "users_email" exists already and is another one \(unique USING btree \(lower\(email\)\) WHERE \(id > 0\)\)\. Rename or drop it, then run again\./,
      )
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
    await db
      .connection()
      .statement(index)
      .catch(() => {})
    expect(await isValid()).toBe(false)
    await db.connection().statement('delete from users where id = 2')
    await db.connection().statement("insert into users values (2, 'a')")
    const failing = project({ '0_a.mjs': migration(`context.afterCommit(async () => { ${sends(index)} })`) })
    expect((await migrate(db, failing)).lines.at(-1)).toBe(
      '   State: this migration is applied and stays so; what it gave to afterCommit() failed. Index "users_email" is INVALID and is ignored by queries: drop it and build it again.',
    )
    await db.connection().statement('delete from users where id = 2')
    const after = project({ '1_a.mjs': migration(`context.afterCommit(async () => { ${sends(index)} })`) })
    expect(await migrate(db, after)).toMatchObject({
      isDone: true,
      notes: expect.arrayContaining(['removed users_email']),
    })
    expect(await isValid()).toBe(true)
  })
})
