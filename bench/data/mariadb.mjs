import mysql from 'mysql2/promise'
import { statements as everything } from './rows.mjs'

const TYPE = {
  key: 'bigint primary key',
  text: 'varchar(100) not null',
  short: 'varchar(8) character set ascii not null',
  decimal: 'decimal(12,2) not null',
  boolean: 'boolean not null',
  json: 'json not null',
  instant: 'datetime(6) not null',
}

/** Makes the data, by the statements of all tables or others, unless it is there; answers the URL of its database. */
export async function prepare(server, name, sizes, statements = everything) {
  const of = {
    sizes,
    numbers: (table) => `(select seq as i from seq_1_to_${sizes[table]}) as numbers`,
    join: (...parts) => `concat(${parts.join(', ')})`,
    decimal: (cents, parts) => `${cents} / ${parts}`,
    boolean: (condition) => condition,
    json: (...parts) => `json_object(${parts.join(', ')})`,
    minutesLater: (minutes) => `timestamp '2024-01-01 00:00:00' + interval ${minutes} minute`,
  }
  const url = new URL(server)
  url.pathname = '/mysql'
  const admin = await mysql.createConnection(url.href)
  const [found] = await admin.query('show databases like ?', [name])
  if (found.length === 0) {
    await admin.query(`create database ${name} character set utf8mb4`)
    await admin.query(`use ${name}`)
    for (const sql of statements(TYPE, of)) await admin.query(sql)
  }
  await admin.end()
  url.pathname = `/${name}`
  return url.href
}
