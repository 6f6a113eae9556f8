import type { AggregateFunction } from '../query/ast'
import { Collection } from '../support/collection'
import { type AggregateLoads, addAggregateLoads } from './loading/aggregate-loads'
import { type AggregateArguments, loadAggregates } from './loading/aggregates'
import { loadRelations } from './loading/eager-loader'
import { addLoads, type RelationArguments } from './loading/loads'

// biome-ignore lint/correctness/noUnusedVariables: it takes what its class takes.
export interface CollectionLoads<M = object> extends AggregateLoads {}

/** Relations that are loaded for all models of a collection at once. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are added below.
export abstract class CollectionLoads<M = object> extends Collection<M> {
  /**
   * Loads relations of all models: one query for each relation of each level.
   *
   * @param relations - As `with()` takes them.
   * @example
   * await users.load('posts.comments', { roles: (query) => query.orderBy('name') })
   * // select * from "posts" where "posts"."user_id" in (1, 2, 3)
   */
  async load(...relations: RelationArguments): Promise<this> {
    await loadRelations(this.ownModels(), addLoads(new Map(), relations))
    return this
  }

  /** Loads the relations that are not loaded yet, on each level. */
  async loadMissing(...relations: RelationArguments): Promise<this> {
    await loadRelations(this.ownModels(), addLoads(new Map(), relations), { onlyMissing: true })
    return this
  }

  /** What a function computes of a column of related rows. */
  async loadAggregate(relations: AggregateArguments, column: string, of: AggregateFunction | 'exists'): Promise<this> {
    await loadAggregates(this.ownModels(), (query) => query.withAggregate(relations, column, of))
    return this
  }

  private ownModels(): readonly object[] {
    return this as readonly unknown[] as readonly object[]
  }
}

addAggregateLoads(CollectionLoads.prototype)
