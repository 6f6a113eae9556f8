/** A blog's tables and models, made anew for each test: what tests say about classes stays with them. */
import { type BelongsTo, type HasMany, type HasOne, Model } from '../../js'
import type { TestDatabase } from '../support/databases'

export const TABLES = ['countries', 'users', 'phones', 'posts', 'comments'] as const

/** Makes the tables anew. */
export async function createTables(db: TestDatabase): Promise<void> {
  const schema = db.connection().schema()
  for (const table of TABLES) await schema.dropIfExists(table)
  await schema.create('countries', (table) => {
    table.id()
    table.string('name')
  })
  await schema.create('users', (table) => {
    table.id()
    table.string('name')
    table.integer('votes').default(0)
    table.bigInteger('country_id').nullable()
    table.bigInteger('boss_id').nullable()
    table.timestamps()
  })
  await schema.create('phones', (table) => {
    table.id()
    table.string('number')
    table.bigInteger('user_id')
  })
  await schema.create('posts', (table) => {
    table.id()
    table.string('title')
    table.integer('stars').default(0)
    table.bigInteger('user_id').nullable()
    table.timestamps()
  })
  await schema.create('comments', (table) => {
    table.id()
    table.string('text')
    table.bigInteger('post_id')
    table.bigInteger('author_id').nullable()
  })
}

interface UserColumns {
  id: number
  name: string
  votes: number
  country_id: number | null
  boss_id: number | null
  updated_at: Date
}
interface PostColumns {
  id: number
  title: string
  stars: number
  user_id: number | null
  updated_at: Date
}
interface CommentColumns {
  id: number
  text: string
  post_id: number
  author_id: number | null
}

/** Classes of their own. */
export function blogModels() {
  class Country extends Model<{ id: number; name: string }> {
    static timestamps = false
    static guarded = []
    users() {
      return this.hasMany(User)
    }
  }
  class User extends Model<UserColumns> {
    static guarded = []
    posts(): HasMany<Post, this> {
      return this.hasMany(Post)
    }
    phone(): HasOne<Phone, this> {
      return this.hasOne(Phone)
    }
    country(): BelongsTo<Country, this> {
      return this.belongsTo(Country)
    }
    boss(): BelongsTo<User, this> {
      return this.belongsTo(User, 'boss_id')
    }
    team(): HasMany<User, this> {
      return this.hasMany(User, 'boss_id')
    }
    /** No relation, though it can be called without arguments. */
    shout() {
      return `${this.name}!`
    }
  }
  class Phone extends Model<{ id: number; number: string; user_id: number }> {
    static timestamps = false
    static guarded = []
    user(): BelongsTo<User, this> {
      return this.belongsTo(User)
    }
  }
  class Post extends Model<PostColumns> {
    static guarded = []
    comments(): HasMany<Comment, this> {
      return this.hasMany(Comment)
    }
    user(): BelongsTo<User, this> {
      return this.belongsTo(User)
    }
    scopeLoved(query: { where(...args: unknown[]): { orWhere(...args: unknown[]): unknown } }, stars = 3) {
      query.where('stars', '>=', stars).orWhere('title', 'Loved')
    }
  }
  class Comment extends Model<CommentColumns> {
    static timestamps = false
    static guarded = []
    post(): BelongsTo<Post, this> {
      return this.belongsTo(Post)
    }
    author(): BelongsTo<User, this> {
      return this.belongsTo(User, 'author_id')
    }
  }
  return { Country, User, Phone, Post, Comment }
}

export type Blog = ReturnType<typeof blogModels>

/** Two users with posts and comments, one user without any. */
export async function seed(db: TestDatabase): Promise<void> {
  const table = (name: string) => db.connection().table(name)
  await table('countries').insert([{ name: 'England' }, { name: 'France' }])
  await table('users').insert([
    { name: 'Ada', country_id: 1, boss_id: null },
    { name: 'Grace', country_id: 1, boss_id: 1 },
    { name: 'Joan', country_id: null, boss_id: 1 },
  ])
  await table('phones').insert([{ number: '555', user_id: 1 }])
  await table('posts').insert([
    { title: 'One', stars: 5, user_id: 1 },
    { title: 'Two', stars: 1, user_id: 1 },
    { title: 'Three', stars: 3, user_id: 2 },
    { title: 'Nobody', stars: 0, user_id: null },
  ])
  await table('comments').insert([
    { text: 'a', post_id: 1, author_id: 2 },
    { text: 'b', post_id: 1, author_id: 3 },
    { text: 'c', post_id: 3, author_id: null },
  ])
}

/** Runs `work` and tells what was asked of the database. */
export async function queriesOf(db: TestDatabase, work: () => Promise<unknown>): Promise<string[]> {
  const connection = db.connection()
  connection.flushQueryLog()
  connection.enableQueryLog()
  try {
    await work()
    return connection.getQueryLog().map(({ query }) => query.replaceAll('`', '"').replaceAll(/\$\d+/g, '?'))
  } finally {
    connection.disableQueryLog()
    connection.flushQueryLog()
  }
}
