/**
 * The query AST: what the builders make and `src/ast` reads. Rust defines what each node means; the
 * cases of `corpus/queries` are built by these builders and compiled there, so the two cannot drift.
 *
 * A clause that is `undefined` is left out of the JSON text.
 */
import type { Bound, BoundList, BoundRows } from './bound'

/** How a condition joins the one before it. */
export type Conjunction = 'and' | 'or' | 'and not' | 'or not'

/** SQL as the user wrote it, with one value for each `?`. */
export interface RawNode {
  readonly kind: 'raw'
  readonly sql: string
  readonly values: readonly Bound[] | undefined
}

/** A query inside of a query. */
export interface SubQueryNode {
  readonly kind: 'query'
  readonly query: SelectQuery
  readonly alias: string | undefined
}

/** The default of a column: a cell that its row does not give. */
export interface DefaultNode {
  readonly kind: 'default'
}

/** A random number, to sort by. */
export interface RandomNode {
  readonly kind: 'random'
  readonly seed: number | undefined
}

/** The place of a column's value in a list, to sort by. */
export interface PositionNode {
  readonly kind: 'position'
  readonly column: Operand
  readonly values: readonly Operand[]
}

/** How far a vector column is from a vector. */
export interface VectorDistanceNode {
  readonly kind: 'vectorDistance'
  readonly column: string
  readonly vector: Bound
  readonly alias: string | undefined
}

/** Something that has a value in SQL. A string is a column; a {@link Bound} becomes the number of its place. */
export type Operand =
  | string
  | Bound
  | RawNode
  | SubQueryNode
  | DefaultNode
  | RandomNode
  | PositionNode
  | VectorDistanceNode

/** A value inside of JSON, in the forms that databases take it in. */
export interface JsonValue {
  readonly value: Bound
  /** Its JSON text. */
  readonly json: Bound
  readonly kind: 'scalar' | 'null' | 'true' | 'false' | 'composite'
}

/** A part of a date and time. */
export type DatePart = 'date' | 'time' | 'day' | 'month' | 'year'

/** How words are searched for. */
export interface FullTextOptions {
  readonly mode: 'natural' | 'boolean' | 'phrase' | 'webSearch' | 'raw'
  readonly expanded: boolean
  readonly language: string | undefined
}

/** What follows `from` or `join`. A string is a table: `users`, `public.users as u`. */
export type Source = string | RawNode | SubQueryNode

/** A condition on rows. */
export type Predicate =
  | { readonly kind: 'compare'; join: Conjunction; left: Operand; operator: string; right: Operand }
  | { readonly kind: 'group'; join: Conjunction; items: readonly Predicate[] }
  | { readonly kind: 'in'; join: Conjunction; not: boolean; column: Operand; values: InList }
  | { readonly kind: 'inQuery'; join: Conjunction; not: boolean; column: Operand; query: SelectQuery }
  | { readonly kind: 'between'; join: Conjunction; not: boolean; column: Operand; from: Operand; to: Operand }
  | { readonly kind: 'null'; join: Conjunction; not: boolean; column: Operand }
  | { readonly kind: 'exists'; join: Conjunction; not: boolean; query: SelectQuery }
  | {
      readonly kind: 'like'
      join: Conjunction
      not: boolean
      column: Operand
      value: Operand
      caseSensitive: boolean
      glob: Bound | undefined
    }
  | { readonly kind: 'jsonBoolean'; join: Conjunction; column: string; operator: string; value: boolean }
  | {
      readonly kind: 'datePart'
      join: Conjunction
      part: DatePart
      column: Operand
      operator: string
      value: Operand
    }
  | {
      readonly kind: 'rowValues'
      join: Conjunction
      columns: readonly Operand[]
      operator: string
      values: readonly Operand[]
    }
  | {
      readonly kind: 'jsonContains' | 'jsonOverlaps'
      join: Conjunction
      not: boolean
      column: string
      value: JsonValue | Operand
      items: readonly (JsonValue | Operand)[]
    }
  | { readonly kind: 'jsonContainsKey'; join: Conjunction; not: boolean; column: string }
  | { readonly kind: 'jsonLength'; join: Conjunction; column: string; operator: string; value: Operand }
  | {
      readonly kind: 'fullText'
      join: Conjunction
      columns: readonly string[]
      value: Operand
      options: FullTextOptions
    }
  | { readonly kind: 'raw'; join: Conjunction; sql: string; values: readonly Bound[] | undefined }

/** The list of an `in`: values, operands, or integers that are part of the SQL text. */
export type InList = BoundList | readonly Operand[] | { readonly integers: readonly (number | bigint)[] }

/** What becomes of rows without a match. */
export type JoinKind = 'inner' | 'left' | 'right' | 'cross' | 'straight'

/** Rows of another source. */
export interface Join {
  readonly kind: JoinKind
  readonly source: Source
  readonly on: readonly Predicate[] | undefined
  /** Joins that are done before, in parentheses with the source. */
  readonly joins: readonly Join[] | undefined
  /** Whether the source may read the columns of the sources before it. */
  readonly lateral: boolean
}

/** One key of the order. */
export interface Order {
  readonly by: Operand
  readonly direction: 'asc' | 'desc' | undefined
  /** Where rows without a value go. */
  readonly nulls: 'first' | 'last' | undefined
}

/** A query whose rows are added. */
export interface Union {
  readonly all: boolean
  readonly query: SelectQuery
}

/** The numbers that every database can compute. */
export type AggregateFunction = 'count' | 'sum' | 'avg' | 'min' | 'max'

