/** Argument shapes of conditions to nodes of the AST: the only file that looks at how many arguments there are. */
import { InvalidArgumentException } from '../../errors'
import {
  columnOperand,
  describe,
  isQueryable,
  refusePromise,
  selectOf,
  undefinedValue,
  valueOperand,
} from '../arguments'
import type { Conjunction, DatePart, FullTextOptions, Operand, Predicate } from '../ast'
import { Bound, BoundList } from '../bound'
import { Expression } from '../expression'
import { QueryState } from '../state'
import { dateText } from './calendar'

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
  refusePromise(fill(inner))
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
  const column = args[0]
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
  const written = operatorText(operator)
  if (value === undefined) throw undefinedValue(column)
  if (value === null) {
    const not = NULL_TESTS.get(written.toLowerCase())
    if (not === undefined) {
      throw new InvalidArgumentException(`Illegal operator and value combination: "${written}" with null.`)
    }
    return { kind: 'null', join, not, column: columnOperand(column, within) }
  }
  if (typeof value === 'boolean' && typeof column === 'string' && column.includes('->')) {
    return { kind: 'jsonBoolean', join, column, operator: written, value }
  }
  const left = columnOperand(column, within)
  return { kind: 'compare', join, left, operator: written, right: valueOperand(value, column, within) }
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

function operatorText(operator: unknown): string {
  if (typeof operator === 'string') return operator
  throw new InvalidArgumentException(`An operator has to be text such as ">=", not ${describe(operator)}.`)
}

