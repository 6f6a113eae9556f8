/** One connection of the database's usual driver, and what all migrators are counted with. */
const OPEN = {
  async postgres(url) {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return { client, query: async (sql, values) => (await client.query(sql, values)).rows, close: () => client.end() }
  },
  async mariadb(url) {
    const { default: mysql } = await import('mysql2/promise')
    const client = await mysql.createConnection(url)
    return { client, query: async (sql, values) => (await client.query(sql, values))[0], close: () => client.end() }
  },
  async sqlite(url) {
    const { default: Database } = await import('better-sqlite3')
    const client = new Database(url)
    // As guruorm opens one: the same promise about the disk for everybody.
    client.pragma('journal_mode = wal')
    client.pragma('synchronous = normal')
    const query = async (sql, values = []) => {
      const statement = client.prepare(sql)
      return statement.reader ? statement.all(...values) : statement.run(...values)
    }
    return { client, query, close: async () => client.close() }
  },
}

export function openDriver(database, url) {
  return OPEN[database](url)
}

const VERSION = {
  postgres: "select current_setting('server_version') as version",
  mariadb: 'select version() as version',
}

/** `15.14` */
export async function serverVersion(database, url) {
  const { query, close } = await openDriver(database, url)
  const [{ version }] = await query(VERSION[database])
  await close()
  return version.split(/[ -]/)[0]
}

const TABLES = {
  postgres: "select count(*) as number from pg_tables where schemaname = 'public' and tablename like 'table\\_%'",
  mariadb:
    "select count(*) as number from information_schema.tables where table_schema = database() and table_name like 'table\\_%'",
  sqlite: "select count(*) as number from sqlite_master where type = 'table' and name like 'table\\_%' escape '\\'",
}

/** Counts the tables that were made, and the rows that record it. */
export async function counted(database, query, journal) {
  const [tables] = await query(TABLES[database])
  const [records] = await query(`select count(*) as number from ${journal}`)
  return { tables: Number(tables.number), records: Number(records.number) }
}
