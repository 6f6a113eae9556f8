/** The database with the large tables: users, comments, and one of very many columns. */
import { wideColumns } from '../operations.mjs'
import { comments, tables, users, wide } from './rows.mjs'

const COLUMNS = wideColumns(500)

/** Every statement that makes and fills them. */
function statements(type, of) {
  const { users: userColumns, comments: commentColumns } = tables(type)
  const wideTable = COLUMNS.map(
    (column, at) => `${column} ${at === 0 ? type.key : at % 2 === 1 ? type.short : 'integer not null'}`,
  )
  return [
    `create table wide (${wideTable.join(', ')})`,
    `insert into wide ${wide(of, COLUMNS)}`,
    `create table users (${userColumns})`,
    `insert into users ${users(of)}`,
    `create table comments (${commentColumns})`,
    `insert into comments ${comments(of)}`,
  ]
}

/** Makes them unless they are there; answers where they are. */
export async function prepare(database, server, name, { scale }) {
  const data = await import(`./${database}.mjs`)
  return data.prepare(server, `${name}_scale`, scale, statements)
}
