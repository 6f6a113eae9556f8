import { Emitter } from '@adonisjs/core/events'
import { AppFactory } from '@adonisjs/core/factories/app'
import { LoggerFactory } from '@adonisjs/core/factories/logger'
import { Database } from '@adonisjs/lucid/database'
import { Adapter, BaseModel } from '@adonisjs/lucid/orm'
import { COLUMNS } from '../operations.mjs'

class Comment extends BaseModel {
  static table = 'comments'
}

class Post extends BaseModel {
  static table = 'posts'
}

class User extends BaseModel {
  static table = 'users'
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
  return {
    usersWithPosts: (count) =>
      User.query()
        .orderBy('id')
        .limit(count)
        .preload('posts', (posts) => posts.preload('comments')),
    firstModels: (count) => User.query().orderBy('id').limit(count),
    close: () => database.manager.closeAll(),
  }
}