/** What other transactions may do with the rows. */
export type Lock =
  | { readonly kind: 'update' | 'share'; readonly wait: 'skip' | 'fail' | undefined }
  | { readonly kind: 'words' | 'raw'; readonly sql: string }

/** Which index a table is read by. */
export interface IndexHint {
  readonly kind: 'use' | 'force' | 'ignore'
  readonly names: readonly string[]
}

/** A query with a name: `with recent as (select …)`. */
export interface TableExpression {
  readonly name: string
  readonly columns: readonly string[] | undefined
  readonly query: RawNode | SubQueryNode
  readonly recursive: boolean
  readonly materialized: boolean | undefined
}

/** The clauses of a select. */
export interface SelectQuery {
  /** The whole query as the user wrote it, in place of all clauses. */
  raw: RawNode | undefined
  expressions: TableExpression[] | undefined
  aggregate: { readonly function: AggregateFunction; readonly columns: readonly Operand[] } | undefined
  columns: Operand[] | undefined
  distinct: boolean | readonly Operand[] | undefined
  from: Source | undefined
  index: IndexHint | undefined
  joins: Join[] | undefined
  wheres: Predicate[] | undefined
  groups: Operand[] | undefined
  havings: Predicate[] | undefined
  orders: Order[] | undefined
  limit: number | undefined
  offset: number | undefined
  groupLimit: { readonly rows: number; readonly column: Operand } | undefined
  unions: Union[] | undefined
  unionOrders: Order[] | undefined
  unionLimit: number | undefined
  unionOffset: number | undefined
  lock: Lock | undefined
}

/** What becomes of one column. */
export type Assignment =
  | { readonly kind: 'set'; readonly column: string; readonly value: Operand }
  | { readonly kind: 'increment' | 'decrement'; readonly column: string; readonly amount: string }
  | {
      readonly kind: 'json'
      readonly column: string
      readonly value: JsonValue | Operand
      /** The JSON text of all changes of the column. Given with the last one. */
      readonly patch: Bound | undefined
    }
  | { readonly kind: 'excluded'; readonly column: string }

/** What happens to a row that breaks a unique key. */
export type Conflict =
  | { readonly kind: 'ignore'; readonly target: readonly string[] | undefined }
  | { readonly kind: 'update'; readonly target: readonly string[] | undefined; readonly set: readonly Assignment[] }

/** Where the rows of an insert come from. */
export type Rows =
  | BoundRows
  | { readonly kind: 'cells'; readonly rows: readonly (readonly Operand[])[] }
  | { readonly kind: 'query'; readonly query: SelectQuery }

/** One statement, whatever the database. */
export type Query =
  | { readonly kind: 'select' | 'exists' | 'count'; readonly query: SelectQuery }
  | { readonly kind: 'explain'; readonly query: SelectQuery; readonly analyze: boolean }
  | {
      readonly kind: 'insert'
      readonly into: string
      readonly columns: readonly string[]
      readonly rows: Rows
      readonly conflict: Conflict | undefined
      readonly returning: readonly Operand[] | undefined
      readonly key: string | undefined
    }
  | {
      readonly kind: 'update'
      readonly rows: SelectQuery
      readonly set: readonly Assignment[]
      /** Whether values may be taken from the joined sources. */
      readonly fromJoins: boolean
      readonly returning: readonly Operand[] | undefined
    }
  | { readonly kind: 'delete'; readonly rows: SelectQuery; readonly returning: readonly Operand[] | undefined }
  | { readonly kind: 'truncate'; readonly table: string; readonly name: Bound }
  | ({ readonly kind: 'fragment' } & Fragment)

/** A piece of SQL that is asked for by itself. */
export type Fragment =
  | { readonly piece: 'columns'; readonly columns: readonly Operand[] }
  | { readonly piece: 'table'; readonly source: Source }
  | { readonly piece: 'savepoint' | 'savepointRollBack'; readonly name: string }
  | { readonly piece: 'threadCount' }

/** A select without clauses. Every key is there from the start, so that all selects have one shape. */
export function emptySelect(from?: Source): SelectQuery {
  return {
    raw: undefined,
    expressions: undefined,
    aggregate: undefined,
    columns: undefined,
    distinct: undefined,
    from,
    index: undefined,
    joins: undefined,
    wheres: undefined,
    groups: undefined,
    havings: undefined,
    orders: undefined,
    limit: undefined,
    offset: undefined,
    groupLimit: undefined,
    unions: undefined,
    unionOrders: undefined,
    unionLimit: undefined,
    unionOffset: undefined,
    lock: undefined,
  }
}

/** The clause that says how many rows are read: of all queries of a union together. */
export function limitClause(query: SelectQuery): 'limit' | 'unionLimit' {
  return query.unions === undefined ? 'limit' : 'unionLimit'
}

/** The same select with lists of its own. Nodes are never edited after they are added, so both share them. */
export function copySelect(query: SelectQuery): SelectQuery {
  return {
    raw: query.raw,
    expressions: query.expressions?.slice(),
    aggregate: query.aggregate,
    columns: query.columns?.slice(),
    distinct: query.distinct,
    from: query.from,
    index: query.index,
    joins: query.joins?.slice(),
    wheres: query.wheres?.slice(),
    groups: query.groups?.slice(),
    havings: query.havings?.slice(),
    orders: query.orders?.slice(),
    limit: query.limit,
    offset: query.offset,
    groupLimit: query.groupLimit,
    unions: query.unions?.slice(),
    unionOrders: query.unionOrders?.slice(),
    unionLimit: query.unionLimit,
    unionOffset: query.unionOffset,
    lock: query.lock,
  }
}
