import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import { MODELS, PARENTS } from './shape.mjs'

/** Made by `prisma/generate.mjs`. */
const { PrismaClient } = createRequire(import.meta.url)('./prisma/generated')

/** Plain objects. It has no models. */
export function open({ url }) {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 10 }) })
  const find = (take, more) => prisma.users.findMany({ orderBy: { id: 'asc' }, take, ...more })
  return {
    connect: () => prisma.$queryRaw`select 1`,
    family: () => find(PARENTS, { include: { posts: { include: { comments: true } } } }),
    models: () => find(MODELS),
    close: () => prisma.$disconnect(),
  }
}