/** Two columns compared; two arguments mean equality. */
export function columnComparison(join: Conjunction, args: readonly unknown[], within: QueryState): Predicate {
  const [left, operator, right] = args.length === 2 ? [args[0], '=', args[1]] : args
  return {
    kind: 'compare',
    join,
    left: columnOperand(left, within),
    operator: operatorText(operator),
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
  return between(join, not, columnOperand(column, within), bounds, (end) => valueOperand(end, column, within))
}

/** `column between a and b`, where the ends are columns. */
export function columnRange(
  join: Conjunction,
  not: boolean,
  column: unknown,
  columns: unknown,
  within: QueryState,
): Predicate {
  return between(join, not, columnOperand(column, within), columns, (end) => columnOperand(end, within))
}

/** `value between a and b`, where the ends are columns. */
export function valueRange(
  join: Conjunction,
  not: boolean,
  value: unknown,
  columns: unknown,
  within: QueryState,
): Predicate {
  return between(join, not, valueOperand(value, 'the range', within), columns, (end) => columnOperand(end, within))
}

/** Something between two ends, which may stand in lists of their own. */
function between(
  join: Conjunction,
  not: boolean,
  column: Operand,
  bounds: unknown,
  operandOf: (end: unknown) => Operand,
): Predicate {
  const ends = bounds !== null && typeof bounds === 'object' ? Object.values(bounds).flat() : []
  if (ends.length < 2) throw new InvalidArgumentException('A range is given as [from, to].')
  if (ends.includes(undefined)) throw undefinedValue(column)
  return { kind: 'between', join, not, column, from: operandOf(ends[0]), to: operandOf(ends[1]) }
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

/** Equality in which `null` equals `null`. */
export function nullSafeComparison(join: Conjunction, column: unknown, value: unknown, within: QueryState): Predicate {
  const left = columnOperand(column, within)
  return { kind: 'compare', join, left, operator: '<=>', right: valueOperand(value, column, within) }
}

/** `(a, b) < (?, ?)` */
export function rowComparison(
  join: Conjunction,
  columns: readonly unknown[],
  operator: unknown,
  values: readonly unknown[],
  within: QueryState,
): Predicate {
  if (columns.length !== values.length) {
    throw new InvalidArgumentException('The number of columns must match the number of values')
  }
  return {
    kind: 'rowValues',
    join,
    columns: columns.map((column) => columnOperand(column, within)),
    operator: operatorText(operator),
    values: values.map((value, at) => valueOperand(value, columns[at], within)),
  }
}

/** A part of a date compared with a value; two arguments mean equality. */
export function datePartComparison(
  join: Conjunction,
  part: DatePart,
  args: readonly unknown[],
  within: QueryState,
): Predicate {
  const [column, operator, value] = args.length === 2 ? [args[0], '=', args[1]] : args
  return {
    kind: 'datePart',
    join: args[3] === undefined ? join : conjunction(args[3]),
    part,
    column: columnOperand(column, within),
    operator: operatorText(operator),
    value: valueOperand(partValue(part, value, within.executor.timezone), column, within),
  }
}

/** A value as the part of a date is written: days and months have two digits. */
function partValue(part: DatePart, value: unknown, timeZone: string | undefined): unknown {
  if (value instanceof Date) return dateText(part, value, timeZone)
  const hasTwoDigits = part === 'day' || part === 'month'
  if (!hasTwoDigits || (typeof value !== 'number' && typeof value !== 'string')) return value
  return String(value).padStart(2, '0')
}

/** The length of a JSON array compared with a value; two arguments mean equality. */
export function jsonLengthComparison(join: Conjunction, args: readonly unknown[], within: QueryState): Predicate {
  const [column, operator, value] = args.length === 2 ? [args[0], '=', args[1]] : args
  if (typeof column !== 'string') {
    throw new InvalidArgumentException(`A JSON column has to be named, as in meta->tags, not ${describe(column)}.`)
  }
  return {
    kind: 'jsonLength',
    join: args[3] === undefined ? join : conjunction(args[3]),
    column,
    operator: operatorText(operator),
    value: valueOperand(value, column, within),
  }
}

/** The same comparison for several columns, as one condition. */
export function comparisonOfEach(
  join: Conjunction,
  inner: 'and' | 'or',
  args: readonly unknown[],
  within: QueryState,
): Predicate | undefined {
  const [columns, operator, value] = args.length === 2 ? [args[0], '=', args[1]] : args
  const list: readonly unknown[] = Array.isArray(columns) ? columns : [columns]
  const negation = join === 'and not' || join === 'or not' ? ' not' : ''
  const outer = args[3] === undefined ? join : conjunction(`${args[3]}${negation}`)
  const items = list.flatMap((column) => {
    const isGroup = args.length === 1 && typeof column === 'function'
    const item = isGroup
      ? groupOf(inner, column as (builder: QueryState) => unknown, within, 'wheres')
      : comparison(inner, column, operator, value, within)
    return item ?? []
  })
  return items.length === 0 ? undefined : { kind: 'group', join: outer, items }
}

/** How words are searched for, as users say it. */
export interface FullTextArgument {
  readonly mode?: string
  readonly expanded?: boolean
  readonly language?: string
}

const FULL_TEXT_MODES: ReadonlyMap<unknown, FullTextOptions['mode']> = new Map([
  ['natural', 'natural'],
  ['plain', 'natural'],
  ['boolean', 'boolean'],
  ['phrase', 'phrase'],
  ['websearch', 'webSearch'],
  ['raw', 'raw'],
])

/** A search for words. */
export function fullTextSearch(
  join: Conjunction,
  columns: unknown,
  words: unknown,
  options: FullTextArgument,
  within: QueryState,
): Predicate {
  const names: readonly unknown[] = Array.isArray(columns) ? columns : [columns]
  if (names.length === 0 || !names.every((name) => typeof name === 'string')) {
    throw new InvalidArgumentException('whereFullText() takes the names of columns.')
  }
  const asked = options.mode ?? 'natural'
  const mode = FULL_TEXT_MODES.get(typeof asked === 'string' ? asked.toLowerCase() : asked)
  if (mode === undefined) {
    throw new InvalidArgumentException(`The mode of a search is one of ${[...FULL_TEXT_MODES.keys()].join(', ')}.`)
  }
  const { expanded = false, language } = options
  const value = valueOperand(words, names[0], within)
  return { kind: 'fullText', join, columns: names as string[], value, options: { mode, expanded, language } }
}

/** Integers that become part of the SQL. What is no integer becomes one as PHP's `(int)` does. */
export function integersOf(values: unknown): (number | bigint)[] {
  if (values === null || typeof values !== 'object') {
    throw new InvalidArgumentException(`A list of integers is needed, not ${describe(values)}.`)
  }
  const list = Symbol.iterator in values ? (values as Iterable<unknown>) : Object.values(values)
  const integers: (number | bigint)[] = []
  for (const value of list) {
    const isObject = value !== null && typeof value === 'object'
    if (isObject) for (const each of Object.values(value)) integers.push(integerOf(each))
    else integers.push(integerOf(value))
  }
  return integers
}

function integerOf(value: unknown): number | bigint {
  if (value === undefined) throw new InvalidArgumentException('A list of integers holds undefined.')
  // -0 is written as 0.
  if (Number.isSafeInteger(value)) return (value as number) + 0
  const isExact = typeof value === 'bigint' || (typeof value === 'string' && /^\s*-?\d+\s*$/.test(value))
  if (isExact) {
    const integer = BigInt(value)
    if (BigInt.asIntN(64, integer) === integer) return integer
    throw new InvalidArgumentException('An integer of the list does not fit in 64 bits.')
  }
  const number = Math.trunc(Number.parseFloat(value === true ? '1' : String(value)))
  // What is no number at all counts as 0.
  return Number.isSafeInteger(number) ? number + 0 : 0
}
