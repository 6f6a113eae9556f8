import { UniqueConstraintViolationException } from '../../errors'
import type { AnyRow } from '../../query/columns'
import type { RowValues } from '../../query/writes/inserts'
import { newQuery } from '../builder/new-query'
import { EloquentCollection } from '../collection'
import type { Persistence } from '../concerns/persistence'
import type { AnyModel, AttributesOf } from '../model'
import { withoutEvents } from '../model-events'
import { PivotWrites } from './pivot-writes'

/** A related model with its pivot. */
export type WithPivot<Related, Accessor extends string = 'pivot'> = Related & {
  // biome-ignore lint/suspicious/noExplicitAny: the columns of a pivot table are described nowhere.
  [Name in Accessor]: AnyModel & Record<string, any>
}

/** Values of columns of the related models. */
type Values<Related> = RowValues<AttributesOf<Related>>

/**
 * Many models, tied to the parent by the rows of a table between both.
 *
 * @example
 * class User extends Model { roles() { return this.belongsToMany(Role).withPivot('active') } }
 * const [role] = await user.roles()
 * // select "roles".*, "role_user"."user_id" as "pivot_user_id", "role_user"."role_id" as "pivot_role_id",
 * //   "role_user"."active" as "pivot_active"
 * // from "roles" inner join "role_user" on "roles"."id" = "role_user"."role_id" where "role_user"."user_id" = $1
 * role.pivot.active
 */
export class BelongsToMany<
  Related = AnyModel,
  Parent = AnyModel,
  Accessor extends string = 'pivot',
