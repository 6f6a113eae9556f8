/** SQL as its database reads it: what stands in quotes, and what does not. */

type Rules = readonly { readonly open: string; readonly close: string; readonly escapes: boolean }[]

const TEXT = { open: "'", close: "'", escapes: false }
const NAME = { open: '"', close: '"', escapes: false }
const BRACKETS = { open: '[', close: ']', escapes: false }
const BACKTICKS = { open: '`', close: '`', escapes: false }

const MYSQL: Rules = [{ ...TEXT, escapes: true }, { ...NAME, escapes: true }, BACKTICKS]

const RULES: Readonly<Record<string, Rules>> = {
  pgsql: [TEXT, NAME],
  mysql: MYSQL,
  mariadb: MYSQL,
  sqlite: [TEXT, NAME, BACKTICKS, BRACKETS],
  sqlserver: [TEXT, NAME, BRACKETS],
}

/** What begins a comment, ends a statement or quotes in some other way. None of it has any business in our SQL. */
const FORBIDDEN: Readonly<Record<string, RegExp>> = {
  pgsql: /--|\/\*|;|\\|\$(?!\d)|\0/,
  mysql: /--|\/\*|;|\\|#|\0/,
  mariadb: /--|\/\*|;|\\|#|\0/,
  sqlite: /--|\/\*|;|\\|\0/,
  sqlserver: /--|\/\*|;(?!$)|\\|\0/,
}

export interface Skeleton {
  /** The SQL with each quoted piece emptied. */
  readonly outside: string
  /** The words that stand outside of quotes. */
  readonly words: ReadonlySet<string>
  /** The signs that stand outside of quotes. */
  readonly signs: ReadonlySet<string>
  /** How many placeholders there are. */
  readonly placeholders: number
}

/**
 * What stands outside of quotes.
 *
 * @throws Error for a quote that does not end, a comment, a second statement.
 */
export function skeletonOf(sql: string, driver: string): Skeleton {
  const rules = RULES[driver] ?? []
  let outside = ''
  for (let at = 0; at < sql.length; at += 1) {
    const rule = rules.find(({ open }) => open === sql[at])
    outside += sql[at]
    if (rule === undefined) continue
    at = endOfQuote(sql, at + 1, rule.close, rule.escapes)
    outside += rule.close
  }
  const forbidden = FORBIDDEN[driver]?.exec(outside)
  if (forbidden !== null) throw new Error(`${JSON.stringify(forbidden?.[0])} stands outside of quotes: ${sql}`)
  const placeholder = { pgsql: /\$\d+/g, sqlserver: /@p\d+/g }[driver] ?? /\?/g
  const code = outside.replace(placeholder, '')
  return {
    outside,
    words: new Set(code.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_]*/gu)),
    signs: new Set(code.match(/[^\p{L}\p{N}_\s]/gu)),
    placeholders: outside.match(placeholder)?.length ?? 0,
  }
}

function endOfQuote(sql: string, start: number, close: string, escapes: boolean): number {
  for (let at = start; at < sql.length; at += 1) {
    if (escapes && sql[at] === '\\') at += 1
    else if (sql[at] !== close) continue
    else if (sql[at + 1] === close) at += 1
    else return at
  }
  throw new Error(`A quote does not end: ${sql}`)
}
