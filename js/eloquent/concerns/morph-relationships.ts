import { InvalidArgumentException } from '../../errors'
import type { AggregateFunction } from '../../query/ast'
import { plural, snakeCase } from '../../support/text'
import { relationBeingMade } from '../dynamic-relations'
import { loadMorphAggregates, loadMorphs, type MorphAggregates, type MorphLoads } from '../loading/morph-loads'
import type { AnyModel, Model, ModelClass } from '../model'
import { type AnyModelClass, metaOf } from '../model-meta'
import { stateOf } from '../model-proxy'
import { modelClass } from '../model-registry'
import { addMorphMap, type MorphMap, mappedModel, morphAliasOf, morphMapOf, requireMorphMap } from '../morph-map'
import { MorphMany } from '../relations/morph-many'
import { MorphOne } from '../relations/morph-one'
import { type MorphTo, newMorphTo } from '../relations/morph-to'
import { MorphToMany } from '../relations/morph-to-many'
import { newRelation } from '../relations/relation'
import { PivotRelationships } from './pivot-relationships'

/** What a model has to do with others where one side is of several classes. */
export abstract class MorphRelationships extends PivotRelationships {
  /**
   * One model that refers to this one by key and class.
   *
   * @param name - Of its columns: `imageable` for `imageable_type` and `imageable_id`.
   * @example
   * image() { return this.morphOne(Image, 'imageable') }
   */
  morphOne<Related extends AnyModel = Model>(
    related: ModelClass<Related> | string,
    name: string,
    type: string = `${name}_type`,
    id: string = `${name}_id`,
    localKey: string = this.getKeyName(),
  ): MorphOne<Related, this> {
    const other = modelClass(related as AnyModelClass)
    return newRelation(MorphOne<Related, this>, this, other, id, localKey, [type, this.getMorphClass()] as const)
  }

  /**
   * Many models that refer to this one by key and class.
   *
   * @param name - Of their columns: `commentable` for `commentable_type` and `commentable_id`.
   * @example
   * comments() { return this.morphMany(Comment, 'commentable') }
   */
  morphMany<Related extends AnyModel = Model>(
    related: ModelClass<Related> | string,
    name: string,
    type: string = `${name}_type`,
    id: string = `${name}_id`,
    localKey: string = this.getKeyName(),
  ): MorphMany<Related, this> {
    const other = modelClass(related as AnyModelClass)
    return newRelation(MorphMany<Related, this>, this, other, id, localKey, [type, this.getMorphClass()] as const)
  }

  /**
   * The model that this one refers to by key and class.
   *
   * @param name - Of the columns: `commentable` for `commentable_type` and `commentable_id`. Default: the name of the
   * method that makes the relation.
   * @example
   * commentable() { return this.morphTo() }
   */
  morphTo<Related = Model>(name?: string, type?: string, id?: string, ownerKey?: string): MorphTo<Related, this> {
    const called = relationBeingMade()
    const base = name ?? (called === undefined ? undefined : snakeCase(called))
    if (base === undefined && (type === undefined || id === undefined)) {
      throw new InvalidArgumentException(
        "morphTo() does not know its columns: name them, as in morphTo('commentable').",
      )
    }
    const columns = { type: type ?? `${base}_type`, id: id ?? `${base}_id`, ownerKey }
    const relation = newMorphTo<Related, this>(this, columns)
    relation.relationName ??= called ?? name
    return relation
  }

  /**
   * Many models, tied by a table whose side here is of several classes.
   *
   * @param name - Of the columns there: `taggable` for `taggable_type` and `taggable_id`.
   * @param table - Default: the plural of the name.
   * @example
   * tags() { return this.morphToMany(Tag, 'taggable') }
   */
  morphToMany<Related extends AnyModel = Model>(
    related: ModelClass<Related> | string,
    name: string,
    table: string = plural(name),
    foreignPivotKey: string = `${name}_id`,
    relatedPivotKey?: string,
    parentKey: string = this.getKeyName(),
    relatedKey?: string,
  ): MorphToMany<Related, this> {
    const other = modelClass(related as AnyModelClass)
    const meta = metaOf(other)
    const pivot = {
      ...{ table, foreignPivotKey, parentKey },
      relatedPivotKey: relatedPivotKey ?? meta.foreignKey,
      relatedKey: relatedKey ?? meta.singleKey,
    }
    return newRelation(MorphToMany<Related, this>, this, other, pivot, [`${name}_type`, this.getMorphClass()] as const)
  }

