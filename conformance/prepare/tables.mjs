/** The SQL that makes tables. */
import { TYPES } from './kinds.mjs'

const quoted = {
  pgsql: (name) => `"${name.replaceAll('"', '""')}"`,
  sqlite: (name) => `"${name.replaceAll('"', '""')}"`,
  mariadb: (name) => `\`${name.replaceAll('`', '``')}\``,
}

/** A table's name as SQL. */
export function nameOf({ path }, server) {
  return path.map(quoted[server]).join('.')
}

/** The statement that makes a table, with what a statement demands of it. */
export function creation(table, server) {
  const columns = [...table.columns.keys()].sort()
  const quote = quoted[server]
  const lines = columns.map((name) => `${quote(name)} ${TYPES[server][table.kind(name)]}`)
  return CREATIONS[server](table, lines, (names) => [...new Set(names)].map(quote).join(', '))
}

const CREATIONS = {
  /** Partitioned: a table without storage is made many times faster. Only one with storage may have any key. */
  pgsql(table, lines, list) {
    const first = list([[...table.columns.keys()][0]])
    const temporary = table.path.length === 1 ? 'temporary ' : ''
    // By the primary key PostgreSQL knows that the other columns have one value in a group.
    const groups = [...table.groups].filter((name) => table.columns.has(name) && table.kind(name) !== 'json')
    const keys = uniques(table, list)
    if (groups.length > 0) keys.push(`primary key (${list(groups)})`)
    const storage = keys.length === 0 ? ` partition by list ((${first} is null))` : ''
    return `create ${temporary}table ${nameOf(table, 'pgsql')} (${[...lines, ...keys].join(', ')})${storage}`
  },

  mariadb(table, lines, list) {
    const [first] = table.columns.keys()
    const indexes = [...table.indexes].map((name) => `index ${list([name])} (${list([first])})`)
    const texts = table.texts.map(({ names }) => `fulltext (${list(names)})`)
    const parts = [...lines, ...uniques(table, list), ...indexes, ...new Set(texts)].join(', ')
    return `create temporary table ${nameOf(table, 'mariadb')} (${parts}) engine=myisam`
  },

  sqlite(table, lines, list) {
    const [first] = table.columns.keys()
    const made = `create table ${nameOf(table, 'sqlite')} (${[...lines, ...uniques(table, list)].join(', ')})`
    // An index is named with its table's namespace, and is on a table without.
    const indexes = [...table.indexes].map(
      (name) =>
        `create index ${nameOf({ path: [...table.path.slice(0, -1), name] }, 'sqlite')} on ${list([table.path.at(-1)])} (${list([first])})`,
    )
    return [made, ...indexes].join('; ')
  },
}

function uniques(table, list) {
  const keys = table.keys.filter((names) => names.length > 0 && names.every((name) => table.columns.has(name)))
  return [...new Set(keys.map((names) => `unique (${list(names)})`))]
}
