import { createHash } from 'node:crypto'
import pg from 'pg'
import Cursor from 'pg-cursor'
import { sqlOperations } from '../operations.mjs'

const CURSOR_ROWS = 1000

export function open({ database, url, named, connections }) {
  const pool = new pg.Pool({ connectionString: url, max: connections })
  const names = new Map()
  /** The same text gets the same name, so that the server prepares it once a connection. */
  const query = (sql, values) => {
    if (!named) return { text: sql, values }
    if (!names.has(sql)) names.set(sql, createHash('sha1').update(sql).digest('hex'))
    return { name: names.get(sql), text: sql, values }
  }
  const over = (client) => ({
    select: async (sql, values) => (await client.query(query(sql, values))).rows,
    execute: async (sql, values) => (await client.query(query(sql, values))).rowCount,
  })
  return sqlOperations(database, {
    ...over(pool),
    async insertMany(table, columns, rows) {
      const tuple = (_, row) => `(${columns.map((_, column) => `$${row * columns.length + column + 1}`).join(',')})`
      const text = `insert into ${table} (${columns.join(',')}) values ${rows.map(tuple).join(',')}`
      await pool.query(
        text,
        rows.flatMap((row) => columns.map((column) => row[column])),
      )
    },
    async transaction(work) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        await work(over(client))
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw error
      } finally {
        client.release()
      }
    },
    async *stream(sql) {
      const client = await pool.connect()
      const cursor = client.query(new Cursor(sql))
      for (let rows = await cursor.read(CURSOR_ROWS); rows.length > 0; rows = await cursor.read(CURSOR_ROWS))
        yield* rows
      await cursor.close()
      client.release()
    },
    close: () => pool.end(),
  })
}
