import { beforeEach, expect, test } from 'vitest'
import {
  DB,
  ForeignKeyConstraintViolationException,
  Schema,
  UniqueConstraintViolationException,
  UnsupportedException,
} from '../../js/index'
import { onEveryDatabase, type PerDialect } from '../support/databases'

onEveryDatabase('scenarios of keys and indexes', (db) => {
  const here = <T>(answers: PerDialect<T>): T => answers[db.dialect]
  const nameOf = (name: string) => here<string | null>({ postgres: name, mysql: name, sqlite: null })

  beforeEach(async () => {
    await Schema.dropAllTables()
    await Schema.create('users', (table) => {
      table.id()
      table.string('email')
    })
    await DB.table('users').insert({ email: 'ada@example.com' })
  })

  const createPosts = () =>
    Schema.create('posts', (table) => {
      table.id()
      table.string('slug')
      table.integer('rank').default(0)
      table.foreignId('user_id').constrained().onDelete('cascade')
    })

  test('scenarios 18 and 183: foreignId().constrained() makes a reference with the documented name', async () => {
    await createPosts()
    expect(await Schema.getForeignKeys('posts')).toMatchObject([
      {
        name: nameOf('posts_user_id_foreign'),
        columns: ['user_id'],
        foreign_table: 'users',
        foreign_columns: ['id'],
        on_delete: 'cascade',
      },
    ])
    await DB.table('posts').insert({ slug: 'a', user_id: 1 })
    await expect(DB.table('posts').insert({ slug: 'b', user_id: 9 })).rejects.toThrow(
      ForeignKeyConstraintViolationException,
    )
    await DB.table('users').delete()
    expect(await DB.table('posts').count()).toBe(0)
  })

  test('a new table may refer to its own keys, wherever they are said', async () => {
    await Schema.create('categories', (table) => {
      table.uuid('id').primary()
      table.string('code', 40).unique()
      table.uuid('parent_id').nullable()
      table.string('next_code', 40).nullable()
      table.foreign('parent_id').references('id').on('categories').onDelete('cascade')
      table.foreign('next_code').references('code').on('categories')
    })
    const [root, child] = ['3f2504e0-4f89-41d3-9a0c-0305e82c3301', '3f2504e0-4f89-41d3-9a0c-0305e82c3302']
    await DB.table('categories').insert([{ id: root, code: 'root' }])
    await DB.table('categories').insert([{ id: child, code: 'child', parent_id: root, next_code: 'root' }])
    await expect(DB.table('categories').where('id', child).update({ next_code: 'nobody' })).rejects.toThrow(
      ForeignKeyConstraintViolationException,
    )
    await DB.table('categories').where('id', child).update({ next_code: null })
    await DB.table('categories').where('id', root).delete()
    expect(await DB.table('categories').count()).toBe(0)
  })

  test('scenario 178: unique, index and primary, with names of their own', async () => {
    await Schema.create('members', (table) => {
      table.integer('team_id')
      table.integer('user_id')
      table.string('badge')
      table.string('role')
      table.primary(['team_id', 'user_id'])
      table.unique('badge', 'one_badge')
      table.index(['role', 'badge'], 'by_role')
    })
    expect(await Schema.hasIndex('members', ['team_id', 'user_id'], 'primary')).toBe(true)
    expect(await Schema.hasIndex('members', 'one_badge', 'unique')).toBe(true)
    expect(await Schema.hasIndex('members', 'by_role')).toBe(true)
    await DB.table('members').insert({ team_id: 1, user_id: 1, badge: 'a', role: 'x' })
    await expect(DB.table('members').insert({ team_id: 1, user_id: 2, badge: 'a', role: 'x' })).rejects.toThrow(
      UniqueConstraintViolationException,
    )
  })

  test('scenarios 179 and 183: indexes that columns ask for have the documented names', async () => {
    await Schema.create('people', (table) => {
      table.id()
      table.string('email').unique()
      table.string('city').index()
    })
    expect(await Schema.hasIndex('people', 'people_email_unique', 'unique')).toBe(true)
    expect(await Schema.hasIndex('people', 'people_city_index')).toBe(true)
  })

  test('scenario 180: fullText; SQLite says that it has none', async () => {
    const created = Schema.create('pages', (table) => {
      table.id()
      table.text('body')
      table.fullText('body')
    })
    if (db.dialect === 'sqlite') {
      await expect(created).rejects.toThrow(UnsupportedException)
      expect(await Schema.hasTable('pages')).toBe(false)
      return
    }
    await created
    expect(await Schema.hasIndex('pages', 'pages_body_fulltext')).toBe(true)
    await Schema.table('pages', (table) => table.dropFullText(['body']))
    expect(await Schema.hasIndex('pages', 'pages_body_fulltext')).toBe(false)
  })

  test('scenario 180: spatialIndex finds shapes; SQLite says that it has none', async () => {
    // PostgreSQL's type of a shape needs PostGIS; its own `point` is indexed the same way.
    const created = Schema.create('places', (table) => {
      table.id()
      if (db.dialect === 'postgres') table.rawColumn('spot', 'point')
      else table.geometry('spot', 'point')
      table.spatialIndex('spot')
    })
    if (db.dialect === 'sqlite') {
      await expect(created).rejects.toThrow(UnsupportedException)
      return
    }
    await created
    const type = here({ postgres: 'gist', mysql: 'spatial', sqlite: '' })
    expect(await Schema.hasIndex('places', 'places_spot_spatialindex', type)).toBe(true)
  })

  test('scenario 181: indexes are renamed and dropped by name and by columns', async () => {
    await Schema.table('users', (table) => {
      table.unique('email')
      table.index('email', 'old_name')
    })
    await Schema.table('users', (table) => table.renameIndex('old_name', 'new_name'))
    expect(await Schema.hasIndex('users', 'new_name')).toBe(true)
    await Schema.table('users', (table) => {
      table.dropIndex('new_name')
      table.dropUnique(['email'])
    })
    expect(await Schema.hasIndex('users', ['email'])).toBe(false)
  })

  test('scenario 181: keys are dropped', async () => {
    await createPosts()
    await Schema.create('tags', (table) => {
      table.integer('id')
      table.primary('id')
    })
    await Schema.table('posts', (table) => table.dropForeign(['user_id']))
    await Schema.table('tags', (table) => table.dropPrimary())
    expect(await Schema.getForeignKeys('posts')).toEqual([])
    expect((await Schema.getIndexes('tags')).filter((index) => index.primary)).toEqual([])
  })

  test('scenario 182: foreign().references().on()', async () => {
    await Schema.create('comments', (table) => {
      table.id()
      table.unsignedBigInteger('author_id').nullable()
      table.foreign('author_id', 'by_author').references('id').on('users').nullOnDelete().cascadeOnUpdate()
    })
    expect(await Schema.getForeignKeys('comments')).toMatchObject([
      { name: nameOf('by_author'), columns: ['author_id'], on_delete: 'set null', on_update: 'cascade' },
    ])
    await DB.table('comments').insert({ author_id: 1 })
    await DB.table('users').delete()
    expect(await DB.table('comments').value('author_id')).toBeNull()
  })

  test('scenario 184: work without checks of foreign keys, and with them again', async () => {
    await Schema.create('orders', (table) => {
      table.id()
      const user = table.foreignId('user_id').constrained()
      if (db.dialect === 'postgres') user.deferrable()
    })
    const insertBeforeUser = async () => {
      await DB.table('orders').insert({ user_id: 2 })
      await DB.table('users').insert({ id: 2, email: 'grace@example.com' })
    }
    await expect(insertBeforeUser()).rejects.toThrow(ForeignKeyConstraintViolationException)
    // PostgreSQL postpones the check to the end of a transaction, others leave it out.
    if (db.dialect === 'postgres') await DB.transaction(() => Schema.withoutForeignKeyConstraints(insertBeforeUser))
    else await Schema.withoutForeignKeyConstraints(insertBeforeUser)
    expect(await DB.table('orders').count()).toBe(1)
    await expect(DB.table('orders').insert({ user_id: 9 })).rejects.toThrow(ForeignKeyConstraintViolationException)
  })

  test('scenario 206: the tables of a blog', async () => {
    await Schema.create('categories', (table) => {
      table.id()
      table.string('name')
      table.string('slug').unique()
      table.timestamps()
    })
    await Schema.create('articles', (table) => {
      table.id()
      table.foreignId('user_id').constrained().onDelete('cascade')
      table.foreignId('category_id').nullable().constrained().nullOnDelete()
      table.string('title')
      table.enum('status', ['draft', 'published']).default('draft')
      table.integer('views').default(0)
      table.timestamp('published_at').nullable()
      table.timestamps()
      table.index(['status', 'published_at'])
    })
    await Schema.create('article_likes', (table) => {
      table.foreignId('article_id').constrained().cascadeOnDelete()
      table.foreignId('user_id').constrained().cascadeOnDelete()
      table.primary(['article_id', 'user_id'])
    })
    const category = await DB.table('categories').insertGetId({ name: 'News', slug: 'news' })
    const article = await DB.table('articles').insertGetId({ user_id: 1, category_id: category, title: 'One' })
    await DB.table('article_likes').insert({ article_id: article, user_id: 1 })
    expect(await DB.table('articles').first(['status', 'views'])).toEqual({ status: 'draft', views: 0 })
    await DB.table('categories').delete()
    expect(await DB.table('articles').value('category_id')).toBeNull()
    await DB.table('users').delete()
    expect(await DB.table('article_likes').count()).toBe(0)
  })

  test('scenarios 242 and 245: keys of UUIDs that the database makes, and CASCADE in any case', async () => {
    const random = here({ postgres: 'gen_random_uuid()', mysql: 'uuid()', sqlite: '(lower(hex(randomblob(16))))' })
    await Schema.create('accounts', (table) => {
      table.uuid('id').primary().defaultRaw(random)
      table.string('name')
    })
    await Schema.create('payments', (table) => {
      table.uuid('id').primary().defaultRaw(random)
      table.uuid('account_id')
      table.foreign('account_id').references('id').on('accounts').onDelete('CASCADE')
    })
    await DB.table('accounts').insert([{ name: 'one' }, { name: 'two' }])
    const ids = await DB.table('accounts').pluck('id')
    expect(new Set(ids).size).toBe(2)
    await DB.table('payments').insert({ account_id: ids[0] })
    await DB.table('accounts').delete()
    expect(await DB.table('payments').count()).toBe(0)
  })
})
