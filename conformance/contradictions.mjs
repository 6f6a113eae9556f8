/**
 * Facts that guruorm answers otherwise on purpose: the reviewed list. Each rule names the decision it follows
 * (`design/decisions.md`, or the issue's own words) and says which facts it is about.
 *
 * A rule with `rewrite` says what the statement is instead, and the fact is held to that. A rule without takes its facts out
 * of the count; the runner says how many.
 */

const MYSQL = ['mysql', 'mariadb']

/** The rules. */
export const CONTRADICTIONS = [
  {
    decision: 'FORMAT.md',
    reason:
      "`ansi` is Laravel's base grammar, which is no database: its chains are in cross.jsonl for the five real ones",
    matches: ({ dialect }) => dialect === 'ansi',
  },
  {
    decision: 'FORMAT.md',
    reason: 'placeholders and values differ in number: the statement fails on every server',
    matches: (fact) => fact.placeholder_mismatch === true,
  },
  {
    decision: 'the issue, "Bad input"',
    reason: 'negative limits throw; Laravel ignores them',
    matches: ({ ops = [] }) => ops.some(({ m, a }) => ['limit', 'take', 'groupLimit'].includes(m) && a[0] < 0),
  },
  {
    decision: 'D2',
    reason: 'an offset without a limit is no SQL on MySQL and MariaDB (scenario 70 of 2.1.24)',
    matches: ({ dialect }) => MYSQL.includes(dialect),
    rewrite: (sql) => sql.replace(/(?<!limit \d+) offset (\d+)/g, ' limit 18446744073709551615 offset $1'),
  },
  {
    decision: 'D2',
    reason: 'an offset without a limit is no SQL on SQLite (scenario 70 of 2.1.24)',
    matches: ({ dialect }) => dialect === 'sqlite',
    rewrite: (sql) => sql.replace(/(?<!limit -?\d+) offset (\d+)/g, ' limit -1 offset $1'),
  },
  {
    decision: 'D21',
    reason: 'timeout() counts milliseconds and is told to every server, not written into the SQL of MySQL',
    matches: ({ dialect }) => MYSQL.includes(dialect),
    rewrite: (sql) => sql.replace(/\/\*\+ MAX_EXECUTION_TIME\(\d+\) \*\/ /g, ''),
  },
  {
    decision: 'every statement runs on the real servers',
    reason: 'MariaDB has no type `json` to cast to',
    matches: ({ dialect }) => dialect === 'mariadb',
    rewrite: (sql) => sql.replaceAll('cast(? as json)', 'json_compact(?)'),
  },
  {
    decision: 'every statement runs on the real servers',
    reason: '`json_overlaps` takes two arguments: a path is gone before',
    matches: ({ dialect }) => MYSQL.includes(dialect),
    rewrite: (sql) =>
      sql.replace(/json_overlaps\(([^?]+?), \?, ('[^)]+')\)/g, 'json_overlaps(json_extract($1, $2), ?)'),
  },
]

/** The rule that takes a fact out of the count, if there is one. */
export function contradiction(fact) {
  return CONTRADICTIONS.find(({ matches, rewrite }) => rewrite === undefined && matches(fact))
}

/** What a statement of a fact is instead, by the rules that rewrite. */
export function rewritten(sql, fact) {
  return CONTRADICTIONS.filter(({ matches, rewrite }) => rewrite !== undefined && matches(fact)).reduce(
    (text, { rewrite }) => rewrite(text),
    sql,
  )
}
