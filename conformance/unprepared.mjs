/**
 * Statements that a server does not prepare although they are what Laravel sends: the reviewed list. Each rule names what
 * servers say (`says`), whose fault it is, and where more is needed to be sure, what else must hold (`if`). What no rule
 * explains is a defect: of the schema that was made for the statement, or of the SQL.
 */
import { KEYWORDS } from './prepare/words.mjs'

/**
 * What a rule looks at: `fact`, `sql`, the server's `code` and `reason`, the chain's own SQL (`raws`), the columns that no
 * table of the statement can have (`homeless`), the names that its queries give to their columns (`outputs`).
 */

const NAMED = /column:? ["'`]?([\w$.]+)["'`]?/i

/** Operators that a database does not have, as they stand in a statement. */
const FOREIGN_OPERATORS = {
  pgsql: / (like binary|(not )?regexp|(not )?rlike|glob|<=>|sounds like) /,
  mysql: / (!?~~?\*?|(not )?ilike|glob|#|similar to|not similar to|\|\/|@@|is distinct from|is not distinct from) /,
  mariadb: / (!?~~?\*?|(not )?ilike|glob|#|similar to|not similar to|\|\/|@@|is distinct from|is not distinct from) /,
  sqlite:
    / (!?~~?\*?|(not )?ilike|like binary|not like binary|#|similar to|not similar to|(not )?rlike|<=>|sounds like|\^|&&|@>|<@) /,
}

/** The rules. The first that holds is the one. */
export const UNPREPARED = [
  {
    decision: 'the chain is no query',
    reason: 'it names no table',
    says: /SELECT \* with no tables specified|^No tables used|^no tables specified/,
  },
  {
    decision: 'the chain is no query',
    reason:
      'it mentions a column, or a table, that none of its queries has: a subquery hands on other columns, an alias is ' +
      'not visible there, raw SQL has no prefix',
    says: /column .* does not exist|^Unknown column|^no such column|missing FROM-clause entry|invalid reference to FROM-clause|^Unknown table|^no such table/,
    if: ({ reason, homeless }) => {
      const table = /(?:FROM-clause entry for table "|^Unknown table '(?:.*\.)?|^no such table: )([^"'.]*)["']?$/.exec(
        reason,
      )?.[1]
      if (table !== undefined) return [...homeless].some((column) => column.startsWith(`${table}.`))
      const column = nameIn(reason)
      return homeless.has(column) || homeless.has(column?.toLowerCase())
    },
  },
  {
    decision: 'the chain is no query',
    reason: 'it gives an empty name',
    says: /^zero-length delimited identifier|^Incorrect (table|column|database) name ''|^Unknown column ''|^no such (table|column): ("")?( - |$)/,
  },
  {
    decision: 'the chain is no query',
    reason: 'its names have more parts, or are longer, than names on this server',
    says: /^cross-database references|^improper (relation|qualified) name|^Identifier name .* is too long|syntax error at or near "\."|^near "\.": syntax error/,
  },
  {
    decision: 'the chain is no query',
    reason: 'it orders or groups by the number of a column that there is not',
    says: /(ORDER|GROUP) BY position \d+ is not in select list|^Unknown column '\d+' in|(ORDER|GROUP) BY term out of range|non-integer constant in (ORDER|GROUP) BY/,
  },
  {
    decision: 'the chain is no query',
    reason: 'the condition of a join mentions a table that is joined later',
    says: /missing FROM-clause entry|invalid reference to FROM-clause|^Unknown column '\w+\.\w+' in 'ON'|^ON clause references tables to its right/,
    if: ({ sql }) => / join /.test(sql),
  },
  {
    decision: 'the chain is no query',
    reason: '`having` mentions a column that is neither grouped by nor selected, on MySQL and MariaDB',
    says: /^Unknown column '.*' in 'HAVING'/i,
  },
  {
    decision: 'the chain is no query',
    reason: 'it sets one column twice',
    says: /^multiple assignments to same column|specified twice$|^column "[^"]+" specified more than once/,
  },
  {
    decision: 'Laravel says so too',
    reason: 'PostgreSQL knows no alias of a column in `where` and `having`',
    says: /column "[^"]+" does not exist/,
    if: ({ fact, reason, outputs }) => fact.dialect === 'pgsql' && outputs.has(nameIn(reason)),
  },
  {
    decision: 'the chain is no query',
    reason: 'it groups by some columns and uses others, or has `having` without groups',
    says: /must appear in the GROUP BY clause|HAVING clause on a non-aggregate query|uses ungrouped column/,
  },
  {
    decision: 'the chain is no query',
    reason: 'it uses an aggregate or a window where there are none yet',
    says: /(aggregate|window) functions? (are|is) not allowed|aggregate function calls cannot (be nested|contain)|^Invalid use of group function|^misuse of (aggregate|window)|^Window function is allowed only/,
  },
  {
    decision: 'the chain is no query',
    reason: 'it locks rows of a result that has no rows of a table (distinct, groups, aggregates, unions)',
    says: /^FOR (UPDATE|SHARE|KEY SHARE|NO KEY UPDATE) (is not allowed with|cannot be applied to)/,
  },
  {
    decision: 'the chain is no query',
    reason: 'distinct rows are ordered by what they do not have',
    says: /for SELECT DISTINCT, ORDER BY expressions|SELECT DISTINCT ON expressions must match/,
  },
  {
    decision: 'the chain is no query',
    reason: 'a union, a comparison or an insert gets another number of columns than it has',
    says: /each \w+ query must have the same number of columns|do not have the same number of result columns|different number of columns|subquery must return only one column|subquery has too (many|few) columns|Operand should contain \d+ column|sub-select returns \d+ columns|INSERT has more|Column count doesn't match|row value misused/,
  },
  {
    decision: 'the chain is no query',
    reason: 'it has one table twice under one name',
    says: /table name "[^"]+" specified more than once|^Not unique table\/alias|^ambiguous column name: main\./,
  },
  {
    decision: 'the chain is no query',
    reason: 'a column is of several tables and it does not say of which',
    says: /is ambiguous$|^Column '.*' in .* is ambiguous|^ambiguous column name/,
  },
  {
    decision: 'the chain is no query',
    reason: 'a subquery that stands for a table has two columns of one name',
    says: /^Duplicate column name/,
  },
  {
    decision: 'the chain is no query',
    reason: 'the result of a union is ordered by a column of one of its queries',
    says: /from one of the SELECTs cannot be used in|ORDER BY term does not match any column|^Unknown column '.*' in 'ORDER BY'|in the UNION result|^invalid UNION|column .* does not exist/i,
    if: ({ sql }) => / union /.test(sql) && / order by /.test(sql),
  },
  {
    decision: 'Laravel says so too',
    reason: 'an aggregate of several columns, which only count(distinct …) of MySQL can be',
    says: /function (sum|avg|min|max|count)\([^)]*,|^wrong number of arguments to function (sum|avg|min|max|count)|SQL syntax.* near ' /,
    if: ({ sql }) => /\b(sum|avg|min|max|count)\((distinct )?["`][^()]*,/.test(sql),
  },
  {
    decision: 'raw SQL is handed on as it is',
    reason: "the chain's own SQL is not of this database",
    says: /syntax error|SQL syntax|function .* does not exist|^no such function|^FUNCTION .* does not exist|^no such table|^Unknown column|^no such column|^column .* does not exist/,
    if: ({ reason, sql, raws }) => isInRaw(reason, sql, raws),
  },
  {
    decision: 'Laravel says so too',
    reason: 'the chain uses an operator of another database',
    says: /syntax error|SQL syntax|^unrecognized token/,
    if: ({ fact, sql }) => FOREIGN_OPERATORS[fact.dialect].test(sql.replace(/'(?:[^']|'')*'/g, "''")),
  },
  {
    decision: 'Laravel says so too',
    reason: 'a cross join with a condition is no SQL on PostgreSQL',
    says: /syntax error at or near "on"/,
    if: ({ sql }) => /\bcross join\b/.test(sql),
  },
  {
    decision: 'Laravel says so too',
    reason: 'MySQL and MariaDB take no limit in a subquery after `in`, `any` and the like',
    says: /LIMIT & IN\/ALL\/ANY\/SOME subquery/,
  },
  {
    decision: 'Laravel says so too',
    reason: 'MySQL and MariaDB take no order and limit where joined rows are changed or deleted',
    says: /SQL syntax.* near '(order by|limit)|^Incorrect usage of (UPDATE|DELETE) and (ORDER BY|LIMIT)/i,
    if: ({ sql }) => /^(update|delete) .* join /.test(sql),
  },
  {
    decision: 'Laravel says so too',
    reason: 'MySQL and MariaDB change no table that a subquery of the statement reads',
    says: /^You can't specify target table|^Table '.*' is specified twice, both as a target/,
  },
  {
    decision: 'the chain is no query',
    reason: 'it searches the text of columns that are of several tables, or of a subquery',
    says: /^Incorrect arguments to MATCH|^Can't find FULLTEXT index/,
  },
  {
    decision: 'no such extension here',
    reason: 'vectors need pgvector, or a newer MariaDB',
    says: /type "vector" does not exist|^FUNCTION (\w+\.)?vec_\w+ does not exist|^no such function: (vec|vector)_/i,
  },
  {
    decision: 'no MySQL here',
    reason: 'MariaDB has no alias for the row of an insert; MySQL has since 8.0.19',
    says: /SQL syntax.* near 'as `?laravel_upsert_alias/,
  },
  {
    decision: 'no MySQL here',
    reason: 'MariaDB has no type `json` to cast to; MySQL has',
    says: /SQL syntax.* near 'json\)/,
    if: ({ fact }) => fact.dialect === 'mysql',
  },
  {
    decision: 'no MySQL here',
    reason: 'MariaDB has no lateral joins; MySQL has them since 8.0.14',
    says: /SQL syntax/,
    if: ({ sql, reason }) => /\blateral \(/.test(sql) && /near '(lateral )?\(?select/.test(reason),
  },
  {
    decision: 'Laravel says so too',
    reason: 'SQLite has the operator, but no function `regexp` unless the program adds one',
    says: /^no such function: regexp/,
  },
  {
    decision: 'the chain is no query',
    reason: 'no types of its columns were found that fit all it does with them, on PostgreSQL',
    says: /^operator does not exist|^function .* does not exist|types .* cannot be matched|is of type .* but expression is of type|^cannot cast type|could not determine data type|could not determine polymorphic|^invalid input syntax|must be type|inconsistent types deduced|could not convert type/,
    if: ({ fact }) => fact.dialect === 'pgsql',
  },
]

/** The column that a server complains of, as `t.a` or `a`. */
function nameIn(reason) {
  return NAMED.exec(reason)?.[1].replace(/["`]/g, '')
}

/** Whether a server stumbled over SQL of the chain. */
function isInRaw(reason, sql, raws) {
  const rest = /near '([\s\S]*?)(\.\.\.)?' at line/.exec(reason)?.[1]
  if (rest !== undefined) {
    // MariaDB quotes what is left of the statement.
    const at = sql.lastIndexOf(rest)
    return raws.some((raw) => {
      for (let start = sql.indexOf(raw); start >= 0; start = sql.indexOf(raw, start + 1)) {
        if (at >= start && at <= start + raw.length) return true
      }
      return (
        sql.endsWith(rest) &&
        sql
          .slice(0, sql.length - rest.length)
          .trimEnd()
          .endsWith(raw)
      )
    })
  }
  const word = /near "([^"]+|")"|function:? (\w+)|no such table: (?:\w+\.)?(.+)/i.exec(reason)
  const column = nameIn(reason)
  // A word that the reader of statements took for one of the language, or a row by the name that it has elsewhere.
  if (column !== undefined && (KEYWORDS.has(column.toLowerCase()) || column.includes('.'))) {
    return raws.some((raw) => raw.toLowerCase().includes(column.toLowerCase()))
  }
  const token = word?.slice(1).find((group) => group !== undefined)
  return token !== undefined && raws.some((raw) => raw.toLowerCase().includes(token.toLowerCase()))
}

/** The rule that explains why a statement was not prepared, if there is one. */
export function explanation(context) {
  return UNPREPARED.find((rule) => rule.says.test(context.reason) && (rule.if?.(context) ?? true))
}
