import { openKnex } from './knex-clients.mjs'

const TABLES = {
  postgres: "select table_name as name from information_schema.tables where table_schema = 'public'",
  mariadb: 'select table_name as name from information_schema.tables where table_schema = database()',
  sqlite: "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
}

/** `columnInfo()` of each table, all at once: type, length, default, whether it may be null. Nothing else is read. */
export function open({ database, url }) {
  const knex = openKnex(database, url)
  const rowsOf = (answer) =>
    ({ postgres: () => answer.rows, mariadb: () => answer[0], sqlite: () => answer })[database]()
  return {
    connect: () => knex.raw('select 1'),
    async inspect() {
      // Knex itself lists no tables.
      const names = rowsOf(await knex.raw(TABLES[database])).map(({ name }) => name)
      return Promise.all(names.map((name) => knex(name).columnInfo()))
    },
    count: (tables) => ({
      tables: tables.length,
      columns: tables.reduce((all, columns) => all + Object.keys(columns).length, 0),
    }),
    close: () => knex.destroy(),
  }
}
