import { InvalidArgumentException } from '../../errors'
import type { Collection } from '../collection'
import { Conditions } from './conditions'
import type { Test } from './items'

/** Parts of a collection, and collections that are put together. */
export abstract class Pieces<T> extends Conditions<T> {
  override concat(...items: readonly (ConcatArray<T> | T)[]): this {
    return super.concat(...(items as T[])) as this
  }

  override slice(start?: number, end?: number): this {
    return super.slice(start, end) as this
  }

  override splice(start: number, deleteCount: number = this.length, ...items: T[]): this {
    return super.splice(start, deleteCount, ...items) as this
  }

  /** The first items; of a negative number, the last ones. */
  take(count: number): this {
    return count < 0 ? this.slice(count) : this.slice(0, count)
  }

  takeWhile(keep: Test<T>): this {
    const end = this.findIndex((item, index) => !keep(item, index))
    return end < 0 ? this.slice() : this.slice(0, end)
  }

  takeUntil(stop: Test<T>): this
  takeUntil(value: T): this
  takeUntil(stop: unknown): this {
    const end = this.findIndex(this.wants(stop, []))
    return end < 0 ? this.slice() : this.slice(0, end)
  }

  /** All items but the first ones. */
  skip(count: number): this {
    return this.slice(Math.max(0, count))
  }

  skipWhile(skipped: Test<T>): this {
    const start = this.findIndex((item, index) => !skipped(item, index))
    return start < 0 ? this.slice(0, 0) : this.slice(start)
  }

  skipUntil(start: Test<T>): this
  skipUntil(value: T): this
  skipUntil(start: unknown): this {
    const at = this.findIndex(this.wants(start, []))
    return at < 0 ? this.slice(0, 0) : this.slice(at)
  }

  /** The items of one page; pages count from 1. */
  forPage(page: number, perPage: number): this {
    const start = Math.max(0, (page - 1) * perPage)
    return this.slice(start, start + perPage)
  }

  /** Each item that is so many places after the one before. */
  nth(step: number, offset = 0): this {
    positive(step)
    return this.filter((_, index) => index >= offset && (index - offset) % step === 0)
  }

  /** Collections of so many items; the last one may be shorter. */
  chunk(size: number): Collection<this> {
    positive(size)
    return this.cut((start) => start + size)
  }

  /** Collections of items that belong together, as a function says of each item and the chunk before it. */
  chunkWhile(belongs: (item: T, index: number, chunk: readonly T[]) => unknown): Collection<this> {
    return this.cut((start) => {
      const chunk = [this[start] as T]
      let end = start + 1
      for (; end < this.length && belongs(this[end] as T, end, chunk); end += 1) chunk.push(this[end] as T)
      return end
    })
  }

  /** So many collections of about the same size. */
  split(count: number): Collection<this> {
    positive(count)
    const [size, larger] = [Math.floor(this.length / count), this.length % count]
    let made = 0
    return this.cut((start) => {
      made += 1
      return start + size + (made <= larger ? 1 : 0)
    })
  }

  /** So many collections, all full but the last one. */
  splitIn(count: number): Collection<this> {
    positive(count)
    return this.isEmpty() ? this.collectionOf<this>([]) : this.chunk(Math.ceil(this.length / count))
  }

  /** Collections of neighbours: `[1, 2, 3]` becomes `[1, 2]` and `[2, 3]`. */
  sliding(size = 2, step = 1): Collection<this> {
    positive(size)
    positive(step)
    const windows: this[] = []
    for (let start = 0; start + size <= this.length; start += step) windows.push(this.slice(start, start + size))
    return this.collectionOf(windows)
  }

  /** With more of `value` at the end until it has so many items; at the beginning for a negative number. */
  pad(length: number, value: T): this {
    const more = Array.from({ length: Math.max(0, Math.abs(length) - this.length) }, () => value)
    return this.alike(length < 0 ? [...more, ...this] : [...this, ...more])
  }

  /** The items of lists, or collections, in one collection. */
  collapse(): Collection<T extends Iterable<infer U> ? U : never> {
    const items: unknown[] = []
    for (const item of this) if (isList(item)) for (const each of item) items.push(each)
    return this.collectionOf(items) as never
  }

  /** The items of lists of any depth, or of so many levels, and the values of plain objects. */
  flatten(depth: number = Number.POSITIVE_INFINITY): Collection<unknown> {
    const items: unknown[] = []
    const add = (item: unknown, level: number) => {
      const inner = isList(item) ? item : isPlain(item) ? Object.values(item) : undefined
      if (inner === undefined || level > depth) items.push(item)
      else for (const each of inner) add(each, level + 1)
    }
    for (const item of this) add(item, 1)
    return this.collectionOf(items)
  }

  /** Lists of the items that stand at the same place. */
  zip<U extends readonly unknown[][]>(...others: U): Collection<[T, ...{ [I in keyof U]: U[I][number] | undefined }]> {
    return this.collectionOf(Array.from(this, (item, index) => [item, ...others.map((other) => other[index])])) as never
  }

  /** Every pair of an item with one of each list. */
  crossJoin<U>(...others: readonly Iterable<U>[]): Collection<(T | U)[]> {
    let rows: (T | U)[][] = Array.from(this, (item) => [item])
    for (const other of others) {
      const items = [...other]
      rows = rows.flatMap((row) => items.map((item) => [...row, item]))
    }
    return this.collectionOf(rows)
  }

  /** The items in another order, by chance. */
  shuffle(): this {
    const items = this.all()
    for (let left = items.length - 1; left > 0; left -= 1) {
      const at = Math.floor(Math.random() * (left + 1))
      const item = items[left] as T
      items[left] = items[at] as T
      items[at] = item
    }
    return this.alike(items)
  }

  /**
   * An item by chance, or so many of them.
   *
   * @throws InvalidArgumentException when there are not so many.
   */
  random(): T
  random(count: number): this
  random(count?: number): T | this {
    if ((count ?? 1) > this.length) {
      throw new InvalidArgumentException(`${count ?? 1} items were asked for by chance, and there are ${this.length}.`)
    }
    return count === undefined ? (this[Math.floor(Math.random() * this.length)] as T) : this.shuffle().take(count)
  }

  /** The items at these places. */
  only(indexes: readonly unknown[]): this {
    const wanted = new Set(indexes.map(Number))
    return this.filter((_, index) => wanted.has(index))
  }

  /** The items that are not at these places. */
  except(indexes: readonly unknown[]): this {
    const dropped = new Set(indexes.map(Number))
    return this.filter((_, index) => !dropped.has(index))
  }

  private cut(endOf: (start: number) => number): Collection<this> {
    const pieces: this[] = []
    for (let start = 0; start < this.length; ) {
      const end = endOf(start)
      pieces.push(this.slice(start, end))
      start = end
    }
    return this.collectionOf(pieces)
  }
}

function positive(size: number): void {
  if (!Number.isInteger(size) || size < 1) {
    throw new InvalidArgumentException(`A collection is divided by whole numbers from 1, not by ${size}.`)
  }
}

function isList(item: unknown): item is Iterable<unknown> {
  return typeof item === 'object' && item !== null && Symbol.iterator in item
}

function isPlain(item: unknown): item is object {
  return typeof item === 'object' && item !== null && Object.getPrototypeOf(item) === Object.prototype
}
