/**
 * The examples of the guide's pages about `Schema`, run on real databases. Each finds the same tables and rows. It runs on
 * every database, unless its comments name some: then on those. A comment behind it is the SQL that is sent, the answer,
 * or the error.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Blueprint, DB, raw, Schema } from '../../js/index'
import { onEveryDatabase, type TestDatabase } from '../support/databases'
import {
  answerOf,
  type Database,
  forgetSchemaDefaults,
  isSql,
  refusalIn,
  snippetsIn,
  UserModel,
} from '../support/examples'
import { pagesIn, partsOf } from '../support/pages'

interface Example {
  readonly title: string
  readonly code: string
  readonly said: ReadonlyMap<Database | 'any', string>
}

const examples: Example[] = pagesIn('docs')
  .filter(({ path }) => /schema[\w-]*\.md$/.test(path))
  .flatMap(({ path, ...page }) =>
    partsOf({ path, ...page })
      .blocks.filter(({ language }) => language === 'js')
      .flatMap(({ line, lines }) =>
        snippetsIn(lines).map(({ code, sql }, at) => ({
          title: `${path}:${line} (${at + 1}) ${code.trim().split('\n')[0]}`,
          code,
          said: sql,
        })),
      ),
  )

/** What a comment promises where the example runs; undefined where it does not run. */
function promiseFor({ said }: Example, { dialect }: TestDatabase): string | undefined {
  if (said.size === 0) return ''
  return (dialect === 'mysql' ? said.get('mariadb') : undefined) ?? said.get(dialect) ?? said.get('any')
}

/** The tables that every example finds. */
async function makeShop(): Promise<void> {
  await Schema.create('teams', (table) => {
    table.id()
    table.string('name')
  })
  await Schema.create('users', (table) => {
    table.id()
    table.string('name')
    table.string('email').unique()
    table.integer('votes').default(0).index()
    table.string('motto').nullable()
    table.timestamps()
  })
  await Schema.create('posts', (table) => {
    table.id()
    table.foreignId('user_id').constrained()
    table.string('title')
    table.text('body').nullable()
    table.decimal('price', 8, 2).default(0)
    table.date('starts_on').nullable()
    table.date('ends_on').nullable()
    table.check('price >= 0', 'posts_price_check')
  })
  const now = new Date('2026-01-31T12:00:00Z')
  await DB.table('users').insert([
    { name: 'Ada', email: 'ada@example.com', votes: 3, created_at: now },
    { name: 'Grace', email: 'grace@example.com', votes: 5, created_at: now },
  ])
  await DB.table('posts').insert({ user_id: 1, title: 'Notes', price: '9.90' })
}

async function empty(db: TestDatabase): Promise<void> {
  if (db.dialect === 'postgres') {
    await db
      .connection()
      .unprepared('drop schema if exists app cascade; drop schema public cascade; create schema public')
    return
  }
  await Schema.dropAllViews()
  await Schema.dropAllTables()
}

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(60)
})

onEveryDatabase('the examples of the guide', (db) => {
  const own = examples.flatMap((example) => {
    const promised = promiseFor(example, db)
    return promised === undefined ? [] : [{ ...example, promised }]
  })

  beforeEach(async () => {
    await empty(db)
    await makeShop()
  })
  afterEach(forgetSchemaDefaults)

  test.each(own)('$title', async ({ code, promised }) => {
    const known = { Schema, DB, Blueprint, User: UserModel, raw }
    const scope = new Proxy(known, { has: (names, name) => name in names })
    const refusal = refusalIn(promised)
    if (refusal !== undefined) {
      await expect(answerOf(code, scope)).rejects.toMatchObject({ name: refusal })
      return
    }
    const answer = await answerOf(code, scope)
    if (promised === '' || isSql(promised)) return
    const wanted: unknown = new Function(`return (${promised})`)()
    if (typeof wanted === 'object' && wanted !== null) expect(answer).toMatchObject(wanted)
    else expect(answer).toBe(wanted)
  })
})
