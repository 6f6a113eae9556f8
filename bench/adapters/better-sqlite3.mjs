import Database from 'better-sqlite3'
import { sqlOperations } from '../operations.mjs'

export function open({ database, url }) {
  const db = new Database(url)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  const prepared = new Map()
  const statement = (sql) => {
    if (!prepared.has(sql)) prepared.set(sql, db.prepare(sql))
    return prepared.get(sql)
  }
  const own = {
    select: (sql, values = []) => statement(sql).all(...values),
    execute: (sql, values = []) => statement(sql).run(...values).changes,
  }
  return sqlOperations(database, {
    ...own,
    // Its manual tells to run one prepared statement in a transaction.
    insertMany: (table, columns, rows) => {
      const insert = statement(
        `insert into ${table} (${columns.join(',')}) values (${columns.map(() => '?').join(',')})`,
      )
      db.transaction(() => {
        for (const row of rows) insert.run(...columns.map((column) => row[column]))
      })()
    },
    async transaction(work) {
      db.exec('begin immediate')
      try {
        await work(own)
        db.exec('commit')
      } catch (error) {
        db.exec('rollback')
        throw error
      }
    },
    stream: (sql) => db.prepare(sql).iterate(),
    close: () => db.close(),
  })
}
