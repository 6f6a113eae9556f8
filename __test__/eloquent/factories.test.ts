/** Factories: models for tests and seeders, with those that they belong to and those that belong to them. */
import { createRequire } from 'node:module'
import { afterEach, expect, test } from 'vitest'
import {
  defineFactory,
  EloquentCollection,
  Factory,
  FactoryManager,
  factory,
  InvalidArgumentException,
  Model,
  RelationNotFoundException,
  Sequence,
} from '../../js'
import { loadFaker } from '../../js/eloquent/factories/faker'
import { onEveryDatabase } from '../support/databases'
import { blogModels, createTables } from './blog'

afterEach(() => FactoryManager.clear())

function blog() {
  const models = blogModels()
  const { User, Post, Comment } = models
  class UserFactory extends Factory<InstanceType<typeof User>> {
    override model = User
    override definition() {
      return { name: this.faker.person.fullName(), votes: 0 }
    }
    popular() {
      return this.state({ votes: 1000 })
    }
  }
  class PostFactory extends Factory<InstanceType<typeof Post>> {
    override definition() {
      return { title: 'A post', user_id: UserFactory }
    }
  }
  FactoryManager.register(User, UserFactory)
  FactoryManager.register(Post, PostFactory)
  defineFactory(Comment, () => ({ text: 'First!', post_id: Post.factory(), author_id: User }))
  return { ...models, UserFactory, PostFactory }
}