> extends PivotWrites<WithPivot<Related, Accessor>, Parent> {
  /**
   * Calls the pivot by another name.
   *
   * @example
   * podcasts() { return this.belongsToMany(Podcast).as('subscription').withTimestamps() }
   * podcast.subscription.created_at
   */
  as<const Name extends string>(accessor: Name): BelongsToMany<Related, Parent, Name> {
    this.accessor = accessor
    return this as unknown as BelongsToMany<Related, Parent, Name>
  }

  /**
   * A related model that is saved and tied to the parent.
   *
   * @param pivot - Attributes of its pivot row.
   * @returns The model; `false` when a listener prevented it.
   */
  override async create(
    attributes: Values<WithPivot<Related, Accessor>> = {},
    pivot: AnyRow = {},
    touch = true,
  ): Promise<WithPivot<Related, Accessor>> {
    const model = await super.create(attributes)
    if (model) await this.attach(model, pivot, touch)
    return model
  }

  override createQuietly(
    attributes: Values<WithPivot<Related, Accessor>> = {},
    pivot: AnyRow = {},
  ): Promise<WithPivot<Related, Accessor>> {
    return withoutEvents(() => this.create(attributes, pivot))
  }

  /** Several of them. @param pivots - Attributes of their pivot rows, in the same order. */
  override async createMany(
    rows: readonly Values<WithPivot<Related, Accessor>>[],
    pivots: readonly AnyRow[] = [],
  ): Promise<EloquentCollection<WithPivot<Related, Accessor>>> {
    const made = new EloquentCollection<WithPivot<Related, Accessor>>()
    for (const [index, row] of rows.entries()) made.push(await this.create(row, pivots[index], false))
    await this.touchIfTouching()
    return made
  }

  /**
   * Saves a model and ties it to the parent.
   *
   * @returns The model; `false` when a listener prevented it.
   * @example
   * await user.roles().save(new Role({ name: 'admin' }), { active: true })
   */
  async save(model: Related, pivot: AnyRow = {}, touch = true): Promise<Related | false> {
    this.assertParentKey()
    if (!(await (model as Persistence).save({ touch: false }))) return false
    await this.attach(model as object, pivot, touch)
    return model
  }

  saveQuietly(model: Related, pivot: AnyRow = {}, touch = true): Promise<Related | false> {
    return withoutEvents(() => this.save(model, pivot, touch))
  }

  /** Several of them. @param pivots - Attributes of their pivot rows, in the same order. */
  async saveMany(models: Iterable<Related>, pivots: readonly AnyRow[] = []): Promise<EloquentCollection<Related>> {
    const saved = new EloquentCollection<Related>()
    for (const model of models) {
      await this.save(model, pivots[saved.length], false)
      saved.push(model)
    }
    await this.touchIfTouching()
    return saved
  }

  saveManyQuietly(models: Iterable<Related>, pivots: readonly AnyRow[] = []): Promise<EloquentCollection<Related>> {
    return withoutEvents(() => this.saveMany(models, pivots))
  }

  /** The first model with these attributes, whether it is tied to the parent or not, or one that is not saved. */
  override async firstOrNew(
    attributes: Values<WithPivot<Related, Accessor>>,
    values: Values<WithPivot<Related, Accessor>> = {},
  ): Promise<WithPivot<Related, Accessor>> {
    return (await this.anyRelated(attributes)) ?? this.make({ ...attributes, ...values })
  }

  /** The first related model with these attributes; else one that exists is tied to the parent, else one is created. */
  override async firstOrCreate(
    attributes: Values<WithPivot<Related, Accessor>>,
    values: Values<WithPivot<Related, Accessor>> | (() => Values<WithPivot<Related, Accessor>>) = {},
    pivot: AnyRow = {},
    touch = true,
  ): Promise<WithPivot<Related, Accessor>> {
    const tied = await this.firstTied(attributes)
    if (tied !== null) return tied
    const there = await this.anyRelated(attributes)
    return there === null ? this.createOrFirst(attributes, values, pivot, touch) : this.tie(there, pivot, touch)
  }

  /** One that is created and tied; where a unique key is broken, the one that is there is tied. */
  override async createOrFirst(
    attributes: Values<WithPivot<Related, Accessor>>,
    values: Values<WithPivot<Related, Accessor>> | (() => Values<WithPivot<Related, Accessor>>) = {},
    pivot: AnyRow = {},
    touch = true,
  ): Promise<WithPivot<Related, Accessor>> {
    const all = { ...attributes, ...(typeof values === 'function' ? values() : values) }
    try {
      return await this.inSavepoint(() => this.create(all, pivot, touch))
    } catch (error) {
      if (!(error instanceof UniqueConstraintViolationException)) throw error
      const tied = await this.firstTied(attributes)
      if (tied !== null) return tied
      const there = await this.anyRelated(attributes)
      if (there === null) throw error
      return this.tie(there, pivot, touch)
    }
  }

  override async updateOrCreate(
    attributes: Values<WithPivot<Related, Accessor>>,
    values: Values<WithPivot<Related, Accessor>> | (() => Values<WithPivot<Related, Accessor>>) = {},
    pivot: AnyRow = {},
    touch = true,
  ): Promise<WithPivot<Related, Accessor>> {
    const settled = typeof values === 'function' ? values() : values
    const model = (await this.firstOrCreate(attributes, settled, pivot, touch)) as WithPivot<Related, Accessor> &
      Persistence
    if (!model.wasRecentlyCreated) await model.fill(settled).save({ touch: false })
    return model
  }

  private firstTied(attributes: AnyRow): Promise<WithPivot<Related, Accessor> | null> {
    const query = this.clone()
    for (const [column, value] of Object.entries(attributes))
      query.where(this.qualifyColumn(column) as never, value as never)
    return query.first() as Promise<WithPivot<Related, Accessor> | null>
  }

  private async anyRelated(attributes: AnyRow): Promise<WithPivot<Related, Accessor> | null> {
    const query = newQuery(this.getModel() as object)
    for (const [column, value] of Object.entries(attributes)) query.where(column, value as never)
    return (await query.first()) as WithPivot<Related, Accessor> | null
  }

  /** Ties a model to the parent, unless somebody else was quicker. */
  private async tie<M extends object>(model: M, pivot: AnyRow, touch: boolean): Promise<M> {
    try {
      await this.inSavepoint(() => this.attach(model, pivot, touch))
    } catch (error) {
      if (!(error instanceof UniqueConstraintViolationException)) throw error
    }
    return model
  }
}
