import { createRequire } from 'node:module'
import { MODELS, PARENTS, partsOf } from './shape.mjs'

/** guruorm 2.1.24, the package that this one replaces. */
const { Capsule, Model } = createRequire(import.meta.url)('guruorm-2')

class Comment extends Model {
  static table = 'comments'
  static timestamps = false
}

class Post extends Model {
  static table = 'posts'
  static timestamps = false
  comments() {
    return this.hasMany(Comment, 'post_id', 'id')
  }
}

class User extends Model {
  static table = 'users'
  static timestamps = false
  posts() {
    return this.hasMany(Post, 'user_id', 'id')
  }
}

export function open({ url }) {
  const { user, ...parts } = partsOf(url)
  const capsule = new Capsule()
  capsule.addConnection({ driver: 'pgsql', username: user, ...parts, pool: { min: 0, max: 10 } })
  capsule.setAsGlobal()
  capsule.bootEloquent()
  return {
    connect: () => capsule.connection().select('select 1 as one'),
    family: () => User.with(['posts.comments']).orderBy('id').limit(PARENTS).get(),
    models: () => User.query().orderBy('id').limit(MODELS).get(),
    plain: () => capsule.table('users').orderBy('id').limit(MODELS).get(),
    related: (model, name) => model.getRelation?.(name) ?? model[name],
    close: () => capsule.connection().disconnect?.(),
  }
}
