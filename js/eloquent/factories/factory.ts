import type { AnyRow } from '../../query/columns'
import { EloquentCollection } from '../collection'
import type { AnyModel, Model, ModelClass } from '../model'
import { withoutEvents } from '../model-events'
import type { AnyModelClass } from '../model-meta'
import { stateOf } from '../model-proxy'
import { attributesOf } from './factory-attributes'
import { FactoryBase } from './factory-base'
import type { FactoryPlan } from './factory-plan'
import { baseFactoryWith, factoryOf } from './factory-registry'
import type { Counted, FactoryState, Keyed, Made } from './factory-types'

/**
 * Makes models for tests and seeders.
 *
 * @example
 * class UserFactory extends Factory<User> {
 *   model = User
 *   definition() {
 *     return { name: this.faker.person.fullName(), email: this.faker.internet.email() }
 *   }
 *   admin() {
 *     return this.state({ role: 'admin' })
 *   }
 * }
 * const admins = await UserFactory.new().admin().count(3).create()
 */
export class Factory<M = Model> extends FactoryBase<M> {
  /** The factory of a class's models. */
  static for<M>(model: ModelClass<M>): Factory<M> {
    return factoryOf(model as AnyModelClass) as Factory<M>
  }

  /**
   * Models that are not saved. Those that they belong to are, as their keys are needed.
   *
   * @returns One model, or a collection after `count()`.
   */
  async make(attributes?: FactoryState<M>, parent?: Keyed): Promise<Made<this, M>> {
    const made = await this.made(this.settledPlan(), attributes, parent)
    return this.answer(made) as Made<this, M>
  }

  /** One model that is not saved, whatever `count()` said. */
  async makeOne(attributes?: FactoryState<M>, parent?: Keyed): Promise<M> {
    return (await this.single().make(attributes, parent)) as M
  }

  /** Models that are not saved: this many, or one for each of these attributes. */
  makeMany(records?: number | Iterable<FactoryState<M>>): Promise<EloquentCollection<M>> {
    return this.each(records, (factory, record) => factory.makeOne(record))
  }

  /**
   * Models that are saved, with everything that belongs to them.
   *
   * @returns One model, or a collection after `count()`.
   * @example
   * const user = await User.factory().create({ name: 'Ada' })
   * // insert into "users" ("name", "updated_at", "created_at") values ($1, $2, $3) returning "id"
   */
  async create(attributes?: FactoryState<M>, parent?: Keyed): Promise<Made<this, M>> {
    const plan = this.settledPlan()
    const made = await this.made(plan, attributes, parent)
    for (const model of made) await this.store(model, plan, parent)
    return this.answer(made) as Made<this, M>
  }

  /** One model that is saved, whatever `count()` said. */
  async createOne(attributes?: FactoryState<M>, parent?: Keyed): Promise<M> {
    return (await this.single().create(attributes, parent)) as M
  }

  /** Models that are saved: this many, or one for each of these attributes. */
  createMany(records?: number | Iterable<FactoryState<M>>): Promise<EloquentCollection<M>> {
    return this.each(records, (factory, record) => factory.createOne(record))
  }

  /** As {@link create}, without events of models. */
  createQuietly(attributes?: FactoryState<M>, parent?: Keyed): Promise<Made<this, M>> {
    return withoutEvents(() => this.create(attributes, parent))
  }

  createOneQuietly(attributes?: FactoryState<M>): Promise<M> {
    return withoutEvents(() => this.createOne(attributes))
  }

  createManyQuietly(records?: number | Iterable<FactoryState<M>>): Promise<EloquentCollection<M>> {
    return withoutEvents(() => this.createMany(records))
  }

  /** A function that creates the models when it is called. */
  lazy(attributes?: FactoryState<M>, parent?: Keyed): () => Promise<Made<this, M>> {
    return () => this.create(attributes, parent)
  }

  /**
   * Attributes, without a model. Models that it would belong to are saved, as their keys are needed.
   *
   * @returns One object, or an array after `count()`.
   */
  async raw(attributes?: FactoryState<M>, parent?: Keyed): Promise<this extends Counted ? AnyRow[] : AnyRow> {
    const rows = await this.rows(this.settledPlan(), attributes, parent)
    return (this.settledPlan().count === undefined ? rows[0] : rows) as never
  }

  private async rows(plan: FactoryPlan, attributes?: FactoryState<M>, parent?: Keyed): Promise<AnyRow[]> {
    const states = attributes === undefined ? plan.states : [...plan.states, attributes as FactoryState<Model>]
    const rows: AnyRow[] = []
    for (let at = 0; at < (plan.count ?? 1); at += 1) rows.push(await attributesOf(this, plan, states, parent))
    return rows
  }

  private async made(plan: FactoryPlan, attributes?: FactoryState<M>, parent?: Keyed): Promise<M[]> {
    const models = (await this.rows(plan, attributes, parent)).map((row) => this.newModel(row))
    for (const model of models) {
      if (plan.connection !== undefined) (model as AnyModel).setConnection(plan.connection)
      for (const callback of plan.afterMaking) await callback.call(this, model as never, parent as Model | undefined)
    }
    return models
  }

  private async store(model: M, plan: FactoryPlan, parent: Keyed | undefined): Promise<void> {
    await (model as AnyModel).save()
    // A listener prevented it: nothing can belong to it.
    if (!stateOf(model as object).exists) return
    for (const child of plan.children) await child.createFor(model as AnyModel, plan)
    for (const callback of plan.afterCreating) await callback.call(this, model as never, parent as Model | undefined)
  }

  private answer(models: readonly M[]): M | EloquentCollection<M> | undefined {
    return this.settledPlan().count === undefined ? models[0] : EloquentCollection.from(models)
  }

  private async each(
    records: number | Iterable<FactoryState<M>> | undefined,
    make: (factory: this, record?: FactoryState<M>) => Promise<M>,
  ): Promise<EloquentCollection<M>> {
    const given = records ?? this.settledPlan().count ?? 1
    const states = typeof given === 'number' ? Array.from<undefined>({ length: given }) : given
    const models = new EloquentCollection<M>()
    for (const state of states) models.push(await make(this, state))
    return models
  }
}

baseFactoryWith(Factory)
