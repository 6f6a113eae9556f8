import typeorm from 'typeorm'

const { DataSource, EntitySchema, MoreThan } = typeorm
const key = { type: 'bigint', primary: true }

const User = new EntitySchema({
  name: 'User',
  tableName: 'users',
  columns: {
    id: key,
    name: { type: 'text' },
    email: { type: 'text' },
    age: { type: 'int' },
    balance: { type: 'numeric', precision: 12, scale: 2 },
    active: { type: 'boolean' },
    meta: { type: 'jsonb' },
    created_at: { type: 'timestamptz' },
  },
  relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'user' } },
})
const Post = new EntitySchema({
  name: 'Post',
  tableName: 'posts',
  columns: { id: key, user_id: { type: 'bigint' }, title: { type: 'text' }, body: { type: 'text' } },
  relations: {
    user: { type: 'many-to-one', target: 'User', joinColumn: { name: 'user_id' }, inverseSide: 'posts' },
    comments: { type: 'one-to-many', target: 'Comment', inverseSide: 'post' },
  },
})
const Comment = new EntitySchema({
  name: 'Comment',
  tableName: 'comments',
  columns: { id: key, post_id: { type: 'bigint' }, body: { type: 'text' } },
  relations: {
    post: { type: 'many-to-one', target: 'Post', joinColumn: { name: 'post_id' }, inverseSide: 'comments' },
  },
})
const Account = new EntitySchema({
  name: 'Account',
  tableName: 'accounts',
  columns: { id: key, coins: { type: 'int' } },
})
const Insert = new EntitySchema({
  name: 'Insert',
  tableName: 'inserts',
  columns: { id: key, name: { type: 'text' }, email: { type: 'text' }, age: { type: 'int' } },
})

/** Rows in one statement, which can take 65,535 values; it cuts nothing itself. */
const ROWS = 5000

export async function open({ url, connections }) {
  const source = new DataSource({
    type: 'postgres',
    url,
    poolSize: connections,
    entities: [User, Post, Comment, Account, Insert],
  })
  await source.initialize()
  const users = source.getRepository(User)
  const inserts = source.getRepository(Insert)
  return {
    findUser: (id) => users.findOneBy({ id }),
    usersFrom: (id, count) => users.find({ where: { id: MoreThan(id) }, order: { id: 'asc' }, take: count }),
    firstUsers: (count) => users.find({ order: { id: 'asc' }, take: count }),
    insertOne: (row) => inserts.insert(row),
    async insertMany(rows) {
      for (let start = 0; start < rows.length; start += ROWS) await inserts.insert(rows.slice(start, start + ROWS))
    },
    transfer: (from, to) =>
      source.transaction(async (manager) => {
        const accounts = manager.getRepository(Account)
        await accounts.findOneBy({ id: from })
        await accounts.findOneBy({ id: to })
        await accounts.decrement({ id: from }, 'coins', 1)
        await accounts.increment({ id: to }, 'coins', 1)
      }),
    async *comments() {
      const query = source.getRepository(Comment).createQueryBuilder('comment').select('comment.id', 'id')
      query.addSelect('comment.post_id', 'post_id').addSelect('comment.body', 'body').orderBy('comment.id')
      yield* await query.stream()
    },
    usersWithPosts: (count) =>
      users.find({ relations: { posts: { comments: true } }, order: { id: 'asc' }, take: count }),
    firstModels: (count) => users.find({ order: { id: 'asc' }, take: count }),
    close: () => source.destroy(),
  }
}
