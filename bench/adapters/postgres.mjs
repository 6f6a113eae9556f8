import postgres from 'postgres'
import { sqlOperations } from '../operations.mjs'

const CURSOR_ROWS = 1000

export function open({ database, url, connections }) {
  const sql = postgres(url, { max: connections })
  const over = (client) => ({
    select: (text, values) => client.unsafe(text, values, { prepare: true }),
    execute: async (text, values) => (await client.unsafe(text, values, { prepare: true })).count,
  })
  return sqlOperations(database, {
    ...over(sql),
    insertMany: (table, columns, rows) => sql`insert into ${sql(table)} ${sql(rows, columns)}`,
    transaction: (work) => sql.begin((client) => work(over(client))),
    async *stream(text) {
      for await (const rows of sql.unsafe(text).cursor(CURSOR_ROWS)) yield* rows
    },
    close: () => sql.end(),
  })
}
