/** One model of many: the newest, the best, over another table as well. */
import { expect, test } from 'vitest'
import { InvalidArgumentException } from '../../js'
import { onEveryDatabase } from '../support/databases'
import { blogModels, createTables, queriesOf, seed } from './blog'

interface Seen {
  title: string
  getRelation<T = Seen[]>(name: string): T
}

onEveryDatabase('one of many', (db) => {
  const prepare = async () => {
    await createTables(db)
    await seed(db)
    return blogModels()
  }

  test('one of many over another table, lazily, eagerly and inside of queries', async () => {
    const { Country, User, Post } = await prepare()
    class Land extends Country {
      static table = 'countries'
      latest() {
        return this.hasOneThrough(Post, User, 'country_id').latestOfMany()
      }
      least() {
        return this.hasOneThrough(Post, User, 'country_id').ofMany('stars', 'min')
      }
      loved() {
        return this.hasOneThrough(Post, User, 'country_id').ofMany('stars', (posts) => posts.where('stars', '<', 5))
      }
      best() {
        return this.hasManyThrough(Post, User, 'country_id').one().ofMany('stars')
      }
    }
    await User.where('name', 'Joan').update({ country_id: 2 })
    await Post.create({ title: 'Four', stars: 2, user_id: 3 })
    const england = await Land.findOrFail(1)
    const found = [await england.latest(), await england.least(), await england.loved(), await england.best()]
    expect(found.map((post) => post?.title)).toEqual(['Three', 'Two', 'Three', 'One'])
    expect(Object.keys(found[0]?.attributes ?? {}).filter((name) => name.startsWith('laravel'))).toEqual([])
    expect(await england.least().where('stars', 5).first()).toBeNull()
    const queries = await queriesOf(db, async () => {
      const lands = (await Land.with('latest', 'best:id,title').orderBy('id').get()) as unknown as Seen[]
      expect(
        lands.map((land) => [land.getRelation<Seen>('latest').title, land.getRelation<Seen>('best').title]),
      ).toEqual([
        ['Three', 'One'],
        ['Four', 'Four'],
      ])
    })
    expect(queries).toHaveLength(3)
    const named = (title: string) =>
      Land.query()
        .whereHas('best', (posts) => posts.where('title', title))
        .pluck('name')
    expect([await named('One'), await named('Two'), await named('Four')]).toEqual([['England'], [], ['France']])
    expect(
      (await Land.withCount('latest').orderBy('id').get()).map((land) => Number(land.getAttribute('latest_count'))),
    ).toEqual([1, 1])
  })

  test('one of many: the newest, the best, with conditions, lazily, eagerly and inside of queries', async () => {
    const { User, Post } = await prepare()
    await db.connection().table('posts').insert({ title: 'Four', stars: 5, user_id: 1 })
    class Writer extends User {
      static table = 'users'
      latest() {
        return this.hasOne(Post, 'user_id').latestOfMany()
      }
      oldest() {
        return this.hasOne(Post, 'user_id').oldestOfMany()
      }
      best() {
        return this.hasOne(Post, 'user_id').ofMany({ stars: 'max', id: 'min' }, (query) => query.where('stars', '<', 5))
      }
      top() {
        return this.hasMany(Post, 'user_id').one().ofMany('stars')
      }
    }
    const ada = await Writer.findOrFail(1)
    expect([
      (await ada.latest())?.title,
      (await ada.oldest())?.title,
      (await ada.best())?.title,
      (await ada.top())?.title,
    ]).toEqual(['Four', 'One', 'Two', 'Four'])
    expect(await ada.latest().where('stars', 1).first()).toBeNull()
    expect(Object.keys((await ada.latest())?.attributes ?? {})).not.toContain('laravel_row')
    const writers = (await Writer.with('latest', 'oldest', 'best').orderBy('id').get()) as unknown as Seen[]
    const titles = (name: string) => writers.map((writer) => writer.getRelation<Seen | null>(name)?.title)
    expect([titles('latest'), titles('oldest'), titles('best')]).toEqual([
      ['Four', 'Three', undefined],
      ['One', 'Three', undefined],
      ['Two', 'Three', undefined],
    ])
    const having = (stars: number) =>
      Writer.query()
        .whereHas('latest', (post) => post.where('stars', stars))
        .pluck('name')
    expect([await having(5), await having(1), await having(3)]).toEqual([['Ada'], [], ['Grace']])
    expect(() => new Writer().hasOne(Post).ofMany('stars', 'sum')).toThrow(InvalidArgumentException)
  })
})
