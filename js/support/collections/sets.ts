import type { Collection } from '../collection'
import { looseKey, type Retriever, retriever } from './comparison'
import type { Test } from './items'
import { Pieces } from './pieces'

/** Collections as sets: loosely, as everywhere. */
export abstract class Sets<T> extends Pieces<T> {
  /**
   * Without the items whose value an earlier one has.
   *
   * @example
   * users.unique('email')
   */
  unique(by?: Retriever<T>, strict = false): this {
    const keyOf = this.keyed(by, strict)
    const seen = new Set<unknown>()
    return this.filter((item, index) => {
      const key = keyOf(item, index)
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
  }

  uniqueStrict(by?: Retriever<T>): this {
    return this.unique(by, true)
  }

  /** The values that occurred before, each time they occur again. */
  duplicates(by?: Retriever<T>): Collection<unknown> {
    const value = retriever(by)
    const keyOf = this.keyed(by, false)
    const seen = new Set<unknown>()
    const again: unknown[] = []
    this.each((item, index) => {
      const key = keyOf(item, index)
      if (seen.has(key)) again.push(value(item, index))
      seen.add(key)
    })
    return this.collectionOf(again)
  }

  /** The items that are not among these. */
  diff(items: Iterable<T>): this {
    const others = this.keysOf(items)
    const keyOf = this.keyed(undefined, false)
    return this.filter((item, index) => !others.has(keyOf(item, index)))
  }

  /** The items that are among these as well. */
  intersect(items: Iterable<T>): this {
    const others = this.keysOf(items)
    const keyOf = this.keyed(undefined, false)
    return this.filter((item, index) => others.has(keyOf(item, index)))
  }

  /** With these items at the end. */
  merge(items: Iterable<T>): this {
    return this.alike(Array.from(this).concat(Array.from(items)))
  }

  /** What an item is compared by. */
  protected keyed(by: Retriever<T> | undefined, strict: boolean): Test<unknown> {
    const value = retriever(by) as Test<unknown>
    return strict ? value : (item, index) => looseKey(value(item, index))
  }

  private keysOf(items: Iterable<T>): Set<unknown> {
    return new Set(Array.from(items, this.keyed(undefined, false)))
  }
}
