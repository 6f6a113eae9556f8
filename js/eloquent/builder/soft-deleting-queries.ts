import { InvalidArgumentException } from '../../errors'
import type { ValueArgument } from '../../query/arguments'
import type { AnyRow, ColumnName } from '../../query/columns'
import type { RowValues } from '../../query/writes/inserts'
import type { SoftDeletion } from '../concerns/soft-deletion'
import { SoftDeletingScope } from '../soft-deleting-scope'
import { ModelWrites } from './model-writes'

/** Queries of classes whose deleted rows stay: `softDeletes`. */
export abstract class SoftDeletingQueries<Row = AnyRow, Result = Row> extends ModelWrites<Row, Result> {
  /**
   * Deleted rows as well.
   *
   * @throws InvalidArgumentException for a class whose deleted rows are gone; so do the others here.
   * @example
   * await Flight.withTrashed().get() // select * from "flights"
   */
  withTrashed(withTrashed = true): this {
    this.deletedAt()
    return withTrashed ? this.withoutGlobalScope(SoftDeletingScope) : this.withoutTrashed()
  }

  /**
   * Deleted rows only.
   *
   * @example
   * await Flight.onlyTrashed().get() // select * from "flights" where "flights"."deleted_at" is not null
   */
  onlyTrashed(): this {
    return this.withTrashed().whereNotNull(this.deletedAt())
  }

  /** Without deleted rows, as it is by itself. */
  withoutTrashed(): this {
    const column = this.deletedAt()
    return this.withoutGlobalScope(SoftDeletingScope).whereNull(column)
  }

  /**
   * Takes the deletion of rows back. No event is told.
   *
   * @returns How many rows were restored.
   * @example
   * await Flight.withTrashed().where('airline_id', 1).restore()
   * // update "flights" set "deleted_at" = $1, "updated_at" = $2 where "airline_id" = $3 and "flights"."deleted_at" is not null
   */
  restore(): Promise<number> {
    const trashed = this.clone().callScope((query) => query.onlyTrashed())
    return trashed.update({ [this.meta.options.DELETED_AT]: null } as RowValues<Row>)
  }

  /**
   * Deletes the rows; of a class with `softDeletes`, they stay with the time of their end. No event is told.
   *
   * @returns How many rows were touched.
   * @example
   * await Flight.where('old', true).delete()
   * // update "flights" set "deleted_at" = $1, "updated_at" = $2 where "old" = $3 and "flights"."deleted_at" is null
   */
  override async delete(...id: [id?: ValueArgument]): Promise<number> {
    const { softDeletes, DELETED_AT } = this.meta.options
    if (!softDeletes) return await super.delete(...id)
    const found = id.length === 0 ? this : this.clone().whereKey(id[0] as ValueArgument)
    const now = this.storedTime(DELETED_AT, this.instance().freshTimestamp())
    return await found.update({ [DELETED_AT]: now } as RowValues<Row>)
  }

  /** Removes the rows for good. */
  forceDelete(...id: [id?: ValueArgument]): Promise<number> {
    return super.delete(...id)
  }

  /**
   * The first model with these attributes, deleted ones among them, which are restored; or one that is created.
   *
   * @example
   * const flight = await Flight.restoreOrCreate({ number: 'FR 900' }, { seats: 100 })
   */
  async restoreOrCreate(attributes: RowValues<Row>, values: RowValues<Row> = {}): Promise<Result> {
    return restored(await this.clone().withTrashed().firstOrCreate(attributes, values))
  }

  /** The same the other way round: creates first, and restores the model that is there where a unique key is broken. */
  async createOrRestore(attributes: RowValues<Row>, values: RowValues<Row> = {}): Promise<Result> {
    return restored(await this.clone().withTrashed().createOrFirst(attributes, values))
  }

  private deletedAt(): ColumnName<Row> {
    const { model, options } = this.meta
    if (options.softDeletes) return this.qualifyColumn(options.DELETED_AT) as ColumnName<Row>
    throw new InvalidArgumentException(`${model.name} has no softDeletes: its deleted rows are gone.`)
  }
}

async function restored<Result>(model: Result): Promise<Result> {
  const found = model as Result & SoftDeletion
  if (found !== (false as unknown) && found.trashed()) await found.restore()
  return model
}
