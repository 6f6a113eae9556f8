/** In the place of a database: SQL is built and not sent. */
export const BUILD = 'build'

/** Who is measured on which database. The first is what the others are compared with. */
export const PEERS = {
  postgres: ['guruorm', 'pg', 'pg-named', 'postgres'],
  mariadb: ['guruorm', 'mysql2'],
  sqlite: ['guruorm', 'better-sqlite3'],
  [BUILD]: ['guruorm', 'guruorm-toSql', 'knex', 'kysely', 'drizzle-orm'],
}

/**
 * Opens a peer: one module in `adapters/` per driver and in `builders/` per query builder. `pg-named` is a way of using
 * `pg`, `guruorm-toSql` one of using guruorm.
 */
export async function openPeer(peer, database, url) {
  if (database === BUILD) {
    const { open } = await import(`./builders/${peer === 'guruorm-toSql' ? 'guruorm' : peer}.mjs`)
    return open({ twoCalls: peer === 'guruorm-toSql' })
  }
  const { open } = await import(`./adapters/${peer === 'pg-named' ? 'pg' : peer}.mjs`)
  return open({ database, url, named: peer === 'pg-named', connections: 10 })
}
