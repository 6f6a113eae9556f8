import { InvalidArgumentException } from '../../errors'
import type { Collection } from '../collection'
import { type Comparison, compares, looseKey, looselyEqual, order, type Retriever, retriever } from './comparison'
import { Items, type Test } from './items'

/** Which items are wanted. Comparisons are loose: `1` and `'1'` are the same, unless a method is called `…Strict`. */
export abstract class Conditions<T> extends Items<T> {
  /** The items that a function says yes to; without one, those that are truthy. */
  override filter<S extends T>(keep: (item: T, index: number, all: T[]) => item is S): Collection<S>
  override filter(keep?: (item: T, index: number, all: T[]) => unknown): this
  override filter(keep: (item: T, index: number, all: T[]) => unknown = Boolean): never {
    return super.filter(keep) as never
  }

  /** The items that a function says no to, or that are not this value. */
  reject(drop?: Test<T>): this
  reject(value: T): this
  reject(drop: unknown = Boolean): this {
    const isDropped = this.wants(drop, [])
    return this.filter((item, index) => !isDropped(item, index))
  }

  /**
   * The items whose value compares so.
   *
   * @example
   * users.where('votes', '>', 100)
   * users.where('role', 'admin')
   * users.where('active') // those where it is truthy
   */
  where(by: Retriever<T>): this
  where(by: Retriever<T>, value: unknown): this
  where(by: Retriever<T>, operator: Comparison, value: unknown): this
  where(...condition: [Retriever<T>, unknown?, unknown?]): this {
    return this.filter(testOf<T>(condition))
  }

  whereStrict(by: Retriever<T>, value: unknown): this {
    return this.where(by, '===', value)
  }

  whereNot(by: Retriever<T>, value: unknown): this {
    return this.where(by, '!=', value)
  }

  whereIn(by: Retriever<T>, values: Iterable<unknown>, strict = false): this {
    return this.filter(among(by, values, strict))
  }

  whereInStrict(by: Retriever<T>, values: Iterable<unknown>): this {
    return this.whereIn(by, values, true)
  }

  whereNotIn(by: Retriever<T>, values: Iterable<unknown>, strict = false): this {
    return this.reject(among(by, values, strict))
  }

  whereNotInStrict(by: Retriever<T>, values: Iterable<unknown>): this {
    return this.whereNotIn(by, values, true)
  }

  whereBetween(by: Retriever<T>, [from, to]: readonly [unknown, unknown]): this {
    return this.filter(between(by, from, to))
  }

  whereNotBetween(by: Retriever<T>, [from, to]: readonly [unknown, unknown]): this {
    return this.reject(between(by, from, to))
  }

  whereNull(by?: Retriever<T>): this {
    const value = retriever(by)
    return this.filter((item, index) => (value(item, index) ?? null) === null)
  }

  whereNotNull(by?: Retriever<T>): this {
    const value = retriever(by)
    return this.filter((item, index) => (value(item, index) ?? null) !== null)
  }

  whereInstanceOf<U extends T>(type: abstract new (...args: never[]) => U): Collection<U> {
    return this.filter((item): item is U => item instanceof type)
  }

  /** The first item whose value compares so; `null` when there is none. */
  firstWhere(...condition: [by: Retriever<T>, operatorOrValue?: unknown, value?: unknown]): T | null {
    const at = this.findIndex(testOf<T>(condition))
    return at < 0 ? null : (this[at] as T)
  }

  /**
   * Whether there is such an item: this value, one that a function says yes to, or one whose value compares so.
   *
   * @example
   * users.contains('role', 'admin')
   */
  contains(wanted: Test<T>): boolean
  contains(value: T): boolean
  contains(by: Retriever<T>, ...condition: unknown[]): boolean
  contains(wanted: unknown, ...condition: unknown[]): boolean {
    return this.findIndex(this.wants(wanted, condition)) >= 0
  }

