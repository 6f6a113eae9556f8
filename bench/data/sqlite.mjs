import { existsSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { statements as everything } from './rows.mjs'

const TYPE = {
  key: 'integer primary key',
  text: 'text not null',
  short: 'varchar(8) not null',
  decimal: 'decimal(12,2) not null',
  boolean: 'boolean not null',
  json: 'json not null',
  instant: 'datetime not null',
}

/** Makes the data, by the statements of all tables or others, unless it is there; answers the path of its file. */
export async function prepare(_server, name, sizes, statements = everything) {
  const of = {
    sizes,
    numbers: (table) =>
      `(with recursive numbers(i) as (select 1 union all select i + 1 from numbers where i < ${sizes[table]}) select i from numbers)`,
    join: (...parts) => parts.join(' || '),
    decimal: (cents, parts) => `${cents} * 1.0 / ${parts}`,
    boolean: (condition) => condition,
    json: (...parts) => `json_object(${parts.join(', ')})`,
    minutesLater: (minutes) => `strftime('%Y-%m-%d %H:%M:%S', '2024-01-01 00:00:00', ${minutes} || ' minutes')`,
  }
  const path = join(tmpdir(), `${name}.sqlite`)
  if (!existsSync(path)) {
    const unfinished = `${path}.unfinished`
    rmSync(unfinished, { force: true })
    const db = new Database(unfinished)
    for (const sql of statements(TYPE, of)) db.exec(sql)
    db.exec('analyze')
    db.close()
    renameSync(unfinished, path)
  }
  return path
}
