import type { Faker } from '@faker-js/faker'
import { InvalidArgumentException } from '../../errors'
import type { AnyModel, Model, ModelClass } from '../model'
import { type AnyModelClass, metaOf } from '../model-meta'
import { isModel } from '../model-proxy'
import { EMPTY_PLAN, type FactoryPlan } from './factory-plan'
import { FACTORY, toFactory } from './factory-registry'
import { AttachedRelation, ChildRelation, ParentRelation, type PivotAttributes } from './factory-relations'
import type {
  AnyFactory,
  Counted,
  FactoryAttributes,
  FactoryCallback,
  FactoryLike,
  FactoryState,
  Keyed,
  Made,
  ModelOf,
} from './factory-types'
import { fakeWith, sharedFaker } from './faker'
import { crossJoined, Sequence, type SequenceItem } from './sequence'

/** What a factory is told before it makes anything. Every call answers a new factory, and leaves this one as it is. */
export abstract class FactoryBase<M = Model> {
  /** The class of the models that it makes. */
  protected model?: ModelClass<M>
  private plan: FactoryPlan = EMPTY_PLAN

  constructor(model?: ModelClass<M>) {
    if (model !== undefined) this.plan = { ...EMPTY_PLAN, model: model as AnyModelClass }
  }

  /** A new factory of this class. */
  static new<F extends AnyFactory>(this: new () => F, state?: FactoryState<ModelOf<F>>): F {
    const made = new this()
    return state === undefined ? made : made.state(state as never)
  }

  /** A new factory of this class, for several models. */
  static times<F extends AnyFactory>(this: new () => F, count: number): F & Counted {
    return new this().count(count)
  }

  /** Lets all factories use this faker: one of another language, or with a seed. */
  static useFaker(faker: Faker): void {
    fakeWith(faker)
  }

  /** The attributes of a model, where nothing else is said. */
  definition(): FactoryAttributes<M> | Promise<FactoryAttributes<M>> {
    return {}
  }

  /** Is called once for a new factory: answers it with what all models of its class get. */
  configure(): this {
    return this
  }

  /**
   * Makes names, texts and numbers up.
   *
   * @throws GuruORMError where `@faker-js/faker` is not installed.
   */
  get faker(): Faker {
    return sharedFaker()
  }

  /** @internal */
  get [FACTORY](): true {
    return true
  }

  /** The class of the models that it makes. @throws InvalidArgumentException when nothing says so. */
  modelClass(): AnyModelClass {
    const own: unknown = this.plan.model ?? this.model ?? Reflect.get(this.constructor, 'model')
    if (typeof own === 'function') return own as AnyModelClass
    throw new InvalidArgumentException(
      `${this.constructor.name} does not say what it makes: give it a field "model = User".`,
    )
  }

  /** The name of that class. */
  modelName(): string {
    return this.modelClass().name
  }

  /** A model that is not saved. Guarded attributes are set as well. */
  newModel(attributes: object = {}): M {
    const made = Reflect.construct(this.modelClass() as new () => AnyModel, [])
    return made.forceFill(attributes) as M
  }

  /**
   * Makes this many models, in a collection.
   *
   * @example
   * const users = await User.factory().count(3).create()
   */
  count(count: number): this & Counted {
    return this.derived({ count: wholeCount(count) }) as this & Counted
  }

  /** As {@link count}; but one model is not in a collection. */
  times<N extends number>(count: N): N extends 1 ? this : this & Counted {
    return this.derived({ count: count === 1 ? undefined : wholeCount(count) }) as never
  }

  /** Makes one model, and answers it as it is. @internal */
  single(): this {
    return this.derived({ count: undefined })
  }

  /**
   * Other attributes than those of `definition()`; later ones win.
   *
   * @param state - Attributes, or a function of those before and of the model that the new one belongs to.
   * @example
   * const admin = await User.factory().state({ role: 'admin' }).create()
   */
  state(state: FactoryState<M>): this {
    if ((typeof state !== 'object' && typeof state !== 'function') || state === null) {
      throw new InvalidArgumentException('A state is an object of attributes, or a function that answers one.')
    }
    return this.derived(({ states }) => ({ states: [...states, state as FactoryState<Model>] }))
  }

  /** One attribute. */
  set(key: string, value: unknown): this {
    return this.state({ [key]: value } as FactoryAttributes<M>)
  }

  /**
   * A state for each model in turn; after the last one the first one again.
   *
   * @example
   * await User.factory().count(4).sequence({ role: 'admin' }, { role: 'guest' }).create()
   * await User.factory().count(4).sequence(({ index }) => ({ name: `User ${index}` })).create()
   */
  sequence(...items: readonly SequenceItem[]): this {
    if (items.length === 0) throw new InvalidArgumentException('sequence() needs at least one state.')
    return this.state(new Sequence(...items))
  }

  /** The same, and one model for each state. */
  forEachSequence(...items: readonly SequenceItem[]): this & Counted {
    return this.sequence(...items).count(items.length)
  }

