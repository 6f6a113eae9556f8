import { InvalidArgumentException } from '../../errors'
import { withoutEvents } from '../model-events'
import { stateOf } from '../model-proxy'
import { Persistence } from './persistence'

/** Models whose rows are about to be removed, although deleted rows of their class stay. */
const forced = new WeakSet<object>()

/** Deleted rows that stay, with the time of their end: classes with `softDeletes`. */
export abstract class SoftDeletion extends Persistence {
  /** Whether deleted rows of the class stay. */
  usesSoftDeletes(): boolean {
    return stateOf(this).option('softDeletes')
  }

  /**
   * Whether it was deleted, and its row stays.
   *
   * @example
   * await flight.delete() // update "flights" set "deleted_at" = $1, "updated_at" = $2 where "id" = $3
   * flight.trashed() // true
   */
  trashed(): boolean {
    const time = stateOf(this).attributes[this.getDeletedAtColumn()]
    return this.usesSoftDeletes() && time !== null && time !== undefined
  }

  /** The column of the time of its end. */
  getDeletedAtColumn(): string {
    return stateOf(this).option('DELETED_AT')
  }

  getQualifiedDeletedAtColumn(): string {
    return this.qualifyColumn(this.getDeletedAtColumn())
  }

  /**
   * Takes the deletion back.
   *
   * @returns Whether it was written; `false` when a listener prevented it.
   * @throws InvalidArgumentException for a class whose deleted rows are gone.
   * @example
   * await flight.restore() // update "flights" set "deleted_at" = $1, "updated_at" = $2 where "id" = $3
   */
  async restore(): Promise<boolean> {
    const state = stateOf(this)
    if (!this.usesSoftDeletes()) {
      throw new InvalidArgumentException(`${state.meta.model.name} has no softDeletes: its deleted rows are gone.`)
    }
    if (!(await this.fireModelEvent('restoring'))) return false
    this.setAttribute(this.getDeletedAtColumn(), null)
    state.exists = true
    const isSaved = await this.save()
    await this.fireModelEvent('restored')
    return isSaved
  }

  restoreQuietly(): Promise<boolean> {
    return withoutEvents(() => this.restore())
  }

  /**
   * Removes its row for good.
   *
   * @returns As `delete()`.
   * @example
   * await flight.forceDelete() // delete from "flights" where "id" = $1
   */
  override async forceDelete(): Promise<boolean | null> {
    if (!this.usesSoftDeletes()) return await this.delete()
    if (!(await this.fireModelEvent('forceDeleting'))) return false
    const state = stateOf(this)
    forced.add(state)
    const isDeleted = await this.delete().finally(() => forced.delete(state))
    if (isDeleted === true) await this.fireModelEvent('forceDeleted')
    return isDeleted
  }

  forceDeleteQuietly(): Promise<boolean | null> {
    return withoutEvents(() => this.forceDelete())
  }

  /** Whether it is being removed for good now: for listeners of `deleting` and `deleted`. */
  isForceDeleting(): boolean {
    return forced.has(stateOf(this))
  }

  protected override async performDeleteOnModel(): Promise<void> {
    if (!this.usesSoftDeletes() || this.isForceDeleting()) return await super.performDeleteOnModel()
    const now = this.freshTimestamp()
    const times = [this.getDeletedAtColumn(), this.usesTimestamps() ? this.getUpdatedAtColumn() : null]
    const columns = times.filter((column) => column !== null)
    for (const column of columns) this.setAttribute(column, now)
    const { attributes } = stateOf(this)
    await this.queryOfThis().update(Object.fromEntries(columns.map((column) => [column, attributes[column]])))
    this.syncOriginalAttribute(columns)
    await this.fireModelEvent('trashed')
  }
}
