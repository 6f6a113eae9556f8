/** SQL as a list of tokens: enough to see which tables and columns a statement names. */

/**
 * A token: `name` is a quoted identifier, `word` a bare one in lower case (`text` has its spelling), `binding` a
 * placeholder, `mark` anything else.
 *
 * @typedef {{ kind: 'name' | 'word' | 'text' | 'number' | 'binding' | 'mark', text: string, word?: string }} Token
 */

const TEXT = "'(?:[^']|'')*'"
const ESCAPED_TEXT = String.raw`'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"`
const QUOTED = '"(?:[^"]|"")*"'
const TICKED = '`(?:[^`]|``)*`'
const OTHER = String.raw`(?<comment>\/\*[\s\S]*?\*\/|--[^\n]*)|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<word>[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)`
const MARK = String.raw`(?<mark>::|->>|->|[<>=!|&@#~?*+\-/%^]+|[^\s])`

const pattern = ({ text, name, binding }) =>
  new RegExp(`(?<text>${text})|(?<name>${name})|(?<binding>${binding})|${OTHER}|${MARK}`, 'giu')

const SERVER = { text: ESCAPED_TEXT, name: TICKED, binding: String.raw`\?` }
const PATTERNS = {
  pgsql: pattern({ text: TEXT, name: QUOTED, binding: String.raw`\$\d+` }),
  mysql: pattern(SERVER),
  mariadb: pattern(SERVER),
  sqlite: pattern({ text: TEXT, name: `${QUOTED}|${TICKED}`, binding: String.raw`\?\d*` }),
}

/** @returns {Token[]} */
export function tokensOf(sql, dialect) {
  const tokens = []
  for (const { 0: whole, groups } of sql.matchAll(PATTERNS[dialect])) {
    if (groups.comment !== undefined) continue
    const kind = ['text', 'name', 'binding', 'number', 'word'].find((each) => groups[each] !== undefined) ?? 'mark'
    if (kind === 'name') tokens.push({ kind, text: unquoted(whole) })
    else if (kind === 'word') tokens.push({ kind, text: whole, word: whole.toLowerCase() })
    else tokens.push({ kind, text: whole })
  }
  return tokens
}

function unquoted(name) {
  const quote = name[0]
  return name.slice(1, -1).replaceAll(quote + quote, quote)
}
