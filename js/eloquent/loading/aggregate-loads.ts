import type { AggregateFunction } from '../../query/ast'
import type { AggregateArguments } from './aggregates'

/** What reads numbers about related rows into models that are there. */
export interface AggregateLoads {
  /**
   * Reads how many related rows there are, as `posts_count`: one query, however many the models.
   *
   * @param relations - As `withCount()` takes them.
   * @example
   * await user.loadCount('posts')
   * await users.loadCount('posts', { comments: (query) => query.where('spam', false) })
   */
  loadCount(...relations: AggregateArguments): Promise<this>
  /** Whether there are related rows, as `posts_exists`. */
  loadExists(...relations: AggregateArguments): Promise<this>
  /** The sum of a column of related rows, as `posts_sum_stars`. */
  loadSum(relations: AggregateArguments[number], column: string): Promise<this>
  /** Its mean. */
  loadAvg(relations: AggregateArguments[number], column: string): Promise<this>
  /** Its smallest value. */
  loadMin(relations: AggregateArguments[number], column: string): Promise<this>
  /** Its largest value. */
  loadMax(relations: AggregateArguments[number], column: string): Promise<this>
}

/** What they stand on. */
interface Loading {
  loadAggregate(relations: AggregateArguments, column: string, of: AggregateFunction | 'exists'): Promise<unknown>
}

/** Gives models, or collections of them, these methods. */
export function addAggregateLoads(prototype: Loading): void {
  const define = (name: keyof AggregateLoads, value: (this: Loading, ...args: never[]) => unknown) =>
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true })
  for (const [name, of] of [
    ['loadCount', 'count'],
    ['loadExists', 'exists'],
  ] as const) {
    define(name, function (...relations: AggregateArguments) {
      return this.loadAggregate(relations, '*', of)
    })
  }
  for (const [name, of] of [
    ['loadSum', 'sum'],
    ['loadAvg', 'avg'],
    ['loadMin', 'min'],
    ['loadMax', 'max'],
  ] as const) {
    define(name, function (relations: AggregateArguments[number], column: string) {
      return this.loadAggregate([relations], column, of)
    })
  }
}
