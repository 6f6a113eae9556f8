import { InvalidArgumentException } from '../../errors'
import type { AnyRow } from '../../query/columns'
import { exactSum } from '../../support/exact-sum'
import type { EloquentBuilder } from '../builder/eloquent-builder'
import { newModelQuery, newQuery } from '../builder/new-query'
import type { RelationArguments } from '../loading/loads'
import { listenersFinished, listenersOf, replicated, withoutEvents } from '../model-events'
import { hydrated, stateOf } from '../model-proxy'
import { touchOnce } from '../touching'
import { Scopes } from './scopes'

/** What `save()` may be told. */
export interface SaveOptions {
  /** Whether models that it belongs to get a new `updated_at`. Default true. */
  touch?: boolean
}

/** How models come into the database, change there and leave it. */
export abstract class Persistence extends Scopes {
  /**
   * Writes the model: adds its row, or changes the columns that were changed.
   *
   * @returns Whether it was written; `false` when a listener of an event prevented it.
   * @example
   * const user = new User({ name: 'Ada' })
   * await user.save() // insert into "users" ("name", "updated_at", "created_at") values ($1, $2, $3)
   */
  async save(options: SaveOptions = {}): Promise<boolean> {
    await listenersFinished(this)
    this.storeCasted()
    if (!(await this.fireModelEvent('saving'))) return false
    const state = stateOf(this)
    const isSaved = state.exists ? !this.isDirty() || (await this.performUpdate()) : await this.performInsert()
    if (!isSaved) return false
    await this.fireModelEvent('saved')
    const isChanged = this.isDirty()
    this.syncOriginal()
    if (options.touch !== false && (isChanged || state.wasRecentlyCreated)) await this.touchOwners()
    return true
  }

  /** As {@link save}, without events. */
  saveQuietly(options: SaveOptions = {}): Promise<boolean> {
    return withoutEvents(() => this.save(options))
  }

  /**
   * As {@link save}, in a transaction: what listeners write is taken back with it.
   *
   * @throws What the database answers; the transaction is rolled back.
   */
  saveOrFail(options: SaveOptions = {}): Promise<boolean> {
    return this.getConnection().transaction(() => this.save(options))
  }

  /**
   * Sets attributes, as `fill()` does, and saves. `false` for a model that is not in the database.
   *
   * @example
   * await user.update({ name: 'Grace' }) // update "users" set "name" = $1, "updated_at" = $2 where "id" = $3
   */
  async update(attributes: object = {}, options: SaveOptions = {}): Promise<boolean> {
    return stateOf(this).exists ? this.fill(attributes).save(options) : false
  }

  updateQuietly(attributes: object = {}, options: SaveOptions = {}): Promise<boolean> {
    return withoutEvents(() => this.update(attributes, options))
  }

  updateOrFail(attributes: object = {}, options: SaveOptions = {}): Promise<boolean> {
    return this.getConnection().transaction(() => this.update(attributes, options))
  }

  protected async performInsert(): Promise<boolean> {
    this.setUniqueIds()
    if (!(await this.fireModelEvent('creating'))) return false
    if (this.usesTimestamps()) this.updateTimestamps()
    const state = stateOf(this)
    const values = { ...this.getAttributes() }
    const query = newModelQuery(this)
    if (this.getIncrementing()) {
      const key = this.getKeyName()
      const id = await query.insertGetId(values, key)
      this.attributes[key] ??= id
    } else if (Object.keys(values).length > 0) await query.insert(values)
    state.exists = true
    state.wasRecentlyCreated = true
    await this.fireModelEvent('created')
    return true
  }

  protected async performUpdate(): Promise<boolean> {
    if (!(await this.fireModelEvent('updating'))) return false
    if (this.usesTimestamps()) this.updateTimestamps()
    const dirty = this.getDirty()
    if (Object.keys(dirty).length === 0) return true
    await this.queryOfThis().update(dirty)
    this.syncChanges()
    await this.fireModelEvent('updated')
    return true
  }

  /**
   * Removes its row.
   *
   * @returns Whether it was removed; `null` for a model that is not in the database.
   * @example
   * await user.delete() // delete from "users" where "id" = $1
   */
  async delete(): Promise<boolean | null> {
    const state = stateOf(this)
    if (!state.exists) return null
    if (!(await this.fireModelEvent('deleting'))) return false
    await this.touchOwners()
    await this.performDeleteOnModel()
    await this.fireModelEvent('deleted')
    return true
  }

  deleteQuietly(): Promise<boolean | null> {
    return withoutEvents(() => this.delete())
  }

  deleteOrFail(): Promise<boolean | null> {
    return this.getConnection().transaction(() => this.delete())
  }

  /** Removes its row, also where deleted rows stay otherwise. */
  forceDelete(): Promise<boolean | null> {
    return this.delete()
  }

  protected async performDeleteOnModel(): Promise<void> {
    await this.queryOfThis().forceDelete()
    stateOf(this).exists = false
  }

  /**
   * Sets `updated_at` to now, or another column of dates.
   *
   * @returns Whether it was written.
   */
  async touch(column?: string): Promise<boolean> {
    if (column !== undefined) {
      this.setAttribute(column, this.freshTimestamp())
      return this.save()
    }
    const updated = this.getUpdatedAtColumn()
    if (!this.usesTimestamps() || updated === null) return false
    this.setUpdatedAt(this.freshTimestamp())
    return this.save()
  }

  touchQuietly(column?: string): Promise<boolean> {
    return withoutEvents(() => this.touch(column))
  }

