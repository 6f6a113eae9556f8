import type { AnyRow } from '../query/columns'
import type { RowValues } from '../query/writes/inserts'
import { type EncryptionKey, encryptUsing } from '../support/encrypter'
import type { EloquentBuilder } from './builder/eloquent-builder'
import { queryOf } from './builder/new-query'
import type { CustomCastArgument } from './casts/cast'
import { registerCast } from './casts/registry'
import { connectionResolver, type ModelConnectionResolver, resolveConnectionsWith } from './concerns/keys'
import { Relationships } from './concerns/relationships'
import { keepFromRelations } from './dynamic-relations'
import { factoryWith } from './factories/factory-manager'
import type { Counted, FactoryOf, FactoryState, Keyed } from './factories/factory-types'
import type { AnyModelClass } from './model-meta'
import type { ModelStatics } from './model-statics'
import { forwardStatics } from './scope-statics'
import { SoftDeletingScope } from './soft-deleting-scope'
import { strictness } from './strictness'

/** Attributes that nobody has described. */
// biome-ignore lint/suspicious/noExplicitAny: of undescribed attributes nothing is known, and programs use them as they are.
export type AnyAttributes = Record<string, any>

/** Where the type of a model's attributes is kept. Never there at run time. */
declare const ATTRIBUTES: unique symbol

/** What a model is, besides its attributes. */
export abstract class ModelBase<Attributes extends object = AnyAttributes> extends Relationships {
  /** @internal */
  declare readonly [ATTRIBUTES]: Attributes

  constructor(attributes?: Partial<Attributes>) {
    super()
    if (attributes !== undefined) this.fill(attributes)
  }

  /** Called before the class is used for the first time; a class's own only, its parents' came before. */
  static booting(): void {}

  /** The same, after {@link booting}: `super.boot()` may be called. */
  static boot(): void {}

  /**
   * The same, last: the place for scopes and listeners of a class.
   *
   * @example
   * class User extends Model {
   *   static booted() {
   *     User.addGlobalScope('active', (query) => query.where('active', true))
   *   }
   * }
   */
  static booted(): void {}

  /**
   * A query of the class's table.
   *
   * @example
   * const users = await User.query().where('votes', '>', 100).get()
   * // select * from "users" where "votes" > $1
   */
  static query<M extends AnyModel>(this: ModelClass<M>): EloquentBuilder<AttributesOf<M>, M> {
    return queryOf(this as AnyModelClass) as unknown as EloquentBuilder<AttributesOf<M>, M>
  }

  /**
   * The same on another connection.
   *
   * @example
   * const users = await User.on('archive').get()
   */
  static on<M extends AnyModel>(this: ModelClass<M>, connection?: string): EloquentBuilder<AttributesOf<M>, M> {
    return queryOf(this as AnyModelClass, connection) as unknown as EloquentBuilder<AttributesOf<M>, M>
  }

  /** Models of rows that were read elsewhere. */
  static hydrate<M extends AnyModel>(this: ModelClass<M>, rows: readonly AnyRow[]): M[] {
    return ModelBase.query.call(this as never).hydrate(rows) as unknown as M[]
  }

  /** A model that is not saved. */
  static make<M extends AnyModel>(this: ModelClass<M>, attributes?: RowValues<AttributesOf<M>>): M {
    return ModelBase.query.call(this as never).make(attributes as never) as unknown as M
  }

  /**
   * A factory of its models: the one that is registered for the class, or that its `newFactory()` answers.
   *
   * @example
   * const users = await User.factory(3).create()
   * const admin = await User.factory().state({ role: 'admin' }).create()
   */
  static factory<C extends ModelClass<Keyed>>(this: C, state?: FactoryState<InstanceOf<C>>): FactoryOf<C>
  static factory<C extends ModelClass<Keyed>>(
    this: C,
    count: number,
    state?: FactoryState<InstanceOf<C>>,
  ): FactoryOf<C> & Counted
  static factory(this: ModelClass<Keyed>, count?: number | FactoryState<Model>, state?: FactoryState<Model>): unknown {
    return factoryWith(this as ModelClass<Model>, count, state)
  }

  /** Deletes the models with these keys, each with its events. @returns How many there were. */
  static async destroy(this: ModelClass<AnyModel>, ...keys: readonly unknown[]): Promise<number> {
    const ids = keys.flat(1)
    if (ids.length === 0) return 0
    const found = await ModelBase.query.call(this as never).findMany(ids as never)
    let deleted = 0
    for (const model of found as unknown as ModelBase[]) if ((await model.delete()) === true) deleted += 1
    return deleted
  }

