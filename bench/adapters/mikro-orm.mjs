import { EntitySchema, raw } from '@mikro-orm/core'
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

const Account = new EntitySchema({
  name: 'Account',
  tableName: 'accounts',
  properties: { id: key, coins: { type: 'integer' } },
})

const Insert = new EntitySchema({
  name: 'Insert',
  tableName: 'inserts',
  properties: { id: key, name: text, email: text, age: { type: 'integer' } },
})

/** A comment whose post is a number, as the stream gives it. */
const StreamedComment = new EntitySchema({
  name: 'StreamedComment',
  tableName: 'comments',
  properties: { id: key, post_id: { type: 'bigint', fieldName: 'post_id' }, body: text },
})

export async function open({ url, connections }) {
  const entities = [User, Post, Comment, Account, Insert, StreamedComment]
  const orm = await MikroORM.init({
    clientUrl: url,
    entities,
    pool: { max: connections },
    discovery: { checkDuplicateTableNames: false },
  })
  // As a request does: an entity manager of its own.
  const find = (where, limit, more) => orm.em.fork().find(User, where, { orderBy: { id: 'asc' }, limit, ...more })
  const firstUsers = (count) => find({}, count)
  return {
    findUser: (id) => orm.em.fork().findOne(User, id),
    usersFrom: (id, count) => find({ id: { $gt: id } }, count),
    firstUsers,
    insertOne: (row) => orm.em.fork().insert(Insert, row),
    insertMany: (rows) => orm.em.fork().insertMany(Insert, rows),
    transfer: (from, to) =>
      orm.em.fork().transactional(async (em) => {
        await em.findOne(Account, from)
        await em.findOne(Account, to)
        await em.nativeUpdate(Account, from, { coins: raw('coins - 1') })
        await em.nativeUpdate(Account, to, { coins: raw('coins + 1') })
      }),
    comments: () => orm.em.fork().stream(StreamedComment, { orderBy: { id: 'asc' } }),
    usersWithPosts: (count) => find({}, count, { populate: ['posts.comments'] }),
    firstModels: firstUsers,
    related: (model, name) => model[name].getItems(),
    close: () => orm.close(),
  }
}
