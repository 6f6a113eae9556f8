import { openKnex } from '../inspectors/knex-clients.mjs'
import { COLUMNS } from '../operations.mjs'

export async function open({ database, url }) {
  const knex = openKnex(database, url)
  if (database === 'sqlite')
    for (const pragma of ['journal_mode = wal', 'synchronous = normal']) await knex.raw(`pragma ${pragma}`)
  return knexOperations(knex, database)
}

/** Rows in one statement: SQLite joins at most 500 selects, which is what knex makes of them there. */
const ROWS = { postgres: 1000, mariadb: 1000, sqlite: 400 }

function knexOperations(knex, database) {
  const users = () => knex('users').select(COLUMNS)
  return {
    findUser: (id) => users().where('id', id).first(),
    usersFrom: (id, count) => users().where('id', '>', id).orderBy('id').limit(count),
    firstUsers: (count) => users().orderBy('id').limit(count),
    insertOne: (row) => knex('inserts').insert(row),
    // Its manual tells to cut large inserts by this.
    insertMany: (rows) => knex.batchInsert('inserts', rows, ROWS[database]),
    transfer: (from, to) =>
      knex.transaction(async (trx) => {
        await trx('accounts').where('id', from).first('coins')
        await trx('accounts').where('id', to).first('coins')
        await trx('accounts').where('id', from).decrement('coins', 1)
        await trx('accounts').where('id', to).increment('coins', 1)
      }),
    comments: () => knex('comments').select('id', 'post_id', 'body').orderBy('id').stream(),
    close: () => knex.destroy(),
  }
}