  /**
   * Sets the key of `encrypted` casts, instead of `APP_KEY` and `APP_PREVIOUS_KEYS` of the environment.
   *
   * @param key - 32 bytes, `base64:…` of them, 64 hexadecimal digits, or a passphrase.
   * @param previous - Keys of before: what they encrypted can be read, and is encrypted anew when it changes.
   * @throws EncryptionException for a key of another length.
   */
  static encryptUsing(key: EncryptionKey | undefined, previous: readonly EncryptionKey[] = []): void {
    encryptUsing(key, previous)
  }

  /**
   * Gives a cast of one's own a name, for every class: `casts = { price: 'money:EUR' }`.
   *
   * @throws InvalidArgumentException for the name of a cast that is there.
   */
  static registerCast(name: string, cast: CustomCastArgument): void {
    registerCast(name, cast)
  }

  /** As {@link destroy}, for good: deleted models that stay are removed as well. */
  static async forceDestroy(this: ModelClass<AnyModel>, ...keys: readonly unknown[]): Promise<number> {
    const ids = keys.flat(1)
    if (ids.length === 0) return 0
    const query = ModelBase.query.call(this as never)
    const found = await query.withoutGlobalScope(SoftDeletingScope).findMany(ids as never)
    let deleted = 0
    for (const model of found as unknown as ModelBase[]) if ((await model.forceDelete()) === true) deleted += 1
    return deleted
  }

  /** Lets models find their connections elsewhere than in the global capsule. */
  static setConnectionResolver(resolver: ModelConnectionResolver | undefined): void {
    resolveConnectionsWith(resolver)
  }

  static getConnectionResolver(): ModelConnectionResolver {
    return connectionResolver()
  }

  /** Relations are an error where they are loaded by themselves on models that were read together. */
  static preventLazyLoading(prevent = true): void {
    strictness.lazyLoading = prevent
  }

  /** A relation that is asked for on one of several models that were read together is loaded for all of them. */
  static automaticallyEagerLoadRelationships(load = true): void {
    strictness.automaticLoading = load
  }

  /** Attributes that may not be assigned in bulk are an error, not left out. */
  static preventSilentlyDiscardingAttributes(prevent = true): void {
    strictness.discarding = prevent
  }

  /** Attributes that were not read are an error, not `undefined`. */
  static preventAccessingMissingAttributes(prevent = true): void {
    strictness.missing = prevent
  }

  static preventsLazyLoading(): boolean {
    return strictness.lazyLoading
  }

  static preventsSilentlyDiscardingAttributes(): boolean {
    return strictness.discarding
  }

  static preventsAccessingMissingAttributes(): boolean {
    return strictness.missing
  }

  /** All three. */
  static shouldBeStrict(strict = true): void {
    Object.assign(strictness, { lazyLoading: strict, discarding: strict, missing: strict })
  }
}

/** A model of whatever attributes. */
// biome-ignore lint/suspicious/noExplicitAny: every model is one, whatever its attributes are.
export type AnyModel = ModelBase<any>

/** A class of models. */
export type ModelClass<M> = abstract new (...args: never[]) => M

/** The models of a class. */
export type InstanceOf<C> = C extends ModelClass<infer M> ? M : never

type HasAny<T> = string extends keyof T ? true : false

/** The fields that a class declares: `declare name: string`. */
type DeclaredOf<M> = {
  [Key in keyof M as Key extends keyof AnyModel
    ? never
    : M[Key] extends (...args: never[]) => unknown
      ? never
      : Key]: M[Key]
}

/** The attributes of a model, as its class describes them. */
export type AttributesOf<M> = M extends { readonly [ATTRIBUTES]: infer Attributes }
  ? HasAny<Attributes> extends true
    ? HasAny<M> extends true
      ? Attributes
      : DeclaredOf<M>
    : Attributes
  : never

/** A model with its attributes as properties. */
export type Model<Attributes extends object = AnyAttributes> = ModelBase<Attributes> & Attributes

/** `Model` as programs extend it: its instances have the attributes of its type as properties. */
export interface ModelConstructor extends Omit<typeof ModelBase, 'prototype'>, ModelStatics {
  new <Attributes extends object = AnyAttributes>(attributes?: Partial<Attributes>): Model<Attributes>
}

forwardStatics(ModelBase)
keepFromRelations(ModelBase.prototype)

/**
 * The base of models: a class for a table, its instances for the rows.
 *
 * @example
 * class User extends Model<{ id: number; name: string; email: string }> {
 *   static fillable = ['name', 'email']
 * }
 * const user = await User.create({ name: 'Ada', email: 'ada@example.com' })
 * // insert into "users" ("name", "email", "updated_at", "created_at") values ($1, $2, $3, $4) returning "id"
 */
export const Model = ModelBase as unknown as ModelConstructor
