import { Capsule, DB, Model } from '../../index.mjs'
import { MODELS, PARENTS } from './shape.mjs'

class Comment extends Model {
  static timestamps = false
}

class Post extends Model {
  static timestamps = false
  comments() {
    return this.hasMany(Comment)
  }
}

class User extends Model {
  static timestamps = false
  posts() {
    return this.hasMany(Post)
  }
}

export function open({ url }) {
  const capsule = new Capsule()
  capsule.addConnection({ driver: 'postgres', url, pool: { max: 10 } })
  capsule.setAsGlobal()
  capsule.bootEloquent()
  return {
    connect: () => DB.select('select 1 as one'),
    family: () => User.with('posts.comments').orderBy('id').limit(PARENTS).get(),
    models: () => User.orderBy('id').limit(MODELS).get(),
    plain: () => DB.table('users').orderBy('id').limit(MODELS).get(),
    count: (told) => DB.listen(told),
    close: () => capsule.disconnect(),
  }
}
