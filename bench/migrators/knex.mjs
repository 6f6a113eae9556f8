import { openKnex } from '../inspectors/knex-clients.mjs'
import { counted } from './driver.mjs'

/** `migrate.latest()`: a lock row, a transaction each, `knex_migrations`. */
export async function open({ database, url, folder }) {
  const knex = openKnex(database, url)
  if (database === 'sqlite') {
    await knex.raw('pragma journal_mode = wal')
    await knex.raw('pragma synchronous = normal')
  }
  const rowsOf = { postgres: ({ rows }) => rows, mariadb: ([rows]) => rows, sqlite: (rows) => rows }[database]
  return {
    connect: () => knex.raw('select 1'),
    migrate: () => knex.migrate.latest({ directory: folder, loadExtensions: ['.cjs'] }),
    count: () =>
      counted(database, async (sql) => rowsOf(await knex.raw(sql)), 'knex_migrations'),
    close: () => knex.destroy(),
  }
}
