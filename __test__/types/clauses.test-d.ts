/** Which columns and values clauses take, by type. `npm run lint` compiles this file; nothing runs it. */
import { DB, raw } from '../../js/index'

interface User {
  id: number
  name: string
  email: string | null
  born: Date
  meta: object
}

const users = DB.table<User>('users')
const posts = DB.table('posts')

// The table's columns, those of other tables, JSON paths, expressions, sub-queries.
users.where('name', 'Ada').where('posts.title', 'like', '%x%').where('meta->lang', 'en').where(raw('1'), '=', 1)
users.where({ name: 'Ada', email: null }).where([['id', '>', 1]])
users.where((query) => query.where('id', 1).orWhereNull('email'))
users
  .whereIn('id', [1, 2])
  .whereIn('id', posts.select('user_id'))
  .whereBetween('born', [new Date(0), new Date()])
users.whereColumn('name', 'email').whereDate('born', '2026-01-31').whereJsonContains('meta->tags', ['a'])
users.whereAny(['name', 'email'], 'like', '%a%').whereRowValues(['born', 'id'], '>', ['2026-01-31', 1])
users.join('posts', (join) => join.on('posts.user_id', 'users.id').where('posts.live', true))

// Names that the query gives itself can be sorted by.
users.select('name as label').orderBy('label').orderByDesc('born')
users
  .select('id')
  .addSelect('name')
  .get()
  .then(([row]) => row?.name.length)

// Rows to write: the table's columns, text where the server can read it, SQL.
users.insert({ name: 'Ada', born: '1815-12-10', email: raw('null') })
users.update({ email: null, name: (query) => query.from('names').select('name') })
users.upsert([{ id: 1, name: 'Ada' }], 'id', ['name'])
users
  .returning('id')
  .insert({ name: 'Ada' })
  .then(([row]) => row?.id)

// A table that nobody has described takes everything.
posts
  .where('whatever', 1)
  .select('a', 'b as c')
  .orderBy('d')
  .insert({ e: 1, f: [1], g: new Date() })

// Mistakes
// @ts-expect-error there is no such column
users.where('nme', 'Ada')
// @ts-expect-error there is no such column
users.where({ nme: 'Ada' })
// @ts-expect-error there is no such column
users.orderBy('nme')
// @ts-expect-error there is no such column
users.select('nme')
// @ts-expect-error there is no such column
users.whereDate('brn', '2026-01-31')
// @ts-expect-error there is no such column
users.insert({ nme: 'Ada' })
// @ts-expect-error a number is no boolean
users.insert({ id: true })
// @ts-expect-error there is no such column
users.update({ nme: 'Ada' })
// @ts-expect-error rows without a value go first or last
users.orderBy('name', 'asc', 'middle')
