import { InvalidArgumentException, ModelNotFoundException } from '../errors'
import type { AnyRow } from '../query/columns'
import { Collection } from '../support/collection'
import { looseKey, named, nameOf, type Retriever } from '../support/collections/comparison'
import type { Test } from '../support/collections/items'
import type { EloquentBuilder } from './builder/eloquent-builder'
import type { ModelKey } from './builder/model-reads'
import { CollectionLoads } from './collection-loads'
import type { RelationArguments } from './loading/loads'
import { loadMorphAggregates, loadMorphs, type MorphAggregates, type MorphLoads } from './loading/morph-loads'
import type { AnyModel } from './model'
import { isModel, stateOf } from './model-proxy'

/** What a function makes of models: models again, or something else. */
type Mapped<U> = U extends AnyModel ? EloquentCollection<U> : Collection<U>

/**
 * Models, in an array with the methods of collections. Two models are the same when they have the same key; keys are
 * compared loosely, `1` with `'1'`.
 *
 * @example
 * const users = await User.where('active', true).get()
 * users.find(3)
 * users.sortBy('name').pluck('email')
 */
export class EloquentCollection<M = object> extends CollectionLoads<M> {
  /** A collection of these. */
  static override from<T>(items: Iterable<T> | ArrayLike<T>): EloquentCollection<T> {
    return new EloquentCollection<T>(Array.isArray(items) ? items : Array.from(items))
  }

  static override make<T>(items?: Iterable<T> | Readonly<Record<string, T>> | null): EloquentCollection<T> {
    return new EloquentCollection<T>(Collection.make(items))
  }

  /** The keys of the models. */
  modelKeys(): unknown[] {
    return Array.from(this, keyOf)
  }

  /** The models by their keys. */
  getDictionary(): Record<string, M> {
    return named(Array.from(this, (model) => [nameOf(keyOf(model)), model] as const))
  }

  /**
   * The model with a key; of several keys, those that are there; of a function, the first that it says yes to.
   *
   * @example
   * users.find(3) // the user, or null
   * users.find([1, 2]) // a collection
   * users.find((user) => user.name === 'Ada') // the user, or undefined
   */
  override find<S extends M>(wanted: (model: M, index: number, all: M[]) => model is S): S | undefined
  override find(wanted: (model: M, index: number, all: M[]) => unknown): M | undefined
  override find(keys: readonly unknown[]): this
  override find<D = null>(key: ModelKey | object, otherwise?: D | (() => D)): M | D
  override find(wanted: unknown, otherwise?: unknown): unknown {
    if (typeof wanted === 'function') return super.find(wanted as (model: M) => unknown)
    if (Array.isArray(wanted)) return this.only(wanted)
    return this.first(this.wants(wanted, []), otherwise)
  }

  /** @throws ModelNotFoundException that names the keys that are missing. */
  findOrFail(keys: readonly unknown[]): this
  findOrFail(key: ModelKey | object): M
  findOrFail(wanted: unknown): unknown {
    const keys = Array.isArray(wanted) ? wanted : [wanted]
    const found = this.only(keys)
    const known = new Set(found.modelKeys().map(looseKey))
    const missing = keys.map(keyOf).filter((key) => !known.has(looseKey(key)))
    const name = isModel(this[0]) ? stateOf(this[0]).meta.model.name : 'Model'
    if (missing.length > 0) throw new ModelNotFoundException(name, missing)
    return Array.isArray(wanted) ? found : found[0]
  }

  /** The models with these keys. */
  override only(keys: readonly unknown[]): this {
    const wanted = new Set(keys.map((key) => looseKey(keyOf(key))))
    return this.filter((model) => wanted.has(looseKey(keyOf(model))))
  }

  /** The models without these keys. */
  override except(keys: readonly unknown[]): this {
    const dropped = new Set(keys.map((key) => looseKey(keyOf(key))))
    return this.reject((model: M) => dropped.has(looseKey(keyOf(model))))
  }

  /** With these models; of two with the same key, the last one, in the place of the first. */
  override merge(models: Iterable<M>): this {
    const merged = new Map<unknown, M>()
    for (const each of [this, models]) for (const model of each) merged.set(identity(model), model)
    return this.alike(merged.values())
  }

  override filter<S extends M>(keep: (model: M, index: number, all: M[]) => model is S): EloquentCollection<S>
  override filter(keep?: (model: M, index: number, all: M[]) => unknown): this
  override filter(keep?: (model: M, index: number, all: M[]) => unknown): never {
    return super.filter(keep) as never
  }

  /** A collection of models where the function makes models, else a plain one. */
  override map<U>(make: (model: M, index: number, all: M[]) => U): Mapped<U> {
    return settled(super.map(make))
  }

