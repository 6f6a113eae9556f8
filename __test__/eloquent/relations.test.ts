/** Relations: as queries, as properties, and as what makes related models. */
import { expect, test } from 'vitest'
import { EloquentCollection, Model, RelationNotFoundException } from '../../js'
import { onEveryDatabase } from '../support/databases'
import { blogModels, createTables, queriesOf, seed } from './blog'

onEveryDatabase('relations', (db) => {
  const prepare = async () => {
    await createTables(db)
    await seed(db)
    return blogModels()
  }

  test('E4, scenarios 135 and 136: an awaited relation is what it holds, as a call and as a property', async () => {
    const { User, Post } = await prepare()
    const ada = await User.findOrFail(1)
    const posts = await ada.posts()
    expect(posts).toBeInstanceOf(EloquentCollection)
    expect(posts.map((post) => post.title)).toEqual(['One', 'Two'])
    expect((await ada.phone())?.number).toBe('555')
    const one = await Post.findOrFail(1)
    expect((await one.user())?.name).toBe('Ada')
    const asProperty = (await (ada.posts as unknown)) as EloquentCollection<{ title: string }>
    expect(asProperty.map((post) => post.title)).toEqual(['One', 'Two'])
    expect(ada.relationLoaded('posts')).toBe(true)
    expect(await queriesOf(db, async () => await (ada.posts as unknown))).toEqual([])
    expect(await (await User.findOrFail(2)).phone()).toBeNull()
  })

  test('E17, scenario 138: a relation has every method of a query, and keeps its parent', async () => {
    const { User } = await prepare()
    const ada = await User.findOrFail(1)
    const posts = () => ada.posts()
    expect(await posts().pluck('title')).toEqual(['One', 'Two'])
    expect([await posts().count(), await posts().exists(), await posts().max('stars')]).toEqual([2, true, 5])
    expect((await posts().orderByDesc('id').take(1)).map((post) => post.title)).toEqual(['Two'])
    expect((await posts().find(3)) ?? null).toBeNull()
    expect((await posts().findOrFail(2)).title).toBe('Two')
    expect((await posts().orderBy('id').paginate(1, 2)).data.map((post) => post.title)).toEqual(['Two'])
    const seen: string[] = []
    await posts().each((post) => {
      seen.push(post.title)
    }, 1)
    for await (const post of posts().cursor()) seen.push(post.title)
    for await (const post of posts().lazyById(1)) seen.push(post.title)
    expect(seen).toEqual(['One', 'Two', 'One', 'Two', 'One', 'Two'])
    expect((await posts().with('comments').orderBy('id').get())[0]?.getRelation('comments')).toHaveLength(2)
    expect(await posts().where('title', 'x').orWhere('title', 'Three').count()).toBe(0)
    expect(
      await posts()
        .when(true, (query) => query.where('stars', 1))
        .value('title'),
    ).toBe('Two')
    expect(await posts().update({ stars: 9 })).toBe(2)
    expect(await posts().where('title', 'One').delete()).toBe(1)
    expect(await db.connection().table('posts').orderBy('id').pluck('stars')).toEqual([9, 3, 0])
    expect(posts().toSql().replaceAll('`', '"').replace('$1', '?')).toBe(
      'select * from "posts" where "posts"."user_id" = ?',
    )
  })

  test('S11: scopes of the related class are methods of the relation, in parentheses', async () => {
    const { User, Post } = await prepare()
    await db.connection().table('posts').insert({ title: 'Loved', stars: 0, user_id: 2 })
    const posts = (await User.findOrFail(1)).posts() as unknown as {
      loved(): { pluck(name: string): Promise<string[]> }
    }
    expect(await posts.loved().pluck('title')).toEqual(['One'])
    Post.addGlobalScope('few', (query: { where(...args: unknown[]): unknown }) => query.where('stars', '<', 5))
    expect(await (await User.findOrFail(1)).posts().pluck('title')).toEqual(['Two'])
    expect(await (await User.findOrFail(1)).posts().withoutGlobalScope('few').count()).toBe(2)
  })

  test('S12: without a key nothing is asked, and nothing is found, changed or removed', async () => {
    const { User, Post } = await prepare()
    const nobody = new User({ name: 'Nobody' })
    expect(await queriesOf(db, async () => expect(await nobody.posts()).toEqual([]))).toEqual([])
    expect(await queriesOf(db, async () => expect(await nobody.phone()).toBeNull())).toEqual([])
    const free = await Post.findOrFail(4)
    expect(await queriesOf(db, async () => expect(await free.user()).toBeNull())).toEqual([])
    expect(await nobody.posts().count()).toBe(0)
    expect(await nobody.posts().update({ stars: 1 })).toBe(0)
    expect(await nobody.posts().delete()).toBe(0)
    expect(await db.connection().table('posts').count()).toBe(4)
  })

  test('E3: a loaded relation is a property, and relation() always gives a new one', async () => {
    const { User } = await prepare()
    const ada = await User.with('posts').findOrFail(1)
    expect((ada.posts as unknown as EloquentCollection).length).toBe(2)
    expect(await ada.relation('posts').where('stars', 5).count()).toBe(1)
    expect(() => ada.posts()).toThrow(TypeError)
    const other = await ada.fresh('posts')
    expect(other?.getRelation('posts')).toHaveLength(2)
    let calls = 0
    User.saving(() => {
      calls += 1
    })
    for (const name of ['nothing', 'shout', 'delete', 'save', 'constructor', 'toString', '__proto__']) {
      expect(() => ada.relation(name)).toThrow(RelationNotFoundException)
      await expect(User.with(name).get()).rejects.toThrow(RelationNotFoundException)
    }
    // Methods of every model are not called to see what they answer.
    expect([await User.count(), calls]).toEqual([3, 0])
  })

  test('scenario 149: models are made and saved with their foreign key', async () => {
    const { User, Post } = await prepare()
    const joan = await User.findOrFail(3)
    const made = await joan.posts().create({ title: 'New' })
    expect([made.user_id, made.modelExists()]).toEqual([3, true])
    expect(joan.posts().make({ title: 'x' }).user_id).toBe(3)
    const saved = new Post({ title: 'Saved' })
    expect(await joan.posts().save(saved)).toBe(saved)
    await joan.posts().saveMany([new Post({ title: 'a' }), new Post({ title: 'b' })])
    await joan.posts().createMany([{ title: 'c' }, { title: 'd' }])
    expect(await joan.posts().count()).toBe(6)
    expect((await joan.posts().firstOrCreate({ title: 'a' })).wasRecentlyCreated).toBe(false)
    // The same title elsewhere is not theirs.
    expect((await joan.posts().firstOrCreate({ title: 'One' })).user_id).toBe(3)
    expect((await joan.posts().firstOrNew({ title: 'Two' }, { stars: 4 })).modelExists()).toBe(false)
    const updated = await joan.posts().updateOrCreate({ title: 'c' }, { stars: 7 })
    expect([updated.user_id, updated.stars, updated.wasRecentlyCreated]).toEqual([3, 7, false])
    await joan.phone().create({ number: '1' })
    expect((await joan.phone())?.number).toBe('1')
  })

  test('unsaved parents save nothing, and methods that narrow a relation are relations', async () => {
    const { User, Post } = await prepare()
    const nobody = new User({ name: 'Nobody' })
    const works = [
      () => nobody.posts().create({ title: 'x' }),
      () => nobody.posts().save(new Post({ title: 'x' })),
      () => nobody.posts().firstOrCreate({ title: 'One' }),
    ]
    for (const work of works) await expect(work()).rejects.toThrow('Save the User first')
    expect(nobody.posts().make({ title: 'x' }).user_id).toBeNull()
    expect(await Post.count()).toBe(4)
    class Writer extends User {
      static table = 'users'
      override posts() {
        return this.hasMany(Post, 'user_id')
      }
      loved() {
        return this.posts().where('stars', '>', 3)
      }
    }
    const ada = await Writer.with('loved').findOrFail(1)
    expect(ada.getRelation('loved')).toHaveLength(1)
    expect(await ((await Writer.findOrFail(1)).loved as unknown)).toHaveLength(1)
    expect(await ada.posts().findOrNew(1)).toMatchObject({ title: 'One' })
    expect(await ada.posts().findOrNew(3)).toMatchObject({ user_id: 1 })
  })

  test('upsert writes rows of the parent', async () => {
    const { User, Post } = await prepare()
    const joan = await User.findOrFail(3)
    await joan.posts().upsert([{ id: 1, title: 'Taken over' }], 'id', ['title', 'user_id'])
    expect((await Post.findOrFail(1)).toArray()).toMatchObject({ title: 'Taken over', user_id: 3 })
  })

  test('scenario 150: associate and dissociate set the key and the loaded relation', async () => {
    const { User, Post } = await prepare()
    const grace = await User.findOrFail(2)
    const post = await Post.findOrFail(1)
    expect(post.user().is(grace)).toBe(false)
    expect(post.user().associate(grace)).toBe(post)
    expect([post.user_id, post.getRelation('user')]).toEqual([2, grace])
    expect(post.relation('user').is(grace)).toBe(true)
    await post.save()
    expect((await Post.findOrFail(1)).user_id).toBe(2)
    post.relation('user').dissociate()
    expect([post.user_id, post.getRelation('user'), post.relation('user').isNot(grace)]).toEqual([null, null, true])
    post.relation('user').associate(3)
    expect([post.user_id, post.relationLoaded('user')]).toEqual([3, false])
  })

  test('a key is the same however it is written, and another number is not', async () => {
    const { User, Post } = await prepare()
    const [largest, beyond] = [Number.MAX_SAFE_INTEGER, 2n ** 53n + 1n]
    const refersTo = (key: unknown, other: unknown): boolean => {
      const [user, post] = [new User(), new Post()]
      user.setAttribute('id', key)
      post.setAttribute('user_id', other)
      return post.user().is(user)
    }
    const same = [
      [1, '1'],
      [1, 1n],
      ['-7', -7n],
      [0, '0'],
      [largest, String(largest)],
      [String(beyond), beyond],
      [1.5, '1.5'],
    ]
    for (const [one, other] of same) expect([one, other, refersTo(one, other)]).toEqual([one, other, true])
    const different = [
      ['7', '007'],
      [0, '-0'],
      [1000, '1e3'],
      [1, ' 1'],
      [1, '1.0'],
      [2 ** 53, String(beyond)],
      ['9'.repeat(17), '9'.repeat(18)],
    ]
    for (const [one, other] of different) expect([one, other, refersTo(one, other)]).toEqual([one, other, false])
  })

  test('withDefault stands in for a model that is not there, lazily and eagerly', async () => {
    const { User, Phone } = await prepare()
    class Caller extends User {
      static table = 'users'
      override phone() {
        return this.hasOne(Phone, 'user_id').withDefault({ number: 'none' })
      }
      override boss() {
        return this.belongsTo(User, 'boss_id').withDefault((boss, user) => {
          boss.name = `${(user as Caller).name}'s own`
        })
      }
    }
    const grace = await Caller.findOrFail(2)
    expect((await grace.phone())?.number).toBe('none')
    const [ada, joan] = await Caller.with('phone', 'boss').whereIn('id', [1, 3]).orderBy('id').get()
    expect([ada?.getRelation<Model>('phone').number, joan?.getRelation<Model>('phone').number]).toEqual(['555', 'none'])
    expect(joan?.getRelation<Model>('phone').user_id).toBe(3)
    expect(ada?.getRelation<Model>('boss').name).toBe("Ada's own")
  })

  test('related classes may be named, and relations given from outside', async () => {
    const { User, Post } = await prepare()
    Model.register('BlogPost', Post)
    class Writer extends Model {
      static table = 'users'
      posts() {
        return this.hasMany('BlogPost', 'user_id')
      }
      lost() {
        return this.hasMany('Nowhere')
      }
    }
    expect(Model.getModel('BlogPost')).toBe(Post)
    expect((await (await Writer.findOrFail(1)).posts()).length).toBe(2)
    expect(() => new Writer().lost()).toThrow(/No model is registered as "Nowhere"/)
    expect(() => new Writer().hasMany(undefined as never)).toThrow(/needs a class of models/)
    Writer.resolveRelationUsing('phones', (writer: Model) => writer.hasMany(blogModels().Phone, 'user_id'))
    const ada = await Writer.with('phones').findOrFail(1)
    expect(ada.phones[0].number).toBe('555')
    const again = await Writer.findOrFail(1)
    expect((await again.phones).length).toBe(1)
    await expect(User.with('phones').get()).rejects.toThrow(RelationNotFoundException)
  })
})
