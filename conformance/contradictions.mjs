/**
 * Facts that guruorm answers otherwise on purpose: the reviewed list. Each rule names what it follows (a decision of
 * `design/decisions.md`, or the words of the project's brief) and says which facts it is about.
 *
 * A rule with `rewrite` says what the statement is instead, and the fact is held to that. A rule without takes its facts out
 * of the count; the runner says how many.
 */
import { callsOf, everyCall, hasCall } from './calls.mjs'
import { SCHEMA_CONTRADICTIONS } from './schema-contradictions.mjs'

const MYSQL = ['mysql', 'mariadb']

/** `…->a[0]->…`: a step into an array. */
const HAS_INDEX = /\[-?\d+\]/

/** Operators that Laravel lets through to every database, and the ones that have them. */
const OPERATORS = {
  ilike: ['pgsql'],
  'not ilike': ['pgsql'],
  '~': ['pgsql'],
  '~*': ['pgsql'],
  '!~': ['pgsql'],
  '!~*': ['pgsql'],
  '#': ['pgsql'],
  '&&': ['pgsql'],
  'similar to': ['pgsql'],
  'not similar to': ['pgsql'],
  '<<=': ['pgsql'],
  '>>=': ['pgsql'],
  '<<': ['pgsql', 'mysql', 'mariadb', 'sqlite'],
  '>>': ['pgsql', 'mysql', 'mariadb', 'sqlite'],
  '^': ['mysql', 'mariadb', 'sqlsrv'],
  regexp: ['mysql', 'mariadb', 'sqlite'],
  'not regexp': ['mysql', 'mariadb', 'sqlite'],
  rlike: ['mysql', 'mariadb'],
  'not rlike': ['mysql', 'mariadb'],
  'like binary': ['mysql', 'mariadb'],
  'not like binary': ['mysql', 'mariadb'],
  glob: ['sqlite'],
  'not glob': ['sqlite'],
}

const isRecord = (value) => value !== null && typeof value === 'object' && !Array.isArray(value)
const isPlainRecord = (value) => isRecord(value) && !Object.keys(value).some((key) => key.startsWith('$'))

