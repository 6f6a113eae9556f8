/** Attributes, or what makes them. */
export type SequenceItem = object | ((sequence: Sequence) => unknown)

/**
 * Gives its items in turn, and begins again after the last.
 *
 * @example
 * await User.factory().count(4).state(new Sequence({ admin: true }, { admin: false })).create()
 */
export class Sequence {
  /** How many items were given so far. */
  index = 0
  private readonly items: readonly SequenceItem[]

  constructor(...items: readonly SequenceItem[]) {
    this.items = items
  }

  /** How many items there are before it begins again. */
  get count(): number {
    return this.items.length
  }

  /** The next item. A function is called with the sequence, whose `index` is that of the item. */
  next(): unknown {
    const item = this.items[this.index % this.items.length]
    try {
      return typeof item === 'function' ? (item as (sequence: Sequence) => unknown)(this) : item
    } finally {
      this.index += 1
    }
  }
}

/** Every combination of items of these lists, the last list changing fastest. */
export function crossJoined(lists: readonly (readonly object[])[]): object[] {
  return lists.reduce<object[]>(
    (made, list) => made.flatMap((one) => list.map((other) => ({ ...one, ...other }))),
    [{}],
  )
}
