/** Argument shapes to AST nodes: the only file that looks at how many arguments there are. */
import { InvalidArgumentException } from '../errors'
import type { Bindable } from '../support/types'
import type { Conjunction, Operand, Predicate, SelectQuery, SubQueryNode } from './ast'
import { Bound, BoundList } from './bound'
import type { QueryBuilder } from './builder'
import type { AnyRow, ColumnName } from './columns'
import { Expression } from './expression'
import { QueryState } from './state'

/** A query in place of a value or a table: a builder, or a closure that is given an empty one. */
export type Queryable = QueryState | ((query: QueryBuilder) => unknown)

/** A column, or what stands for one. */
export type ColumnArgument<Row = AnyRow> = ColumnName<Row> | Expression | Queryable

/** A value, or what stands for one. */
export type ValueArgument = Bindable | Expression | Queryable

/** Columns with the values they must equal. */
export type ColumnValues<Row = AnyRow> = { readonly [Column in keyof Row]?: Row[Column] | ValueArgument }

/** One condition of a list: `['votes', '>', 100]` or `['name', 'Ada']`. */
export type ConditionTuple<Row = AnyRow> = readonly [column: ColumnName<Row>, ...rest: readonly unknown[]]

/** What `where` can be given. */
export type WhereArguments<Builder, Row = AnyRow> =
  | [column: ColumnArgument<Row>, value: ValueArgument]
  | [column: ColumnArgument<Row>, operator: string, value: ValueArgument, join?: string]
  | [columns: ColumnValues<Row> | readonly ConditionTuple<Row>[]]
  | [group: (query: Builder) => unknown]
  | [condition: Expression]

/** Whether an argument is a query. */
export function isQueryable(value: unknown): value is Queryable {
  return typeof value === 'function' || value instanceof QueryState
}

/**
 * The clauses of a query that was given as an argument.
 *
 * @throws InvalidArgumentException for a function that builds none: somebody forgot to call it.
 */
export function selectOf(query: Queryable, within: QueryState): SelectQuery {
  if (query instanceof QueryState) return query.toSelect()
  const inner = within.newQuery()
  const answer = query(inner)
  // `(query) => query.from('users')` and `() => DB.table('users')` both say which query they mean.
  const select = (answer instanceof QueryState ? answer : inner).toSelect()
  if (select.from === undefined && select.columns === undefined) {
    throw new InvalidArgumentException(
      'A function in the place of a value builds a subquery, and this one has built none. Call it, and give its result.',
    )
  }
  return select
}

/** A query that was given as an argument, as a node. */
export function subQueryNode(query: Queryable, within: QueryState, alias?: string): SubQueryNode {
  return { kind: 'query', query: selectOf(query, within), alias }
}

/** A column as an operand. */
export function columnOperand(column: unknown, within: QueryState): Operand {
  if (typeof column === 'string' || column instanceof Expression) return column
  if (isQueryable(column)) return subQueryNode(column, within)
  throw new InvalidArgumentException(`A column has to be a name or an expression, not ${describe(column)}.`)
}

/** A value as an operand. */
export function valueOperand(value: unknown, column: unknown, within: QueryState): Operand {
  if (value instanceof Expression) return value
  if (isQueryable(value)) return subQueryNode(value, within)
  return bound(value, column)
}

/** A value that is bound. `undefined` is refused: it is a forgotten variable far more often than a `null`. */
export function bound(value: unknown, column: unknown): Bound {
  if (value === undefined) throw undefinedValue(column)
  return new Bound(value)
}

/** The refusal of `undefined`. */
export function undefinedValue(column: unknown): InvalidArgumentException {
  const name = typeof column === 'string' ? `"${column}"` : 'the expression'
  return new InvalidArgumentException(`The value for ${name} is undefined. Use null where a value is missing.`)
}

/** The text of raw SQL. */
export function rawText(sql: unknown): string {
  if (typeof sql === 'string') return sql
  if (sql instanceof Expression && sql.values === undefined) return sql.sql
  throw new InvalidArgumentException(`Raw SQL has to be text, not ${describe(sql)}.`)
}

