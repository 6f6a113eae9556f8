/** The database whose structure is read: tables without rows. */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the databases spell differently. */
const TYPE = {
  postgres: { key: 'bigserial primary key', big: 'bigint', json: 'jsonb', instant: 'timestamptz', now: 'now()' },
  mariadb: {
    key: 'bigint not null auto_increment primary key',
    big: 'bigint',
    json: 'json',
    instant: 'datetime',
    now: 'current_timestamp()',
  },
  sqlite: {
    key: 'integer primary key autoincrement not null',
    big: 'bigint',
    json: 'json',
    instant: 'datetime',
    now: 'current_timestamp',
  },
}

/** Twenty columns: what tables of applications are made of. */
const columns = (type) => [
  `id ${type.key}`,
  `next_id ${type.big} not null`,
  'code varchar(40) not null',
  'name varchar(100) not null',
  "title varchar(255) not null default ''",
  'email varchar(255)',
  'body text',
  'votes integer not null default 0',
  'rank integer',
  'small smallint not null default 1',
  `total ${type.big} not null default 0`,
  'price decimal(12,2) not null default 0',
  'ratio double precision',
  'active boolean not null default true',
  `meta ${type.json}`,
  'born date',
  'opens time',
  `seen_at ${type.instant}`,
  `created_at ${type.instant} not null default ${type.now}`,
  `updated_at ${type.instant}`,
]

const nameOf = (number) => `table_${String(number).padStart(3, '0')}`

/** Every statement that makes the tables. The first index serves the foreign key, so that MariaDB makes none of its own. */
function statements(database, { tables }) {
  const quote = (name) => (database === 'mariadb' ? `\`${name}\`` : `"${name}"`)
  const described = columns(TYPE[database]).map((column) => column.replace(/^\w+/, quote))
  const all = { tables: [], keys: [] }
  for (let number = 0; number < tables; number += 1) {
    const [table, other] = [nameOf(number), nameOf((number + 1) % tables)]
    const key = `constraint ${table}_next_id_foreign foreign key (next_id) references ${other} (id) on delete cascade`
    const parts = [...described, `constraint ${table}_price_check check (price >= 0)`]
    if (database === 'sqlite') parts.push(key)
    else all.keys.push(`alter table ${table} add ${key}`)
    all.tables.push(
      `create table ${table} (${parts.join(', ')})`,
      `create index ${table}_next_id_created_at_index on ${table} (next_id, created_at)`,
      `create unique index ${table}_code_unique on ${table} (code)`,
    )
  }
  return [...all.tables, ...all.keys]
}

const MAKE = {
  async postgres(server, name, sizes) {
    const { default: pg } = await import('pg')
    const url = new URL(server)
    const run = async (work) => {
      const client = new pg.Client({ connectionString: url.href })
      await client.connect()
      await work(client)
      await client.end()
    }
    let isThere
    await run(async (admin) => {
      isThere = (await admin.query('select from pg_database where datname = $1', [name])).rowCount > 0
      if (!isThere) await admin.query(`create database ${name}`)
    })
    url.pathname = `/${name}`
    if (isThere) return url.href
    await run(async (client) => {
      await client.query('begin')
      for (const sql of statements('postgres', sizes)) await client.query(sql)
      await client.query('commit')
      await client.query('vacuum analyze')
    })
    return url.href
  },

  async mariadb(server, name, sizes) {
    const { default: mysql } = await import('mysql2/promise')
    const url = new URL(server)
    url.pathname = '/mysql'
    const admin = await mysql.createConnection(url.href)
    const [found] = await admin.query('show databases like ?', [name])
    if (found.length === 0) {
      await admin.query(`create database ${name} character set utf8mb4`)
      await admin.query(`use ${name}`)
      for (const sql of statements('mariadb', sizes)) await admin.query(sql)
    }
    await admin.end()
    url.pathname = `/${name}`
    return url.href
  },

  async sqlite(_server, name, sizes) {
    const { default: Database } = await import('better-sqlite3')
    const path = join(tmpdir(), `${name}.sqlite`)
    if (existsSync(path)) return path
    const unfinished = `${path}.unfinished`
    rmSync(unfinished, { force: true })
    const db = new Database(unfinished)
    db.exec('begin')
    for (const sql of statements('sqlite', sizes)) db.exec(sql)
    db.exec('commit')
    db.close()
    renameSync(unfinished, path)
    return path
  },
}

/** Makes the tables unless they are there; answers where they are. */
export async function prepare(database, server, name, { structure }) {
  if (structure.columns !== columns(TYPE[database]).length) throw new Error('the tables have other columns')
  return MAKE[database](server, `${name}_structure`, structure)
}
