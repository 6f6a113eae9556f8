import type { Collection } from '../collection'
import { looseKey, named, nameOf, type Retriever, retriever } from './comparison'
import { Sets } from './sets'

/** What functions make of items, and items by names. */
export abstract class Groups<T> extends Sets<T> {
  override map<U>(make: (item: T, index: number, all: T[]) => U): Collection<U> {
    return this.collectionOf(Array.from(this, (item, index) => make(item, index, this)))
  }

  override flatMap<U>(make: (item: T, index: number, all: T[]) => U | readonly U[]): Collection<U> {
    const made: U[] = []
    for (let index = 0; index < this.length; index += 1) {
      const items = make(this[index] as T, index, this)
      if (Array.isArray(items)) for (const item of items) made.push(item)
      else made.push(items as U)
    }
    return this.collectionOf(made)
  }

  /** Objects of a class that takes an item. */
  mapInto<U>(type: new (item: T, index: number) => U): Collection<U> {
    return this.map((item, index) => new type(item, index))
  }

  /** What a function makes of the members of each item, which is a list. */
  mapSpread<U>(make: (...members: never[]) => U): Collection<U> {
    return this.map((item) => make(...(item as never[])))
  }

  /** An object of the pairs of name and value that a function answers. */
  mapWithKeys<U>(make: (item: T, index: number) => readonly [PropertyKey, U] | Record<string, U>): Record<string, U> {
    return named(
      Array.from(this, make).flatMap((made) =>
        Array.isArray(made) ? [made as [PropertyKey, U]] : Object.entries(made as Record<string, U>),
      ),
    )
  }

  /** Collections by name, of the pairs of name and value that a function answers. */
  mapToGroups<U>(make: (item: T, index: number) => readonly [PropertyKey, U]): Record<string, Collection<U>> {
    const groups = new Map<string, U[]>()
    for (const [name, value] of Array.from(this, make)) push(groups, String(name), value)
    return named(Array.from(groups, ([name, items]) => [name, this.collectionOf(items)] as const))
  }

  /**
   * One value of each item; with a second name, as an object by that.
   *
   * @example
   * users.pluck('email') // Collection ['ada@example.com']
   * users.pluck('email', 'id') // { 1: 'ada@example.com' }
   */
  pluck<K extends keyof T>(value: K): Collection<T[K]>
  pluck<U = unknown>(value: Retriever<T>): Collection<U>
  pluck<K extends keyof T>(value: K, key: Retriever<T>): Record<string, T[K]>
  pluck<U = unknown>(value: Retriever<T>, key: Retriever<T>): Record<string, U>
  pluck(value: PropertyKey | Retriever<T>, key?: Retriever<T>): never {
    const read = retriever(value as Retriever<T>)
    if (key === undefined) return this.collectionOf(Array.from(this, read)) as never
    const keyOf = retriever(key)
    return named(Array.from(this, (item, index) => [nameOf(keyOf(item, index)), read(item, index)])) as never
  }

  /** One value of the first item that has it. */
  value<D = null>(by: Retriever<T>, otherwise?: D): unknown {
    const read = retriever(by)
    const at = this.findIndex((item, index) => (read(item, index) ?? null) !== null)
    return at < 0 ? (otherwise ?? null) : read(this[at] as T, at)
  }

  /** Only some properties of each item. */
  select<K extends keyof T>(...keys: readonly (K | readonly K[])[]): Collection<Pick<T, K>> {
    const names = keys.flat() as K[]
    return this.map((item) => named(names.map((name) => [name, item[name]])) as Pick<T, K>)
  }

  /**
   * Collections of the items with the same value, by that; of a list of names, groups of groups.
   *
   * @example
   * users.groupBy('role') // { admin: […], editor: […] }
   */
  groupBy(by: Retriever<T>): Record<string, this>
  groupBy(by: readonly Retriever<T>[]): Record<string, unknown>
  groupBy(by: Retriever<T> | readonly Retriever<T>[]): Record<string, unknown> {
    const [first, ...rest] = Array.isArray(by) ? (by as Retriever<T>[]) : [by as Retriever<T>]
    const read = retriever(first)
    const groups = new Map<string, T[]>()
    for (let index = 0; index < this.length; index += 1) {
      const value = read(this[index] as T, index)
      for (const each of Array.isArray(value) ? value : [value]) push(groups, nameOf(each), this[index] as T)
    }
    const nested = (items: T[]) => (rest.length > 0 ? this.alike(items).groupBy(rest) : this.alike(items))
    return named(Array.from(groups, ([name, items]) => [name, nested(items)] as const))
  }

  /** The items by a value; of items with the same one, the last. */
  keyBy(by: Retriever<T>): Record<string, T> {
    const keyOf = retriever(by)
    return named(Array.from(this, (item, index) => [nameOf(keyOf(item, index)), item] as const))
  }

  /** How many items have a value, by that. */
  countBy(by?: Retriever<T>): Record<string, number> {
    const read = retriever(by)
    const counts = new Map<string, number>()
    this.each((item, index) => {
      const name = nameOf(read(item, index))
      counts.set(name, (counts.get(name) ?? 0) + 1)
    })
    return named(counts)
  }

  /** The places of the items, by the items. */
  flip(): Record<string, number> {
    return named(Array.from(this, (item, index) => [nameOf(item), index] as const))
  }

  /** An object with the items as names and these values. */
  combine<U>(values: Iterable<U>): Record<string, U> {
    const items = [...values]
    return named(Array.from(this, (item, index) => [nameOf(item), items[index] as U] as const))
  }

  /** The values that occur most often; `null` without items. */
  mode(by?: Retriever<T>): unknown[] | null {
    if (this.isEmpty()) return null
    const read = retriever(by)
    const counts = new Map<unknown, { value: unknown; count: number }>()
    this.each((item, index) => {
      const value = read(item, index)
      const counted = counts.get(looseKey(value)) ?? { value, count: 0 }
      counted.count += 1
      counts.set(looseKey(value), counted)
    })
    const most = [...counts.values()].reduce((highest, { count }) => Math.max(highest, count), 0)
    return [...counts.values()].filter(({ count }) => count === most).map(({ value }) => value)
  }
}

function push<U>(groups: Map<string, U[]>, name: string, item: U): void {
  const group = groups.get(name)
  if (group === undefined) groups.set(name, [item])
  else group.push(item)
}
