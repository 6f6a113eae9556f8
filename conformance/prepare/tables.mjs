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

/** The statement that makes a table, and those that make its indexes. */
export function creation(table, server) {
  const quote = quoted[server]
  const columns = [...table.columns.keys()].sort()
  const lines = columns.map((name) => `${quote(name)} ${TYPES[server][table.kind(name)]}`)
  const known = (names) => names.length > 0 && names.every((name) => table.columns.has(name))
  const list = (names) => [...new Set(names)].map(quote).join(', ')
  const groups = [...table.groups].filter((name) => table.columns.has(name) && table.kind(name) !== 'json')
  const keys = table.keys.filter(known)
  if (groups.length > 0) lines.push(`primary key (${list(groups)})`)
  const sets = new Map(keys.map((key) => [list([...key].sort()), key]))
  for (const key of sets.values()) lines.push(`unique (${list(key)})`)
  if (server === 'mariadb') {
    for (const name of table.indexes) lines.push(`index ${quote(name)} (${quote(columns[0])})`)
    for (const { names } of table.texts) lines.push(`fulltext (${list(names)})`)
  }
  const temporary = server === 'mariadb' ? 'temporary ' : ''
  const engine = server === 'mariadb' ? ' engine=myisam' : ''
  return `create ${temporary}table ${nameOf(table, server)} (${lines.join(', ')})${engine}`
}
