import { Capsule, QueryBuilder, raw } from '../../index.mjs'

/** @param twoCalls - Asks by `toSql()` and `getBindings()`, as programs do, instead of by one call for both. */
export function open({ twoCalls }) {
  const capsule = new Capsule()
  capsule.addConnection({ driver: 'pgsql', host: '127.0.0.1', database: 'none', username: 'none' })
  const connection = capsule.connection()
  const table = (name) => connection.table(name)
  const compiled = twoCalls
    ? (query) => ({ sql: query.toSql(), values: query.getBindings() })
    : (query) => told(connection.compileQuery({ kind: 'select', query: query.toSelect() }))

  // Writes have no `toSql()`: they run, by an executor that compiles and sends nothing.
  let written
  const writer = {
    driverName: connection.driverName,
    compileQuery: (query) => connection.compileQuery(query),
    async runQuery(query) {
      written = connection.compileQuery(query)
      return { rows: [], affected: 0, lastInsertId: 0 }
    },
  }
  const writing = (name) => new QueryBuilder(writer, name)

  return {
    key: (alias, { id }) => compiled(table('users').select(`id as ${alias}`, 'name', 'email').where('id', id)),

    page: (alias, { text, number, id }) =>
      compiled(
        table('users')
          .select(`id as ${alias}`, 'name', 'email')
          .where('active', true)
          .where('age', '>', number)
          .where('name', '<>', text)
          .where('id', '<', id)
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(20),
      ),

    report: (alias, { id, text, number, ids }) =>
      compiled(
        table('users')
          .select(`users.id as ${alias}`, 'users.name', raw('count(*) as total'))
          .join('posts', 'posts.user_id', '=', 'users.id')
          .join('comments', 'comments.post_id', '=', 'posts.id')
          .leftJoin('accounts', 'accounts.user_id', '=', 'users.id')
          .where('users.active', true)
          .where('users.age', '>=', number)
          .where('users.name', '<>', text)
          .whereIn('posts.kind', ids)
          .whereNotNull('users.email')
          .whereBetween('comments.votes', [number, number + 10])
          .groupBy('users.id', 'users.name')
          .having(raw('count(*)'), '>', number)
          .orderBy('users.name')
          .limit(50)
          .offset(id),
      ),

    exists: (alias, { text, number, id }) =>
      compiled(
        table('users')
          .select(`id as ${alias}`, 'name')
          .where('age', '>', number)
          .whereExists((query) =>
            query.from('posts').select('id').whereColumn('posts.user_id', 'users.id').where('posts.votes', '>', number),
          )
          .whereIn('id', (query) => query.from('accounts').select('user_id').where('coins', '>', id))
          .where('name', '<>', text),
      ),

    insert(alias, { rows }) {
      writing('users').returning(`id as ${alias}`).insert(rows)
      return told(written)
    },

    update(alias, { id, text, number }) {
      writing('users')
        .where('id', id)
        .where('active', true)
        .returning(`id as ${alias}`)
        .update({ name: text, age: number, email: text })
      return told(written)
    },
  }
}

const told = ({ sql, bindings }) => ({ sql, values: bindings })
