import 'reflect-metadata'
import { DataSource, EntitySchema } from 'typeorm'
import { MODELS, PARENTS } from './shape.mjs'

const key = { type: 'bigint', primary: true }
const text = { type: 'text' }

const Comment = new EntitySchema({
  name: 'Comment',
  tableName: 'comments',
  columns: { id: key, post_id: { type: 'bigint' }, body: text },
  relations: {
    post: { type: 'many-to-one', target: 'Post', inverseSide: 'comments', joinColumn: { name: 'post_id' } },
  },
})

const Post = new EntitySchema({
  name: 'Post',
  tableName: 'posts',
  columns: { id: key, user_id: { type: 'bigint' }, title: text, body: text },
  relations: {
    user: { type: 'many-to-one', target: 'User', inverseSide: 'posts', joinColumn: { name: 'user_id' } },
    comments: { type: 'one-to-many', target: 'Comment', inverseSide: 'post' },
  },
})

const User = new EntitySchema({
  name: 'User',
  tableName: 'users',
  columns: {
    id: key,
    name: text,
    email: text,
    age: { type: 'integer' },
    balance: { type: 'numeric' },
    active: { type: 'boolean' },
    meta: { type: 'jsonb' },
    created_at: { type: 'timestamptz' },
  },
  relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'user' } },
})

export async function open({ url }) {
  const source = new DataSource({ type: 'postgres', url, entities: [User, Post, Comment], poolSize: 10 })
  await source.initialize()
  const users = source.getRepository(User)
  return {
    connect: () => source.query('select 1'),
    family: () => users.find({ order: { id: 'ASC' }, take: PARENTS, relations: { posts: { comments: true } } }),
    models: () => users.find({ order: { id: 'ASC' }, take: MODELS }),
    plain: () => source.createQueryBuilder().select('*').from('users', 'u').orderBy('id').limit(MODELS).getRawMany(),
    close: () => source.destroy(),
  }
}
