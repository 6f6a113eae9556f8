/**
 * What an adapter of a whole database offers. The workloads say what is to be had, and each adapter gets it the way the manual of
 * its peer tells; SQL is written only for those that are used with SQL.
 *
 *   findUser(id)                 one user by key: an object of the eight columns
 *   usersFrom(id, count)         so many users with keys above this one, in order
 *   firstUsers(count)            the first users, in order
 *   insertOne(row)               one row of `inserts`
 *   insertMany(rows)             ten thousand of them, in one call where there is one
 *   transfer(from, to)           reads two accounts and moves a coin between them, in a transaction
 *   comments()                   all comments in order, as an iterator that does not keep them (W9)
 *   wideRows(columns, count)     rows of the table of very many columns: the first columns, in order (scale)
 *   usersWithPosts(count)        users with `posts` with `comments`, through the relation API (W8)
 *   firstModels(count)           the first users as the models or entities of the peer (W8)
 *   related(model, name)         what a relation has loaded, where it is no array of the model's own
 *
 * Makers of models that are measured as such alone have the last three.
 */
export const COLUMNS = ['id', 'name', 'email', 'age', 'balance', 'active', 'meta', 'created_at']
export const NEW_ROW = ['id', 'name', 'email', 'age']

/** The first columns of the table of very many. */
export const wideColumns = (count) => Array.from({ length: count }, (_, index) => `c${index + 1}`)

/** The operations of a driver that runs SQL. `driver` has select, execute, insertMany, transaction and stream. */
export function sqlOperations(database, driver) {
  /** `$1` on PostgreSQL, `?` elsewhere. */
  const at = (n) => (database === 'postgres' ? `$${n}` : '?')
  const read = `select coins from accounts where id = ${at(1)}`
  const write = `update accounts set coins = coins + ${at(1)} where id = ${at(2)}`
  const insert = `insert into inserts (${NEW_ROW}) values (${NEW_ROW.map((_, index) => at(index + 1))})`
  return {
    findUser: async (id) => (await driver.select(`select ${COLUMNS} from users where id = ${at(1)}`, [id]))[0],
    // The limit is no value here: the server then plans the statement for it.
    usersFrom: (id, count) =>
      driver.select(`select ${COLUMNS} from users where id > ${at(1)} order by id limit ${count}`, [id]),
    firstUsers: (count) => driver.select(`select ${COLUMNS} from users order by id limit ${count}`, []),
    insertOne: (row) => driver.execute(insert, Object.values(row)),
    insertMany: (rows) => driver.insertMany('inserts', NEW_ROW, rows),
    transfer: (from, to) =>
      driver.transaction(async (trx) => {
        await trx.select(read, [from])
        await trx.select(read, [to])
        await trx.execute(write, [-1, from])
        await trx.execute(write, [1, to])
      }),
    wideRows: (columns, count) =>
      driver.select(`select ${wideColumns(columns)} from wide order by c1 limit ${count}`, []),
    comments: () => driver.stream('select id, post_id, body from comments order by id'),
    close: driver.close,
  }
}
