import { UniqueConstraintViolationException } from '../../errors'
import type { AnyRow, ColumnName } from '../../query/columns'
import type { RowValues } from '../../query/writes/inserts'
import { EloquentCollection } from '../collection'
import type { Persistence } from '../concerns/persistence'
import { withoutEvents } from '../model-events'
import { ModelInserts } from './model-inserts'
import type { ModelKey } from './model-reads'

/** Values of columns, and what to make of them when they are needed. */
type Values<Row> = RowValues<Row> | (() => RowValues<Row>)

/** Models that are made, and rows that are changed with their times. */
export abstract class ModelWrites<Row = AnyRow, Result = Row> extends ModelInserts<Row, Result> {
  /** A model that is not saved. */
  make(attributes: RowValues<Row> = {}): Result {
    return this.prepared(this.instance().newInstance(attributes) as Result)
  }

  /** What is set on every model that is made by this query. */
  protected prepared(model: Result): Result {
    return model
  }

  /**
   * A model that is saved.
   *
   * @returns The model; `false` when a listener of `creating` or `saving` prevented it.
   * @example
   * const user = await User.create({ name: 'Ada' })
   */
  async create(attributes: RowValues<Row> = {}): Promise<Result> {
    return this.saved(this.make(attributes))
  }

  /** As {@link create}, guarded attributes among them. */
  forceCreate(attributes: RowValues<Row> = {}): Promise<Result> {
    return this.saved(this.prepared(this.instance().newInstance().forceFill(attributes) as Result))
  }

  /** As {@link create}, without events. */
  createQuietly(attributes: RowValues<Row> = {}): Promise<Result> {
    return withoutEvents(() => this.create(attributes))
  }

  /** As {@link forceCreate}, without events. */
  forceCreateQuietly(attributes: RowValues<Row> = {}): Promise<Result> {
    return withoutEvents(() => this.forceCreate(attributes))
  }

  /** Several models, each saved. */
  async createMany(rows: readonly RowValues<Row>[]): Promise<EloquentCollection<Result>> {
    const made = new EloquentCollection<Result>()
    for (const row of rows) made.push(await this.create(row))
    return made
  }

  /** The model with this key, or one that is not saved. */
  async findOrNew(id: ModelKey): Promise<Result> {
    return ((await this.find(id)) as Result | null) ?? this.make()
  }

  /** The first model with these attributes, or one that is not saved, with these values as well. */
  async firstOrNew(attributes: RowValues<Row>, values: RowValues<Row> = {}): Promise<Result> {
    return (await this.matching(attributes).first()) ?? this.make({ ...attributes, ...values })
  }

  /**
   * The first model with these attributes, or one that is created. Safe with others at the same time where a unique key
   * exists: see {@link createOrFirst}.
   *
   * @example
   * const user = await User.firstOrCreate({ email: 'a@b.c' }, { name: 'Ada' })
   */
  async firstOrCreate(attributes: RowValues<Row>, values: Values<Row> = {}): Promise<Result> {
    return (await this.matching(attributes).first()) ?? (await this.createOrFirst(attributes, values))
  }

  /**
   * A model that is created, or the first one with these attributes where a unique key is broken: somebody else was
   * quicker.
   */
  async createOrFirst(attributes: RowValues<Row>, values: Values<Row> = {}): Promise<Result> {
    const all = { ...attributes, ...(typeof values === 'function' ? values() : values) }
    try {
      // Inside of a transaction the failed insert must not end that.
      return await this.inSavepoint(() => this.create(all))
    } catch (error) {
      if (!(error instanceof UniqueConstraintViolationException)) throw error
      const found = await this.matching(attributes).useWritePdo().first()
      if (found === null) throw error
      return found
    }
  }

  /**
   * Changes the first model with these attributes, or creates one.
   *
   * @example
   * const user = await User.updateOrCreate({ email: 'a@b.c' }, { name: 'Ada' })
   */
  async updateOrCreate(attributes: RowValues<Row>, values: Values<Row> = {}): Promise<Result> {
    const settled = typeof values === 'function' ? values() : values
    const model = (await this.firstOrCreate(attributes, settled)) as Result & Persistence
    if (!model.wasRecentlyCreated) await model.fill(settled).save()
    return model
  }

  /** Adds to a number of the first model with these attributes, or creates one with this value. */
  async incrementOrCreate(
    attributes: RowValues<Row>,
    column = 'count',
    first: number = 1,
    step: number = 1,
    extra: AnyRow = {},
  ): Promise<Result> {
    const model = (await this.firstOrCreate(attributes, { [column]: first } as RowValues<Row>)) as Result & Persistence
    if (!model.wasRecentlyCreated) await model.increment(column, step, extra)
    return model
  }

  /** Changes the rows, and their `updated_at`. No event is told. */
  override update(values: RowValues<Row>): Promise<number> {
    return super.update(this.withUpdatedAt(values))
  }

  override increment(
    column: string,
    amount: number | bigint | string = 1,
    extra: RowValues<Row> = {},
  ): Promise<number> {
    return super.increment(column, amount, this.withUpdatedAt(extra))
  }

  override decrement(
    column: string,
    amount: number | bigint | string = 1,
    extra: RowValues<Row> = {},
  ): Promise<number> {
    return super.decrement(column, amount, this.withUpdatedAt(extra))
  }

  /** Sets `updated_at` of the rows, or another column, to now. */
  async touch(column?: string): Promise<number | false> {
    const model = this.instance()
    const name = column ?? model.getUpdatedAtColumn()
    if (name === null || (column === undefined && !model.usesTimestamps())) return false
    return super.update({
      [this.ownColumn(name)]: this.storedTime(name, model.freshTimestamp()),
    } as RowValues<Row>)
  }

  private withUpdatedAt(values: RowValues<Row>): RowValues<Row> {
    const model = this.instance()
    const column = model.getUpdatedAtColumn()
    if (column === null || !model.usesTimestamps() || column in values) return values
    return { ...values, [this.ownColumn(column)]: this.storedTime(column, model.freshTimestamp()) }
  }

  /** A column of the table itself: a joined one may have such a column too. */
  private ownColumn(column: string): string {
    return this.toSelect().joins === undefined ? column : this.qualifyColumn(column)
  }

  /** Saves a model that is made by this query. */
  protected async saved(model: Result): Promise<Result> {
    return (await (model as Result & Persistence).save()) ? model : (false as Result)
  }

  private matching(attributes: RowValues<Row>): this {
    const copy = this.clone()
    for (const [column, value] of Object.entries(attributes)) copy.where(column as ColumnName<Row>, value as never)
    return copy
  }

  protected async inSavepoint<T>(work: () => Promise<T>): Promise<T> {
    const connection = this.instance().getConnection()
    return connection.transactionLevel() > 0 ? await connection.transaction(work) : await work()
  }
}
