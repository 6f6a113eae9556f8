/** Models: declared in three ways, written and read on every database. */
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Attribute, type EloquentBuilder, EloquentCollection, Model, ModelNotFoundException } from '../../js'
import { onEveryDatabase } from '../support/databases'

/** A class for the test's database, so that suites of several databases do not share what they say about classes. */
function userClass() {
  class User extends Model {
    static table = 'people'
    static fillable = ['name', 'email', 'meta', 'votes', 'active']
    static casts = { meta: 'json', active: 'boolean' }
    get shout() {
      return `${this.name}!`
    }
    getFullNameAttribute() {
      return `Dr. ${this.name}`
    }
    setEmailAttribute(value: string) {
      this.attributes.email = value.toLowerCase()
    }
    nick() {
      return Attribute.make({ get: (value) => value ?? 'none' })
    }
    scopePopular(
      query: { where(...args: unknown[]): typeof query; orWhere(...args: unknown[]): unknown },
      votes = 100,
    ) {
      query.where('votes', '>', votes).orWhere('name', 'Ada')
    }
  }
  return User
}

onEveryDatabase('models', (db) => {
  const prepare = async () => {
    await db.connection().schema().dropIfExists('people')
    await db
      .connection()
      .schema()
      .create('people', (table) => {
        table.id()
        table.string('name').nullable()
        table.string('email').nullable().unique()
        table.json('meta').nullable()
        table.integer('votes').default(0)
        table.boolean('active').default(true)
        table.string('nick').nullable()
        // Names that other packages take for themselves.
        table.string('table').nullable()
        table.string('exists').nullable()
        table.timestamps()
      })
    return userClass()
  }

  test('scenarios 8, 95 and 101: a model is created, found, changed and deleted', async () => {
    const User = await prepare()
    const made = await User.create({ name: 'Ada', email: 'ADA@example.com', meta: { theme: 'dark' } })
    expect([made.modelExists(), made.wasRecentlyCreated, made.email]).toEqual([true, true, 'ada@example.com'])
    const found = await User.findOrFail(made.id)
    expect(found).toBeInstanceOf(User)
    expect([found.name, found.active, found.meta, found.created_at]).toEqual([
      'Ada',
      true,
      { theme: 'dark' },
      expect.any(Date),
    ])
    expect(await found.update({ name: 'Grace' })).toBe(true)
    expect(found.wasChanged('name')).toBe(true)
    expect((await made.fresh())?.name).toBe('Grace')
    expect((await made.refresh()).name).toBe('Grace')
    expect(await made.delete()).toBe(true)
    expect([made.modelExists(), await User.find(made.id)]).toEqual([false, null])
    await expect(User.findOrFail(99)).rejects.toThrow(ModelNotFoundException)
  })

  test('E19: columns are properties whatever they are called, and only attributes are keys', async () => {
    const User = await prepare()
    const user = new User({ name: 'Ada' })
    user.table = 'a table'
    user.setAttribute('exists', 'no')
    await user.save()
    const found = await User.firstOrFail()
    expect([found.table, found.exists, found.getTable()]).toEqual(['a table', 'no', 'people'])
    found.table = 'another'
    await found.save()
    expect(await db.connection().table('people').value('table')).toBe('another')
    expect(Object.keys(user)).toEqual(expect.arrayContaining(['name', 'table', 'exists', 'id']))
    expect({ ...user }).toMatchObject({ name: 'Ada', table: 'a table' })
    expect(inspect(user)).toContain("name: 'Ada'")
  })

  test('E5, scenario 132: accessors, mutators, getters and Attribute objects see the model', async () => {
    const User = await prepare()
    const user = await User.create({ name: 'Ada' })
    expect([user.full_name, user.shout, user.nick]).toEqual(['Dr. Ada', 'Ada!', 'none'])
    expect(user.append('full_name').toJSON()).toMatchObject({ full_name: 'Dr. Ada', name: 'Ada' })
  })

  test('what is changed in place in JSON is saved', async () => {
    const User = await prepare()
    const user = await User.create({ name: 'Ada', meta: { tags: ['a'] } })
    const found = await User.findOrFail(user.id)
    expect(found.isDirty()).toBe(false)
    found.meta.tags.push('b')
    expect(found.isDirty('meta')).toBe(true)
    await found.save()
    expect((await User.findOrFail(user.id)).meta).toEqual({ tags: ['a', 'b'] })
  })

  test('E1, scenario 104: save() writes updated_at, and only what was changed', async () => {
    const User = await prepare()
    const user = await User.create({ name: 'Ada' })
    const old = new Date('2020-01-01T00:00:00Z')
    await db.connection().table('people').update({ updated_at: old, created_at: old })
    await user.refresh()
    db.connection().enableQueryLog()
    user.name = 'Grace'
    await user.save()
    const [{ query } = { query: '' }] = db.connection().getQueryLog()
    db.connection().disableQueryLog()
    expect(query).toMatch(/^update .people. set .name. = .+, .updated_at. = .+ where .id. = /)
    const found = await User.findOrFail(user.id)
    expect(found.updated_at.getTime()).toBeGreaterThan(old.getTime())
    expect(found.created_at).toEqual(old)
  })

  test('scopes hold for every kind of query, and or stands in parentheses', async () => {
    const User = await prepare()
    await User.create({ name: 'Ada', votes: 1 })
    await User.create({ name: 'Grace', votes: 500 })
    await User.create({ name: 'Joan', votes: 5, active: false })
    const popular = User.query() as unknown as EloquentBuilder & { popular(votes?: number): EloquentBuilder }
    expect((await popular.popular().where('active', true).pluck('name')).sort()).toEqual(['Ada', 'Grace'])
    User.addGlobalScope('active', (query: EloquentBuilder) => query.where('active', true))
    expect([await User.count(), await User.sum('votes'), await User.exists()]).toEqual([2, expect.anything(), true])
    expect(await User.where('name', 'Joan').orWhere('name', 'Joan').count()).toBe(0)
    expect(await User.where('name', 'Joan').delete()).toBe(0)
    expect(await User.where('name', 'Joan').update({ votes: 9 })).toBe(0)
    expect(await User.withoutGlobalScope('active').count()).toBe(3)
  })

  test('E10: listeners are told in order, awaited, inherited, and may prevent', async () => {
    const User = await prepare()
    const told: string[] = []
    for (const event of [
      'saving',
      'creating',
      'created',
      'updating',
      'updated',
      'saved',
      'deleting',
      'deleted',
    ] as const) {
      User[event](async (user) => {
        await Promise.resolve()
        told.push(`${event} ${user.name}`)
      })
    }
    class Admin extends User {}
    Admin.updating((admin) => admin.name !== 'Nobody')
    const admin = await Admin.create({ name: 'Ada' })
    await admin.update({ name: 'Grace' })
    expect(await admin.update({ name: 'Nobody' })).toBe(false)
    await admin.delete()
    expect(told).toEqual([
      ...['saving Ada', 'creating Ada', 'created Ada', 'saved Ada'],
      ...['saving Grace', 'updating Grace', 'updated Grace', 'saved Grace'],
      ...['saving Nobody', 'updating Nobody', 'deleting Nobody', 'deleted Nobody'],
    ])
    expect(await User.withoutEvents(() => User.create({ name: 'Quiet' }))).toBeInstanceOf(User)
    expect(told).toHaveLength(12)
  })

  test('firstOrCreate is safe where others are quicker', async () => {
    const User = await prepare()
    const made = await Promise.all(
      Array.from({ length: 8 }, () => User.firstOrCreate({ email: 'ada@example.com' }, { name: 'Ada' })),
    )
    expect(new Set(made.map((user) => user.id)).size).toBe(1)
    expect(await User.count()).toBe(1)
    const changed = await User.updateOrCreate({ email: 'ada@example.com' }, { votes: 3 })
    expect([changed.wasRecentlyCreated, changed.votes]).toEqual([false, 3])
  })

  test('reading gives a collection of models; find() with a list gives those that are there', async () => {
    const User = await prepare()
    const [one, two] = await Promise.all([User.create({ name: 'a' }), User.create({ name: 'b' })])
    const found = await User.find([one.id, two.id, 999])
    expect(found).toBeInstanceOf(EloquentCollection)
    expect(found).toHaveLength(2)
    await expect(User.findOrFail([one.id, 999])).rejects.toThrow('No query results for model [User] [999] not found.')
    expect(await User.destroy([one.id, two.id])).toBe(2)
  })
})

