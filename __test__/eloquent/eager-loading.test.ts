/** Relations that are loaded with models: how many queries that takes, and what they find. */
import { expect, test } from 'vitest'
import {
  EloquentCollection,
  type HasMany,
  InvalidArgumentException,
  LazyLoadingViolationException,
  Model,
  type RelationArguments,
} from '../../js'
import { onEveryDatabase } from '../support/databases'
import { blogModels, createTables, queriesOf, seed } from './blog'

interface Seen {
  title: string
  text: string
  name: string
  getRelation<T = Seen[]>(name: string): T
}

onEveryDatabase('eager loading', (db) => {
  const prepare = async () => {
    await createTables(db)
    await seed(db)
    return blogModels()
  }
  const many = async (users: number, each: number) => {
    await createTables(db)
    const insert = (table: string, rows: Record<string, unknown>[]) => db.connection().table(table).insert(rows)
    const list = (count: number, make: (at: number) => Record<string, unknown>) =>
      Array.from({ length: count }, (_, at) => make(at))
    await insert(
      'users',
      list(users, (at) => ({ name: `u${at}` })),
    )
    await insert(
      'posts',
      list(users * each, (at) => ({ title: `p${at}`, user_id: (at % users) + 1 })),
    )
    await insert(
      'comments',
      list(users * each, (at) => ({ text: `c${at}`, post_id: at + 1, author_id: (at % users) + 1 })),
    )
    return blogModels()
  }

  test.each([3, 3000])(
    'E12, scenarios 11, 143 and 144: with("posts.comments.author") is four queries for %i rows',
    async (count) => {
      const { User } = await many(count, 2)
      let users: EloquentCollection<Seen> = new EloquentCollection()
      const queries = await queriesOf(db, async () => {
        users = (await User.with('posts.comments.author').get()) as never
      })
      expect(queries).toHaveLength(4)
      expect(users).toHaveLength(count)
      const [post] = users[1]?.getRelation('posts') ?? []
      const [comment] = post?.getRelation('comments') ?? []
      expect([post?.title, comment?.text, comment?.getRelation<Seen>('author').name]).toEqual(['p1', 'c1', 'u1'])
      for (const user of users) expect(user.getRelation('posts')).toHaveLength(2)
    },
  )

  test('E12: without parents, and without keys, nothing is asked', async () => {
    const { User, Post, Comment } = await prepare()
    expect(await queriesOf(db, () => User.with('posts.comments').where('id', 0).get())).toHaveLength(1)
    expect(await queriesOf(db, () => Comment.with('author').whereNull('author_id').get())).toHaveLength(1)
    const [free] = await Post.with('user').where('title', 'Nobody').get()
    expect(free?.getRelation('user')).toBeNull()
    const [joan] = await User.with('posts', 'phone').where('name', 'Joan').get()
    expect([joan?.getRelation('posts'), joan?.getRelation('phone')]).toEqual([new EloquentCollection(), null])
  })

  test('E12, scenario 146: several relations in every form of arguments', async () => {
    const { User, Post } = await prepare()
    const loaded = async (...relations: RelationArguments) => {
      const ada = (await User.query()
        .with(...relations)
        .findOrFail(1)) as unknown as Seen & Model
      return Object.entries(ada.getRelations()).map(([name, related]) => [
        name,
        Array.isArray(related) ? related.length : related === null ? null : 1,
      ])
    }
    expect(await loaded('posts', 'phone')).toEqual([
      ['posts', 2],
      ['phone', 1],
    ])
    expect(await loaded(['posts', 'team'])).toEqual([
      ['posts', 2],
      ['team', 2],
    ])
    expect(
      await loaded({
        posts: (posts: HasMany<InstanceType<typeof Post>>) => posts.where('stars', 5),
      }),
    ).toEqual([['posts', 1]])
    expect(await loaded('posts', (posts) => posts.where('stars', 1))).toEqual([['posts', 1]])
    expect(await loaded({ posts: ['comments'] }, 'boss')).toEqual([
      ['posts', 2],
      ['boss', null],
    ])
    expect(() => User.query().with('posts..comments')).toThrow(InvalidArgumentException)
    expect(() => User.with(7 as never)).toThrow(InvalidArgumentException)
    expect(() => User.with({ posts: async () => {} }).toSql()).not.toThrow()
    await expect(User.with({ posts: async () => {} }).get()).rejects.toThrow(InvalidArgumentException)
  })

  test('E12, scenario 145: rel:id,name reads these columns and the one that ties the rows', async () => {
    const { User, Post } = await prepare()
    const [ada] = (await User.with('posts:id,title').orderBy('id').get()) as unknown as Seen[]
    expect(ada?.getRelation<Model[]>('posts').map((post) => Object.keys(post.attributes).sort())).toEqual([
      ['id', 'title', 'user_id'],
      ['id', 'title', 'user_id'],
    ])
    const [one] = (await Post.with('user:name').orderBy('id').get()) as unknown as Seen[]
    expect(one?.getRelation<Model>('user').toArray()).toEqual({ name: 'Ada', id: 1 })
  })

  test('E12: a limit holds for each parent', async () => {
    const { User } = await many(3, 4)
    const queries = await queriesOf(db, async () => {
      const users = (await User.with({
        posts: (posts) => posts.latest('id').limit(2),
      }).get()) as unknown as Seen[]
      expect(users.map((user) => user.getRelation('posts').map(({ title }) => title))).toEqual([
        ['p9', 'p6'],
        ['p10', 'p7'],
        ['p11', 'p8'],
      ])
      expect(Object.keys(users[0]?.getRelation<Model[]>('posts')[0]?.attributes ?? {})).not.toContain('laravel_row')
    })
    expect(queries).toHaveLength(2)
  })

  test('E12: 130,000 children of one parent do not overflow the stack', async () => {
    const { User, Post } = await prepare()
    const connection = db.connection()
    const rows = Array.from({ length: 10_000 }, (_, at) => ({ title: `t${at}`, user_id: 3 }))
    for (let piece = 0; piece < 13; piece += 1) await connection.table('posts').insert(rows)
    const joan = await User.with('posts').findOrFail(3)
    expect(joan.getRelation<unknown[]>('posts')).toHaveLength(130_000)
    const posts = await Post.where('user_id', 3).get()
    expect(await queriesOf(db, () => posts.load('user'))).toHaveLength(1)
    await posts.loadMissing('user.country')
    expect(posts[0]?.getRelation<Model>('user').getRelation('country')).toBeNull()
  }, 60_000)

  test('scenarios 12, 147 and 148: load, loadMissing and loadCount work on models and on collections, one query each', async () => {
    const { User, Post } = await prepare()
    const posts = await Post.orderBy('id').get()
    expect(
      await queriesOf(db, () => posts.load('user.country', { comments: (comments) => comments.where('text', 'a') })),
    ).toHaveLength(3)
    expect(posts[0]?.getRelation('comments')).toHaveLength(1)
    expect(await queriesOf(db, () => posts.loadMissing('user.boss', 'comments'))).toHaveLength(1)
    expect(posts[0]?.getRelation('comments')).toHaveLength(1)
    const users = await User.orderBy('id').get()
    expect(await queriesOf(db, () => users.loadCount('posts', 'team'))).toHaveLength(1)
    expect(users.map((user) => [user.getAttribute('posts_count'), user.getAttribute('team_count')])).toEqual([
      [2, 2],
      [1, 0],
      [0, 0],
    ])
    expect(users.every((user) => !user.isDirty())).toBe(true)
    const ada = await User.findOrFail(1)
    ada.name = 'Augusta'
    await ada.loadSum('posts', 'stars')
    await ada.loadMax({ posts: null }, 'stars')
    await ada.loadMin('posts', 'stars')
    await ada.loadAvg('posts', 'stars')
    await ada.loadExists('phone')
    expect(
      ['posts_sum_stars', 'posts_max_stars', 'posts_min_stars', 'posts_avg_stars'].map((key) =>
        Number(ada.getAttribute(key)),
      ),
    ).toEqual([6, 5, 1, 3])
    expect([ada.getAttribute('phone_exists'), ada.getDirty()]).toEqual([true, { name: 'Augusta' }])
    expect(await queriesOf(db, () => new EloquentCollection().load('posts'))).toEqual([])
  })

  test('what a class always loads is loaded, unless it is left out, and never in circles', async () => {
    const { User, Post } = await prepare()
    class Author extends User {
      static table = 'users'
      protected with = ['works']
      works() {
        return this.hasMany(Work, 'user_id')
      }
    }
    class Work extends Post {
      static table = 'posts'
      protected with = ['author']
      author() {
        return this.belongsTo(Author, 'user_id')
      }
    }
    expect(await queriesOf(db, () => Author.get())).toHaveLength(3)
    expect(await queriesOf(db, () => Author.query().without('works').get())).toHaveLength(1)
    expect(await queriesOf(db, () => Author.query().withOnly('boss').get())).toHaveLength(2)
    const author = await Author.findOrFail(1)
    author.name = 'Augusta'
    expect(await queriesOf(db, () => author.save())).toHaveLength(1)
  })

  test('chaperone sets the way back without a query', async () => {
    const { User, Post } = await prepare()
    class Author extends User {
      static table = 'users'
      override posts() {
        return this.hasMany(Post, 'user_id').chaperone('user')
      }
    }
    const authors = await Author.with('posts').orderBy('id').get()
    const [post] = authors[0]?.getRelation<Seen[]>('posts') ?? []
    expect(post?.getRelation('user')).toBe(authors[0])
    const lazily = await authors[0]?.relation('posts').get()
    expect(lazily?.[0]?.getRelation('user')).toBe(authors[0])
    expect(JSON.parse(JSON.stringify(authors[0])).posts[0]).toMatchObject({ title: 'One', user: { name: 'Ada' } })
  })

  test('S13, scenarios 157 and 158: relations over another table, lazily and eagerly', async () => {
    const { Country, User, Post, Phone, Comment } = await prepare()
    class Land extends Country {
      static table = 'countries'
      posts() {
        return this.hasManyThrough(Post, User, 'country_id')
      }
      phone() {
        return this.hasOneThrough(Phone, User, 'country_id')
      }
      texts() {
        return this.through('people').has<InstanceType<typeof Post>>('posts')
      }
      people() {
        return this.hasMany(User, 'country_id')
      }
    }
    const england = await Land.findOrFail(1)
    expect(await england.posts().orderBy('posts.id').pluck('title')).toEqual(['One', 'Two', 'Three'])
    expect((await england.texts().orderBy('posts.id').get()).map((post) => post.title)).toEqual(['One', 'Two', 'Three'])
    expect((await england.phone())?.number).toBe('555')
    expect(await (await Land.findOrFail(2)).phone()).toBeNull()
    expect((await england.posts().find(3))?.toArray()).not.toHaveProperty('laravel_through_key')
    expect((await england.posts().get()).every((post) => post.id !== undefined && post.exists)).toBe(true)
    let lands: Seen[] = []
    expect(
      await queriesOf(db, async () => {
        lands = (await Land.with('posts.comments', 'phone').orderBy('id').get()) as never
      }),
    ).toHaveLength(4)
    expect(
      lands.map((land) => [land.getRelation('posts').length, land.getRelation<Model | null>('phone')?.number]),
    ).toEqual([
      [3, '555'],
      [0, undefined],
    ])
    const limited = (await Land.with({
      posts: (posts: never) =>
        (posts as { orderByDesc(c: string): { limit(n: number): unknown } }).orderByDesc('posts.id').limit(1),
    })
      .orderBy('id')
      .get()) as unknown as Seen[]
    expect(limited.map((land) => land.getRelation('posts').map(({ title }) => title))).toEqual([['Three'], []])
    expect(await Land.query().has('posts', '>=', 3).pluck('name')).toEqual(['England'])
    expect((await Land.withCount('posts').orderBy('id').get()).map((land) => land.getAttribute('posts_count'))).toEqual(
      [3, 0],
    )
    expect(await Comment.query().count()).toBe(3)
    expect(await england.posts().where('posts.stars', 1).update({ stars: 2 })).toBe(1)
    expect(await Post.orderBy('id').pluck('stars')).toEqual([5, 2, 3, 0])
  })

  test('lazy loading is refused where it is prevented, or loads for all where that is wanted', async () => {
    const { User } = await prepare()
    const asked = (user: unknown) => (user as { posts: Promise<Seen[]> }).posts
    Model.preventLazyLoading()
    try {
      const users = await User.get()
      await expect((async () => await asked(users[0]))()).rejects.toThrow(LazyLoadingViolationException)
      expect(await users[0]?.posts()).toHaveLength(2)
      expect(await asked(await User.findOrFail(1))).toHaveLength(2)
    } finally {
      Model.preventLazyLoading(false)
    }
    Model.automaticallyEagerLoadRelationships()
    try {
      const queries = await queriesOf(db, async () => {
        for (const user of await User.orderBy('id').get())
          for (const post of await asked(user)) await (post as unknown as { comments: unknown }).comments
      })
      expect(queries).toHaveLength(3)
    } finally {
      Model.automaticallyEagerLoadRelationships(false)
    }
  })

  test('push saves a model and everything that is loaded below it; touches reach the owner', async () => {
    const { User, Post, Comment } = await prepare()
    const old = new Date('2020-01-01T00:00:00Z')
    await db.connection().table('users').update({ updated_at: old })
    await db.connection().table('posts').update({ updated_at: old })
    const ada = await User.with('posts.comments').findOrFail(1)
    const [post] = ada.getRelation<InstanceType<typeof Post>[]>('posts')
    const [comment] = post?.getRelation<InstanceType<typeof Comment>[]>('comments') ?? []
    ada.name = 'Augusta'
    if (comment !== undefined) comment.text = 'changed'
    post?.setRelation('user', ada)
    expect(await ada.push()).toBe(true)
    expect([(await User.findOrFail(1)).name, (await Comment.findOrFail(1)).text]).toEqual(['Augusta', 'changed'])
    class Remark extends Comment {
      static table = 'comments'
      static touches = ['page', 'author']
      page() {
        return this.belongsTo(Page, 'post_id')
      }
    }
    class Page extends Post {
      static table = 'posts'
      static touches = ['user']
    }
    const remark = await Remark.findOrFail(3)
    remark.text = 'new'
    await remark.save()
    const times = async (table: string) =>
      (await db.connection().table(table).orderBy('id').pluck<Date>('updated_at')).map(
        (time) => time.getTime() > old.getTime(),
      )
    expect(await times('posts')).toEqual([false, false, true, false])
    expect((await times('users')).slice(1)).toEqual([true, false])
  })
})
