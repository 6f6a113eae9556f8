/** Conditions on related rows, and numbers about them. */
import { expect, test } from 'vitest'
import { type EloquentBuilder, InvalidArgumentException, RelationNotFoundException } from '../../js'
import { onEveryDatabase } from '../support/databases'
import { blogModels, createTables, queriesOf, seed } from './blog'

onEveryDatabase('conditions on relations', (db) => {
  const prepare = async () => {
    await createTables(db)
    await seed(db)
    return blogModels()
  }
  const names = async (query: EloquentBuilder<never, never> | object) =>
    (await (query as EloquentBuilder).orderBy('users.id').pluck('name')) as string[]

  test('E15, scenario 208: has, doesntHave and whereHas hold on every database, with operators and counts', async () => {
    const { User } = await prepare()
    expect(await names(User.query().has('posts'))).toEqual(['Ada', 'Grace'])
    expect(await names(User.query().has('posts', '>=', 2))).toEqual(['Ada'])
    expect(await names(User.query().has('posts', '=', 1))).toEqual(['Grace'])
    expect(await names(User.query().has('posts', '<', 2))).toEqual(['Grace', 'Joan'])
    expect(await names(User.query().doesntHave('posts'))).toEqual(['Joan'])
    expect(await names(User.query().where('name', 'x').orHas('phone'))).toEqual(['Ada'])
    expect(await names(User.query().where('name', 'Ada').orDoesntHave('posts'))).toEqual(['Ada', 'Joan'])
    expect(await names(User.query().whereHas('posts', (posts) => posts.where('stars', 3)))).toEqual(['Grace'])
    expect(await names(User.query().whereDoesntHave('posts', (posts) => posts.where('stars', 3)))).toEqual([
      'Ada',
      'Joan',
    ])
    expect(await names(User.query().whereHas('posts', (posts) => posts.where('stars', '>', 0), '=', 2))).toEqual([
      'Ada',
    ])
    await expect(User.query().has('posts', 'or 1=1', 2).get()).rejects.toThrow(InvalidArgumentException)
  })

  test('or in a condition stays in the relation', async () => {
    const { User } = await prepare()
    const query = User.query().whereHas('posts', (posts) => posts.where('title', 'Three').orWhere('title', 'x'))
    expect(await names(query)).toEqual(['Grace'])
  })

  test('E15: nested relations are asked by dots, and the number is that of the last one', async () => {
    const { User } = await prepare()
    expect(await names(User.query().has('posts.comments'))).toEqual(['Ada', 'Grace'])
    expect(await names(User.query().has('posts.comments', '>=', 2))).toEqual(['Ada'])
    expect(await names(User.query().doesntHave('posts.comments'))).toEqual(['Joan'])
    expect(await names(User.query().whereHas('posts.comments.author', (a) => a.where('name', 'Joan')))).toEqual(['Ada'])
    expect(await names(User.query().whereHas('posts', (posts) => posts.has('comments', '=', 1)))).toEqual(['Grace'])
  })

  test('a table may be asked inside of itself', async () => {
    const { User } = await prepare()
    expect(await names(User.query().has('team'))).toEqual(['Ada'])
    expect(await names(User.query().whereHas('boss', (boss) => boss.where('name', 'Ada')))).toEqual(['Grace', 'Joan'])
    expect(await names(User.query().has('boss.team', '>=', 2))).toEqual(['Grace', 'Joan'])
    expect(await names(User.query().has('team.boss.team'))).toEqual(['Ada'])
  })

  test('scopes of the related class hold inside', async () => {
    const { User, Post } = await prepare()
    Post.addGlobalScope('liked', (query: EloquentBuilder) => query.where('stars', 5).orWhere('stars', 4))
    expect(await names(User.query().has('posts'))).toEqual(['Ada'])
    expect(await names(User.query().whereHas('posts', (posts) => posts.withoutGlobalScopes()))).toEqual([
      'Ada',
      'Grace',
    ])
  })

  test('whereRelation and whereBelongsTo are short for whereHas and where', async () => {
    const { User, Post } = await prepare()
    expect(await names(User.query().whereRelation('posts', 'stars', '>', 3))).toEqual(['Ada'])
    expect(await names(User.query().whereRelation('posts', 'stars', 3))).toEqual(['Grace'])
    expect(await names(User.query().where('name', 'Joan').orWhereRelation('posts', 'stars', 3))).toEqual([
      'Grace',
      'Joan',
    ])
    expect(await names(User.query().whereDoesntHaveRelation('posts', 'stars', 3))).toEqual(['Ada', 'Joan'])
    const [ada, grace] = await User.findMany([1, 2])
    expect(
      await Post.query()
        .whereBelongsTo(ada as object)
        .orderBy('id')
        .pluck('title'),
    ).toEqual(['One', 'Two'])
    expect(
      await Post.query()
        .whereBelongsTo([ada, grace] as object[])
        .count(),
    ).toBe(3)
    expect(
      await User.query()
        .whereBelongsTo(ada as object, 'boss')
        .count(),
    ).toBe(2)
    expect(
      await Post.query()
        .where('stars', 3)
        .orWhereBelongsTo(ada as object)
        .count(),
    ).toBe(3)
    expect(() => Post.query().whereBelongsTo([])).toThrow(InvalidArgumentException)
    expect(() => User.query().whereBelongsTo(ada as object, 'posts')).toThrow(InvalidArgumentException)
    expect(await names(User.query().whereAttachedTo((await Post.findOrFail(3)) as object))).toEqual(['Grace'])
  })

  test('withWhereHas loads what it asks for', async () => {
    const { User } = await prepare()
    const users = await User.query()
      .withWhereHas('posts', (posts) => posts.where('stars', 5))
      .get()
    expect(users.map((user) => user.getRelation<{ title: string }[]>('posts').map(({ title }) => title))).toEqual([
      ['One'],
    ])
  })

  test('unknown relations and async conditions are refused', async () => {
    const { User } = await prepare()
    expect(() => User.query().has('nothing')).toThrow(RelationNotFoundException)
    expect(() => User.query().has('posts.nothing')).toThrow(RelationNotFoundException)
    expect(() => User.query().withCount('shout')).toThrow(RelationNotFoundException)
    expect(() => User.query().whereHas('posts', async (posts) => posts.where('stars', 1))).toThrow(
      InvalidArgumentException,
    )
  })

  test('E15, scenario 210: withCount, withSum and their like read numbers in the same query', async () => {
    const { User } = await prepare()
    let users: Record<string, unknown>[] = []
    const queries = await queriesOf(db, async () => {
      const query = User.query()
        .withCount('posts', {
          'team as crew': null,
          'posts as liked': (posts: EloquentBuilder) => posts.where('stars', '>', 2),
        })
        .withSum('posts', 'stars')
        .withMin('posts', 'stars')
        .withMax('posts', 'stars')
        .withAvg('posts', 'stars')
        .withExists('phone', 'posts as writes')
      users = (await query.orderBy('posts_count', 'desc').orderBy('id').get()) as never
    })
    expect(queries).toHaveLength(1)
    const read = users.map((user) =>
      ['name', 'posts_count', 'crew', 'liked', 'posts_min_stars', 'posts_max_stars', 'phone_exists', 'writes'].map(
        (key) => user[key],
      ),
    )
    expect(read).toEqual([
      ['Ada', 2, 2, 1, 1, 5, true, true],
      ['Grace', 1, 0, 1, 3, 3, false, true],
      ['Joan', 0, 0, 0, null, null, false, false],
    ])
    expect(
      users.map((user) => [user.posts_sum_stars, user.posts_avg_stars].map((n) => (n === null ? null : Number(n)))),
    ).toEqual([
      [6, 3],
      [3, 3],
      [null, null],
    ])
    expect(await User.query().withCount('posts').count()).toBe(3)
    expect(
      (await User.query().withCount('posts').paginate(2)).data.map(
        (user) => (user as never as { posts_count: number }).posts_count,
      ).length,
    ).toBe(2)
    expect((await User.select('name').withCount('posts').orderBy('id').first())?.toArray()).toEqual({
      name: 'Ada',
      posts_count: 2,
    })
  })

  test('the option withCount counts with every model, and only with whole ones', async () => {
    const { User } = await prepare()
    class Author extends User {
      static table = 'users'
      protected withCount = ['posts']
      override posts() {
        return this.hasMany(blogModels().Post, 'user_id')
      }
    }
    expect(
      (await Author.orderBy('id').get()).map((author) => (author as never as { posts_count: number }).posts_count),
    ).toEqual([2, 1, 0])
    expect((await Author.select('id').first())?.toArray()).toEqual({ id: 1 })
    expect((await Author.query().without('*').first())?.toArray()).not.toHaveProperty('posts_count')
    const author = await Author.findOrFail(1)
    author.name = 'Augusta'
    expect(await author.save()).toBe(true)
    expect(await Author.count()).toBe(3)
  })
})
