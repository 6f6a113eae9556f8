/** SQL of the facts and of guruorm in one spelling: placeholders differ by database, in Laravel they are always `?`. */

/** A literal, a quoted name, `??`, or a placeholder. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\?\?|\?|\$\d+|@p\d+/g

const NUMBERED = { pgsql: /^\$\d+$/, sqlsrv: /^@p\d+$/ }

/** The statement with one space where there are several: Laravel leaves some between clauses that are missing. */
export function spaced(sql) {
  return sql
    .replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`| {2,}/g, (token) => (token.startsWith('  ') ? ' ' : token))
    .trim()
}

/** What guruorm sends, with `?` for each placeholder. */
export function ours(sql, dialect) {
  const numbered = NUMBERED[dialect]
  if (numbered === undefined) return spaced(sql)
  // Here a bare question mark is an operator; Laravel writes it doubled.
  return spaced(sql).replace(TOKEN, (token) => (numbered.test(token) ? '?' : token === '?' ? '??' : token))
}
