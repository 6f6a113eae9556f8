import knex from 'knex'
import { Model } from 'objection'
import { MODELS, PARENTS } from './shape.mjs'

class Comment extends Model {
  static tableName = 'comments'
}

class Post extends Model {
  static tableName = 'posts'
  static relationMappings = {
    comments: {
      relation: Model.HasManyRelation,
      modelClass: Comment,
      join: { from: 'posts.id', to: 'comments.post_id' },
    },
  }
}

class User extends Model {
  static tableName = 'users'
  static relationMappings = {
    posts: { relation: Model.HasManyRelation, modelClass: Post, join: { from: 'users.id', to: 'posts.user_id' } },
  }
}

export function open({ url }) {
  const database = knex({ client: 'pg', connection: url, pool: { min: 0, max: 10 } })
  Model.knex(database)
  return {
    connect: () => database.raw('select 1'),
    family: () => User.query().orderBy('id').limit(PARENTS).withGraphFetched('posts.comments'),
    models: () => User.query().orderBy('id').limit(MODELS),
    plain: () => database('users').orderBy('id').limit(MODELS),
    close: () => database.destroy(),
  }
}
