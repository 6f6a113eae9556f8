import pg from 'pg'
import { statements as everything } from './rows.mjs'

const TYPE = {
  key: 'bigint primary key',
  text: 'text not null',
  short: 'varchar(8) not null',
  decimal: 'numeric(12,2) not null',
  boolean: 'boolean not null',
  json: 'jsonb not null',
  instant: 'timestamptz not null',
}

/** Makes the data, by the statements of all tables or others, unless it is there; answers the URL of its database. */
export async function prepare(server, name, sizes, statements = everything) {
  const of = {
    sizes,
    numbers: (table) => `generate_series(1, ${sizes[table]}) as i`,
    join: (...parts) => parts.join(' || '),
    decimal: (cents, parts) => `${cents}::numeric / ${parts}`,
    boolean: (condition) => condition,
    json: (...parts) => `jsonb_build_object(${parts.join(', ')})`,
    minutesLater: (minutes) => `timestamptz '2024-01-01 00:00:00Z' + ${minutes} * interval '1 minute'`,
  }
  const url = new URL(server)
  const admin = new pg.Client({ connectionString: url.href })
  await admin.connect()
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [name])
  if (rowCount === 0) await admin.query(`create database ${name}`)
  await admin.end()
  url.pathname = `/${name}`
  if (rowCount === 0) {
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    await client.query('begin')
    for (const sql of statements(TYPE, of)) await client.query(sql)
    await client.query('commit')
    await client.query('vacuum analyze')
    await client.end()
  }
  return url.href
}