/** The rules. */
export const CONTRADICTIONS = [
  {
    follows: 'FORMAT.md',
    reason:
      "`ansi` is Laravel's base grammar, which is no database: its chains are in cross.jsonl for the five real ones",
    matches: ({ dialect }) => dialect === 'ansi',
  },
  {
    follows: 'FORMAT.md',
    reason: 'placeholders and values differ in number: the statement fails on every server',
    matches: (fact) => fact.placeholder_mismatch === true,
  },

  // Refused, because it is dangerous or means nothing.
  {
    follows: 'the issue, "Bad input"',
    reason: 'negative limits throw; Laravel ignores them',
    matches: (fact) => hasCall(fact, ({ m, a }) => ['limit', 'take', 'groupLimit'].includes(m) && a[0] < 0),
  },
  {
    follows: 'D12',
    reason: 'an operator that the database lacks is refused',
    matches: (fact) =>
      hasCall(fact, ({ a }) =>
        a.some(
          (value) => typeof value === 'string' && OPERATORS[value.toLowerCase()]?.includes(fact.dialect) === false,
        ),
      ),
  },
  {
    follows: 'D12',
    reason: 'text in the place of an operator that is none is refused; Laravel takes it for the value',
    matches: (fact) =>
      hasCall(
        fact,
        ({ m, a }) =>
          /^(or)?where$/i.test(m) &&
          a.length === 3 &&
          a[2] === null &&
          /^\w+$/.test(a[1]) &&
          !/^(is|like)$/i.test(a[1]),
      ),
  },
  {
    follows: 'D12',
    reason: '`glob` is an operator of SQLite; Laravel takes it for the value',
    matches: (fact) => fact.dialect === 'sqlite' && hasCall(fact, ({ a }) => a[1] === 'glob' && a.length === 3),
  },
  {
    follows: 'D12',
    reason: 'a number of rows that is no number is refused; Laravel takes it for 0',
    matches: (fact) =>
      hasCall(
        fact,
        ({ m, a }) =>
          ['limit', 'take', 'offset', 'skip'].includes(m) && typeof a[0] === 'string' && !/^-?\d+$/.test(a[0]),
      ),
  },
  {
    follows: 'every identifier quoted',
    reason: "a table with brackets is a name, not a function: that is raw SQL, fromRaw('users(1, 2)')",
    matches: (fact) => hasCall(fact, ({ m, a }) => m === 'from' && /\(.*\)$/.test(a[0])),
  },
  {
    follows: 'every identifier quoted',
    reason: 'a column is a name or an expression, not a number',
    matches: (fact) =>
      hasCall(
        fact,
        ({ m, a }) =>
          /^(add)?select$/i.test(m) && a.some((value) => value?.$map?.some(([, item]) => typeof item === 'number')),
      ),
  },
  {
    follows: 'raw SQL is written as it is',
    reason: 'an expression that looks like a JSON path is SQL, not a path',
    matches: (fact) =>
      MYSQL.includes(fact.dialect) && hasCall(fact, ({ m, a }) => /null/i.test(m) && a[0]?.$raw?.includes?.('->')),
  },
  {
    follows: 'nothing is ever interpolated',
    reason: "Laravel's quoteString() does not escape quotes",
    matches: (fact) => fact.fn === 'quoteString',
  },

  // Values.
  {
    follows: 'D15',
    reason: 'an array in the place of a value is bound as an array; Laravel takes its first member',
    matches: (fact) =>
      hasCall(fact, ({ m, a }) => /^(or)?where(Not)?$/i.test(m) && a.length > 1 && Array.isArray(a.at(-1))),
  },
  {
    follows: 'D15',
    reason: 'an object in a list is a value; Laravel takes its first member',
    matches: (fact) =>
      hasCall(
        fact,
        ({ m, a }) =>
          /^(or)?where(Not)?In$/i.test(m) &&
          Array.isArray(a[1]) &&
          a[1].some((value) => isPlainRecord(value) || Array.isArray(value)) &&
          fact.kind === 'query',
      ),
  },
  {
    follows: 'D15',
    reason:
      'SQLite and SQL Server compare the elements of JSON with scalars alone; Laravel binds the first member of an object',
    matches: (fact) =>
      ['sqlite', 'sqlsrv'].includes(fact.dialect) &&
      hasCall(fact, ({ m, a }) => /Json(Doesnt)?Contain/.test(m) && isPlainRecord(a[1])),
  },
  {
    follows: 'D14',
    part: 'raw',
    reason: 'a boolean is shown as PostgreSQL takes it, so that the shown statement runs; Laravel shows 1 and 0',
    matches: (fact) =>
      fact.dialect === 'pgsql' && fact.bindings?.flat().some((value) => typeof value === 'boolean') === true,
  },

  // What 2.1.24 documents.
  {
    follows: 'D2, scenarios 10 and 36',
    reason: 'chunk() and lazy() without an order sort by id; Laravel refuses',
    matches: (fact) =>
      fact.kind === 'error' && ['chunk', 'lazy'].includes(fact.terminal.m) && fact.error === 'RuntimeException',
  },
  {
    follows: 'D2, scenario 70',
    reason: 'an offset without a limit is no SQL on MySQL and MariaDB',
    matches: ({ dialect }) => MYSQL.includes(dialect),
    rewrite: (sql) => sql.replace(/(?<!limit \d+) offset (\d+)/g, ' limit 18446744073709551615 offset $1'),
  },
  {
    follows: 'D2, scenario 70',
    reason: 'an offset without a limit is no SQL on SQLite',
    matches: ({ dialect }) => dialect === 'sqlite',
    rewrite: (sql) => sql.replace(/(?<!limit -?\d+) offset (\d+)/g, ' limit -1 offset $1'),
  },
  {
    follows: 'D21',
    reason: 'timeout() counts milliseconds and is told to every server, not written into the SQL of MySQL',
    matches: ({ dialect }) => MYSQL.includes(dialect),
    rewrite: (sql) => sql.replace(/\/\*\+ MAX_EXECUTION_TIME\(\d+\) \*\/ /g, ''),
  },

  // Statements that the server refuses, or that lose something without a word.
  {
    follows: 'SQL that is right on every database',
    reason: 'MariaDB has no type `json` to cast to',
    matches: ({ dialect }) => dialect === 'mariadb',
    rewrite: (sql) => sql.replaceAll('cast(? as json)', 'json_compact(?)'),
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'SQLite counts places in JSON arrays from their end with `#-1`',
    matches: ({ dialect }) => dialect === 'sqlite',
    rewrite: (sql) => sql.replace(/(?<='\$[^']*)\[-(\d+)\]/g, '[#-$1]'),
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'MySQL counts places in JSON arrays from their end with `last`',
    matches: ({ dialect }) => dialect === 'mysql',
    rewrite: (sql) =>
      sql.replace(/(?<='\$[^']*)\[-(\d+)\]/g, (_, place) => (place === '1' ? '[last]' : `[last-${place - 1}]`)),
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'json_overlaps() takes two documents and no path',
    matches: ({ dialect }) => MYSQL.includes(dialect),
    rewrite: (sql) =>
      sql.replace(
        /json_overlaps\(([^ ]+), (\?|'(?:[^']|'')*'), ('(?:[^']|'')*')\)/g,
        'json_overlaps(json_extract($1, $3), $2)',
      ),
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'a select list cannot hold a column without a name: a sub-query was added before the table was named',
    // The prefix alone, in quotes.
    matches: (fact) =>
      ['""', '``', '[]'].some(([open, close]) =>
        fact.sql?.some((sql) => sql.includes(`${open}${fact.prefix ?? ''}${close}.*`)),
      ),
  },
  {
    follows: 'SQL that is right on every database',
    reason: "the recorded pages of a union name a member's column by the alias that another member gives it",
    matches: (fact) =>
      fact.terminal?.m === 'cursorPaginate' &&
      callsOf(fact).filter(({ m }) => /^union/.test(m)).length > 1 &&
      callsOf(fact).filter(({ m }) => m === 'orderBy').length > 1,
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'MariaDB inserts, ignores and returns in one statement',
    matches: (fact) =>
      fact.kind === 'error' &&
      fact.dialect === 'mariadb' &&
      fact.terminal.m === 'insertOrIgnoreReturning' &&
      fact.error === 'RuntimeException',
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'PostgreSQL refuses two assignments to one column: changes of one JSON column stand in one another',
    matches: (fact) =>
      fact.dialect === 'pgsql' &&
      fact.sql?.some((sql) => (sql.match(/"(\w+)" = jsonb_set\(.*"\1" = jsonb_set\(/) ?? []).length > 0) === true,
  },
  {
    follows: 'nothing is lost',
    reason: "SQLite's json_patch cannot change the element of an array: it would add a member named `tags[0]`",
    matches: (fact) =>
      fact.dialect === 'sqlite' &&
      fact.sql?.some((sql) => sql.includes('json_patch(')) === true &&
      hasCall(fact, ({ a }) =>
        a.some(
          (value) =>
            isPlainRecord(value) && Object.keys(value).some((key) => key.includes('->') && HAS_INDEX.test(key)),
        ),
      ),
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'SQL Server changes JSON with json_modify(); json_value() cannot be assigned to',
    matches: (fact) =>
      fact.dialect === 'sqlsrv' &&
      fact.sql?.some((sql) => /(set |, )json_value\(/.test(sql) && sql.startsWith('update')) === true,
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'SQL Server gives the table of an update its alias behind `from`',
    matches: (fact) => fact.dialect === 'sqlsrv' && fact.sql?.some((sql) => /^update \[\w+\] as \[/.test(sql)) === true,
  },
  {
    follows: 'a feature that one database lacks is a typed error',
    reason: 'SQL Server has no places in JSON arrays counted from their end',
    matches: (fact) =>
      fact.dialect === 'sqlsrv' &&
      hasCall(fact, ({ m, a }) => /ContainKey|ContainsKey/.test(m) && /\[-\d+\]$/.test(a[0])),
  },
  {
    follows: 'a feature that one database lacks is a typed error',
    reason:
      'an order or a limit of an update or a delete that the database cannot heed: the recorded statement leaves it out, or fails',
    matches: (fact) =>
      ['mysql', 'mariadb', 'sqlsrv'].includes(fact.dialect) &&
      fact.sql?.some((sql) => /^(update|delete)/.test(sql)) === true &&
      fact.ops.some(({ m }) =>
        /^(limit|take|orderBy|orderByDesc|latest|oldest|forPage|offset|skip|inRandomOrder|orderByRaw)$/.test(m),
      ),
  },
  {
    follows: 'a feature that one database lacks is a typed error',
    reason: 'rows without a match cannot be changed from a joined table: updateFrom() takes inner joins',
    matches: (fact) =>
      fact.terminal?.m === 'updateFrom' &&
      fact.ops.some(({ m }) => /^(left|right|cross)Join/.test(m)) &&
      fact.kind === 'query',
  },
  {
    follows: 'nothing is lost',
    reason: 'on SQL Server the recorded statement leaves out a limit: limit(0), or that of a union',
    matches: (fact) => fact.dialect === 'sqlsrv' && losesLimit(fact),
  },
]

const LIMITS =
  /^(limit|take|forPage|paginate|simplePaginate|cursorPaginate|chunk|chunkById|lazy|first|value|exists|doesntExist|pluck|find|sole)$/

function losesLimit(fact) {
  const calls = everyCall(fact)
  if (calls.some(({ m, a }) => (m === 'limit' || m === 'take') && a[0] === 0)) return true
  return (
    calls.some(({ m }) => /^union/.test(m)) &&
    calls.some(({ m }) => LIMITS.test(m)) &&
    fact.sql?.some((sql) => sql.includes('[temp_table]')) === true
  )
}

/** The rules that speak of facts of this kind. */
function rulesFor({ kind }) {
  return kind.startsWith('schema') ? SCHEMA_CONTRADICTIONS : CONTRADICTIONS
}

/** The rule that takes a fact out of the count, if there is one. */
export function contradiction(fact) {
  return rulesFor(fact).find(
    ({ matches, rewrite, part }) => rewrite === undefined && part === undefined && matches(fact),
  )
}

/** Whether a rule takes one part of a fact out: `raw`. */
export function isLeftOut(part, fact) {
  return rulesFor(fact).some((rule) => rule.part === part && rule.matches(fact))
}

/** What a statement of a fact is instead, by the rules that rewrite. */
export function rewritten(sql, fact) {
  return rulesFor(fact)
    .filter(({ matches, rewrite }) => rewrite !== undefined && matches(fact))
    .reduce((text, { rewrite }) => rewrite(text, fact), sql)
}
