import { order, type Retriever, retriever } from './comparison'
import { Groups } from './groups'

/** How items are sorted: by what, or by comparing two; and whether the highest comes first. */
export type SortRule<T> = Retriever<T> | readonly [Retriever<T>, ('asc' | 'desc' | boolean)?]

/** The order of items, and numbers of them. Texts of numbers count as numbers: databases write decimals so. */
export abstract class Numbers<T> extends Groups<T> {
  /** Sorts in place, as arrays do; without a comparison numbers by size and texts by letters. */
  override sort(compare: (one: T, other: T) => number = order): this {
    return super.sort(compare)
  }

  sortDesc(): this {
    return this.alike(this.all().sort((one, other) => order(other, one)))
  }

  /**
   * The items by a value; of several rules, the next one decides where those before it do not.
   *
   * @example
   * users.sortBy('name')
   * users.sortBy([['name', 'asc'], ['age', 'desc']])
   */
  sortBy(by: Retriever<T> | readonly SortRule<T>[], descending = false): this {
    const rules = typeof by === 'object' ? by : [[by, descending ? 'desc' : 'asc'] as const]
    const settled = rules.map((rule) => {
      const [name, direction] = (typeof rule === 'object' ? rule : [rule]) as [Retriever<T>, unknown?]
      return { read: retriever(name), sign: direction === 'desc' || direction === false ? -1 : 1 }
    })
    const keyed = Array.from(this, (item, index) => ({
      item,
      values: settled.map(({ read }) => read(item, index)),
    }))
    keyed.sort((one, other) => {
      for (const [at, { sign }] of settled.entries()) {
        const difference = order(one.values[at], other.values[at])
        if (difference !== 0) return difference * sign
      }
      return 0
    })
    return this.alike(keyed.map(({ item }) => item))
  }

  sortByDesc(by: Retriever<T>): this {
    return this.sortBy(by, true)
  }

  /** The sum of the items, or of one value of each; 0 without items. */
  sum(by?: Retriever<T>): number {
    const read = retriever(by)
    let sum = 0
    for (let index = 0; index < this.length; index += 1) sum += Number(read(this[index] as T, index) ?? 0)
    return sum
  }

  /** The mean of the values that there are; `null` without any. */
  avg(by?: Retriever<T>): number | null {
    const numbers = this.present(by)
    return numbers.length === 0 ? null : numbers.reduce<number>((sum, value) => sum + Number(value), 0) / numbers.length
  }

  /** The same as {@link avg}. */
  average(by?: Retriever<T>): number | null {
    return this.avg(by)
  }

  /** The highest value; `null` without items. */
  max<V = T>(by?: Retriever<T>): V | null {
    return this.extreme(by, 1) as V | null
  }

  /** The lowest value; `null` without items. */
  min<V = T>(by?: Retriever<T>): V | null {
    return this.extreme(by, -1) as V | null
  }

  /** The value in the middle, or the mean of the two there; `null` without items. */
  median(by?: Retriever<T>): number | null {
    const numbers = this.present(by)
      .map(Number)
      .sort((one, other) => one - other)
    if (numbers.length === 0) return null
    const middle = numbers.length / 2
    const [low, high] = [numbers[Math.ceil(middle) - 1] as number, numbers[Math.floor(middle)] as number]
    return (low + high) / 2
  }

  /** How many of 100 items a function says yes to; `null` without items. */
  percentage(wanted: (item: T, index: number) => unknown, digits = 2): number | null {
    if (this.isEmpty()) return null
    return Number(((this.filter(wanted).length / this.length) * 100).toFixed(digits))
  }

  /** One text of the items, or of one value of each. */
  implode(by: Retriever<T>, glue?: string): string {
    const isGlue = glue === undefined && typeof by === 'string' && !this.some((item) => typeof item === 'object')
    if (isGlue) return super.join(by)
    return Array.from(this, retriever(by)).join(glue ?? '')
  }

  /** One text of the items, with another `glue` before the last one. */
  override join(glue?: string, last?: string): string {
    if (last === undefined || this.length < 2) return super.join(glue)
    return `${this.all().slice(0, -1).join(glue)}${last}${this[this.length - 1]}`
  }

  private present(by?: Retriever<T>): unknown[] {
    return Array.from(this, retriever(by)).filter((value) => value !== null && value !== undefined)
  }

  private extreme(by: Retriever<T> | undefined, sign: number): unknown {
    let found: unknown = null
    for (const value of this.present(by)) if (found === null || order(value, found) * sign > 0) found = value
    return found
  }
}
