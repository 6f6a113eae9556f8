/** What users give in place of columns, values and queries, as nodes of the AST. */
import { InvalidArgumentException } from '../errors'
import type { Bindable } from '../support/types'
import { emptySelect, type Operand, type RandomNode, type SelectQuery, type SubQueryNode } from './ast'
import { Bound } from './bound'
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

/** Whether the database makes the value: SQL or a query. */
export function isComputed(value: unknown): value is Expression | Queryable {
  return value instanceof Expression || isQueryable(value)
}

/**
 * The clauses of a query that was given as an argument.
 *
 * @throws InvalidArgumentException for a function that builds none: somebody forgot to call it.
 */
export function selectOf(query: Queryable | Expression, within: QueryState): SelectQuery {
  if (query instanceof QueryState) {
    assertSameConnection(query, within)
    return query.toSelect()
  }
  if (query instanceof Expression) return { ...emptySelect(), raw: query }
  if (typeof query !== 'function') {
    throw new InvalidArgumentException(
      `A subquery must be a query builder instance or a closure, not ${describe(query)}. SQL of your own is given as raw('…').`,
    )
  }
  const inner = within.newQuery()
  const answer = refusePromise(query(inner))
  // `(query) => query.from('users')` and `() => DB.table('users')` both say which query they mean.
  const built = answer instanceof QueryState ? answer : inner
  assertSameConnection(built, within)
  const select = built.toSelect()
  if (select.from === undefined && select.columns === undefined) {
    throw new InvalidArgumentException(
      'A function in the place of a value builds a subquery, and this one has built none. Call it, and give its result.',
    )
  }
  return select
}

/** A statement runs on one connection: a part of it cannot come from another. */
function assertSameConnection(query: QueryState, within: QueryState): void {
  const [one, other] = [within.executor.getName?.(), query.executor.getName?.()]
  if (one !== other) {
    throw new InvalidArgumentException(
      `A query on the connection [${one}] cannot hold one on [${other}]: their rows are in different databases.`,
    )
  }
}

/** A query inside of a query. A class, so that no object that looks like one is taken for it. */
export class SubQuery implements SubQueryNode {
  readonly kind = 'query' as const
  readonly query: SelectQuery
  readonly alias: string | undefined

  constructor(query: SelectQuery, alias: string | undefined) {
    this.query = query
    this.alias = alias
  }
}

/** A query that was given as an argument, as a node. */
export function subQueryNode(query: Queryable | Expression, within: QueryState, alias?: string): SubQuery {
  return new SubQuery(selectOf(query, within), alias)
}

/** A column as an operand. */
export function columnOperand(column: unknown, within: QueryState): Operand {
  if (typeof column === 'string' || column instanceof Expression) return column
  if (isQueryable(column)) return subQueryNode(column, within)
  throw new InvalidArgumentException(`A column has to be a name or an expression, not ${describe(column)}.`)
}

/** A value as an operand. */
export function valueOperand(value: unknown, column: unknown, within: QueryState): Operand {
  if (typeof value === 'number' || typeof value === 'string') return new Bound(value)
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

/** A count of rows, from a number or its text. */
export function rowCount(value: unknown, what: string): number {
  const count = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  if (typeof count === 'bigint') return rowCount(Number(count), what)
  if (typeof count !== 'number' || !Number.isSafeInteger(count)) {
    throw new InvalidArgumentException(`${what} takes a whole number, not ${describe(value)}.`)
  }
  return count
}

/** What a wrong argument is, without showing it. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** A random number to sort by; the seed is a whole number, or nothing. */
export function randomNode(seed: number | string): RandomNode {
  return { kind: 'random', seed: seed === '' ? undefined : rowCount(seed, 'The seed of a random order') }
}

/**
 * What a callback answered, unless it is a promise: a query does not wait for clauses that are added later.
 *
 * @throws InvalidArgumentException
 */
export function refusePromise(answer: unknown): unknown {
  if (!(answer instanceof Promise)) return answer
  // Nobody else will hear of its failure.
  answer.catch(() => {})
  throw new InvalidArgumentException('A callback that adds clauses cannot be async: the query does not wait for it.')
}
