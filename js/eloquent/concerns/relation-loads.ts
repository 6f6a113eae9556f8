import type { AggregateFunction } from '../../query/ast'
import { addResolver, type RELATION, type RelationResolver, relationOf } from '../dynamic-relations'
import { type AggregateLoads, addAggregateLoads } from '../loading/aggregate-loads'
import { type AggregateArguments, loadAggregates } from '../loading/aggregates'
import { loadRelations } from '../loading/eager-loader'
import '../loading/lazy-loader'
import { addLoads, type RelationArguments } from '../loading/loads'
import { listenersOf, withoutEvents } from '../model-events'
import type { AnyModelClass } from '../model-meta'
import { isModel, stateOf } from '../model-proxy'
import type { Relation } from '../relations/relation'
import { LoadedRelations } from './loaded-relations'

/** The relation that a method of a model makes. */
type Made<Method> = Method extends (...args: never[]) => infer Kind
  ? Kind extends { readonly [RELATION]: true }
    ? Kind
    : Relation
  : Relation

/** Saves models and what is loaded below them, each once. */
async function pushAll(models: Iterable<object>, seen: Set<object>): Promise<boolean> {
  for (const model of models) {
    const state = stateOf(model)
    if (seen.has(state)) continue
    seen.add(state)
    if (!(await (model as RelationLoads).save())) return false
    for (const related of [...(state.relations?.values() ?? [])]) {
      const below = (Array.isArray(related) ? related : [related]).filter(isModel)
      if (!(await pushAll(below, seen))) return false
    }
  }
  return true
}

export interface RelationLoads extends AggregateLoads {}

/** Relations by their names. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are added below.
export abstract class RelationLoads extends LoadedRelations {
  /**
   * A new relation of the model, whatever is loaded under its name.
   *
   * @throws RelationNotFoundException when the class has no such relation.
   * @example
   * await user.relation('posts').create({ title: 'Hello' })
   */
  relation<const Name extends string>(name: Name): Name extends keyof this ? Made<this[Name]> : Relation {
    return relationOf(this, stateOf(this).meta, name) as never
  }

  /** Whether the class has such a relation. */
  isRelation(name: string): boolean {
    try {
      return relationOf(this, stateOf(this).meta, name) !== undefined
    } catch {
      return false
    }
  }

  /**
   * Loads relations, whether they are loaded or not.
   *
   * @param relations - As `with()` takes them.
   * @example
   * await user.load('posts.comments', { roles: (query) => query.orderBy('name') })
   */
  override async load(...relations: RelationArguments): Promise<this> {
    await loadRelations([this], addLoads(new Map(), relations))
    return this
  }

  /**
   * Loads the relations that are not loaded yet, on each level.
   *
   * @example
   * await user.loadMissing('posts.comments')
   */
  async loadMissing(...relations: RelationArguments): Promise<this> {
    await loadRelations([this], addLoads(new Map(), relations), { onlyMissing: true })
    return this
  }

  /** What a function computes of a column of related rows. */
  async loadAggregate(relations: AggregateArguments, column: string, of: AggregateFunction | 'exists'): Promise<this> {
    await loadAggregates([this], (query) => query.withAggregate(relations, column, of))
    return this
  }

  /**
   * Saves the model and everything that is loaded below it.
   *
   * @returns Whether all was written; it ends at the first model that was not.
   * @example
   * user.name = 'Ada'
   * user.posts[0].title = 'Hello'
   * await user.push()
   */
  async push(): Promise<boolean> {
    return await pushAll([this], new Set())
  }

  /** As {@link push}, without events. */
  pushQuietly(): Promise<boolean> {
    return withoutEvents(() => this.push())
  }

  protected override async touchOwner(name: string): Promise<void> {
    const relation = relationOf(this, stateOf(this).meta, name)
    if (!relation.hasParentKey()) return
    await relation.touch()
    const { options, model } = relation.meta
    // Owners are only read where somebody has to hear of it.
    if (options.touches.length === 0 && listenersOf(model, 'saved').length === 0) return
    const owners: unknown = await relation.getResults()
    for (const owner of Array.isArray(owners) ? owners : [owners]) {
      if (!isModel(owner)) continue
      await (owner as RelationLoads).fireModelEvent('saved')
      await (owner as RelationLoads).touchOwners()
    }
  }

  /**
   * Gives a class a relation from outside.
   *
   * @example
   * Order.resolveRelationUsing('customer', (order) => order.belongsTo(Customer))
   */
  static resolveRelationUsing(name: string, resolver: RelationResolver): void {
    addResolver(this as unknown as AnyModelClass, name, resolver)
  }
}

addAggregateLoads(RelationLoads.prototype)
