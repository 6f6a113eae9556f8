import { InvalidArgumentException } from '../../errors'
import type { AnyRow } from '../../query/columns'
import type { ConflictValues, RowValues } from '../../query/writes/inserts'
import { camelCase } from '../../support/text'
import { EloquentCollection } from '../collection'
import type { Persistence } from '../concerns/persistence'
import type { AttributesOf, Model } from '../model'
import { withoutEvents } from '../model-events'
import type { AnyModelClass } from '../model-meta'
import { stateOf } from '../model-proxy'
import { plainColumn } from './keys'
import { RankedRelation } from './ranked-relation'

/** A column that has the class of a model, and its value. */
export type MorphColumn = readonly [column: string, value: string]

/** Models that refer to the parent: their foreign key has its key. */
export abstract class HasOneOrMany<Related = Model, Parent = Model, Found = unknown> extends RankedRelation<
  Related,
  Parent,
  Found
> {
  protected readonly foreignKey: string
  protected readonly parentColumn: string
  /** The relation of the related models that leads back, if it is set with them. */
  private inverse: string | undefined = undefined

  /** The column that has the class of the parent, and its value, where parents are of several classes. */
  protected readonly morph: MorphColumn | undefined

  constructor(parent: object, related: AnyModelClass, foreignKey: string, localKey: string, morph?: MorphColumn) {
    super(parent, related)
    this.foreignKey = foreignKey
    this.parentColumn = localKey
    this.morph = morph
  }

  protected matchedColumn(): string {
    return this.qualifyColumn(this.foreignKey)
  }

  protected override addConstraints(query: this): void {
    const { morph } = this
    if (morph !== undefined) query.where(this.qualifyColumn(morph[0]) as never, '=', morph[1] as never)
  }

  /**
   * Sets the relation of the related models that leads back to the parent, so that it is not asked for again.
   *
   * @param relation - Its name; without one, that of the parent's class, `user` for `User`, or that of the columns,
   * `commentable` for `commentable_type`.
   * @example
   * posts() { return this.hasMany(Post).chaperone('author') }
   */
  chaperone(relation?: string): this {
    const name = this.morph?.[0].replace(/_type$/, '') ?? stateOf(this.parent).meta.model.name
    this.inverse = relation ?? camelCase(name)
    return this
  }

  /** The same as {@link chaperone}. */
  inverseOf(relation?: string): this {
    return this.chaperone(relation)
  }

  withoutChaperone(): this {
    this.inverse = undefined
    return this
  }

  /** Lets related models know their parent. */
  protected lead<Models extends readonly Related[]>(parent: object, related: Models): Models {
    const { inverse } = this
    if (inverse !== undefined) for (const each of related) stateOf(each as object).setRelation(inverse, parent)
    return related
  }

  protected override async received(rows: AnyRow[]): Promise<Related[]> {
    const related = await super.received(rows)
    return this.extent?.kind === 'parent' ? this.lead(this.parent, related) : related
  }

  protected override prepared(model: Related): Related {
    this.setForeignAttributes(model)
    this.lead(this.parent, [model])
    return super.prepared(model)
  }

  /** Lets a model belong to the parent, in memory. */
  protected setForeignAttributes(model: Related): void {
    ;(model as Persistence).setAttribute(plainColumn(this.foreignKey), this.parentKey())
    if (this.morph !== undefined) (model as Persistence).setAttribute(this.morph[0], this.morph[1])
  }

  /**
   * Saves a model as one of the parent's.
   *
   * @returns The model; `false` when a listener prevented it.
   * @example
   * await user.posts().save(new Post({ title: 'Hello' }))
   */
  async save(model: Related): Promise<Related | false> {
    return (await this.saved(this.prepared(model))) as Related | false
  }

  protected override async saved(model: Related): Promise<Related> {
    if (this.hasParentKey()) return await super.saved(model)
    const [parent, related] = [stateOf(this.parent).meta.model.name, this.meta.model.name]
    throw new InvalidArgumentException(`Save the ${parent} first: without a key it has no ${related} to save.`)
  }

  /** Adds rows as the parent's, or changes those that break a unique key. */
  override upsert(
    rows: RowValues<AttributesOf<Related>> | readonly RowValues<AttributesOf<Related>>[],
    uniqueBy: string | readonly string[],
    update?: ConflictValues<AttributesOf<Related>>,
  ): Promise<number> {
    const { morph } = this
    const own = { [this.getForeignKeyName()]: this.parentKey(), ...(morph !== undefined && { [morph[0]]: morph[1] }) }
    const list = (Array.isArray(rows) ? rows : [rows]) as readonly object[]
    return super.upsert(list.map((row) => ({ ...row, ...own })) as never, uniqueBy, update)
  }

  /** As {@link save}, without events. */
  saveQuietly(model: Related): Promise<Related | false> {
    return withoutEvents(() => this.save(model))
  }

  /** Saves several models as the parent's. */
  async saveMany(models: Iterable<Related>): Promise<EloquentCollection<Related>> {
    const saved = new EloquentCollection<Related>()
    for (const model of models) {
      await this.save(model)
      saved.push(model)
    }
    return saved
  }

  saveManyQuietly(models: Iterable<Related>): Promise<EloquentCollection<Related>> {
    return withoutEvents(() => this.saveMany(models))
  }

  override createQuietly(attributes: RowValues<AttributesOf<Related>> = {}): Promise<Related> {
    return withoutEvents(() => this.create(attributes))
  }

  createManyQuietly(rows: readonly RowValues<AttributesOf<Related>>[]): Promise<EloquentCollection<Related>> {
    return withoutEvents(() => this.createMany(rows))
  }

  /** Several models that are not saved. */
  makeMany(rows: readonly RowValues<AttributesOf<Related>>[]): EloquentCollection<Related> {
    const made = new EloquentCollection<Related>()
    for (const row of rows) made.push(this.make(row))
    return made
  }

  getForeignKeyName(): string {
    return plainColumn(this.foreignKey)
  }

  getQualifiedForeignKeyName(): string {
    return this.matchedColumn()
  }

  getLocalKeyName(): string {
    return this.parentColumn
  }

  getParentKey(): unknown {
    return this.parentKey()
  }
}
