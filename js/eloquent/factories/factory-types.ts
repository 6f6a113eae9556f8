import type { EloquentCollection } from '../collection'
import type { AnyAttributes, AttributesOf, Model, ModelClass } from '../model'
import type { Factory } from './factory'
import type { FactoryBase } from './factory-base'
import type { Sequence } from './sequence'

// biome-ignore lint/suspicious/noExplicitAny: whatever it makes.
export type AnyFactory = FactoryBase<any>

/** A class of factories. */
export type FactoryClass<F extends AnyFactory = AnyFactory> = new () => F

/** A model, as far as factories ask. */
export interface Keyed {
  getKey(): unknown
}

/** A factory; or a class of factories or models, which stands for a new one. */
export type FactoryLike = AnyFactory | FactoryClass | ModelClass<Keyed>

/** The models that a factory makes. */
export type ModelOf<F> = F extends FactoryBase<infer M> ? M : never

/** Marks the type of a factory that makes several models. Never there at run time. */
declare const COUNTED: unique symbol

/** A factory that makes several models at once. */
export interface Counted {
  readonly [COUNTED]: true
}

/** What a factory makes: a model, or a collection of them. */
export type Made<F, M> = F extends Counted ? EloquentCollection<M> : M

/** An attribute: its value, or what its value is made of. */
export type FactoryValue<Value> =
  | Value
  | Promise<Value>
  | Sequence
  | FactoryLike
  | Keyed
  | ((attributes: AnyAttributes) => unknown)

/** Attributes as factories describe them. */
export type FactoryAttributes<M> = {
  readonly [Key in keyof AttributesOf<M>]?: FactoryValue<AttributesOf<M>[Key]>
}

/** Attributes, or a function of those before and of the model that the new one belongs to. */
export type FactoryState<M> =
  | FactoryAttributes<M>
  | Sequence
  | ((attributes: AnyAttributes, parent: Model | undefined) => FactoryAttributes<M> | Promise<FactoryAttributes<M>>)

/** Is called with a model that was made, and the one that it belongs to. */
export type FactoryCallback<M> = (model: M, parent: Model | undefined) => unknown

/** The factory of a class of models: what its `newFactory()` answers, where it has one. */
export type FactoryOf<C> = C extends { newFactory(): new () => infer F extends AnyFactory }
  ? F
  : C extends { newFactory(): infer F extends AnyFactory }
    ? F
    : C extends ModelClass<infer M>
      ? Factory<M>
      : never