  containsStrict(wanted: Test<T>): boolean
  containsStrict(value: T): boolean
  containsStrict(wanted: unknown): boolean {
    return this.findIndex(strictly(wanted)) >= 0
  }

  doesntContain(wanted: Test<T>): boolean
  doesntContain(value: T): boolean
  doesntContain(by: Retriever<T>, ...condition: unknown[]): boolean
  doesntContain(wanted: unknown, ...condition: unknown[]): boolean {
    return this.findIndex(this.wants(wanted, condition)) < 0
  }

  /** The place of the first such item; `false` when there is none. */
  search(wanted: Test<T>): number | false
  search(value: T, strict?: boolean): number | false
  search(wanted: unknown, strict = false): number | false {
    const at = this.findIndex(strict ? strictly(wanted) : this.wants(wanted, []))
    return at < 0 ? false : at
  }

  /** The item before the first such item; `null` when there is none. */
  before(wanted: Test<T>): T | null
  before(value: T): T | null
  before(wanted: unknown): T | null {
    const at = this.findIndex(this.wants(wanted, []))
    return at < 1 ? null : (this[at - 1] as T)
  }

  /** The item after the first such item; `null` when there is none. */
  after(wanted: Test<T>): T | null
  after(value: T): T | null
  after(wanted: unknown): T | null {
    const at = this.findIndex(this.wants(wanted, []))
    return at < 0 || at === this.length - 1 ? null : (this[at + 1] as T)
  }

  /** Two collections: the items that a test says yes to, and the others. */
  partition(...condition: [by: Retriever<T>, operatorOrValue?: unknown, value?: unknown]): [this, this] {
    const isWanted = testOf<T>(condition)
    return [this.filter(isWanted), this.reject(isWanted)]
  }

  /**
   * The collection itself.
   *
   * @throws InvalidArgumentException when an item is of none of these types: classes, or names as of `typeof`.
   */
  ensure(...types: readonly (string | (abstract new (...args: never[]) => unknown))[]): this {
    const isOne = (item: T) =>
      types.some((type) => (typeof type === 'string' ? typeof item === type : item instanceof type))
    const wrong = this.findIndex((item) => !isOne(item))
    if (wrong < 0) return this
    const names = types.map((type) => (typeof type === 'string' ? type : type.name)).join(', ')
    throw new InvalidArgumentException(`The collection takes ${names}, and its item ${wrong} is none.`)
  }

  /** What `contains` and `search` look for. */
  protected wants(wanted: unknown, condition: readonly unknown[]): Test<unknown> {
    if (condition.length > 0)
      return testOf<unknown>([wanted as Retriever<unknown>, ...condition] as [Retriever<unknown>])
    return typeof wanted === 'function' ? (wanted as Test<unknown>) : (item) => looselyEqual(item, wanted)
  }
}

function strictly(wanted: unknown): Test<unknown> {
  return typeof wanted === 'function' ? (wanted as Test<unknown>) : (item) => item === wanted
}

/** `[key]`, `[key, value]` and `[key, operator, value]`, as a test. */
function testOf<T>(condition: readonly [Retriever<T>, unknown?, unknown?]): Test<T> {
  const value = retriever(condition[0])
  if (condition.length === 1) return value
  const [operator, wanted] = condition.length === 2 ? ['=', condition[1]] : [String(condition[1]), condition[2]]
  compares(operator, 0, 0)
  return (item, index) => compares(operator, value(item, index), wanted)
}

function among<T>(by: Retriever<T>, values: Iterable<unknown>, strict: boolean): Test<T> {
  const value = retriever(by)
  const wanted = new Set(strict ? values : Array.from(values, looseKey))
  return (item, index) => wanted.has(strict ? value(item, index) : looseKey(value(item, index)))
}

function between<T>(by: Retriever<T>, from: unknown, to: unknown): Test<T> {
  const value = retriever(by)
  return (item, index) => {
    const one = value(item, index)
    return order(one, from) >= 0 && order(one, to) <= 0
  }
}