/** Values of raw SQL. A single value may stand without its list. */
export function rawValues(bindings: unknown): readonly Bound[] | undefined {
  if (bindings === undefined) return undefined
  const values = Array.isArray(bindings) ? bindings : [bindings]
  if (values.length === 0) return undefined
  return values.map((value, at) => {
    if (value === undefined) throw new InvalidArgumentException(`Binding ${at + 1} of the raw SQL is undefined.`)
    return new Bound(value)
  })
}

/** The clauses that hold conditions. */
export type ConditionClause = 'wheres' | 'havings'

/** Conditions that stand in parentheses; none when the closure adds none. */
export function groupOf(
  join: Conjunction,
  fill: (builder: QueryState) => unknown,
  within: QueryState,
  clause: ConditionClause,
): Predicate | undefined {
  const inner = within.newGroup()
  fill(inner)
  const items = inner.query[clause]
  return items === undefined || items.length === 0 ? undefined : { kind: 'group', join, items }
}

/** The condition that `where` was given in one of its shapes; none for an empty group. */
export function predicateFrom(
  join: Conjunction,
  args: readonly unknown[],
  within: QueryState,
  clause: ConditionClause,
): Predicate | undefined {
  const [column] = args
  if (args.length === 1) return singleArgument(join, column, within, clause)
  const joined = args[3] === undefined ? join : conjunction(args[3])
  // `where(column, value, null, 'or')` has the null only to reach the fourth place.
  const isShort = args.length === 2 || (args.length === 4 && (args[2] ?? null) === null && !testsNull(args[1]))
  return isShort
    ? comparison(joined, column, '=', args[1], within)
    : comparison(joined, column, args[1], args[2], within)
}

/** How a condition joins the one before it, from text in any case. */
export function conjunction(text: unknown): Conjunction {
  const join = typeof text === 'string' ? text.toLowerCase() : text
  if (join === 'and' || join === 'or' || join === 'and not' || join === 'or not') return join
  throw new InvalidArgumentException('Conditions are joined by "and" or "or".')
}

/** `where` with a closure, an object, a list or an expression. */
function singleArgument(
  join: Conjunction,
  only: unknown,
  within: QueryState,
  clause: ConditionClause,
): Predicate | undefined {
  if (typeof only === 'function') return groupOf(join, only as (builder: QueryState) => unknown, within, clause)
  if (only instanceof Expression) return { kind: 'raw', join, sql: only.sql, values: only.values }
  if (only === null || typeof only !== 'object' || only instanceof QueryState) {
    throw new InvalidArgumentException(`where() with one argument takes a closure or an object, not ${describe(only)}.`)
  }
  // Members of an `or` list are alternatives to each other too.
  const inner: Conjunction = join === 'or' || join === 'or not' ? 'or' : 'and'
  const entries: (readonly unknown[])[] = Array.isArray(only) ? only : Object.entries(only)
  const items: Predicate[] = []
  for (const entry of entries) {
    if (!Array.isArray(entry) || entry.length < 2) {
      throw new InvalidArgumentException('A list of conditions holds lists: [["votes", ">", 100], ["name", "Ada"]].')
    }
    const item = predicateFrom(inner, entry, within, clause)
    if (item !== undefined) items.push(item)
  }
  return items.length === 0 ? undefined : { kind: 'group', join, items }
}

/** One column compared with one value. `null` asks for `is null`. */
export function comparison(
  join: Conjunction,
  column: unknown,
  operator: unknown,
  value: unknown,
  within: QueryState,
): Predicate {
  if (typeof operator !== 'string') {
    throw new InvalidArgumentException(`An operator has to be text such as ">=", not ${describe(operator)}.`)
  }
  if (value === undefined) throw undefinedValue(column)
  if (value === null) {
    const not = NULL_TESTS.get(operator.toLowerCase())
    if (not === undefined) {
      throw new InvalidArgumentException(`Illegal operator and value combination: "${operator}" with null.`)
    }
    return { kind: 'null', join, not, column: columnOperand(column, within) }
  }
  if (typeof value === 'boolean' && typeof column === 'string' && column.includes('->')) {
    return { kind: 'jsonBoolean', join, column, operator, value }
  }
  const left = columnOperand(column, within)
  return { kind: 'compare', join, left, operator, right: valueOperand(value, column, within) }
}

