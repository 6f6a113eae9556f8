/** Which peers are of a kind: goals and the tables of docs/benchmarks.md speak of them together. */
import { LIMITS } from './limits.mjs'

const MODEL_MAKERS = ['objection', 'typeorm', 'sequelize', 'guruorm-2', 'mikro-orm', 'lucid']

const GROUPS = {
  drivers: ['pg', 'pg-named', 'postgres', 'mysql2', 'better-sqlite3'],
  builders: ['knex', 'kysely', 'drizzle-orm'],
  mappers: [...MODEL_MAKERS, 'prisma'],
  'model makers': MODEL_MAKERS,
  migrators: ['knex', 'typeorm', 'umzug', 'drizzle-orm'],
  /** What a program without JavaScript reaches. */
  limit: [...new Set(Object.values(LIMITS).flat())],
}

/** The peers of these groups; a name that is no group's is a peer's. */
export function membersOf(names) {
  return names.flatMap((name) => GROUPS[name] ?? [name])
}
