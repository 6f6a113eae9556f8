/** The samples of models in the production guide (document 000), as they stand there. */
import { expect, test } from 'vitest'
import { DB, type EloquentCollection, Model, Schema } from '../../js'
import { onEveryDatabase } from '../support/databases'

class User extends Model {
  // Only these fields can be mass-assigned
  protected fillable = ['name', 'email']

  // These are protected
  protected guarded = ['id', 'role', 'is_admin']

  posts() {
    return this.hasMany(Post)
  }
}

class Post extends Model {
  protected fillable = ['title', 'user_id']
}

onEveryDatabase('the models of the production guide', (db) => {
  const prepare = async () => {
    await Schema.dropIfExists('posts')
    await Schema.dropIfExists('users')
    await Schema.create('users', (table) => {
      table.id()
      table.string('name')
      table.string('email')
      table.boolean('is_admin').default(false)
      table.timestamps()
    })
    await Schema.create('posts', (table) => {
      table.id()
      table.foreignId('user_id').constrained()
      table.string('title')
      table.timestamps()
    })
  }

  test('scenario 236: mass assignment sets only what may be set', async () => {
    await prepare()
    const user = await User.create({ name: 'John', email: 'john@example.com', is_admin: true })
    expect(user.is_admin).toBeUndefined()
    expect(Boolean(await DB.table('users').value('is_admin'))).toBe(false)
  })

  test('scenario 233: eager loading takes two queries for any number of users', async () => {
    await prepare()
    for (const name of ['a', 'b', 'c']) {
      const user = await User.create({ name, email: `${name}@example.com` })
      await user.posts().createMany([{ title: 'one' }, { title: 'two' }])
    }
    db.connection().enableQueryLog()
    const users = await User.with('posts').get()
    const titles: number[] = []
    for (const user of users) {
      const posts = user.getRelation('posts') as EloquentCollection<Post>
      titles.push(posts.length)
    }
    expect(titles).toEqual([2, 2, 2])
    expect(db.connection().getQueryLog()).toHaveLength(2)
    db.connection().flushQueryLog()

    const everybody = await User.all()
    for (const user of everybody) expect(await user.posts().get()).toHaveLength(2)
    expect(db.connection().getQueryLog()).toHaveLength(4)
    db.connection().disableQueryLog()
  })
})
