/**
 * Facts of the schema builder that guruorm answers otherwise on purpose: the reviewed list. The rules have the form of
 * those in `contradictions.mjs`.
 */

const MYSQL = ['mysql', 'mariadb']

/** The calls of a blueprint, those of its closures included, each with its chain. */
function callsOf(fact) {
  const inner = (call) => [call, ...call.a.flatMap((value) => (value?.$fn ?? []).flatMap(inner))]
  return [...(fact.ops ?? []), ...(fact.terminal === undefined ? [] : [fact.terminal])].flatMap(inner)
}

/** Whether the chain of a call has such a call. */
const chains = (call, pattern) => (call.chain ?? []).some(({ m }) => pattern.test(m))

const hasChain = (fact, pattern) => callsOf(fact).some((call) => chains(call, pattern))

/** Methods that make a column with a date or time of its own. */
const HAS_CURRENT = /^(date|year|datetime|timestamp|softDeletes|nullableTimestamps)/i

const COMPUTED = /^(virtual|stored)As/

/** The rules. */
export const SCHEMA_CONTRADICTIONS = [
  {
    follows: 'FORMAT.md',
    reason:
      "`ansi` is Laravel's base grammar, which is no database: its chains are in schema_cross.jsonl for the five real ones",
    matches: ({ dialect }) => dialect === 'ansi',
  },

  // Refused, because it would do nothing without a word.
  {
    follows: 'the issue, "Bad input": never a silent no-op',
    reason: 'a modifier of columns is none of foreign keys: change() goes before references()',
    matches: (fact) =>
      callsOf(fact).some((call) => {
        const names = (call.chain ?? []).map(({ m }) => m)
        return names.some((name, at) => name === 'change' && names.slice(0, at).includes('references'))
      }),
  },
  {
    follows: 'the issue, "Bad input": never a silent no-op',
    reason: 'useCurrent() of a column that holds neither date nor year is refused',
    matches: (fact) => callsOf(fact).some((call) => !HAS_CURRENT.test(call.m) && chains(call, /^useCurrent$/)),
  },
  {
    follows: 'every identifier quoted',
    reason: 'SQL Server takes a collation without quotes: it is one word',
    matches: (fact) =>
      fact.dialect === 'sqlsrv' &&
      callsOf(fact).some(({ chain }) => chain?.some(({ m, a }) => m === 'collation' && !/^\w+$/.test(a[0]))),
  },
  {
    follows: 'D22, a command that a database lacks throws',
    reason: 'a temporary table of SQL Server takes no foreign keys: the server only warns',
    matches: (fact) =>
      fact.dialect === 'sqlsrv' &&
      callsOf(fact).some(({ m }) => m === 'temporary') &&
      (callsOf(fact).some(({ m }) => m === 'foreign') || hasChain(fact, /^(references|constrained)$/)),
  },
  {
    follows: 'D22, a command that a database lacks throws',
    reason: 'SQLite numbers rows by the primary key alone: another one beside it is refused, not left out',
    matches: (fact) =>
      fact.dialect === 'sqlite' &&
      callsOf(fact).filter(({ m }) => m === 'primary').length +
        callsOf(fact).filter((call) => chains(call, /^primary$/)).length >
        1,
  },

  {
    follows: 'the issue, "Bad input": never a silent no-op',
    reason: 'the primary key of a table that is numbered by it is not dropped or replaced without a word',
    matches: (fact) =>
      fact.dialect === 'sqlite' &&
      fact.state?.columns?.some(({ auto_increment }) => auto_increment) === true &&
      callsOf(fact).some(({ m }) => m === 'primary' || m === 'dropPrimary'),
  },

  // What Laravel leaves out.
  {
    follows: 'the issue, "Bad input": never a silent no-op',
    reason: 'whether two NULLs are equal is said of an index that is built with an algorithm or online, too',
    matches: (fact) =>
      fact.dialect === 'pgsql' &&
      callsOf(fact).some(
        (call) =>
          call.m === 'unique' &&
          chains(call, /^nullsNotDistinct$/) &&
          (call.a[2] !== undefined || chains(call, /^(algorithm|online)$/)),
      ),
  },
  {
    follows: 'the issue, "Bad input": never a silent no-op',
    reason: 'columns computed from others are computed on SQL Server, too',
    matches: (fact) => fact.dialect === 'sqlsrv' && hasChain(fact, COMPUTED),
  },
  {
    follows: 'the issue, "Bad input": never a silent no-op',
    reason: 'columns computed from JSON are computed on PostgreSQL, too',
    matches: (fact) => fact.dialect === 'pgsql' && hasChain(fact, /AsJson$/),
  },
  {
    follows: 'the issue, "Bad input": never a silent no-op',
    reason: 'SQL Server begins to count where from() says',
    matches: (fact) => fact.dialect === 'sqlsrv' && hasChain(fact, /^(from|startingValue)$/),
    rewrite: (sql, fact) =>
      callsOf(fact).reduce((text, { m, a, chain }) => {
        const start = chain?.find((call) => /^(from|startingValue)$/.test(call.m))?.a[0]
        if (start === undefined) return text
        const name = a[0] ?? (m === 'id' ? 'id' : '')
        return text.replace(new RegExp(`("${name}" \\w+ not null identity)(?!\\()`), `$1(${start}, 1)`)
      }, sql),
  },
  {
    follows: 'the issue, "Bad input": never a silent no-op',
    reason: 'whether two NULLs are equal is said of a unique index of a chosen kind, too',
    matches: (fact) =>
      fact.dialect === 'pgsql' &&
      callsOf(fact).some((call) => call.m === 'unique' && call.a[2] && chains(call, /^nullsNotDistinct$/)),
    rewrite: (sql) => sql.replace(/^(create unique index .* using \w+ \(.*\))$/, '$1 nulls not distinct'),
  },

  // Statements that the server refuses, or that do something else.
  {
    follows: 'every identifier quoted',
    reason: 'the table that a foreign key refers to is quoted in a copy of its table, too',
    matches: ({ dialect, state }) => dialect === 'sqlite' && state?.foreignKeys !== undefined,
    rewrite: (sql, { state }) =>
      state.foreignKeys.reduce(
        (text, { foreign_table: name }) => text.replaceAll(` references ${name}(`, ` references "${name}"(`),
        sql,
      ),
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'quotes inside of the texts of an enum or a set are doubled',
    matches: (fact) => callsOf(fact).some(({ m }) => m === 'enum' || m === 'set'),
    rewrite: (sql, fact) =>
      callsOf(fact)
        .filter(({ m }) => m === 'enum' || m === 'set')
        .flatMap(({ a }) => a[1])
        .filter((value) => typeof value === 'string' && value.includes("'"))
        .reduce((text, value) => text.replaceAll(`'${value}'`, `'${value.replaceAll("'", "''")}'`), sql),
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'a text of a fixed length without that length has no empty brackets',
    matches: (fact) => fact.defaults?.defaultStringLength === null,
    rewrite: (sql) => sql.replace('char()', 'char'),
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'PostgreSQL looks an index without namespace up in the search path: it is named with the one of its table',
    matches: (fact) => fact.dialect === 'pgsql' && fact.table?.includes('.'),
    rewrite: (sql, fact) =>
      sql.replace(/^(drop index|alter index) (?="[^"]+"($| rename))/, `$1 "${fact.table.split('.')[0]}".`),
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'SQL Server has no `restrict`; its `no action` is the same',
    matches: ({ dialect }) => dialect === 'sqlsrv',
    rewrite: (sql) => sql.replace(/ on (delete|update) restrict/g, ' on $1 no action'),
  },
  {
    follows: 'SQL that is right on every database',
    reason: 'the name of a temporary table of SQL Server begins with # in every statement',
    matches: (fact) => fact.dialect === 'sqlsrv' && callsOf(fact).some(({ m }) => m === 'temporary'),
    rewrite: (sql, fact) =>
      sql.replace(
        new RegExp(`^((create .*|alter table) )"(${fact.prefix ?? ''}${fact.table})"`),
        (whole, before, _verb, table) => (whole.includes('"#') ? whole : `${before}"#${table}"`),
      ),
  },
  {
    follows: 'SQL that is right on every database',
    reason: "dropPrimary() without a name asks SQL Server for the key's name; the recorded one is made of nothing",
    matches: (fact) =>
      fact.dialect === 'sqlsrv' && callsOf(fact).some(({ m, a }) => m === 'dropPrimary' && a.length === 0),
  },

  {
    follows: 'nothing is lost',
    reason:
      'tables are dropped by name; nobody writes into the catalogue of SQLite, nor drops tables that were not listed',
    matches: (fact) => fact.terminal?.m === 'dropAllTables' && ['sqlite', 'sqlsrv'].includes(fact.dialect),
  },
  {
    follows: "D35, SQL Server's dialect is complete",
    reason: 'SQL Server has types of its users; they are listed',
    matches: ({ kind, dialect, terminal }) =>
      kind === 'schema-builder-error' && dialect === 'sqlsrv' && terminal.m === 'getTypes',
  },
  {
    follows: 'the catalogue is asked by the engine',
    reason: 'what a catalogue lacks is refused there, which the runner does not reach: tests/schema_inspect.rs',
    matches: (fact) => fact.kind === 'schema-builder-error' && fact.terminal.m === 'getTypes',
  },

  // Versions that are out of support.
  {
    follows: 'the supported versions, src/dialect/mysql/mod.rs',
    reason: 'MySQL before 8.0 and MariaDB before 10.5.2 cannot rename a column alone, nor have expressions as defaults',
    matches: (fact) => MYSQL.includes(fact.dialect) && /^(5\.|10\.[0-4]\.)/.test(fact.server_version ?? ''),
  },
]