onEveryDatabase('declarations of models', (db) => {
  test('E6, scenarios 6, 7 and 30: statics, fields and the constructor say the same, and rows need no constructor', async () => {
    await db.connection().schema().dropIfExists('posts')
    await db
      .connection()
      .schema()
      .create('posts', (table) => {
        table.id()
        table.string('title')
        table.string('secret').default('s')
      })
    class Statics extends Model {
      static table = 'posts'
      static fillable = ['title']
      static hidden = ['secret']
      static timestamps = false
    }
    class Fields extends Model {
      protected table = 'posts'
      protected fillable = ['title']
      protected hidden = ['secret']
      timestamps = false
    }
    let constructed = 0
    class Constructor extends Model {
      constructor(attributes?: object) {
        super()
        constructed += 1
        this.table = 'posts'
        this.fillable = ['title']
        this.hidden = ['secret']
        this.timestamps = false
        if (attributes !== undefined) this.fill(attributes)
      }
    }
    for (const Post of [Statics, Fields, Constructor]) {
      const post = await Post.create({ title: Post.name, secret: 'given' })
      expect((await Post.findOrFail(post.id)).toArray()).toEqual({ id: post.id, title: Post.name })
    }
    const before = constructed
    expect(await Constructor.get()).toHaveLength(3)
    expect(constructed).toBe(before)
    expect(await db.connection().table('posts').pluck('secret')).toEqual(['s', 's', 's'])
  })

  test('a class with private names is constructed for rows as well', async () => {
    await db.connection().schema().dropIfExists('notes')
    await db
      .connection()
      .schema()
      .create('notes', (table) => {
        table.id()
        table.string('text')
      })
    class Note extends Model {
      static timestamps = false
      static fillable = ['text']
      #secret = 'kept'
      cache = new Map<string, number>()
      reveal() {
        return `${this.#secret} ${this.cache.size} ${this.text}`
      }
    }
    await Note.create({ text: 'a' })
    expect((await Note.firstOrFail()).reveal()).toBe('kept 0 a')
    expect(Object.keys(await Note.firstOrFail())).toEqual(['id', 'text'])
  })
})

test.each(['getAttribute', 'castAttribute'] as const)(
  'a class with a %s of its own reads its columns by it',
  (name) => {
    class Plain extends Model {
      declare title: string
    }
    class Loud extends Plain {}
    Object.defineProperty(Loud.prototype, name, {
      value(key: string) {
        return `${key}!`
      },
    })
    const titles = [new Plain(), new Loud()].map((model) => model.setRawAttributes({ title: 'a' }).title)
    expect(titles).toEqual(['a', 'title!'])
  },
)
