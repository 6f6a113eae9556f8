import { InvalidArgumentException } from '../errors'
import { Numbers } from './collections/numbers'
import { LazyCollection } from './lazy-collection'
import { type Macro, Macros } from './macros'

/**
 * Items in an array, with the methods of Laravel's collections.
 *
 * Methods that change an array in place do so here as well; all others answer a new collection. Values are compared
 * loosely: `1` is `'1'`. What is kept by name (`groupBy`, `keyBy`) is an ordinary object.
 *
 * @example
 * collect([1, 2, 3]).map((n) => n * 2).filter((n) => n > 2).sum() // 10
 */
export class Collection<T = unknown> extends Numbers<T> {
  /** A collection of these items, of the values of an object, or of one item. */
  static make<T>(items?: Iterable<T> | Readonly<Record<string, T>> | null): Collection<T> {
    return new Collection<T>(listOf(items))
  }

  /** A collection of these items; something else becomes its only item. */
  static wrap<T>(items: Iterable<T> | T | null | undefined): Collection<T> {
    return new Collection<T>(isItems(items) ? items : items === null || items === undefined ? [] : [items as T])
  }

  /** The items of a collection, and anything else as it is. */
  static unwrap<T>(items: Collection<T> | T): T[] | T {
    return items instanceof Collection ? items.all() : items
  }

  static empty<T>(): Collection<T> {
    return new Collection<T>()
  }

  /** What a function makes of the numbers from 1 to `count`. */
  static times<T>(count: number, make: (number: number) => T): Collection<T> {
    return new Collection<T>(Array.from({ length: Math.max(0, count) }, (_, index) => make(index + 1)))
  }

  /** The whole numbers from one to another. */
  static range(from: number, to: number, step = 1): Collection<number> {
    if (!(step > 0)) throw new InvalidArgumentException('The step of a range is a number above 0.')
    const sign = to < from ? -1 : 1
    const length = Math.floor(Math.abs(to - from) / step) + 1
    return new Collection<number>(Array.from({ length }, (_, index) => from + sign * index * step))
  }

  /**
   * Gives every collection a method more.
   *
   * @throws InvalidArgumentException for the name of a method that collections have.
   */
  static macro(name: string, method: (this: Collection, ...args: never[]) => unknown): void {
    macros.add(name, method as Macro<Collection>)
  }

  static hasMacro(name: string): boolean {
    return macros.has(name)
  }

  static flushMacros(): void {
    macros.flush()
  }

  protected collectionOf<U>(items: Iterable<U>): Collection<U> {
    return new Collection<U>(items)
  }

  /** The same items in a plain collection. */
  toBase(): Collection<T> {
    return new Collection<T>(this)
  }

  /** The same items in another collection. */
  collect(): Collection<T> {
    return new Collection<T>(this)
  }

  /** The items, in a collection that reads them one by one. */
  lazy(): LazyCollection<T> {
    const items = this
    return new LazyCollection<T>(async function* () {
      for (const item of items) yield item
    })
  }

  /** The items, without the gaps that `delete` left. It is an iterator too, as arrays answer one. */
  override values(): this & ArrayIterator<T> {
    const items = this.alike(Array.from(this).filter((_, index) => index in this))
    const iterator = items[Symbol.iterator]()
    Object.defineProperty(items, 'next', { value: () => iterator.next() })
    return items as this & ArrayIterator<T>
  }
}

const macros = new Macros<Collection>(Collection.prototype as Collection, 'Collections')

/**
 * A collection of these items.
 *
 * @example
 * collect([5]).all() // [5]
 */
export function collect<T>(items?: Iterable<T> | Readonly<Record<string, T>> | null): Collection<T> {
  return Collection.make(items)
}

function isItems<T>(items: unknown): items is Iterable<T> {
  return typeof items === 'object' && items !== null && Symbol.iterator in items
}

function listOf<T>(items: unknown): Iterable<T> {
  if (isItems<T>(items)) return items
  if (items === null || items === undefined) return []
  const isPlain = typeof items === 'object' && Object.getPrototypeOf(items) === Object.prototype
  return isPlain ? Object.values(items as Record<string, T>) : [items as T]
}
