import { relations } from 'drizzle-orm'

/** The tables in the types of one database: `of` has a maker of tables and one of each kind of column. */
function schemaOf({ table, key, text, integer, decimal, boolean, json, instant }) {
  const users = table('users', {
    id: key('id').primaryKey(),
    name: text('name'),
    email: text('email'),
    age: integer('age'),
    balance: decimal('balance'),
    active: boolean('active'),
    meta: json('meta'),
    created_at: instant('created_at'),
  })
  const posts = table('posts', {
    id: key('id').primaryKey(),
    user_id: key('user_id'),
    title: text('title'),
    body: text('body'),
  })
  const comments = table('comments', { id: key('id').primaryKey(), post_id: key('post_id'), body: text('body') })
  const accounts = table('accounts', { id: key('id').primaryKey(), coins: integer('coins') })
  const inserts = table('inserts', {
    id: key('id').primaryKey(),
    name: text('name'),
    email: text('email'),
    age: integer('age'),
  })
  return {
    tables: { users, posts, comments, accounts, inserts },
    related: {
      usersRelations: relations(users, ({ many }) => ({ posts: many(posts) })),
      postsRelations: relations(posts, ({ one, many }) => ({
        user: one(users, { fields: [posts.user_id], references: [users.id] }),
        comments: many(comments),
      })),
      commentsRelations: relations(comments, ({ one }) => ({
        post: one(posts, { fields: [comments.post_id], references: [posts.id] }),
      })),
    },
  }
}

const OPEN = {
  async postgres(url, max) {
    const { default: pg } = await import('pg')
    const core = await import('drizzle-orm/pg-core')
    const { drizzle } = await import('drizzle-orm/node-postgres')
    const client = new pg.Pool({ connectionString: url, max })
    return {
      drizzle,
      client,
      types: {
        table: core.pgTable,
        key: (name) => core.bigint(name, { mode: 'number' }),
        text: core.text,
        integer: core.integer,
        decimal: (name) => core.numeric(name, { precision: 12, scale: 2 }),
        boolean: core.boolean,
        json: core.jsonb,
        instant: (name) => core.timestamp(name, { withTimezone: true }),
      },
      close: () => client.end(),
    }
  },

  async mariadb(url, connectionLimit) {
    const { default: mysql } = await import('mysql2/promise')
    const core = await import('drizzle-orm/mysql-core')
    const { drizzle } = await import('drizzle-orm/mysql2')
    const client = mysql.createPool({ uri: url, connectionLimit, timezone: 'Z' })
    return {
      drizzle,
      client,
      options: { mode: 'default' },
      types: {
        table: core.mysqlTable,
        key: (name) => core.bigint(name, { mode: 'number' }),
        text: (name) => core.varchar(name, { length: 100 }),
        integer: core.int,
        decimal: (name) => core.decimal(name, { precision: 12, scale: 2 }),
        boolean: core.boolean,
        json: core.json,
        instant: (name) => core.datetime(name, { fsp: 6 }),
      },
      close: () => client.end(),
    }
  },

  async sqlite(url) {
    const { default: Database } = await import('better-sqlite3')
    const core = await import('drizzle-orm/sqlite-core')
    const { drizzle } = await import('drizzle-orm/better-sqlite3')
    const client = new Database(url)
    client.pragma('journal_mode = wal')
    client.pragma('synchronous = normal')
    return {
      drizzle,
      client,
      types: {
        table: core.sqliteTable,
        key: core.integer,
        text: core.text,
        integer: core.integer,
        decimal: core.numeric,
        boolean: (name) => core.integer(name, { mode: 'boolean' }),
        json: (name) => core.text(name, { mode: 'json' }),
        instant: core.text,
      },
      // Its transactions on this driver are synchronous, and the callback of the others is not.
      transaction: (db) => async (work) => {
        db.run('begin immediate')
        try {
          await work(db)
          db.run('commit')
        } catch (error) {
          db.run('rollback')
          throw error
        }
      },
      close: () => client.close(),
    }
  },
}

export async function openDrizzle(database, url, connections) {
  const { drizzle, client, options, types, transaction, close } = await OPEN[database](url, connections)
  const { tables, related } = schemaOf(types)
  const db = drizzle(client, { schema: { ...tables, ...related }, ...options })
  return { db, tables, transaction: transaction?.(db) ?? ((work) => db.transaction(work)), close }
}
