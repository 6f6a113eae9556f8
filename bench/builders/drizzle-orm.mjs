import { and, between, desc, eq, exists, gt, gte, inArray, isNotNull, lt, ne, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { bigint, boolean, integer, pgTable, text as textColumn, timestamp } from 'drizzle-orm/pg-core'

const key = (name) => bigint(name, { mode: 'number' })

const users = pgTable('users', {
  id: key('id'),
  name: textColumn('name'),
  email: textColumn('email'),
  age: integer('age'),
  active: boolean('active'),
  created_at: timestamp('created_at'),
})
const posts = pgTable('posts', {
  id: key('id'),
  user_id: key('user_id'),
  kind: integer('kind'),
  votes: integer('votes'),
})
const comments = pgTable('comments', { post_id: key('post_id'), votes: integer('votes') })
const accounts = pgTable('accounts', { user_id: key('user_id'), coins: key('coins') })

export function open() {
  const database = drizzle.mock()
  const compiled = (query) => {
    const { sql: text, params } = query.toSQL()
    return { sql: text, values: params }
  }
  // A column has no other way to another name.
  const named = (alias) => sql`${users.id}`.as(alias)

  return {
    key: (alias, { id }) =>
      compiled(
        database
          .select({ id: named(alias), name: users.name, email: users.email })
          .from(users)
          .where(eq(users.id, id)),
      ),

    page: (alias, { text, number, id }) =>
      compiled(
        database
          .select({ id: named(alias), name: users.name, email: users.email })
          .from(users)
          .where(and(eq(users.active, true), gt(users.age, number), ne(users.name, text), lt(users.id, id)))
          .orderBy(desc(users.created_at), desc(users.id))
          .limit(20),
      ),

    report: (alias, { id, text, number, ids }) =>
      compiled(
        database
          .select({ id: named(alias), name: users.name, total: sql`count(*)`.as('total') })
          .from(users)
          .innerJoin(posts, eq(posts.user_id, users.id))
          .innerJoin(comments, eq(comments.post_id, posts.id))
          .leftJoin(accounts, eq(accounts.user_id, users.id))
          .where(
            and(
              eq(users.active, true),
              gte(users.age, number),
              ne(users.name, text),
              inArray(posts.kind, ids),
              isNotNull(users.email),
              between(comments.votes, number, number + 10),
            ),
          )
          .groupBy(users.id, users.name)
          .having(gt(sql`count(*)`, number))
          .orderBy(users.name)
          .limit(50)
          .offset(id),
      ),

    exists: (alias, { text, number, id }) =>
      compiled(
        database
          .select({ id: named(alias), name: users.name })
          .from(users)
          .where(
            and(
              gt(users.age, number),
              exists(
                database
                  .select({ id: posts.id })
                  .from(posts)
                  .where(and(eq(posts.user_id, users.id), gt(posts.votes, number))),
              ),
              inArray(users.id, database.select({ id: accounts.user_id }).from(accounts).where(gt(accounts.coins, id))),
              ne(users.name, text),
            ),
          ),
      ),

    insert: (alias, { rows }) =>
      compiled(
        database
          .insert(users)
          .values(rows)
          .returning({ id: named(alias) }),
      ),

    update: (alias, { id, text, number }) =>
      compiled(
        database
          .update(users)
          .set({ name: text, age: number, email: text })
          .where(and(eq(users.id, id), eq(users.active, true)))
          .returning({ id: named(alias) }),
      ),
  }
}