  override flatMap<U>(make: (model: M, index: number, all: M[]) => U | readonly U[]): Mapped<U> {
    return settled(super.flatMap(make))
  }

  /** Loads relations of what a loaded relation holds, by class: `loadMorph('commentable', [[Post, 'author']])`. */
  async loadMorph(name: string, relations: MorphLoads): Promise<this> {
    await loadMorphs(this as readonly object[], name, relations)
    return this
  }

  /** Counts related rows of what a loaded relation holds, by class: `loadMorphCount('commentable', [[Post, 'likes']])`. */
  async loadMorphCount(name: string, relations: MorphAggregates): Promise<this> {
    await loadMorphAggregates(this as readonly object[], name, relations, '*', 'count')
    return this
  }

  /**
   * The models as they are in the database now; without those that are gone. One query.
   *
   * @param relations - What to load with them.
   */
  async fresh(...relations: RelationArguments): Promise<this> {
    const saved = this.filter((model) => isModel(model) && stateOf(model).exists)
    if (saved.isEmpty()) return saved
    const query = (saved[0] as unknown as AnyModel).newQueryWithoutScopes().with(...relations)
    const again = (await query.whereKey(saved.modelKeys() as ModelKey[]).get()) as unknown as EloquentCollection<M>
    const found = new Map(Array.from(again, (model) => [looseKey(keyOf(model)), model]))
    return this.alike(Array.from(saved, (model) => found.get(looseKey(keyOf(model)))).filter(isModel) as M[])
  }

  /**
   * A query of these models.
   *
   * @throws InvalidArgumentException for an empty collection, and one with models of several classes.
   * @example
   * await users.toQuery().update({ status: 'inactive' }) // update "users" set … where "users"."id" in ($1, $2)
   */
  toQuery<Of extends M = M>(): EloquentBuilder<AnyRow, Of> {
    const [first] = this
    if (!isModel(first)) throw new InvalidArgumentException('An empty collection has no query.')
    const { model } = stateOf(first).meta
    if (this.some((each) => !isModel(each) || stateOf(each).meta.model !== model)) {
      throw new InvalidArgumentException('A collection of models of several classes has no query.')
    }
    const query = (first as unknown as AnyModel).newQueryWithoutScopes().whereKey(this.modelKeys() as ModelKey[])
    return query as unknown as EloquentBuilder<AnyRow, Of>
  }

  /** Shows these attributes and relations of each model. */
  makeVisible(...keys: readonly (string | readonly string[])[]): this {
    return this.each((model) => void (model as AnyModel).makeVisible(...keys))
  }

  makeHidden(...keys: readonly (string | readonly string[])[]): this {
    return this.each((model) => void (model as AnyModel).makeHidden(...keys))
  }

  setVisible(keys: readonly string[]): this {
    return this.each((model) => void (model as AnyModel).setVisible(keys))
  }

  setHidden(keys: readonly string[]): this {
    return this.each((model) => void (model as AnyModel).setHidden(keys))
  }

  /** Adds accessors to the plain data of each model. */
  append(...keys: readonly (string | readonly string[])[]): this {
    return this.each((model) => void (model as AnyModel).append(...keys))
  }

  setAppends(keys: readonly string[]): this {
    return this.each((model) => void (model as AnyModel).setAppends(keys))
  }

  /** What models are compared by. */
  protected override keyed(by: Retriever<M> | undefined, strict: boolean): Test<unknown> {
    return by === undefined ? identity : super.keyed(by, strict)
  }

  /** `contains` and `search` take keys and models as well. */
  protected override wants(wanted: unknown, condition: readonly unknown[]): Test<unknown> {
    if (condition.length > 0 || typeof wanted === 'function') return super.wants(wanted, condition)
    if (isModel(wanted) && keyOf(wanted) === undefined) return (model) => model === wanted
    if (isModel(wanted)) return (model) => isModel(model) && (model as AnyModel).is(wanted)
    const key = looseKey(wanted)
    return (model) => key !== null && looseKey(keyOf(model)) === key
  }
}

/** The key of a model; a key itself. */
function keyOf(model: unknown): unknown {
  return isModel(model) ? (model as AnyModel).getKey() : model
}

/** What is the same for two models of the same row: a text of the class's table and the key; a model without key itself. */
function identity(model: unknown): unknown {
  const key = looseKey(keyOf(model))
  return isModel(model) && key !== null ? `${(model as AnyModel).getTable()} ${String(key)}` : (key ?? model)
}

function settled<U>(made: Collection<U>): Mapped<U> {
  return (made.every(isModel) ? EloquentCollection.from(made) : made) as Mapped<U>
}
