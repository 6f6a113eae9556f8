import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'

/** Made by `prisma/generate.mjs`. */
const { PrismaClient } = createRequire(import.meta.url)('prisma-of-the-bench')

/** Plain objects. It has no models. */
export function open({ url, connections: max }) {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max }) })
  const find = (take, more) => prisma.users.findMany({ orderBy: { id: 'asc' }, take, ...more })
  return {
    usersWithPosts: (count) => find(count, { include: { posts: { include: { comments: true } } } }),
    firstModels: (count) => find(count),
    close: () => prisma.$disconnect(),
  }
}
