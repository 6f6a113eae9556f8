import { expect, test } from 'vitest'
import { DB, Schema, UnsupportedException } from '../../js/index'
import { onDatabase, onEveryDatabase } from '../support/databases'

onEveryDatabase('namespaces', (db) => {
  test('names are looked up in the current namespace', async () => {
    const current = { postgres: 'public', mysql: db.name, sqlite: 'main' }[db.dialect]
    expect(await Schema.getCurrentSchemaListing()).toEqual([current])
    expect(await Schema.getCurrentSchemaName()).toBe(current)
    expect((await Schema.getSchemas()).find((schema) => schema.default)?.name).toBe(current)
  })

  test('views are listed with their SQL, of all namespaces or of one', async () => {
    await DB.statement('drop view if exists ones')
    await DB.statement('create view ones as select 1 as one')
    // A server of MySQL's lists the views of all its databases, those of other tests among them.
    const current = await Schema.getCurrentSchemaName()
    const ofOurs = async () => (await Schema.getViews()).filter(({ schema }) => schema === current)
    const [view, ...others] = await ofOurs()
    expect(others).toEqual([])
    expect(view).toMatchObject({ name: 'ones', schema: current })
    expect(view?.definition?.toLowerCase()).toContain('select 1')
    expect(await Schema.getViews(view?.schema ?? '')).toEqual([view])
    expect(await Schema.hasView('Ones')).toBe(true)
    expect(await Schema.hasView(`${view?.schema}.ones`)).toBe(true)
    await Schema.dropAllViews()
    expect(await Schema.hasView('ones')).toBe(false)
    expect(await ofOurs()).toEqual([])
  })

  test('types are listed and dropped where there are any', async () => {
    if (db.dialect === 'postgres') {
      expect(await Schema.getTypes()).toEqual([])
      await Schema.dropAllTypes()
      return
    }
    await expect(Schema.getTypes()).rejects.toThrow(UnsupportedException)
    await expect(Schema.dropAllTypes()).rejects.toThrow(UnsupportedException)
  })
})

onDatabase('postgres', 'namespaces of a search path', () => {
  test('those that are there are listed in its order', async () => {
    await DB.statement('create schema if not exists app')
    await DB.transaction(async () => {
      await DB.statement('set local search_path to missing, app, public')
      expect(await Schema.getCurrentSchemaListing()).toEqual(['app', 'public'])
      expect(await Schema.getCurrentSchemaName()).toBe('app')
      await DB.statement('set local search_path to missing')
      expect(await Schema.getCurrentSchemaListing()).toEqual([])
      expect(await Schema.getCurrentSchemaName()).toBeNull()
    })
  })
})

onDatabase('postgres', 'types', () => {
  const names = async () => (await Schema.getTypes()).map(({ schema, name }) => `${schema}.${name}`)

  test('all of the current namespace go whatever uses them, those of other namespaces stay', async () => {
    for (const sql of [
      'create schema if not exists kept',
      "create type kept.mood as enum ('sad', 'ok')",
      "create type mood as enum ('sad', 'ok')",
      'create type point_of_sale as (shop int, till int)',
      'create type span as range (subtype = int4)',
      'create domain tags as text[]',
      "create domain good_mood as mood check (value <> 'sad')",
      'create type pair as (first good_mood, second mood)',
      'create table moods (id int, mood mood, tags tags)',
    ]) {
      await DB.statement(sql)
    }
    const all = ['good_mood', 'mood', 'pair', 'point_of_sale', 'span', 'tags']
    expect(await names()).toEqual(['kept.mood', ...all.map((name) => `public.${name}`)])
    await Schema.dropAllTypes()
    expect(await names()).toEqual(['kept.mood'])
    expect(await Schema.getColumnListing('moods')).toEqual(['id'])
    await DB.statement('drop schema kept cascade')
  })

  test('those of extensions stay', async () => {
    await Schema.ensureExtensionExists('citext')
    await Schema.dropAllTypes()
    expect(await DB.scalar("select 'A'::citext = 'a'")).toBe(true)
    await DB.statement('drop extension citext')
  })

  test('a name with quotes is a name', async () => {
    await DB.statement(`create type "it's ""so""" as enum ('a')`)
    await Schema.dropAllTypes()
    expect(await Schema.getTypes()).toEqual([])
  })

  test('a range of a domain goes with the domain', async () => {
    await DB.statement('create domain metres as int4')
    await DB.statement('create type distance as range (subtype = metres)')
    await Schema.dropAllTypes()
    expect(await Schema.getTypes()).toEqual([])
  })
})

onDatabase('sqlite', 'attached databases', (db) => {
  test('their views are listed as those of main', async () => {
    await db.connection().pin(async () => {
      await DB.statement('attach database ? as "old years"', [`${db.name}.old`])
      await DB.statement('create view "old years".reports as select 2 as two')
      await DB.statement('create view totals as select 1 as one')
      const views = await Schema.getViews()
      expect(views.map((view) => [view.schema, view.name])).toEqual([
        ['main', 'totals'],
        ['old years', 'reports'],
      ])
      expect(views[1]?.definition).toContain('select 2')
      expect(await Schema.getViews('old years')).toEqual([views[1]])
      expect(await Schema.hasView('reports')).toBe(false)
      expect(await Schema.hasView('old years.reports')).toBe(true)
    })
  })
})
