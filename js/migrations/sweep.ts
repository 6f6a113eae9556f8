import type { MigrationConnection, Statement } from './migration-connection'

/** How everything goes, or every row: see `src/migrate/sweep.rs`. */
interface Sweep {
  read: string | null
  before: string[]
  list: Statement
  transactional: boolean
  start: string[]
  after: string[]
}

/**
 * Drops everything in the current namespace: tables, views, types, sequences, functions and procedures, whatever refers
 * to them. What belongs to an extension stays. All or nothing, but on MySQL and MariaDB, which commit at each statement.
 */
export function wipe(connection: MigrationConnection): Promise<void> {
  return sweep(connection, 'everything', [])
}

/**
 * Deletes the rows of all tables but the kept ones, whatever refers to them, all or nothing. Counters begin again.
 *
 * @param kept - Names of tables.
 */
export function clearRows(connection: MigrationConnection, kept: readonly string[]): Promise<void> {
  return sweep(connection, 'rows', kept)
}

async function sweep(connection: MigrationConnection, extent: string, kept: readonly string[]): Promise<void> {
  const command = { do: 'migrate.sweep', driver: connection.getDriverName(), extent, kept }
  const { read, before, list, transactional, start, after } = (await connection.native(command)) as Sweep
  await connection.pin(async (session) => {
    const [settings] = read === null ? [] : await session.select(read)
    const isRestored = settings === undefined || Number(settings.foreign_keys) === 1
    for (const sql of before) await session.statement(sql)
    try {
      const work = async (inside: MigrationConnection) => {
        for (const sql of start) await inside.statement(sql)
        const rows = await inside.select(list.sql, list.bindings)
        for (const row of rows) await inside.unprepared(String(row.statement))
        return rows.flatMap(({ afterwards }) => (typeof afterwards === 'string' ? [afterwards] : []))
      }
      const afterwards = await (transactional ? session.transaction(work) : work(session))
      for (const sql of afterwards) await session.unprepared(sql)
    } finally {
      if (isRestored) for (const sql of after) await session.statement(sql)
    }
  })
}