  /** Gives the models that `touches` names a new `updated_at`. */
  async touchOwners(): Promise<void> {
    await touchOnce(this, async () => {
      for (const name of stateOf(this).option('touches')) await this.touchOwner(name)
    })
  }

  /** @internal Relations say how. */
  protected async touchOwner(_relation: string): Promise<void> {}

  /**
   * Adds to a number, in the database and in the model.
   *
   * @param extra - Other attributes to set.
   * @example
   * await post.increment('views', 2) // update "posts" set "views" = "views" + 2, "updated_at" = $1 where "id" = $2
   */
  increment(column: string, amount: number = 1, extra: AnyRow = {}): Promise<number> {
    return this.changeBy('increment', column, amount, extra)
  }

  /** Subtracts from a number, in the database and in the model. */
  decrement(column: string, amount: number = 1, extra: AnyRow = {}): Promise<number> {
    return this.changeBy('decrement', column, amount, extra)
  }

  incrementQuietly(column: string, amount: number = 1, extra: AnyRow = {}): Promise<number> {
    return withoutEvents(() => this.increment(column, amount, extra))
  }

  decrementQuietly(column: string, amount: number = 1, extra: AnyRow = {}): Promise<number> {
    return withoutEvents(() => this.decrement(column, amount, extra))
  }

  private async changeBy(
    method: 'increment' | 'decrement',
    column: string,
    amount: number,
    extra: AnyRow,
  ): Promise<number> {
    const state = stateOf(this)
    if (!state.exists) {
      throw new InvalidArgumentException(`This ${state.meta.model.name} is not in the database: save it first.`)
    }
    this.forceFill(extra)
    if (this.usesTimestamps()) this.updateTimestamps()
    if (!(await this.fireModelEvent('updating'))) return 0
    const written = new Set([...Object.keys(extra), this.getUpdatedAtColumn()])
    const set = Object.fromEntries(Object.entries(this.getDirty()).filter(([name]) => written.has(name)))
    const touched = await this.queryOfThis()[method](column, amount, set)
    this.setAttribute(column, exactSum(state.attributes[column] ?? 0, method === 'increment' ? amount : -amount))
    this.syncChanges()
    await this.fireModelEvent('updated')
    this.syncOriginalAttribute(column, ...Object.keys(set))
    return touched
  }

  /**
   * The same row, read again as another model; `null` when it is gone.
   *
   * @param relations - What to load with it.
   */
  async fresh(...relations: RelationArguments): Promise<this | null> {
    if (!stateOf(this).exists) return null
    const query = this.setKeysForSaveQuery(this.newQueryWithoutScopes())
    return (await query.with(...relations).first()) as this | null
  }

  /** Reads its attributes again, and the relations that are loaded. */
  async refresh(): Promise<this> {
    const state = stateOf(this)
    if (!state.exists) return this
    const query = this.setKeysForSaveQuery(this.newQueryWithoutScopes())
    const again = await query.firstOrFail()
    const { attributes } = stateOf(again)
    state.attributes = attributes
    state.original = attributes
    state.forgetSeen()
    const loaded = [...(state.relations?.keys() ?? [])]
    state.relations = undefined
    if (loaded.length > 0) await this.load(...loaded)
    return this
  }

  /** @internal Relations say how. */
  abstract load(...relations: RelationArguments): Promise<this>

  /**
   * A copy that is not in the database: without its key and its times.
   *
   * Listeners of `replicating` are called at once; what they do later is awaited by its `save()`.
   *
   * @param except - Attributes to leave out as well.
   */
  replicate(except: readonly string[] = []): this {
    this.storeCasted()
    const state = stateOf(this)
    const times = [this.getCreatedAtColumn(), this.getUpdatedAtColumn()]
    const without = new Set([...this.getKeyNames(), ...times, ...this.uniqueIds(), ...except])
    const attributes = Object.fromEntries(Object.entries(state.attributes).filter(([key]) => !without.has(key)))
    const copy = this.newInstance()
    stateOf(copy).attributes = attributes
    if (state.relations !== undefined) stateOf(copy).relations = new Map(state.relations)
    replicated(copy, listenersOf(state.meta.model, 'replicating'))
    return copy
  }

  /** As {@link replicate}, without its event. */
  replicateQuietly(except: readonly string[] = []): this {
    return withoutEvents(() => this.replicate(except))
  }

  /** A model of the same class. */
  newInstance(attributes: object = {}, exists = false): this {
    const { meta, own } = stateOf(this)
    const made = Reflect.construct(meta.model as new () => object, []) as this
    const state = stateOf(made)
    if (own?.connection !== undefined) state.setOption('connection', own.connection)
    if (own?.table !== undefined) state.setOption('table', own.table)
    made.fill(attributes)
    state.exists = exists
    return made
  }

  /** A model of a row that was read. */
  newFromBuilder(row: AnyRow): this {
    return hydrated(stateOf(this).meta, row) as this
  }

  /** A query of its table, with the scopes of its class. */
  newQuery(): EloquentBuilder<AnyRow, this> {
    return newQuery(this)
  }

  /** A query of its table, without any scope. */
  newQueryWithoutScopes(): EloquentBuilder<AnyRow, this> {
    return newQuery(this).withoutGlobalScopes()
  }

  /** Only this row, as it was read. */
  protected queryOfThis(): EloquentBuilder<AnyRow, this> {
    return this.setKeysForSaveQuery(newModelQuery(this))
  }
}
