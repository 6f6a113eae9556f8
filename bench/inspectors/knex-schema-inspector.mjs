import inspector from 'knex-schema-inspector'
import { openKnex } from './knex-clients.mjs'

/** Its calls for all tables: tables, columns with their keys, foreign keys. Indexes of several columns and checks are not read. */
export function open({ database, url }) {
  const knex = openKnex(database, url)
  const { SchemaInspector } = inspector
  return {
    connect: () => knex.raw('select 1'),
    async inspect() {
      const own = SchemaInspector(knex)
      const [tables, columns, foreignKeys] = await Promise.all([own.tableInfo(), own.columnInfo(), own.foreignKeys()])
      return { tables, columns, foreignKeys }
    },
    count: ({ tables, columns, foreignKeys }) => ({
      tables: tables.length,
      columns: columns.length,
      foreignKeys: foreignKeys.length,
    }),
    close: () => knex.destroy(),
  }
}