onEveryDatabase('factories', (db) => {
  const prepare = async () => {
    await createTables(db)
    return blog()
  }
  const inserts = () =>
    db
      .connection()
      .getQueryLog()
      .filter(({ query }) => query.startsWith('insert')).length

  test('scenario 186: class UserFactory extends Factory makes models, with this.faker', async () => {
    const { User, UserFactory } = await prepare()
    const user = await new UserFactory().create()
    expect(user).toBeInstanceOf(User)
    expect([user.modelExists(), typeof user.name, user.name.length > 2]).toEqual([true, 'string', true])
    const users = await UserFactory.times(3).popular().create({ name: 'Ada' })
    expect(users).toBeInstanceOf(EloquentCollection)
    expect(users.map(({ name, votes }) => [name, votes])).toEqual([
      ['Ada', 1000],
      ['Ada', 1000],
      ['Ada', 1000],
    ])
    expect(await User.count()).toBe(4)
  })

  test('E22: Model.factory(), count, sequence, state functions, raw and createMany', async () => {
    const { User } = await prepare()
    const made = await User.factory(4)
      .sequence({ votes: 1 }, ({ index }) => ({ votes: 10 + index }))
      .state(({ votes }) => ({ name: `${votes} votes` }))
      .create()
    expect(made.map(({ name }) => name)).toEqual(['1 votes', '11 votes', '1 votes', '13 votes'])
    expect((await User.factory(1).create()).length).toBe(1)
    expect(await User.factory().raw({ name: 'Ada' })).toEqual({ name: 'Ada', votes: 0 })
    expect(await User.factory(2).raw({ name: 'Ada' })).toHaveLength(2)
    const many = await User.factory().createMany([{ name: 'Ada' }, { name: 'Grace' }])
    expect(many.map(({ name }) => name)).toEqual(['Ada', 'Grace'])
    expect([(await User.factory().createMany(2)).length, (await User.factory(3).makeMany()).length]).toEqual([2, 3])
    expect((await User.factory(3).createOne()).modelExists()).toBe(true)
    const combined = await User.factory(4)
      .crossJoinSequence([{ name: 'a' }, { name: 'b' }], [{ votes: 1 }, { votes: 2 }])
      .make()
    expect(combined.map(({ name, votes }) => `${name}${votes}`)).toEqual(['a1', 'a2', 'b1', 'b2'])
    expect(await User.factory().forEachSequence({ name: 'a' }, { name: 'b' }, { name: 'c' }).make()).toHaveLength(3)
    const roles = await User.factory(2)
      .state({
        name: new Sequence(
          () => 'odd',
          () => 'even',
        ) as never,
      })
      .make()
    expect(roles.map(({ name }) => name)).toEqual(['odd', 'even'])
    expect(await User.count()).toBe(4 + 1 + 2 + 2 + 1)
  })

  test('make() saves nothing, and guarded attributes are set', async () => {
    await prepare()
    class Person extends Model {
      static table = 'users'
      static guarded = ['*']
    }
    const person = await factory(Person).make({ name: 'Ada', votes: 3 })
    expect([person.modelExists(), person.name, person.votes]).toEqual([false, 'Ada', 3])
    expect(await Person.count()).toBe(0)
  })

  test('defineFactory, and factory(Model, n), whose one model is not in an array', async () => {
    const { User } = await prepare()
    FactoryManager.clear()
    expect(FactoryManager.has(User)).toBe(false)
    const users = defineFactory(User, ({ faker }) => ({ name: faker.person.firstName() }))
    expect(FactoryManager.has(User)).toBe(true)
    expect((await factory(User).create()).modelExists()).toBe(true)
    expect((await factory(User, 1).create()).modelExists()).toBe(true)
    expect(await factory(User, 2).create({ votes: 5 })).toHaveLength(2)
    expect((await factory(User).times(3).make()).length).toBe(3)
    expect((await users.count(2).state({ votes: 9 }).create()).map(({ votes }) => votes)).toEqual([9, 9])
  })

  test('classes of one name have factories of their own, and subclasses inherit them', async () => {
    await prepare()
    const one = class User extends Model {}
    const other = class User extends Model {}
    class Admin extends one {}
    defineFactory(one as typeof Model, () => ({ name: 'one' }))
    defineFactory(other as typeof Model, () => ({ name: 'other' }))
    expect([(await factory(one).make()).name, (await factory(other).make()).name]).toEqual(['one', 'other'])
    const admin = await factory(Admin).make()
    expect([admin.name, admin instanceof Admin]).toEqual(['one', true])
    class Guest extends Model {
      static newFactory() {
        return GuestFactory
      }
    }
    class GuestFactory extends Factory<Guest> {
      override definition() {
        return { name: 'guest' }
      }
      loud() {
        return this.state({ name: 'GUEST' })
      }
    }
    expect((await Guest.factory().loud().make()).name).toBe('GUEST')
  })

  test('a factory is never changed: every call answers another one', async () => {
    const { User } = await prepare()
    const plain = User.factory()
    plain.count(3)
    plain.state({ name: 'Ada' })
    expect((await plain.make({})).name).not.toBe('Ada')
    expect(await plain.count(3).make()).toHaveLength(3)
  })

  test('configure() is called once, before anything else', async () => {
    const { User } = await prepare()
    const told: string[] = []
    class Told extends Factory<InstanceType<typeof User>> {
      override model = User
      override configure() {
        return this.afterMaking(() => told.push('configured')).state({ name: 'configured', votes: 1 })
      }
    }
    const user = await new Told()
      .state({ name: 'Ada' })
      .afterMaking(async () => told.push('making'))
      .afterCreating((made) => told.push(`created ${made.modelExists()}`))
      .create()
    expect([user.name, user.votes, told]).toEqual(['Ada', 1, ['configured', 'making', 'created true']])
  })

  test('attributes that are factories, classes, models, functions and promises', async () => {
    const { User, Post } = await prepare()
    const user = await User.factory().create()
    const post = await Post.factory().create()
    expect(await User.count()).toBe(2)
    expect((await Post.factory().create({ user_id: user })).user_id).toBe(user.id)
    const titled = await Post.factory().create({
      user_id: user.id,
      stars: Promise.resolve(3),
      title: (all) => `${all.stars}`,
    })
    expect([titled.title, titled.stars]).toEqual(['3', 3])
    expect(post.user_id).toBeGreaterThan(user.id)
    expect((await Post.factory().withoutParents().make()).user_id).toBe(null)
    expect(await User.count()).toBe(2)
  })

  test('for() makes one parent for all models, by the keys of the relation', async () => {
    const { User, Post } = await prepare()
    const posts = await Post.factory(3)
      .for(User.factory().state({ name: 'Ada' }))
      .create()
    expect(await User.pluck('name')).toEqual(['Ada'])
    expect(new Set(posts.map(({ user_id }) => user_id)).size).toBe(1)
    const user = await User.factory().create()
    expect((await Post.factory().for(user).create()).user_id).toBe(user.id)
    expect((await Post.factory().for(user, undefined, 'stars').create({ user_id: null })).stars).toBe(user.id)
    await expect(Post.factory().for(user, 'nobody').create()).rejects.toThrow(RelationNotFoundException)
    await expect(Post.factory().for(user, 'comments').create()).rejects.toThrow(InvalidArgumentException)
  })

  test('has() makes models that belong to each, without a parent more', async () => {
    const { User, Post, Comment } = await prepare()
    db.connection().enableQueryLog()
    const users = await User.factory(2).has(Post.factory().count(2)).create()
    expect(inserts()).toBe(2 + 4)
    expect(await User.count()).toBe(2)
    for (const user of users) expect(await Post.where('user_id', user.id).count()).toBe(2)
    const user = await User.factory().has(Post.factory().has(Comment, 'comments'), 'posts', { title: 'Told' }).create()
    const [post] = await user.posts()
    expect([post?.title, await Comment.where('post_id', post?.id as number).count()]).toEqual(['Told', 1])
    await expect(User.factory().has(Post, 'nothing').create()).rejects.toThrow(RelationNotFoundException)
  })

  test('state functions of has() see the parent', async () => {
    const { User, Post } = await prepare()
    const user = await User.factory()
      .has(Post.factory().state((_, parent) => ({ title: `Of ${parent?.name}` })))
      .create({ name: 'Ada' })
    expect(await user.posts().value('title')).toBe('Of Ada')
  })

  test('recycle() uses models again, in everything that is made', async () => {
    const { User, Post, Comment } = await prepare()
    const user = await User.factory().create()
    const comment = await Comment.factory().recycle(user).create()
    expect([comment.author_id, (await Post.findOrFail(comment.post_id)).user_id]).toEqual([user.id, user.id])
    await Post.factory(2).recycle([user]).for(User.factory()).create()
    expect(await User.count()).toBe(1)
  })

  test('hasAttached() and has() fill pivot tables', async () => {
    const { User: Plain } = await prepare()
    const schema = db.connection().schema()
    await schema.dropIfExists('roles')
    await schema.dropIfExists('role_user')
    await schema.create('roles', (table) => {
      table.id()
      table.string('name')
      table.dateTime('deleted_at').nullable()
    })
    await schema.create('role_user', (table) => {
      table.bigInteger('user_id')
      table.bigInteger('role_id')
      table.string('since').nullable()
    })
    class Role extends Model<{ id: number; name: string; deleted_at: Date | null }> {
      static timestamps = false
      static softDeletes = true
    }
    class User extends Plain {
      static table = 'users'
      roles() {
        return this.belongsToMany(Role, 'role_user', 'user_id', 'role_id').withPivot('since')
      }
    }
    const names = defineFactory(Role, () => ({ name: 'admin' }))
    const since = async (user: InstanceType<typeof User>) =>
      (await user.roles()).map(({ name, pivot }) => [name, pivot.since])
    const user = await User.factory().hasAttached(names.count(2), { since: '2026' }).create()
    expect(await since(user)).toEqual([
      ['admin', '2026'],
      ['admin', '2026'],
    ])
    const [first] = await user.roles()
    const other = await User.factory()
      .hasAttached([first as never], (parent) => ({ since: parent.name }))
      .create({ name: 'Ada' })
    expect(await since(other)).toEqual([['admin', 'Ada']])
    expect(
      await since(
        await User.factory()
          .has(names.state({ name: 'guest' }), 'roles')
          .create(),
      ),
    ).toEqual([['guest', null]])
    expect(await Role.count()).toBe(3)
    await names.trashed().create()
    expect((await names.trashed().make()).deleted_at).toBeInstanceOf(Date)
  })

  test('createQuietly tells no listener, lazy() creates when it is called', async () => {
    const { User } = await prepare()
    const told: string[] = []
    User.created(() => told.push('created'))
    await User.factory().createQuietly()
    expect(told).toEqual([])
    const later = User.factory(2).lazy({ name: 'Later' })
    expect(await User.where('name', 'Later').count()).toBe(0)
    expect([(await later()).length, told.length]).toEqual([2, 2])
  })

  test('models are made on the connection that is named', async () => {
    const { User, Post } = await prepare()
    const user = await User.factory().connection('default').has(Post).make()
    expect(user.getConnectionName()).toBe('default')
    await expect(User.factory().connection('nowhere').create()).rejects.toThrow(/nowhere/)
  })

  test('what is no factory, no state and no count is refused', async () => {
    const { User, Post } = await prepare()
    expect(() => User.factory().state(null as never)).toThrow(InvalidArgumentException)
    expect(() => User.factory().count(-1)).toThrow(InvalidArgumentException)
    expect(() => User.factory().has({} as never)).toThrow(InvalidArgumentException)
    expect(() => User.factory().recycle([{}] as never)).toThrow(InvalidArgumentException)
    expect(() => FactoryManager.register(User, class {} as never)).toThrow(InvalidArgumentException)
    await expect(
      User.factory()
        .state((() => 5) as never)
        .make(),
    ).rejects.toThrow(InvalidArgumentException)
    await expect(new Factory().make()).rejects.toThrow(/does not say what it makes/)
    await expect(Post.factory().hasAttached(User).create()).rejects.toThrow(/pivot table/)
  })
})

test('this.faker says what to install where it is missing', () => {
  const elsewhere = createRequire('/nowhere/package.json')
  expect(() => loadFaker([elsewhere])).toThrow(/npm install --save-dev @faker-js\/faker/)
  expect(loadFaker([elsewhere, createRequire(__filename)]).person.firstName()).toEqual(expect.any(String))
})
