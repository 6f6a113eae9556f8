import { MultipleRecordsFoundException, RecordNotFoundException } from '../../errors'
import type { Collection } from '../collection'

/** Whether an item is wanted. */
export type Test<T> = (item: T, index: number) => unknown

/**
 * Items in an array, and how to get at them. What changes an array in place does that here as well (`push`, `splice`,
 * `sort`, `reverse`); everything else answers a new collection.
 */
export abstract class Items<T> extends Array<T> {
  /** @param items - A number is what arrays themselves ask for when they make a result of so many places. */
  constructor(items?: Iterable<T> | number) {
    super()
    if (typeof items === 'number') this.length = items
    else if (Array.isArray(items)) for (let at = 0; at < items.length; at++) this[at] = items[at] as T
    else if (items !== undefined) for (const item of items) super.push(item)
  }

  /** A collection of the same kind. */
  protected alike(items: Iterable<T>): this {
    return new (this.constructor as new (items: Iterable<T>) => this)(items)
  }

  /** A collection of something else. */
  protected abstract collectionOf<U>(items: Iterable<U>): Collection<U>

  /** The items in a plain array. */
  all(): T[] {
    return Array.from(this)
  }

  /** As plain data: what items are that can say it. */
  toArray(): unknown[] {
    return Array.from(this, plain)
  }

  /** What `JSON.stringify` takes. */
  toJSON(): unknown[] {
    return Array.from(this, json)
  }

  toJson(space?: number | string): string {
    return JSON.stringify(this, undefined, space)
  }

  count(): number {
    return this.length
  }

  isEmpty(): boolean {
    return this.length === 0
  }

  isNotEmpty(): boolean {
    return this.length > 0
  }

  containsOneItem(): boolean {
    return this.length === 1
  }

  containsManyItems(): boolean {
    return this.length > 1
  }

  /** The first item, or the first that a function says yes to; `otherwise`, or `null`, when there is none. */
  first<D = null>(wanted?: Test<T> | null, otherwise?: D | (() => D)): T | D {
    if (typeof wanted !== 'function') return this.length > 0 ? (this[0] as T) : fallback(otherwise)
    const at = this.findIndex(wanted)
    return at < 0 ? fallback(otherwise) : (this[at] as T)
  }

  /** The last item, or the last that a function says yes to; `otherwise`, or `null`, when there is none. */
  last<D = null>(wanted?: Test<T> | null, otherwise?: D | (() => D)): T | D {
    for (let at = this.length - 1; at >= 0; at -= 1) {
      if (typeof wanted !== 'function' || wanted(this[at] as T, at)) return this[at] as T
    }
    return fallback(otherwise)
  }

  /** @throws RecordNotFoundException when there is none. */
  firstOrFail(wanted?: Test<T>): T {
    const at = wanted === undefined ? 0 : this.findIndex(wanted)
    if (at >= 0 && at < this.length) return this[at] as T
    throw new RecordNotFoundException('The collection has no such item.')
  }

  /**
   * The only item.
   *
   * @throws RecordNotFoundException, MultipleRecordsFoundException
   */
  sole(wanted?: Test<T>): T {
    const found = wanted === undefined ? this : Array.from(this).filter(wanted)
    if (found.length > 1) throw new MultipleRecordsFoundException(found.length)
    if (found.length === 1) return found[0] as T
    throw new RecordNotFoundException('The collection has no such item.')
  }

  /** The item at a place; `otherwise`, or `null`, when there is none. */
  get<D = null>(index: number, otherwise?: D | (() => D)): T | D {
    return this.has(index) ? (this[index] as T) : fallback(otherwise)
  }

  /** Whether there are items at all these places. */
  has(...indexes: readonly number[]): boolean {
    return indexes.every((index) => Number.isInteger(index) && index >= 0 && index < this.length)
  }

  /** Sets the item at a place. */
  put(index: number, item: T): this {
    this[index] = item
    return this
  }

