/** The guides to collections, many to many and relations to several classes, run as they stand there. */
import { expect, test } from 'vitest'
import { collect, Model, Pivot, Schema } from '../../js'
import { onEveryDatabase, type TestDatabase } from '../support/databases'
import { pagesIn } from '../support/pages'
import { promisedIn, runPage, type Scope } from '../support/running-examples'
import { queriesOf } from './blog'

/** The tables of a page with their columns: texts, unless they end with `_id`, `is_` or such. */
type Tables = Readonly<Record<string, readonly string[]>>

interface Guide {
  readonly tables: Tables
  /** What the page takes for granted before its first example. */
  readonly known?: (base: typeof Model) => Scope
  /** What it takes for granted after it. */
  readonly settle: (scope: Scope, classes: Record<string, typeof Model>) => Promise<void>
}

const KINDS: Readonly<Record<string, 'boolean' | 'bigInteger' | 'json'>> = { active: 'boolean', tags: 'json' }

async function createTables(tables: Tables): Promise<void> {
  for (const [name, columns] of Object.entries(tables)) {
    await Schema.dropIfExists(name)
    await Schema.create(name, (table) => {
      const isPivot = columns.includes('-')
      if (!isPivot) table.id()
      for (const column of columns.filter((each) => each !== '-')) {
        const kind = KINDS[column] ?? (column.endsWith('_id') ? 'bigInteger' : undefined)
        if (kind === undefined) table.string(column).nullable()
        else table[kind](column).nullable()
      }
      table.timestamps()
    })
  }
}

const GUIDES: Readonly<Record<string, Guide>> = {
  'docs/eloquent-many-to-many.md': {
    tables: {
      users: ['name', 'uuid'],
      roles: ['name'],
      role_user: ['-', 'user_id', 'role_id', 'active'],
    },
    async settle(scope, { User, Role }) {
      for (const name of ['admin', 'author', 'reader']) await Role?.forceCreate({ name })
      const user = await User?.forceCreate({ name: 'Ada' })
      await (user as unknown as { roles(): { attach(ids: number[]): Promise<void> } }).roles().attach([1, 2])
      Object.assign(scope, { user, Pivot, audit: () => {} })
    },
  },
  'docs/eloquent-polymorphic.md': {
    tables: {
      notes: ['text', 'notable_id', 'notable_type'],
      articles: ['title', 'author_id'],
      videos: ['title'],
      authors: ['name'],
      images: ['url', 'imageable_id', 'imageable_type'],
      tags: ['name'],
      taggables: ['-', 'tag_id', 'taggable_id', 'taggable_type'],
    },
    known: (base) => {
      class Image extends base {}
      return { Image }
    },
    async settle(scope) {
      const base = scope.Model as typeof Model
      class Author extends base {}
      class Tag extends base {}
      class Video extends base {
        tags() {
          return this.morphToMany(Tag, 'taggable')
        }
      }
      const Article = scope.Article as typeof Model
      Article.resolveRelationUsing('author', (article: Model) => article.belongsTo(Author))
      Article.resolveRelationUsing('tags', (article: Model) => article.morphToMany(Tag, 'taggable'))
      const author = await Author.forceCreate({ name: 'Ada' })
      const article = await Article.forceCreate({ title: 'SQL', author_id: author.id })
      const video = await Video.forceCreate({ title: 'SQL in pictures' })
      for (const name of ['sql', 'orm']) await Tag.forceCreate({ name })
      Object.assign(scope, { Video, Tag, article, video })
    },
  },
  'docs/eloquent-collections.md': {
    tables: {
      users: ['name', 'role', 'active'],
      posts: ['title', 'user_id'],
      comments: ['text', 'post_id'],
      articles: ['title', 'author_id'],
      authors: ['name'],
      notes: ['text', 'notable_id', 'notable_type'],
      orders: ['tags'],
    },
    async settle(scope) {
      const base = scope.Model as typeof Model
      class Comment extends base {}
      class Post extends base {
        comments() {
          return this.hasMany(Comment)
        }
      }
      class User extends base {
        posts() {
          return this.hasMany(Post)
        }
      }
      class Author extends base {}
      class Article extends base {
        author() {
          return this.belongsTo(Author)
        }
        comments() {
          return this.hasMany(Comment, 'post_id')
        }
      }
      class Note extends base {
        notable() {
          return this.morphTo()
        }
      }
      for (const name of ['Ada', 'Grace', 'Joan']) await User.forceCreate({ name, role: 'author', active: true })
      await Post.forceCreate({ title: 'One', user_id: 1 })
      await Comment.forceCreate({ text: 'good', post_id: 1 })
      await Author.forceCreate({ name: 'Ada' })
      await Article.forceCreate({ title: 'SQL', author_id: 1 })
      await Note.forceCreate({ text: 'a', notable_id: 1, notable_type: 'Article' })
      class Order extends base {
        static casts = { tags: 'collection' }
      }
      await Order.forceCreate({ tags: ['new'] })
      Object.assign(scope, { User, Article })
      Object.assign(scope, { others: await User.where('name', 'Ada').get(), notes: await Note.with('notable').get() })
    },
  },
}

async function ranOn(db: TestDatabase, path: string) {
  const page = pagesIn('docs').find((each) => each.path === path)
  const guide = GUIDES[path]
  if (page === undefined || guide === undefined) throw new Error(`There is no ${path}.`)
  await createTables(guide.tables)
  // What is said of all models here is said of those of this page and this database.
  const base = { Model: class extends Model {} }.Model as typeof Model
  const scope: Scope = { Model: base, collect, ...guide.known?.(base) }
  const settle = () => guide.settle(scope, scope as Record<string, typeof Model>)
  const ran = await runPage(page, scope, (work) => queriesOf(db, work), settle)
  return { scope, ran }
}

onEveryDatabase('the guide', (db) => {
  test.each(Object.keys(GUIDES))('%s', async (path) => {
    const { scope, ran } = await ranOn(db, path)
    expect(ran.length).toBeGreaterThan(12)
    const promised = ran.flatMap(({ comment, ...each }) => {
      const promise = promisedIn(comment, scope)
      return promise === undefined ? [] : [{ ...each, wanted: promise.value }]
    })
    for (const { where, code, answer, wanted } of promised) {
      const plain = Array.isArray(answer) ? [...answer] : answer
      expect({ where, code, answer: plain }).toEqual({ where, code, answer: wanted })
    }
    for (const { where, code, comment, sent, sql } of ran) {
      if (comment === 'one statement') expect({ where, code, sent: sent.length }).toEqual({ where, code, sent: 1 })
      if (sql !== undefined) expect(sent[0]).toBe(sql.replaceAll(/\$\d/g, '?'))
    }
  })
})
