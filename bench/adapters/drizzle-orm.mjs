import { asc, eq, gt, sql } from 'drizzle-orm'
import { openDrizzle } from './drizzle/databases.mjs'

/** Rows in one statement, which can take 65,535 values; it cuts nothing itself. */
const ROWS = 5000

export async function open({ database, url, connections }) {
  const { db, tables, transaction, close } = await openDrizzle(database, url, connections)
  const { accounts, inserts, users } = tables
  const add = (trx, id, number) =>
    trx
      .update(accounts)
      .set({ coins: sql`${accounts.coins} + ${number}` })
      .where(eq(accounts.id, id))
  const coins = (trx, id) => trx.select({ coins: accounts.coins }).from(accounts).where(eq(accounts.id, id))
  const firstUsers = (count) => db.select().from(users).orderBy(asc(users.id)).limit(count)
  return {
    findUser: async (id) => (await db.select().from(users).where(eq(users.id, id)))[0],
    usersFrom: (id, count) => db.select().from(users).where(gt(users.id, id)).orderBy(asc(users.id)).limit(count),
    firstUsers,
    insertOne: (row) => db.insert(inserts).values(row),
    async insertMany(rows) {
      for (let start = 0; start < rows.length; start += ROWS)
        await db.insert(inserts).values(rows.slice(start, start + ROWS))
    },
    transfer: (from, to) =>
      transaction(async (trx) => {
        await coins(trx, from)
        await coins(trx, to)
        await add(trx, from, -1)
        await add(trx, to, 1)
      }),
    usersWithPosts: (limit) =>
      db.query.users.findMany({
        orderBy: (user) => asc(user.id),
        limit,
        with: { posts: { with: { comments: true } } },
      }),
    firstModels: (limit) => db.query.users.findMany({ orderBy: (user) => asc(user.id), limit }),
    close,
  }
}
