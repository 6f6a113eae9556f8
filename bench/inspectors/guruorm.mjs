import { Capsule } from '../../index.mjs'

/** Tables, columns, indexes, foreign keys, checks; views, types, sequences, triggers and routines, too. */
export function open({ database, url }) {
  const capsule = new Capsule()
  const config = { sqlite: { driver: 'sqlite', database: url }, mariadb: { driver: 'mariadb', url } }[database] ?? {
    url,
  }
  capsule.addConnection(config)
  const schema = capsule.schema()
  return {
    connect: () => capsule.connection().select('select 1 as one'),
    inspect: () => schema.inspect(),
    count: ({ tables, leftOut = [] }) => {
      if (leftOut.length > 0) throw new Error(`it left out ${JSON.stringify(leftOut[0])}`)
      const sum = (of) => tables.reduce((all, table) => all + of(table).length, 0)
      return {
        tables: tables.length,
        columns: sum(({ columns }) => columns),
        indexes: sum(({ indexes = [] }) => indexes.filter(({ kind }) => kind !== 'primary')),
        foreignKeys: sum(({ foreignKeys = [] }) => foreignKeys),
        checks: sum(({ checks = [] }) => checks),
      }
    },
    close: () => capsule.disconnect(),
  }
}