/** What the operators that `null` can stand behind ask of it: whether there is a value. */
const NULL_TESTS: ReadonlyMap<unknown, boolean> = new Map([
  ['=', false],
  ['<=>', false],
  ['is', false],
  ['!=', true],
  ['<>', true],
  ['is not', true],
])

function testsNull(operator: unknown): boolean {
  return typeof operator === 'string' && NULL_TESTS.has(operator.toLowerCase())
}

/** Two columns compared; two arguments mean equality. */
export function columnComparison(join: Conjunction, args: readonly unknown[], within: QueryState): Predicate {
  const [left, operator, right] = args.length === 2 ? [args[0], '=', args[1]] : args
  if (typeof operator !== 'string') {
    throw new InvalidArgumentException(`An operator has to be text such as ">=", not ${describe(operator)}.`)
  }
  return {
    kind: 'compare',
    join,
    left: columnOperand(left, within),
    operator,
    right: columnOperand(right, within),
  }
}

/** `column in (…)`. */
export function membership(
  join: Conjunction,
  not: boolean,
  column: unknown,
  values: unknown,
  within: QueryState,
): Predicate {
  const operand = columnOperand(column, within)
  if (isQueryable(values)) return { kind: 'inQuery', join, not, column: operand, query: selectOf(values, within) }
  if (values === null || typeof values !== 'object' || !(Symbol.iterator in values)) {
    throw new InvalidArgumentException(`whereIn() takes a list or a query, not ${describe(values)}.`)
  }
  const items = Array.from(values as Iterable<unknown>)
  let hasExpressions = false
  for (const item of items) {
    if (item === undefined) throw undefinedValue(column)
    if (Array.isArray(item)) throw new InvalidArgumentException('Nested arrays may not be passed to whereIn().')
    if (item instanceof Expression) hasExpressions = true
  }
  const list = hasExpressions ? items.map((item) => valueOperand(item, column, within)) : new BoundList(items)
  return { kind: 'in', join, not, column: operand, values: list }
}

/** `column between … and …`. */
export function range(
  join: Conjunction,
  not: boolean,
  column: unknown,
  bounds: unknown,
  within: QueryState,
): Predicate {
  const [from, to, ...more] = Array.isArray(bounds) ? bounds.flat() : []
  if (!Array.isArray(bounds) || bounds.flat().length < 2 || more.length > 0) {
    throw new InvalidArgumentException('A range is given as [from, to].')
  }
  return {
    kind: 'between',
    join,
    not,
    column: columnOperand(column, within),
    from: valueOperand(from, column, within),
    to: valueOperand(to, column, within),
  }
}

/** `column like pattern`. */
export function likeness(
  join: Conjunction,
  not: boolean,
  column: unknown,
  pattern: unknown,
  caseSensitive: boolean,
  within: QueryState,
): Predicate {
  const value = valueOperand(pattern, column, within)
  const glob = caseSensitive && typeof pattern === 'string' ? new Bound(globOf(pattern)) : undefined
  return { kind: 'like', join, not, column: columnOperand(column, within), value, caseSensitive, glob }
}

/** A `like` pattern in the language of `glob`. */
function globOf(pattern: string): string {
  return pattern.replace(/[*?%_]/g, (character) => {
    if (character === '%') return '*'
    if (character === '_') return '?'
    return `[${character}]`
  })
}

/** A count of rows, from a number or its text. */
export function rowCount(value: unknown, what: string): number {
  const count = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  if (typeof count === 'bigint') return rowCount(Number(count), what)
  if (typeof count !== 'number' || !Number.isSafeInteger(count)) {
    throw new InvalidArgumentException(`${what} takes a whole number of rows, not ${describe(value)}.`)
  }
  return count
}

/** What a wrong argument is, without showing it. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
