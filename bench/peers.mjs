import { join } from 'node:path'
import { INSPECTED } from './inspections.mjs'
import { LIMITS } from './limits.mjs'
import { MIGRATED } from './migrations.mjs'
import { MODELLED } from './models.mjs'
import { membersOf } from './peer-groups.mjs'
import { SCALED } from './scale.mjs'

const MIGRATORS = ['guruorm', ...membersOf(['migrators'])]
const BUILDERS = membersOf(['builders'])
/** They are measured on PostgreSQL alone. */
const MAPPERS = membersOf(['mappers'])

/** In the place of a database: SQL is built and not sent. */
export const BUILD = 'build'

/** Who is measured on which database. The first is what the others are compared with. */
export const PEERS = {
  postgres: ['guruorm', 'pg', 'pg-named', 'postgres', ...BUILDERS, ...MAPPERS, ...LIMITS.postgres],
  mariadb: ['guruorm', 'mysql2', ...BUILDERS, ...LIMITS.mariadb],
  sqlite: ['guruorm', 'better-sqlite3', ...BUILDERS, ...LIMITS.sqlite],
  [MODELLED]: ['guruorm', ...membersOf(['model makers']), 'drizzle-orm', 'prisma'],
  [BUILD]: ['guruorm', 'guruorm-toSql', ...BUILDERS],
  'inspect-postgres': ['guruorm', 'drizzle-kit', 'drizzle-kit-pull', 'knex-schema-inspector', 'knex'],
  // drizzle-kit 0.31 fails on MariaDB wherever there is a check: it reads the answer by names that MySQL 8 gives alone.
  'inspect-mariadb': ['guruorm', 'knex-schema-inspector', 'knex'],
  'inspect-sqlite': ['guruorm', 'drizzle-kit', 'drizzle-kit-pull', 'knex-schema-inspector', 'knex'],
  'scale-postgres': ['guruorm', 'pg', 'postgres'],
  'scale-mariadb': ['guruorm', 'mysql2'],
  'scale-sqlite': ['guruorm', 'better-sqlite3'],
  ...Object.fromEntries(Object.keys(MIGRATED).map((name) => [name, MIGRATORS])),
}

/**
 * Opens a peer: one module in `adapters/` per driver, builder or mapper, in `builders/` per builder of SQL alone, in
 * `inspectors/` per reader of structures and in `migrators/` per runner of migrations, which begins with an empty
 * database. `pg-named` is a way of using `pg`, `guruorm-toSql` one of using guruorm.
 */
export async function openPeer(peer, database, url) {
  if (database === BUILD) {
    const { open } = await import(`./builders/${peer === 'guruorm-toSql' ? 'guruorm' : peer}.mjs`)
    return open({ twoCalls: peer === 'guruorm-toSql' })
  }
  if (database in INSPECTED) {
    const { open } = await import(`./inspectors/${peer}.mjs`)
    return open({ database: INSPECTED[database], url })
  }
  if (database in MIGRATED) {
    const kind = MIGRATED[database]
    const { empty } = await import('./data/migrations.mjs')
    await empty(kind, url)
    const { open } = await import(`./migrators/${peer}.mjs`)
    return open({ database: kind, url, folder: join(process.env.GURUORM_BENCH_MIGRATIONS, peer) })
  }
  const { open } = await import(`./adapters/${peer === 'pg-named' ? 'pg' : peer}.mjs`)
  const kind = database === MODELLED ? 'postgres' : (SCALED[database] ?? database)
  return open({ database: kind, url, named: peer === 'pg-named', connections: 10 })
}
