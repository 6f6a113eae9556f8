import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'

export function open() {
  const kysely = new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
  const compiled = (query) => {
    const { sql, parameters } = query.compile()
    return { sql, values: parameters }
  }

  return {
    key: (alias, { id }) =>
      compiled(
        kysely
          .selectFrom('users')
          .select([`id as ${alias}`, 'name', 'email'])
          .where('id', '=', id),
      ),

    page: (alias, { text, number, id }) =>
      compiled(
        kysely
          .selectFrom('users')
          .select([`id as ${alias}`, 'name', 'email'])
          .where('active', '=', true)
          .where('age', '>', number)
          .where('name', '<>', text)
          .where('id', '<', id)
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(20),
      ),

    report: (alias, { id, text, number, ids }) =>
      compiled(
        kysely
          .selectFrom('users')
          .select(({ fn }) => [`users.id as ${alias}`, 'users.name', fn.countAll().as('total')])
          .innerJoin('posts', 'posts.user_id', 'users.id')
          .innerJoin('comments', 'comments.post_id', 'posts.id')
          .leftJoin('accounts', 'accounts.user_id', 'users.id')
          .where('users.active', '=', true)
          .where('users.age', '>=', number)
          .where('users.name', '<>', text)
          .where('posts.kind', 'in', ids)
          .where('users.email', 'is not', null)
          .where((builder) => builder.between('comments.votes', number, number + 10))
          .groupBy(['users.id', 'users.name'])
          .having(({ fn }) => fn.countAll(), '>', number)
          .orderBy('users.name')
          .limit(50)
          .offset(id),
      ),

    exists: (alias, { text, number, id }) =>
      compiled(
        kysely
          .selectFrom('users')
          .select([`id as ${alias}`, 'name'])
          .where('age', '>', number)
          .where(({ exists, selectFrom }) =>
            exists(
              selectFrom('posts')
                .select('id')
                .whereRef('posts.user_id', '=', 'users.id')
                .where('posts.votes', '>', number),
            ),
          )
          .where('id', 'in', ({ selectFrom }) => selectFrom('accounts').select('user_id').where('coins', '>', id))
          .where('name', '<>', text),
      ),

    insert: (alias, { rows }) => compiled(kysely.insertInto('users').values(rows).returning(`id as ${alias}`)),

    update: (alias, { id, text, number }) =>
      compiled(
        kysely
          .updateTable('users')
          .set({ name: text, age: number, email: text })
          .where('id', '=', id)
          .where('active', '=', true)
          .returning(`id as ${alias}`),
      ),
  }
}
