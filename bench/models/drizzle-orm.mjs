import { relations } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { bigint, boolean, integer, jsonb, numeric, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { MODELS, PARENTS } from './shape.mjs'

const id = () => bigint({ mode: 'number' })

const users = pgTable('users', {
  id: id().primaryKey(),
  name: text(),
  email: text(),
  age: integer(),
  balance: numeric({ precision: 12, scale: 2 }),
  active: boolean(),
  meta: jsonb(),
  created_at: timestamp({ withTimezone: true }),
})
const posts = pgTable('posts', { id: id().primaryKey(), user_id: id(), title: text(), body: text() })
const comments = pgTable('comments', { id: id().primaryKey(), post_id: id(), body: text() })

const schema = {
  users,
  posts,
  comments,
  userRelations: relations(users, ({ many }) => ({ posts: many(posts) })),
  postRelations: relations(posts, ({ one, many }) => ({
    user: one(users, { fields: [posts.user_id], references: [users.id] }),
    comments: many(comments),
  })),
  commentRelations: relations(comments, ({ one }) => ({
    post: one(posts, { fields: [comments.post_id], references: [posts.id] }),
  })),
}

/** Its relational queries: one statement, plain objects. It has no models. */
export function open({ url }) {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  const database = drizzle(pool, { schema })
  const find = (limit, more) => database.query.users.findMany({ orderBy: users.id, limit, ...more })
  return {
    connect: () => pool.query('select 1'),
    family: () => find(PARENTS, { with: { posts: { with: { comments: true } } } }),
    models: () => find(MODELS),
    close: () => pool.end(),
  }
}
