import { Emitter } from '@adonisjs/core/events'
import { AppFactory } from '@adonisjs/core/factories/app'
import { LoggerFactory } from '@adonisjs/core/factories/logger'
import { Database } from '@adonisjs/lucid/database'
import { Adapter, BaseModel } from '@adonisjs/lucid/orm'
import { COLUMNS, NEW_ROW } from '../operations.mjs'

class Comment extends BaseModel {
  static table = 'comments'
}

class Post extends BaseModel {
  static table = 'posts'
}

class User extends BaseModel {
  static table = 'users'
}

class Account extends BaseModel {
  static table = 'accounts'
}

class Insert extends BaseModel {
  static table = 'inserts'
  /** The key is given, not made by the database. */
  static selfAssignPrimaryKey = true
}

/** What its decorators do. */
function declare(model, columns, relation, related, foreignKey) {
  model.boot()
  for (const name of columns) model.$addColumn(name, { isPrimary: name === 'id', columnName: name })
  if (relation !== undefined) model.$addRelation(relation, 'hasMany', () => related, { foreignKey })
}

export async function open({ url, connections: max }) {
  const app = new AppFactory().create(new URL('./', import.meta.url), () => {})
  await app.init()
  const connections = { pg: { client: 'pg', connection: { connectionString: url }, pool: { min: 0, max } } }
  const logger = new LoggerFactory().merge({ enabled: false }).create()
  const database = new Database({ connection: 'pg', connections }, logger, new Emitter(app))
  BaseModel.$adapter = new Adapter(database)
  declare(Comment, ['id', 'post_id', 'body'])
  declare(Post, ['id', 'user_id', 'title', 'body'], 'comments', Comment, 'post_id')
  declare(User, COLUMNS, 'posts', Post, 'user_id')
  declare(Account, ['id', 'coins'])
  declare(Insert, NEW_ROW)
  const firstUsers = (count) => User.query().orderBy('id').limit(count)
  return {
    findUser: (id) => User.find(id),
    usersFrom: (id, count) => User.query().where('id', '>', id).orderBy('id').limit(count),
    firstUsers,
    insertOne: (row) => Insert.create(row),
    // Its `createMany` sends a statement a model; its manual tells of this one for many rows.
    insertMany: (rows) => database.table('inserts').multiInsert(rows),
    transfer: (from, to) =>
      database.transaction(async (client) => {
        await Account.query({ client }).where('id', from).select('coins').first()
        await Account.query({ client }).where('id', to).select('coins').first()
        await Account.query({ client }).where('id', from).decrement('coins', 1)
        await Account.query({ client }).where('id', to).increment('coins', 1)
      }),
    usersWithPosts: (count) =>
      User.query()
        .orderBy('id')
        .limit(count)
        .preload('posts', (posts) => posts.preload('comments')),
    firstModels: firstUsers,
    close: () => database.manager.closeAll(),
  }
}
