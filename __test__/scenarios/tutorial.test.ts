/** The blog of the tutorial and the programs of the examples, with what the documents promise of relations. */
import { beforeEach, expect, test } from 'vitest'
import { DB, type EloquentBuilder, type EloquentCollection, Model, Schema, Seeder, SeederRunner } from '../../js'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'

const TABLES = ['likes', 'post_tag', 'comments', 'profiles', 'tags', 'posts', 'categories', 'users'] as const

async function createBlog(): Promise<void> {
  for (const table of TABLES) await Schema.dropIfExists(table)
  await Schema.create('users', (table) => {
    table.id()
    table.string('name')
    table.string('email').unique()
    table.timestamps()
  })
  await Schema.create('categories', (table) => {
    table.id()
    table.string('name')
  })
  await Schema.create('posts', (table) => {
    table.id()
    table.foreignId('user_id').constrained().onDelete('cascade')
    table.foreignId('category_id').nullable().constrained()
    table.string('title')
    table.integer('views').default(0)
    table.boolean('is_published').default(false)
    table.timestamps()
  })
  await Schema.create('tags', (table) => {
    table.id()
    table.string('name')
  })
  await Schema.create('profiles', (table) => {
    table.id()
    table.foreignId('user_id').constrained()
    table.string('bio')
  })
  await Schema.create('comments', (table) => {
    table.id()
    table.foreignId('post_id').constrained()
    table.text('body')
    table.timestamps()
  })
  for (const [name, one, other] of [
    ['post_tag', 'post_id', 'tag_id'],
    ['likes', 'post_id', 'user_id'],
  ] as const) {
    await Schema.create(name, (table) => {
      table.foreignId(one).constrained()
      table.foreignId(other).constrained()
      table.primary([one, other])
    })
  }
}

/** The tutorial's models. */
function models() {
  class User extends Model<{ id: number; name: string }> {
    static fillable = ['name', 'email']
    posts() {
      return this.hasMany(Post)
    }
    profile() {
      return this.hasOne(Profile)
    }
  }
  class Category extends Model {
    static timestamps = false
    static fillable = ['name']
  }
  class Profile extends Model {
    static timestamps = false
    static fillable = ['bio']
  }
  class Tag extends Model<{ id: number; name: string }> {
    static timestamps = false
    static fillable = ['name']
  }
  class Comment extends Model {
    static fillable = ['body']
    static touches = ['post']
    post() {
      return this.belongsTo(Post)
    }
  }
  class Post extends Model {
    static fillable = ['title', 'category_id', 'is_published', 'views']
    static casts = { is_published: 'boolean' }
    user() {
      return this.belongsTo(User)
    }
    category() {
      return this.belongsTo(Category)
    }
    comments() {
      return this.hasMany(Comment)
    }
    tags() {
      return this.belongsToMany(Tag)
    }
    likedBy() {
      return this.belongsToMany(User, 'likes')
    }
    scopePublished(query: EloquentBuilder) {
      return query.where('is_published', true)
    }
    scopeRecent(query: EloquentBuilder) {
      return query.orderByDesc('id')
    }
  }
  return { User, Category, Profile, Tag, Comment, Post }
}

type Scoped = EloquentBuilder<Record<string, unknown>, Model> & { published(): Scoped; recent(): Scoped }

