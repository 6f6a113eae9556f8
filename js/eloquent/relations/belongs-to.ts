import { InvalidArgumentException } from '../../errors'
import type { Persistence } from '../concerns/persistence'
import type { Model } from '../model'
import type { AnyModelClass } from '../model-meta'
import { isModel, stateOf } from '../model-proxy'
import { type DefaultModel, defaultFor } from './default-model'
import { comparableKey, plainColumn, storedKey } from './keys'
import { Relation } from './relation'

/**
 * The model that the parent refers to: the parent's foreign key has its key.
 *
 * @example
 * class Post extends Model { user() { return this.belongsTo(User) } }
 * await post.user() // select * from "users" where "users"."id" = $1 limit 1
 */
export class BelongsTo<Related = Model, Parent = Model> extends Relation<Related, Parent, Related | null> {
  readonly isMany = false
  protected readonly parentColumn: string
  protected readonly ownerKey: string
  protected standIn: DefaultModel<Related> | undefined = undefined

  constructor(parent: object, related: AnyModelClass, foreignKey: string, ownerKey: string) {
    super(parent, related)
    this.parentColumn = foreignKey
    this.ownerKey = ownerKey
  }

  protected matchedColumn(): string {
    return this.qualifyColumn(this.ownerKey)
  }

  /**
   * A model that is not saved stands in where there is none.
   *
   * @param standIn - Its attributes, or a function that is given it and the parent.
   * @example
   * author() { return this.belongsTo(User).withDefault({ name: 'Guest' }) }
   */
  withDefault(standIn: DefaultModel<Related> = true): this {
    this.standIn = standIn
    return this
  }

  protected hold(parent: object, related: Related[]): Related | null {
    return related[0] ?? defaultFor(() => this.make(), parent, this.standIn)
  }

  /**
   * Lets the parent refer to a model, or to a key. Saves nothing.
   *
   * @returns The parent.
   * @example
   * post.user().associate(user)
   * await post.save()
   */
  associate(model: Related | string | number | bigint | null): Parent {
    if (model === null) return this.dissociate()
    const isRelated = isModel(model)
    if (typeof model === 'object' && !isRelated) {
      throw new InvalidArgumentException('associate() takes a model or its key.')
    }
    const key = isRelated ? storedKey(model, this.ownerKey) : model
    ;(this.parent as unknown as Persistence).setAttribute(this.parentColumn, key)
    const { relationName } = this
    if (relationName === undefined) return this.parent
    if (isRelated) stateOf(this.parent).setRelation(relationName, model)
    else stateOf(this.parent).relations?.delete(relationName)
    return this.parent
  }

  /**
   * Lets the parent refer to nothing. Saves nothing.
   *
   * @returns The parent.
   */
  dissociate(): Parent {
    ;(this.parent as unknown as Persistence).setAttribute(this.parentColumn, null)
    if (this.relationName !== undefined) stateOf(this.parent).setRelation(this.relationName, null)
    return this.parent
  }

  /** The same as {@link dissociate}. */
  disassociate(): Parent {
    return this.dissociate()
  }

  /** Whether a model is the one that the parent refers to. Asks nothing. */
  is(model: unknown): boolean {
    if (!isModel(model)) return false
    const state = stateOf(model)
    const key = comparableKey(this.parentKey())
    return (
      key !== undefined &&
      key === comparableKey(storedKey(model, this.ownerKey)) &&
      state.option('table') === this.meta.options.table &&
      state.option('connection') === this.connectionName
    )
  }

  isNot(model: unknown): boolean {
    return !this.is(model)
  }

  getForeignKeyName(): string {
    return this.parentColumn
  }

  getOwnerKeyName(): string {
    return plainColumn(this.ownerKey)
  }

  getChild(): Parent {
    return this.parent
  }
}
