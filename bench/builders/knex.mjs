import createKnex from 'knex'

export function open() {
  const knex = createKnex({ client: 'pg' })
  const compiled = (query) => {
    const { sql, bindings } = query.toSQL().toNative()
    return { sql, values: bindings }
  }

  return {
    key: (alias, { id }) => compiled(knex('users').select(`id as ${alias}`, 'name', 'email').where('id', id)),

    page: (alias, { text, number, id }) =>
      compiled(
        knex('users')
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
        knex('users')
          .select(`users.id as ${alias}`, 'users.name', knex.raw('count(*) as total'))
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
          .having(knex.raw('count(*)'), '>', number)
          .orderBy('users.name')
          .limit(50)
          .offset(id),
      ),

    exists: (alias, { text, number, id }) =>
      compiled(
        knex('users')
          .select(`id as ${alias}`, 'name')
          .where('age', '>', number)
          .whereExists((query) =>
            query
              .from('posts')
              .select('id')
              .where('posts.user_id', knex.ref('users.id'))
              .where('posts.votes', '>', number),
          )
          .whereIn('id', (query) => query.from('accounts').select('user_id').where('coins', '>', id))
          .where('name', '<>', text),
      ),

    insert: (alias, { rows }) => compiled(knex('users').insert(rows).returning(`id as ${alias}`)),

    update: (alias, { id, text, number }) =>
      compiled(
        knex('users')
          .where('id', id)
          .where('active', true)
          .returning(`id as ${alias}`)
          .update({ name: text, age: number, email: text }),
      ),
  }
}
