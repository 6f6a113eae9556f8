import { Capsule, Model } from 'guruorm-2'
import { COLUMNS } from '../operations.mjs'

/** It has no way to say a foreign key's name but by argument, and reads its options from fields. */
class Comment extends Model {
  table = 'comments'
}
class Post extends Model {
  table = 'posts'
  comments() {
    return this.hasMany(Comment, 'post_id')
  }
}
class User extends Model {
  table = 'users'
  posts() {
    return this.hasMany(Post, 'user_id')
  }
}

export function open({ url, connections }) {
  const { hostname, port, username, password, pathname } = new URL(url)
  const capsule = new Capsule()
  capsule.addConnection({
    driver: 'pgsql',
    host: hostname,
    port: Number(port || 5432),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1),
    pool: { max: connections },
  })
  capsule.setAsGlobal()
  capsule.bootEloquent()
  const connection = capsule.connection()
  const users = () => connection.table('users').select(...COLUMNS)
  /** One statement can take 65,535 values, and it cuts nothing itself. */
  const ROWS = 5000
  return {
    findUser: (id) => users().where('id', id).first(),
    usersFrom: (id, count) => users().where('id', '>', id).orderBy('id').limit(count).get(),
    firstUsers: (count) => users().orderBy('id').limit(count).get(),
    insertOne: (row) => connection.table('inserts').insert(row),
    async insertMany(rows) {
      for (let start = 0; start < rows.length; start += ROWS)
        await connection.table('inserts').insert(rows.slice(start, start + ROWS))
    },
    transfer: (from, to) =>
      capsule.transaction(async (trx) => {
        await trx.table('accounts').where('id', from).select('coins').first()
        await trx.table('accounts').where('id', to).select('coins').first()
        await trx.table('accounts').where('id', from).decrement('coins')
        await trx.table('accounts').where('id', to).increment('coins')
      }),
    usersWithPosts: (count) => User.with('posts.comments').orderBy('id').limit(count).get(),
    firstModels: (count) => User.query().orderBy('id').limit(count).get(),
    close: () => capsule.disconnect(),
  }
}