  /** Every combination of states of these lists, in turn. */
  crossJoinSequence(...lists: readonly (readonly object[])[]): this {
    return this.sequence(...crossJoined(lists))
  }

  /** Models that are soft deleted. */
  trashed(): this {
    const { DELETED_AT } = metaOf(this.modelClass()).options
    return this.state({ [DELETED_AT]: new Date() } as FactoryAttributes<M>)
  }

  /**
   * Models that belong to each model.
   *
   * @param relation - The relation that holds them. Default: `posts` for `Post`.
   * @param attributes - Their attributes.
   * @example
   * const user = await User.factory().has(Post.factory().count(3)).create()
   */
  has(children: FactoryLike, relation?: string, attributes?: object): this {
    const factory = toFactory(children)
    const child = new ChildRelation(attributes === undefined ? factory : factory.state(attributes), relation)
    return this.derived((plan) => ({ children: [...plan.children, child] }))
  }

  /**
   * Models that are attached to each model through a pivot table.
   *
   * @param related - A factory, or models that are there.
   * @param pivot - Attributes of the pivot rows.
   * @param relation - The relation that holds them. Default: `roles` for `Role`.
   * @example
   * const user = await User.factory().hasAttached(Role.factory().count(2), { active: true }).create()
   */
  hasAttached(related: FactoryLike | Keyed | Iterable<Keyed>, pivot: PivotAttributes = {}, relation?: string): this {
    const isThere = isModel(related) || (typeof related === 'object' && Symbol.iterator in related)
    const source = isThere ? modelsIn(related as Keyed | Iterable<Keyed>) : toFactory(related)
    const child = new AttachedRelation(source, pivot, relation)
    return this.derived((plan) => ({ children: [...plan.children, child] }))
  }

  /**
   * The model that each model belongs to; one for all of them.
   *
   * @param parent - A model, or a factory that makes it.
   * @param relation - The relation that leads to it. Default: `user` for `User`.
   * @param foreignKey - The column that refers to it. Default: that of the relation.
   * @example
   * const posts = await Post.factory().count(3).for(User.factory()).create()
   */
  for(parent: FactoryLike | Keyed, relation?: string, foreignKey?: string): this {
    const made = new ParentRelation(parent, relation, foreignKey)
    return this.derived((plan) => ({ parents: [...plan.parents, made] }))
  }

  /**
   * Models that are there and are used wherever a factory would make one of their class to belong to.
   *
   * @example
   * await Comment.factory().count(3).recycle(user).create()
   */
  recycle(models: Keyed | Iterable<Keyed | Iterable<Keyed>>): this {
    const more = modelsIn(models)
    return this.derived(({ recycled }) => ({ recycled: [...recycled, ...more] }))
  }

  /** Attributes that are factories are `null` instead of the key of a new model. */
  withoutParents(): this {
    return this.derived({ makesParents: false })
  }

  /** Is called with each model that was made, before it is saved. */
  afterMaking(callback: FactoryCallback<M>): this {
    return this.derived(({ afterMaking }) => ({ afterMaking: [...afterMaking, callback] }))
  }

  /** Is called with each model that was saved, and everything that belongs to it. */
  afterCreating(callback: FactoryCallback<M>): this {
    return this.derived(({ afterCreating }) => ({ afterCreating: [...afterCreating, callback] }))
  }

  /** Makes the models, and those with them, on this connection. */
  connection(name: string): this {
    return this.derived({ connection: name })
  }

  getConnectionName(): string | undefined {
    return this.plan.connection
  }

  /** Makes models of this class, whatever the factory's own is. @internal */
  ofModel(model: AnyModelClass): this {
    return this.derived({ model })
  }

  /** What it is to make, `configure()` included. */
  protected settledPlan(): FactoryPlan {
    return this.configured().plan
  }

  abstract make(attributes?: FactoryState<M>, parent?: Keyed): Promise<Made<this, M>>
  abstract create(attributes?: FactoryState<M>, parent?: Keyed): Promise<Made<this, M>>
  abstract createOne(attributes?: FactoryState<M>, parent?: Keyed): Promise<M>

  private derived(change: Partial<FactoryPlan> | ((plan: FactoryPlan) => Partial<FactoryPlan>)): this {
    const from = this.configured()
    return from.copy(typeof change === 'function' ? change(from.plan) : change)
  }

  private configured(): this {
    return this.plan.isConfigured ? this : this.copy({ isConfigured: true }).configure()
  }

  private copy(change: Partial<FactoryPlan>): this {
    const made = Reflect.construct(this.constructor as new () => this, [])
    Object.assign(made, this)
    made.plan = { ...this.plan, ...change }
    return made
  }
}

function wholeCount(count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw new InvalidArgumentException('A factory makes a whole number of models.')
}

function modelsIn(models: Keyed | Iterable<Keyed | Iterable<Keyed>>): AnyModel[] {
  const all: unknown[] = isModel(models) ? [models] : [...(models as Iterable<Keyed>)].flat()
  if (!all.every(isModel)) throw new InvalidArgumentException('recycle() and hasAttached() take models.')
  return all as AnyModel[]
}