  add(item: T): this {
    super.push(item)
    return this
  }

  prepend(item: T): this {
    super.unshift(item)
    return this
  }

  /** Takes the item at a place out, and answers it. */
  pull<D = null>(index: number, otherwise?: D | (() => D)): T | D {
    return this.has(index) ? (Array.prototype.splice.call(this, index, 1)[0] as T) : fallback(otherwise)
  }

  /** Takes the items at these places out. */
  forget(...indexes: readonly (number | readonly number[])[]): this {
    const gone = new Set(indexes.flat())
    const left = Array.from(this).filter((_, index) => !gone.has(index))
    this.length = 0
    for (const item of left) super.push(item)
    return this
  }

  /** Changes each item in place. */
  transform(make: (item: T, index: number) => T): this {
    for (let index = 0; index < this.length; index += 1) this[index] = make(this[index] as T, index)
    return this
  }

  /** Calls back with each item, until the callback answers `false`. */
  each(callback: (item: T, index: number) => unknown): this {
    for (let index = 0; index < this.length; index += 1) if (callback(this[index] as T, index) === false) break
    return this
  }

  /** Calls back with the members of each item, which is a list. */
  eachSpread(callback: (...members: never[]) => unknown): this {
    return this.each((item) => callback(...(item as never[])))
  }

  tap(callback: (collection: this) => unknown): this {
    callback(this)
    return this
  }

  /** What a function makes of the collection. */
  pipe<U>(make: (collection: this) => U): U {
    return make(this)
  }

  pipeInto<U>(made: new (collection: this) => U): U {
    return new made(this)
  }

  /** Calls back if a value is truthy; else with `otherwise`. What the callback answers, unless that is `undefined`. */
  when<V, U = this>(
    value: V | ((collection: this) => V),
    callback: (collection: this, value: V) => U,
    otherwise?: (collection: this, value: V) => U,
  ): this | U {
    const settled = typeof value === 'function' ? (value as (collection: this) => V)(this) : value
    const chosen = settled ? callback : otherwise
    return chosen?.(this, settled) ?? this
  }

  unless<V, U = this>(
    value: V | ((collection: this) => V),
    callback: (collection: this, value: V) => U,
    otherwise?: (collection: this, value: V) => U,
  ): this | U {
    const settled = typeof value === 'function' ? (value as (collection: this) => V)(this) : value
    const chosen = settled ? otherwise : callback
    return chosen?.(this, settled) ?? this
  }

  whenEmpty<U = this>(callback: (collection: this) => U, otherwise?: (collection: this) => U): this | U {
    return this.when(this.isEmpty(), callback, otherwise)
  }

  whenNotEmpty<U = this>(callback: (collection: this) => U, otherwise?: (collection: this) => U): this | U {
    return this.when(this.isNotEmpty(), callback, otherwise)
  }

  unlessEmpty<U = this>(callback: (collection: this) => U, otherwise?: (collection: this) => U): this | U {
    return this.whenNotEmpty(callback, otherwise)
  }

  unlessNotEmpty<U = this>(callback: (collection: this) => U, otherwise?: (collection: this) => U): this | U {
    return this.whenEmpty(callback, otherwise)
  }
}

function fallback<D>(otherwise: D | (() => D) | undefined): D {
  if (typeof otherwise === 'function') return (otherwise as () => D)()
  return (otherwise === undefined ? null : otherwise) as D
}

function plain(item: unknown): unknown {
  if (Array.isArray(item) && !(item instanceof Items)) return item.map(plain)
  const toArray = typeof item === 'object' && item !== null ? (item as { toArray?: unknown }).toArray : undefined
  return typeof toArray === 'function' ? toArray.call(item) : item
}

function json(item: unknown): unknown {
  const toJSON = typeof item === 'object' && item !== null ? (item as { toJSON?: unknown }).toJSON : undefined
  return typeof toJSON === 'function' ? toJSON.call(item) : item
}
