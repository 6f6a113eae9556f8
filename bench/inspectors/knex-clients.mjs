import createKnex from 'knex'

const CLIENT = { postgres: 'pg', mariadb: 'mysql2', sqlite: 'better-sqlite3' }

/** Knex, with as many connections as the other peers. SQLite has one. */
export function openKnex(database, url) {
  const connection = database === 'sqlite' ? { filename: url } : url
  const pool = { min: 0, max: database === 'sqlite' ? 1 : 10 }
  return createKnex({ client: CLIENT[database], connection, useNullAsDefault: true, pool })
}
