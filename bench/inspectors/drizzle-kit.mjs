/**
 * The functions with which drizzle-kit reads a database before it compares or writes anything. Its package does not export
 * them: its file is loaded with one line more. Tables, columns, indexes, foreign keys, checks, views, and on PostgreSQL
 * enumerated types, sequences, roles and policies.
 */
import { readFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

function readers() {
  const path = require.resolve('drizzle-kit/api')
  const file = new Module(path)
  file.filename = path
  file.paths = Module._nodeModulePaths(path)
  const exported = 'postgres: fromDatabase, sqlite: fromDatabase2'
  file._compile(`${readFileSync(path, 'utf8')}\nmodule.exports = { ${exported} }`, path)
  return file.exports
}

const CONNECT = {
  async postgres(url) {
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({ connectionString: url, max: 10 })
    return { query: async (sql, values) => (await pool.query(sql, values)).rows, close: () => pool.end() }
  },
  async sqlite(url) {
    const { default: Database } = await import('better-sqlite3')
    const db = new Database(url)
    return { query: async (sql, values = []) => db.prepare(sql).all(...values), close: () => db.close() }
  },
}

export async function open({ database, url }) {
  const read = readers()[database]
  const db = await CONNECT[database](url)
  return {
    connect: () => db.query('select 1 as one'),
    inspect: () => (database === 'postgres' ? read(db, undefined, ['public']) : read(db)),
    count: countSnapshot(database),
    close: db.close,
  }
}

/** Counts what is in a snapshot of drizzle-kit. */
export function countSnapshot(database) {
  return ({ tables }) => {
    const all = Object.values(tables)
    const sum = (of) => all.reduce((found, table) => found + Object.keys(table[of] ?? {}).length, 0)
    return {
      tables: all.length,
      columns: sum('columns'),
      indexes: sum('indexes'),
      foreignKeys: sum('foreignKeys'),
      // On SQLite it gives every table the checks of all tables.
      ...(database === 'postgres' && { checks: sum('checkConstraints') }),
    }
  }
}
