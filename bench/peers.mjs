/** Who is measured on which database. The first is what the others are compared with. */
export const PEERS = {
  postgres: ['guruorm', 'pg', 'pg-named', 'postgres'],
  mariadb: ['guruorm', 'mysql2'],
  sqlite: ['guruorm', 'better-sqlite3'],
}

/** Opens a peer: one module in `adapters/` per peer, `pg-named` being a way of using `pg`. */
export async function openPeer(peer, database, url) {
  const { open } = await import(`./adapters/${peer === 'pg-named' ? 'pg' : peer}.mjs`)
  return open({ database, url, named: peer === 'pg-named', connections: 10 })
}
