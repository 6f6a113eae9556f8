import { EntitySchema } from '@mikro-orm/core'
import { MikroORM } from '@mikro-orm/postgresql'

const key = { type: 'bigint', primary: true }
const text = { type: 'text' }

const Comment = new EntitySchema({
  name: 'Comment',
  tableName: 'comments',
  properties: { id: key, body: text, post: { kind: 'm:1', entity: () => Post, fieldName: 'post_id' } },
})

const Post = new EntitySchema({
  name: 'Post',
  tableName: 'posts',
  properties: {
    id: key,
    title: text,
    body: text,
    user: { kind: 'm:1', entity: () => User, fieldName: 'user_id' },
    comments: { kind: '1:m', entity: () => Comment, mappedBy: 'post' },
  },
})

const User = new EntitySchema({
  name: 'User',
  tableName: 'users',
  properties: {
    id: key,
    name: text,
    email: text,
    age: { type: 'integer' },
    balance: { type: 'decimal' },
    active: { type: 'boolean' },
    meta: { type: 'json' },
    created_at: { type: 'datetime', fieldName: 'created_at' },
    posts: { kind: '1:m', entity: () => Post, mappedBy: 'user' },
  },
})

export async function open({ url, connections }) {
  const orm = await MikroORM.init({ clientUrl: url, entities: [User, Post, Comment], pool: { max: connections } })
  // As a request does: an entity manager of its own.
  const find = (limit, more) => orm.em.fork().find(User, {}, { orderBy: { id: 'asc' }, limit, ...more })
  return {
    usersWithPosts: (count) => find(count, { populate: ['posts.comments'] }),
    firstModels: (count) => find(count),
    related: (model, name) => model[name].getItems(),
    close: () => orm.close(),
  }
}
