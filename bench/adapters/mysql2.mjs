import mysql from 'mysql2/promise'
import { sqlOperations } from '../operations.mjs'

export function open({ database, url, connections }) {
  const pool = mysql.createPool({ uri: url, connectionLimit: connections, timezone: 'Z' })
  const over = (client) => ({
    select: async (sql, values) => (await client.execute(sql, values))[0],
    execute: async (sql, values) => (await client.execute(sql, values))[0].affectedRows,
  })
  return sqlOperations(database, {
    ...over(pool),
    // `?` with nested lists is expanded by the client, the way its manual tells for bulk inserts.
    insertMany: (table, columns, rows) =>
      pool.query(`insert into ${table} (${columns.join(',')}) values ?`, [
        rows.map((row) => columns.map((column) => row[column])),
      ]),
    async transaction(work) {
      const client = await pool.getConnection()
      try {
        await client.beginTransaction()
        await work(over(client))
        await client.commit()
      } catch (error) {
        await client.rollback()
        throw error
      } finally {
        client.release()
      }
    },
    async *stream(sql) {
      const client = await pool.getConnection()
      yield* client.connection.query(sql).stream()
      client.release()
    },
    close: () => pool.end(),
  })
}
