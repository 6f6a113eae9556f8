/** The tables of the benchmark, filled by each database itself, the same values everywhere. */

/** Columns of `users` from a number `i`; `of` holds what the databases spell differently. */
export const users = (of) => `
  select i, ${of.join("'User '", 'i')}, ${of.join("'user'", 'i', "'@example.com'")}, 18 + i % 60,
    ${of.decimal('(i * 37 % 100000)', 100)}, ${of.boolean('i % 3 <> 0')},
    ${of.json("'lang'", "case when i % 2 = 0 then 'en' else 'fr' end", "'visits'", 'i % 1000')}, ${of.minutesLater('i')}
  from ${of.numbers('users')}`

export const posts = (of) => `
  select i, i % ${of.sizes.users} + 1, ${of.join("'Title of post '", 'i')}, ${of.join("'What post '", 'i', "' says.'")}
  from ${of.numbers('posts')}`

export const comments = (of) => `
  select i, i % ${of.sizes.posts} + 1, ${of.join("'Comment '", 'i')} from ${of.numbers('comments')}`

export const accounts = (of) => `select i, 1000 from ${of.numbers('accounts')}`

/** Integers and short texts in turn, behind a key. */
export const wide = (of, columns) => `
  select i, ${columns
    .slice(1)
    .map((_, at) => (at % 2 === 0 ? of.join("'v'", `(i * ${at + 7} % 10000)`) : `i * ${at + 3} % 100000`))
    .join(', ')}
  from ${of.numbers('wide')}`

/** Column types: `type.json` and so on are the database's own names. */
export const tables = (type) => ({
  users: `id ${type.key}, name ${type.text}, email ${type.text}, age integer not null, balance ${type.decimal}, active ${type.boolean}, meta ${type.json}, created_at ${type.instant}`,
  posts: `id ${type.key}, user_id bigint not null, title ${type.text}, body ${type.text}`,
  comments: `id ${type.key}, post_id bigint not null, body ${type.text}`,
  accounts: `id ${type.key}, coins integer not null`,
  inserts: `id ${type.key}, name ${type.text}, email ${type.text}, age integer not null`,
})

export const INDEXES = [
  'create index users_email on users (email)',
  'create index posts_user on posts (user_id)',
  'create index comments_post on comments (post_id)',
]

/** Every statement that makes and fills the tables. */
export function statements(type, of) {
  const made = Object.entries(tables(type)).map(([name, columns]) => `create table ${name} (${columns})`)
  const filled = Object.entries({ users, posts, comments, accounts }).map(
    ([name, rows]) => `insert into ${name} ${rows(of)}`,
  )
  return [...made, ...filled, ...INDEXES]
}
