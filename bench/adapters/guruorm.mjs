import { Capsule, Model } from '../../index.mjs'
import { COLUMNS, wideColumns } from '../operations.mjs'

class Comment extends Model {}
class Post extends Model {
  comments() {
    return this.hasMany(Comment)
  }
}
class User extends Model {
  posts() {
    return this.hasMany(Post)
  }
}

export function open({ database, url, connections }) {
  const capsule = new Capsule()
  const pool = { max: connections }
  const config = database === 'sqlite' ? { driver: 'sqlite', database: url } : { url, pool }
  capsule.addConnection(database === 'mariadb' ? { driver: 'mariadb', ...config } : config)
  capsule.setAsGlobal()
  capsule.bootEloquent()
  const connection = capsule.connection()
  const users = () => connection.table('users').select(...COLUMNS)
  return {
    findUser: (id) => users().where('id', id).first(),
    usersFrom: (id, count) => users().where('id', '>', id).orderBy('id').limit(count).get(),
    firstUsers: (count) => users().orderBy('id').limit(count).get(),
    insertOne: (row) => connection.table('inserts').insert(row),
    insertMany: (rows) => connection.table('inserts').insert(rows),
    transfer: (from, to) =>
      connection.transaction(async (trx) => {
        await trx.table('accounts').where('id', from).select('coins').first()
        await trx.table('accounts').where('id', to).select('coins').first()
        await trx.table('accounts').where('id', from).decrement('coins')
        await trx.table('accounts').where('id', to).increment('coins')
      }),
    comments: () => connection.table('comments').select('id', 'post_id', 'body').orderBy('id').cursor(),
    wideRows: (columns, count) =>
      connection
        .table('wide')
        .select(...wideColumns(columns))
        .orderBy('c1')
        .limit(count)
        .get(),
    usersWithPosts: (count) => User.with('posts.comments').orderBy('id').limit(count).get(),
    firstModels: (count) => User.orderBy('id').limit(count).get(),
    close: () => capsule.disconnect(),
  }
}
