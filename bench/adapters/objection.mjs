import { Model } from 'objection'
import { openKnex } from '../inspectors/knex-clients.mjs'
import { COLUMNS } from '../operations.mjs'

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
class Insert extends Model {
  static tableName = 'inserts'
}
class Account extends Model {
  static tableName = 'accounts'
}

export function open({ database, url }) {
  const knex = openKnex(database, url)
  Model.knex(knex)
  const users = () => User.query().select(COLUMNS)
  return {
    findUser: (id) => users().findById(id),
    usersFrom: (id, count) => users().where('id', '>', id).orderBy('id').limit(count),
    firstUsers: (count) => users().orderBy('id').limit(count),
    insertOne: (row) => Insert.query().insert(row),
    // On PostgreSQL a list becomes one statement.
    insertMany: (rows) => Insert.query().insert(rows),
    transfer: (from, to) =>
      Account.transaction(async (trx) => {
        await Account.query(trx).findById(from).select('coins')
        await Account.query(trx).findById(to).select('coins')
        await Account.query(trx).findById(from).decrement('coins', 1)
        await Account.query(trx).findById(to).increment('coins', 1)
      }),
    // It has no streams of models: its manual points to knex.
    comments: () => Comment.query().select('id', 'post_id', 'body').orderBy('id').toKnexQuery().stream(),
    usersWithPosts: (count) => User.query().orderBy('id').limit(count).withGraphFetched('posts.comments'),
    firstModels: (count) => users().orderBy('id').limit(count),
    close: () => knex.destroy(),
  }
}
