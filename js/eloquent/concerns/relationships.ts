import { snakeCase } from '../../support/text'
import type { AnyModel, Model, ModelClass } from '../model'
import { type AnyModelClass, metaOf } from '../model-meta'
import { modelClass, registeredModel, registerModel } from '../model-registry'
import { BelongsTo } from '../relations/belongs-to'
import { HasMany } from '../relations/has-many'
import { HasManyThrough } from '../relations/has-many-through'
import { HasOne } from '../relations/has-one'
import { HasOneThrough } from '../relations/has-one-through'
import type { ThroughKeys } from '../relations/has-through'
import { PendingHasThrough } from '../relations/pending-through'
import { newRelation, type Relation } from '../relations/relation'
import { MorphRelationships } from './morph-relationships'

/** The columns of a relation over another table. */
type ThroughColumns = readonly [
  firstKey?: string | null,
  secondKey?: string | null,
  localKey?: string | null,
  secondLocalKey?: string | null,
]

/** What a model has to do with others, each kind by its name. */
export abstract class Relationships extends MorphRelationships {
  /**
   * One model that refers to this one.
   *
   * @param related - Its class, or the name that it is registered by.
   * @param foreignKey - Its column that refers here. Default: `user_id` for `User`.
   * @param localKey - The column that it refers to. Default: the key.
   * @example
   * phone() { return this.hasOne(Phone) }
   */
  hasOne<Related extends AnyModel = Model>(
    related: ModelClass<Related> | string,
    foreignKey: string = this.getForeignKey(),
    localKey: string = this.getKeyName(),
  ): HasOne<Related, this> {
    return newRelation(HasOne<Related, this>, this, modelClass(related as AnyModelClass), foreignKey, localKey)
  }

  /**
   * Many models that refer to this one.
   *
   * @param related - Their class, or the name that it is registered by.
   * @param foreignKey - Their column that refers here. Default: `user_id` for `User`.
   * @param localKey - The column that they refer to. Default: the key.
   * @example
   * posts() { return this.hasMany(Post) }
   */
  hasMany<Related extends AnyModel = Model>(
    related: ModelClass<Related> | string,
    foreignKey: string = this.getForeignKey(),
    localKey: string = this.getKeyName(),
  ): HasMany<Related, this> {
    return newRelation(HasMany<Related, this>, this, modelClass(related as AnyModelClass), foreignKey, localKey)
  }

  /**
   * The model that this one refers to.
   *
   * @param related - Its class, or the name that it is registered by.
   * @param foreignKey - The column that refers to it. Default: `user_id` for `User`.
   * @param ownerKey - Its column that is referred to. Default: its key.
   * @example
   * user() { return this.belongsTo(User) }
   */
  belongsTo<Related extends AnyModel = Model>(
    related: ModelClass<Related> | string,
    foreignKey?: string,
    ownerKey?: string,
  ): BelongsTo<Related, this> {
    const owner = modelClass(related as AnyModelClass)
    const key = ownerKey ?? (typeof owner === 'function' ? metaOf(owner).singleKey : '')
    const column = foreignKey ?? `${snakeCase(owner?.name ?? '')}_${key}`
    return newRelation(BelongsTo<Related, this>, this, owner, column, key)
  }

  /**
   * One model over another in between: the mechanic's car's owner.
   *
   * @param related - Its class, or the name that it is registered by.
   * @param through - The class in between.
   * @param columns - Four, each of which may be left out: that in between which refers here (`mechanic_id`), the related
   * one that refers to the model in between (`car_id`), and the two that are referred to (both keys).
   * @example
   * carOwner() { return this.hasOneThrough(Owner, Car) }
   */
  hasOneThrough<Related extends AnyModel = Model>(
    related: ModelClass<Related> | string,
    through: ModelClass<AnyModel> | string,
    ...columns: ThroughColumns
  ): HasOneThrough<Related, this> {
    const [between, keys] = this.throughArguments(through, columns)
    return newRelation(HasOneThrough<Related, this>, this, modelClass(related as AnyModelClass), between, keys)
  }

  /**
   * Many models over others in between: the posts of a country's users. Takes what {@link hasOneThrough} takes.
   *
   * @example
   * posts() { return this.hasManyThrough(Post, User) }
   */
  hasManyThrough<Related extends AnyModel = Model>(
    related: ModelClass<Related> | string,
    through: ModelClass<AnyModel> | string,
    ...columns: ThroughColumns
  ): HasManyThrough<Related, this> {
    const [between, keys] = this.throughArguments(through, columns)
    return newRelation(HasManyThrough<Related, this>, this, modelClass(related as AnyModelClass), between, keys)
  }

  /**
   * A relation over another one, both by name.
   *
   * @param relation - The relation in between: its name, or itself.
   * @example
   * posts() { return this.through('users').has('posts') }
   */
  through(relation: string | Relation): PendingHasThrough<this> {
    return new PendingHasThrough(this, typeof relation === 'string' ? this.relation(relation) : relation)
  }

  private throughArguments(
    through: ModelClass<AnyModel> | string,
    [firstKey, secondKey, localKey, secondLocalKey]: ThroughColumns,
  ): [between: AnyModelClass, keys: ThroughKeys] {
    const between = modelClass(through as AnyModelClass | string)
    const { foreignKey, singleKey } = metaOf(between)
    const keys = {
      firstKey: firstKey ?? this.getForeignKey(),
      secondKey: secondKey ?? foreignKey,
      localKey: localKey ?? this.getKeyName(),
      secondLocalKey: secondLocalKey ?? singleKey,
    }
    return [between, keys]
  }

  /**
   * Registers a class by a name, so that relations can name it: for files that cannot import each other.
   *
   * @example
   * Model.register('Brand', Brand)
   * class Product extends Model { brand() { return this.belongsTo('Brand') } }
   */
  static register(name: string, model: AnyModelClass): void {
    registerModel(name, model)
  }

  /** The class that is registered by a name. */
  static getModel(name: string): AnyModelClass | undefined {
    return registeredModel(name)
  }
}
