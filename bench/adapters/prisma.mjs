import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'

/** Made by `prisma/generate.mjs`. */
const { PrismaClient } = createRequire(import.meta.url)('prisma-of-the-bench')

/** Plain objects. It has no models, and no streams. */
export function open({ url, connections: max }) {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max }) })
  const find = (take, more) => prisma.users.findMany({ orderBy: { id: 'asc' }, take, ...more })
  const coins = (trx, id) => trx.accounts.findUnique({ where: { id }, select: { coins: true } })
  const add = (trx, id, coins) => trx.accounts.update({ where: { id }, data: { coins } })
  return {
    findUser: (id) => prisma.users.findUnique({ where: { id } }),
    usersFrom: (id, count) => find(count, { where: { id: { gt: id } } }),
    firstUsers: (count) => find(count),
    insertOne: (data) => prisma.inserts.create({ data }),
    insertMany: (data) => prisma.inserts.createMany({ data }),
    transfer: (from, to) =>
      prisma.$transaction(async (trx) => {
        await coins(trx, from)
        await coins(trx, to)
        await add(trx, from, { decrement: 1 })
        await add(trx, to, { increment: 1 })
      }),
    usersWithPosts: (count) => find(count, { include: { posts: { include: { comments: true } } } }),
    firstModels: (count) => find(count),
    close: () => prisma.$disconnect(),
  }
}
