import Database from 'better-sqlite3'
import { Kysely, MysqlDialect, PostgresDialect, SqliteDialect } from 'kysely'
import mysql from 'mysql2'
import pg from 'pg'
import Cursor from 'pg-cursor'
import { COLUMNS } from '../operations.mjs'

const DIALECT = {
  postgres: (url, max) => new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max }), cursor: Cursor }),
  mariadb: (url, max) =>
    new MysqlDialect({ pool: mysql.createPool({ uri: url, connectionLimit: max, timezone: 'Z' }) }),
  sqlite(url) {
    const database = new Database(url)
    database.pragma('journal_mode = wal')
    database.pragma('synchronous = normal')
    return new SqliteDialect({ database })
  },
}

/** Rows in one statement: PostgreSQL and SQLite number the values they are given with 16 bits or fewer. */
const ROWS = 5000

export function open({ database, url, connections }) {
  const db = new Kysely({ dialect: DIALECT[database](url, connections) })
  const users = () => db.selectFrom('users').select(COLUMNS)
  const coins = (trx, id) => trx.selectFrom('accounts').select('coins').where('id', '=', id).executeTakeFirst()
  const add = (trx, id, number) =>
    trx
      .updateTable('accounts')
      .set((builder) => ({ coins: builder('coins', '+', number) }))
      .where('id', '=', id)
      .execute()
  return {
    findUser: (id) => users().where('id', '=', id).executeTakeFirst(),
    usersFrom: (id, count) => users().where('id', '>', id).orderBy('id').limit(count).execute(),
    firstUsers: (count) => users().orderBy('id').limit(count).execute(),
    insertOne: (row) => db.insertInto('inserts').values(row).execute(),
    async insertMany(rows) {
      await db.transaction().execute(async (trx) => {
        for (let start = 0; start < rows.length; start += ROWS)
          await trx
            .insertInto('inserts')
            .values(rows.slice(start, start + ROWS))
            .execute()
      })
    },
    transfer: (from, to) =>
      db.transaction().execute(async (trx) => {
        await coins(trx, from)
        await coins(trx, to)
        await add(trx, from, -1)
        await add(trx, to, 1)
      }),
    comments: () => db.selectFrom('comments').select(['id', 'post_id', 'body']).orderBy('id').stream(1000),
    close: () => db.destroy(),
  }
}
