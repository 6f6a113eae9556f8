import { InvalidArgumentException } from '../errors'
import { looseKey, type Retriever, retriever } from './collections/comparison'

/**
 * Items that are made one by one while they are read: `for await (const item of items)`. Each reading starts anew.
 * Methods that answer another collection read nothing by themselves.
 */
export class LazyCollection<Item> implements AsyncIterable<Item> {
  readonly #source: () => AsyncIterable<Item>

  /** @param source - Called for each reading. */
  constructor(source: () => AsyncIterable<Item>) {
    this.#source = source
  }

  [Symbol.asyncIterator](): AsyncIterator<Item, void> {
    return this.#source()[Symbol.asyncIterator]() as AsyncIterator<Item, void>
  }

  /** What a function makes of each item. */
  map<Made>(make: (item: Item, index: number) => Made): LazyCollection<Awaited<Made>> {
    return this.through(async function* (items) {
      let index = 0
      for await (const item of items) yield await make(item, index++)
    })
  }

  /** The items that a function says yes to; without one, those that are truthy. */
  filter(keep: (item: Item, index: number) => unknown = Boolean): LazyCollection<Item> {
    return this.through(async function* (items) {
      let index = 0
      for await (const item of items) if (await keep(item, index++)) yield item
    })
  }

  /** The items that a function says no to. */
  reject(drop: (item: Item, index: number) => unknown): LazyCollection<Item> {
    return this.filter(async (item, index) => !(await drop(item, index)))
  }

  /** The items of the lists that a function makes of each item. */
  flatMap<Made>(make: (item: Item, index: number) => Iterable<Made> | AsyncIterable<Made>): LazyCollection<Made> {
    return this.through(async function* (items) {
      let index = 0
      for await (const item of items) yield* make(item, index++)
    }) as LazyCollection<Made>
  }

  /** One value of each item: a property, a path such as `author.name`, what a function answers. */
  pluck<Key extends keyof Item>(by: Key): LazyCollection<Awaited<Item[Key]>>
  pluck<Value = unknown>(by: Retriever<Item>): LazyCollection<Value>
  pluck(by: PropertyKey | Retriever<Item>): LazyCollection<never> {
    return this.map(retriever(by as Retriever<Item>)) as LazyCollection<never>
  }

  /** Without the items whose value an earlier one has, loosely. Remembers the values that passed. */
  unique(by?: Retriever<Item>): LazyCollection<Item> {
    const value = retriever(by)
    return this.through(async function* (items) {
      const seen = new Set<unknown>()
      let index = 0
      for await (const item of items) {
        const key = looseKey(value(item, index++))
        if (seen.has(key)) continue
        seen.add(key)
        yield item
      }
    }) as LazyCollection<Item>
  }

  /** The first items. No more are read than that. */
  take(count: number): LazyCollection<Item> {
    return this.through(async function* (items) {
      if (count <= 0) return
      let left = count
      for await (const item of items) {
        yield item
        left -= 1
        if (left <= 0) return
      }
    })
  }

  /** The items until a function says no. */
  takeWhile(keep: (item: Item) => unknown): LazyCollection<Item> {
    return this.through(async function* (items) {
      for await (const item of items) {
        if (!(await keep(item))) return
        yield item
      }
    })
  }

  /** The items from the first one on that a function says no to. */
  skipWhile(skipped: (item: Item) => unknown): LazyCollection<Item> {
    return this.through(async function* (items) {
      let isSkipping = true
      for await (const item of items) {
        isSkipping = isSkipping && Boolean(await skipped(item))
        if (!isSkipping) yield item
      }
    }) as LazyCollection<Item>
  }

  /** All items but the first ones. */
  skip(count: number): LazyCollection<Item> {
    return this.filter((_, index) => index >= count)
  }

  /** Lists of so many items; the last one may be shorter. */
  chunk(size: number): LazyCollection<Item[]> {
    if (!Number.isInteger(size) || size < 1) {
      throw new InvalidArgumentException('The chunk size should be at least 1')
    }
    return this.through(async function* (items) {
      let piece: Item[] = []
      for await (const item of items) {
        piece.push(item)
        if (piece.length < size) continue
        yield piece
        piece = []
      }
      if (piece.length > 0) yield piece
    })
  }

  /** Calls back with each item as it passes. */
  tapEach(callback: (item: Item, index: number) => unknown): LazyCollection<Item> {
    return this.map(async (item, index) => {
      await callback(item, index)
      return item
    }) as LazyCollection<Item>
  }

  /** Reads the items and calls back with each, until the callback answers `false`. */
  async each(callback: (item: Item, index: number) => unknown): Promise<this> {
    let index = 0
    for await (const item of this) if ((await callback(item, index++)) === false) break
    return this
  }

  /** The first item, or the first that a function says yes to; `null` when there is none. */
  async first(wanted: (item: Item) => unknown = () => true): Promise<Item | null> {
    for await (const item of this) if (await wanted(item)) return item
    return null
  }

  /** Whether a function says yes to an item. Reads until it does. */
  async contains(wanted: (item: Item) => unknown): Promise<boolean> {
    for await (const item of this) if (await wanted(item)) return true
    return false
  }

  /** Whether a function says yes to all items. Reads until it does not. */
  async every(wanted: (item: Item) => unknown): Promise<boolean> {
    return !(await this.contains(async (item) => !(await wanted(item))))
  }

  /** Whether there is no item. Reads one. */
  async isEmpty(): Promise<boolean> {
    return !(await this.contains(() => true))
  }

  async isNotEmpty(): Promise<boolean> {
    return !(await this.isEmpty())
  }

  /** One value of all items. */
  async reduce<Total>(add: (total: Total, item: Item) => Total | Promise<Total>, initial: Total): Promise<Total> {
    let total = initial
    for await (const item of this) total = await add(total, item)
    return total
  }

  /** How many items there are. Reads them. */
  async count(): Promise<number> {
    return await this.reduce((total) => total + 1, 0)
  }

  /** All items in an array. */
  async toArray(): Promise<Item[]> {
    const items: Item[] = []
    for await (const item of this) items.push(item)
    return items
  }

  /** The same as {@link toArray}. */
  all(): Promise<Item[]> {
    return this.toArray()
  }

  private through<Made>(make: (items: AsyncIterable<Item>) => AsyncIterable<Made>): LazyCollection<Awaited<Made>> {
    return new LazyCollection(() => make(this)) as LazyCollection<Awaited<Made>>
  }
}
