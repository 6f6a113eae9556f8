/** The examples about models in the guide ask what they say. */
import { expect, test } from 'vitest'
import { onEveryDatabase } from '../support/databases'
import { answerOf, isSql, snippetsIn } from '../support/examples'
import { pagesIn, partsOf } from '../support/pages'
import { blogModels, createTables, queriesOf, seed } from './blog'

const snippets = pagesIn('docs')
  .filter(({ path }) => path.includes('eloquent-relationships'))
  .flatMap((page) => partsOf(page).blocks.map((block) => ({ ...block, where: `${page.path}:${block.line}` })))
  .flatMap(({ where, lines }) => snippetsIn(lines).map((snippet) => ({ ...snippet, where })))
  .flatMap(({ where, code, sql }) => {
    const text = sql.get('any')
    return text !== undefined && isSql(text) ? [{ where, code, text }] : []
  })

test('the guide shows the SQL of relations', () => {
  expect(snippets.length).toBeGreaterThan(12)
})

onEveryDatabase('the guide to relations', (db) => {
  test.each(snippets)('$where', async ({ code, text }) => {
    await createTables(db)
    await seed(db)
    const { Country, User, Post, Phone, Comment } = blogModels()
    class Land extends Country {
      static table = 'countries'
      posts() {
        return this.hasManyThrough(Post, User, 'country_id')
      }
    }
    const scope = {
      ...{ Country: Land, User, Post, Phone, Comment },
      ...{ user: await User.findOrFail(1), post: await Post.findOrFail(1), country: await Land.findOrFail(1) },
    }
    const asked = await queriesOf(db, async () => await answerOf(code, scope))
    // MariaDB and SQLite tell the key in another way.
    expect(asked.join('; ').replace(' returning "id"', '')).toBe(text.replace(' returning "id"', ''))
  })
})
