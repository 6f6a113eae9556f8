import { addResolver, type RELATION, type RelationResolver, relationOf } from '../dynamic-relations'
import { loadRelations } from '../loading/eager-loader'
import '../loading/lazy-loader'
import { addLoads, type RelationArguments } from '../loading/loads'
import type { AnyModelClass } from '../model-meta'
import { stateOf } from '../model-proxy'
import type { Relation } from '../relations/relation'
import { LoadedRelations } from './loaded-relations'

/** The relation that a method of a model makes. */
type Made<Method> = Method extends (...args: never[]) => infer Kind
  ? Kind extends { readonly [RELATION]: true }
    ? Kind
    : Relation
  : Relation

/** Relations by their names. */
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