  /**
   * The other side of {@link morphToMany}: models of one of the classes.
   *
   * @example
   * posts() { return this.morphedByMany(Post, 'taggable') }
   */
  morphedByMany<Related extends AnyModel = Model>(
    related: ModelClass<Related> | string,
    name: string,
    table: string = plural(name),
    foreignPivotKey: string = this.getForeignKey(),
    relatedPivotKey: string = `${name}_id`,
    parentKey: string = this.getKeyName(),
    relatedKey?: string,
  ): MorphToMany<Related, this> {
    const other = modelClass(related as AnyModelClass)
    const pivot = {
      ...{ table, foreignPivotKey, relatedPivotKey, parentKey },
      relatedKey: relatedKey ?? metaOf(other).singleKey,
    }
    return newRelation(MorphToMany<Related, this>, this, other, pivot, [`${name}_type`, morphAliasOf(other)] as const)
  }

  /** The text that stands for the class of this model. */
  getMorphClass(): string {
    return morphAliasOf(stateOf(this).meta.model)
  }

  /**
   * Loads relations of what a loaded relation holds, by class.
   *
   * @example
   * await comment.loadMorph('commentable', [[Post, 'author'], [Video, 'tags']])
   */
  async loadMorph(name: string, relations: MorphLoads): Promise<this> {
    await loadMorphs([this], name, relations)
    return this
  }

  /**
   * Counts related rows of what a loaded relation holds, by class.
   *
   * @example
   * await comment.loadMorphCount('commentable', [[Post, 'likes'], [Video, 'views']])
   * comment.commentable.likes_count
   */
  loadMorphCount(name: string, relations: MorphAggregates): Promise<this> {
    return this.loadMorphAggregate(name, relations, '*', 'count')
  }

  /** What a function computes of a column of their related rows. */
  async loadMorphAggregate(
    name: string,
    relations: MorphAggregates,
    column: string,
    of: AggregateFunction | 'exists',
  ): Promise<this> {
    await loadMorphAggregates([this], name, relations, column, of)
    return this
  }

  /** The text that stands for this class. */
  static getMorphClass(): string {
    return morphAliasOf(this as unknown as AnyModelClass)
  }

  /**
   * Says which texts stand for which classes, beside those that are said already; without argument, answers them. Holds
   * for this class and those that extend it.
   *
   * @example
   * Model.morphMap({ post: Post, video: Video })
   */
  static morphMap(map?: MorphMap, merge = true): Record<string, AnyModelClass | string> {
    const owner = this as unknown as AnyModelClass
    if (map !== undefined) addMorphMap(owner, map, merge)
    return Object.fromEntries(morphMapOf(owner))
  }

  /** As {@link morphMap}, in place of what this class was told before. */
  static setMorphMap(map: MorphMap): void {
    addMorphMap(this as unknown as AnyModelClass, map, false)
  }

  /** As {@link morphMap}; classes that are not in it are an error from now on. */
  static enforceMorphMap(map: MorphMap, merge = true): void {
    addMorphMap(this as unknown as AnyModelClass, map, merge)
    requireMorphMap(this as unknown as AnyModelClass, true)
  }

  /** Makes it an error to store the name of a class that no map has. */
  static requireMorphMap(require = true): void {
    requireMorphMap(this as unknown as AnyModelClass, require)
  }

  /** The class that a text stands for in the map. */
  static getMorphedModel(alias: string): AnyModelClass | undefined {
    return mappedModel(this as unknown as AnyModelClass, alias)
  }
}
