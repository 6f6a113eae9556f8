import { Capsule } from '../../index.mjs'

export function open({ database, url, connections }) {
  const capsule = new Capsule()
  const pool = { max: connections }
  const config = database === 'sqlite' ? { driver: 'sqlite', database: url } : { url, pool }
  capsule.addConnection(database === 'mariadb' ? { driver: 'mariadb', ...config } : config)
  const connection = capsule.connection()
  return {
    select: (sql, values) => connection.select(sql, values),
    execute: (sql, values) => connection.update(sql, values),
    insertMany: (table, _columns, rows) => connection.table(table).insert(rows),
    transaction: (work) =>
      connection.transaction((trx) =>
        work({ select: (sql, values) => trx.select(sql, values), execute: (sql, values) => trx.update(sql, values) }),
      ),
    stream: (sql) => connection.cursor(sql),
    close: () => capsule.disconnect(),
  }
}
