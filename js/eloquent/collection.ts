import type { AnyRow } from '../query/columns'
import { CollectionLoads } from './collection-loads'

/** Models, in an array. */
export class EloquentCollection<M = object> extends CollectionLoads<M> {
  /** Methods such as `map` answer plain arrays: what they make need not be models. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  /** A collection of these. */
  static override from<T>(items: Iterable<T> | ArrayLike<T>): EloquentCollection<T> {
    const collection = new EloquentCollection<T>()
    for (const item of Array.from(items)) collection.push(item)
    return collection
  }

  /** The keys of the models. */
  modelKeys(): unknown[] {
    return this.map((model) => (model as { getKey(): unknown }).getKey())
  }

  /** As plain data. */
  toArray(): AnyRow[] {
    return this.map((model) => (model as { toArray(): AnyRow }).toArray())
  }
}