onEveryDatabase('the tutorial', (db) => {
  beforeEach(createBlog)

  /** Ada's three posts, the last a draft; two comments, a tag and a like of the first one. */
  const write = async () => {
    const all = models()
    const { User, Category, Tag, Post } = all
    const ada = await User.create({ name: 'Ada', email: 'ada@example.com' } as never)
    const grace = await User.create({ name: 'Grace', email: 'grace@example.com' } as never)
    await grace.profile().create({ bio: 'Admiral' })
    const news = await Category.create({ name: 'News' })
    const post = await ada.posts().create({ title: 'One', category_id: news.id, is_published: true })
    await ada.posts().create({ title: 'Two', is_published: true })
    await ada.posts().create({ title: 'Draft' })
    await post.comments().createMany([{ body: 'a' }, { body: 'b' }])
    const tag = await Tag.create({ name: 'orm' })
    await post.tags().attach(tag.id)
    await post.likedBy().attach(grace.id)
    return { ...all, ada, grace, post: await Post.findOrFail(post.id), tag }
  }

  test('scenario 207: scopes as the first calls on a class, with relations, a limit and rows', async () => {
    await write()
    // What a class was asked before must not matter.
    const Post = models().Post as unknown as Scoped
    const posts = await Post.published().recent().with('user', 'tags').limit(5).get()
    expect(posts.map((post) => [post.title, (post.user as unknown as Model).name]).all()).toEqual([
      ['Two', 'Ada'],
      ['One', 'Ada'],
    ])
    expect(((posts[1] as Model).tags as unknown as Model[]).map(({ name }) => name)).toEqual(['orm'])
  })

  test('E15, scenarios 208 and 209: whereHas of a belongsTo and of a belongsToMany', async () => {
    const { Post } = await write()
    const titled = (query: EloquentBuilder<never, never>) => (query as unknown as EloquentBuilder).pluck('title')
    expect(await titled(Post.query().whereHas('category', (query) => query.where('name', 'News')) as never)).toEqual([
      'One',
    ])
    expect(await titled(Post.query().whereHas('tags', (query) => query.where('name', 'orm')) as never)).toEqual(['One'])
    expect(
      await Post.query()
        .whereHas('tags', (query) => query.where('name', 'sql'))
        .count(),
    ).toBe(0)
  })

  test('scenario 210: models are sorted by how many related ones they have', async () => {
    const { Post } = await write()
    const posts = (await Post.withCount('comments')
      .orderBy('comments_count', 'desc')
      .orderBy('id')
      .get()) as unknown as EloquentCollection<Model>
    expect(posts.map((post) => [post.title, Number(post.comments_count)]).all()).toEqual([
      ['One', 2],
      ['Two', 0],
      ['Draft', 0],
    ])
  })

  test('E17, scenario 211: relations are loaded with the models of a relation', async () => {
    const { post } = await write()
    const users = await post.likedBy().with('profile').get()
    expect(users.map((user) => (user.getRelation('profile') as Model).bio).all()).toEqual(['Admiral'])
  })

  test('E16, scenario 212: views are counted', async () => {
    const { post, Post } = await write()
    await post.increment('views')
    await post.increment('views', 4)
    expect([post.views, (await Post.findOrFail(post.id)).views]).toEqual([5, 5])
  })

  test('scenario 213: models in DB.transaction() are saved together or not at all', async () => {
    const { User, Post } = models()
    const register = (title: string | null) =>
      DB.transaction(async () => {
        const user = await User.create({ name: 'Joan', email: 'joan@example.com' } as never)
        await user.posts().create({ title })
        return user
      })
    await expect(register(null)).rejects.toMatchObject({ name: 'NotNullConstraintViolationException' })
    expect([await User.count(), await Post.count()]).toEqual([0, 0])
    const user = await register('First')
    expect([await User.count(), await user.posts().count()]).toEqual([1, 1])
  })

  test('E1, scenario 15: touchOwners() and touches write the updated_at of the parent', async () => {
    const { Comment, post } = await write()
    const old = new Date('2020-01-01T00:00:00Z')
    const age = () => DB.table('posts').update({ updated_at: old })
    const isTouched = async () => ((await post.refresh()).updated_at as Date) > old
    await age()
    const comment = await Comment.firstOrFail()
    await comment.touchOwners()
    expect(await isTouched()).toBe(true)
    await age()
    await comment.update({ body: 'c' })
    expect(await isTouched()).toBe(true)
    await age()
    await comment.delete()
    expect(await isTouched()).toBe(true)
  })

  test('E4, scenarios 13 and 137: chains of a relation, and what is loaded as properties', async () => {
    const { User, Comment, ada } = await write()
    const posts = await ada.posts().where('is_published', true).orderBy('title', 'desc').get()
    expect(posts.map(({ title }) => title).all()).toEqual(['Two', 'One'])
    const comment = (await Comment.with('post.user').firstOrFail()) as Model
    expect([comment.post.title, comment.post.user.name]).toEqual(['One', 'Ada'])
    expect((await (await User.findOrFail(ada.id)).posts().oldest('id').first())?.title).toBe('One')
  })

  test('S11, S12: an or of the program reads no rows of other parents, and a new model has none', async () => {
    const { User, Post, post } = await write()
    const other = await (await User.findOrFail(2)).posts().create({ title: 'Other' })
    await other.comments().create({ body: 'elsewhere' })
    const found = post.comments().where('body', 'a').orWhere('body', 'elsewhere')
    expect(await found.pluck('body')).toEqual(['a'])
    expect(await found.delete()).toBe(1)
    expect(await DB.table('comments').orderBy('id').pluck('body')).toEqual(['b', 'elsewhere'])
    expect([await new User().posts().get(), await new Post().comments().count()]).toEqual([[], 0])
  })

  test('S13: a hasManyThrough reads those of its parent alone', async () => {
    const { User, Comment, Post } = await write()
    class Author extends User {
      static table = 'users'
      comments() {
        return this.hasManyThrough(Comment, Post, 'user_id')
      }
      firstComment() {
        return this.hasOneThrough(Comment, Post, 'user_id')
      }
    }
    const [ada, grace] = await Author.orderBy('id').get()
    expect([await ada?.comments().count(), await grace?.comments().count()]).toEqual([2, 0])
    expect([(await ada?.firstComment())?.body, await grace?.firstComment()]).toEqual(['a', null])
    const loaded = await Author.with('comments').orderBy('id').get()
    expect(loaded.map((author) => (author.getRelation('comments') as Model[]).length).all()).toEqual([2, 0])
  })

  test('scenarios 185, 188 and 189: seeders call others, create models and tie them', async () => {
    const { User, Tag, Post } = models()
    class TagSeeder extends Seeder {
      override async run() {
        for (const name of ['orm', 'sql']) await Tag.create({ name })
      }
    }
    class PostSeeder extends Seeder {
      override async run() {
        const user = await User.create({ name: 'Seed', email: 'seed@example.com' } as never)
        const post = await user.posts().create({ title: 'Seeded' })
        for (const tag of await Tag.all()) await post.tags().attach(tag.id)
      }
    }
    Object.assign(process, {
      guruormSeeder: class DatabaseSeeder extends Seeder {
        override async run() {
          await this.call([TagSeeder, PostSeeder])
        }
      },
    })
    const made = project({ 'seeders/DatabaseSeeder.cjs': 'module.exports = process.guruormSeeder' })
    await new SeederRunner(db.connection(), { path: made.file('seeders') }).run()
    expect(await (await Post.firstOrFail()).tags().orderBy('tags.id').pluck('name')).toEqual(['orm', 'sql'])
  })

  test('scenarios 214, 215, 216 and 217: tables, rows, models, pages, a transaction and SQL of one program', async () => {
    const { User, Post } = models()
    // 1. Rows through the query builder.
    expect(await DB.table('users').insert({ name: 'Ada', email: 'ada@example.com' })).toBe(true)
    const id = await DB.table('users').insertGetId({ name: 'Grace', email: 'grace@example.com' })
    // 2. A model and its relation.
    const grace = await User.findOrFail(id as number)
    const posts = [1, 2, 3].map((at) => ({ title: `Post ${at}`, is_published: at !== 2, views: at * 10 }))
    await grace.posts().createMany(posts)
    // 3. Conditions, joins, groups and aggregates.
    expect(await Post.where('is_published', true).sum('views')).toSatisfy((sum) => Number(sum) === 40)
    const joined = await DB.table('users')
      .leftJoin('posts', 'users.id', '=', 'posts.user_id')
      .select('users.name', DB.raw('count(posts.id) as posts'))
      .groupBy('users.name')
      .orderBy('users.name')
      .get()
    expect(joined.map((row) => [row.name, Number(row.posts)])).toEqual([
      ['Ada', 0],
      ['Grace', 3],
    ])
    // 4. Changes, pages, and a transaction that fails.
    expect(await Post.where('views', '<', 20).update({ views: 20 })).toBe(1)
    expect((await Post.orderBy('id').paginate(2)).lastPage).toBe(2)
    const failing = DB.transaction(async (trx) => {
      await trx.table('users').where('id', id).update({ name: 'Nobody' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect((await grace.refresh()).name).toBe('Grace')
    // 5. SQL, several statements at once too.
    await db.capsule.connection().unprepared('create table scratch (n integer); insert into scratch values (7)')
    expect(await DB.select('select n from scratch')).toEqual([{ n: 7 }])
    await Schema.drop('scratch')
    // 6. The end.
    expect(await DB.table('users').where('name', 'Ada').delete()).toBe(1)
    expect(await Schema.hasTable('posts')).toBe(true)
  })

  test('scenario 219: the plain JavaScript example reads, creates once, and changes', async () => {
    const { User } = models()
    const given = [{ email: 'js@example.com' }, { name: 'JS' }] as never[]
    const firstOrCreate = () => (User as never as { firstOrCreate(...all: never[]): Promise<Model> }).firstOrCreate
    const first = await firstOrCreate().apply(User, given as never)
    const again = await firstOrCreate().apply(User, given as never)
    expect([first.wasRecentlyCreated, again.wasRecentlyCreated, again.id]).toEqual([true, false, first.id])
    await again.update({ name: 'JavaScript' })
    expect((await User.where('email' as never, 'js@example.com').first())?.name).toBe('JavaScript')
  })

  test('scenario 221: many rows are written, read and counted at once', async () => {
    const { User } = models()
    const rows = Array.from({ length: 2000 }, (_, at) => ({ name: `n${at}`, email: `${at}@example.com` }))
    await DB.table('users').insert(rows)
    const [found, count, streamed] = await Promise.all([
      User.where('id', '>', 0).get(),
      User.count(),
      (async () => {
        let read = 0
        for await (const _ of User.cursor()) read += 1
        return read
      })(),
    ])
    expect([found.length, count, streamed]).toEqual([2000, 2000, 2000])
  })
})

onEveryDatabase('classes that touch each other', () => {
  test('touch each row once', async () => {
    for (const table of ['left_hands', 'right_hands']) {
      await Schema.dropIfExists(table)
      await Schema.create(table, (made) => {
        made.id()
        made.string('name')
        made.bigInteger('other_id').nullable()
        made.timestamps()
      })
    }
    class LeftHand extends Model {
      static guarded = []
      static touches = ['other']
      other() {
        return this.belongsTo(RightHand, 'other_id')
      }
    }
    class RightHand extends Model {
      static guarded = []
      static touches = ['other']
      other() {
        return this.belongsTo(LeftHand, 'other_id')
      }
    }
    const left = await LeftHand.create({ name: 'left' })
    const right = await RightHand.create({ name: 'right', other_id: left.id })
    await left.update({ other_id: right.id })
    const old = new Date('2020-01-01T00:00:00Z')
    for (const table of ['left_hands', 'right_hands']) await DB.table(table).update({ updated_at: old })
    await left.update({ name: 'changed' })
    expect([(await left.refresh()).updated_at > old, (await right.refresh()).updated_at > old]).toEqual([true, true])
  })
})
