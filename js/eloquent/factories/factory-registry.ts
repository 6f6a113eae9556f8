/** Which factory makes the models of a class. */
import { InvalidArgumentException } from '../../errors'
import type { AnyModelClass } from '../model-meta'
import type { AnyFactory, FactoryClass } from './factory-types'

/** Marks factories: what asks whether something is one stands below their class. */
export const FACTORY: unique symbol = Symbol('guruorm.factory')

let classes = new WeakMap<AnyModelClass, FactoryClass>()

let base: FactoryClass | undefined

/** Set by the class of all factories, which makes the models that no other one makes. */
export function baseFactoryWith(factory: FactoryClass): void {
  base = factory
}

export function registerFactory(model: AnyModelClass, factory: FactoryClass): void {
  if (!isModelClass(model)) throw new InvalidArgumentException('A factory is registered for a class of models.')
  if (!isFactoryClass(factory)) throw new InvalidArgumentException('What is registered has to extend Factory.')
  classes.set(model, factory)
}

/** Whether a class, or one that it extends, has a factory of its own. */
export function hasFactory(model: AnyModelClass): boolean {
  return registeredFor(model) !== undefined || hookOf(model) !== undefined
}

export function clearFactories(): void {
  classes = new WeakMap()
}

/**
 * A new factory of a class: the one that is registered for it, what its `newFactory()` answers, or one that describes
 * nothing.
 */
export function factoryOf(model: AnyModelClass): AnyFactory {
  const registered = registeredFor(model)
  const answer = registered ?? hookOf(model)?.call(model)
  const made = isFactoryClass(answer) ? new answer() : (answer ?? new (base as FactoryClass)())
  if (!isFactory(made)) throw new InvalidArgumentException(`${model.name}.newFactory() has to answer a factory.`)
  return made.ofModel(model)
}

/**
 * The factory that something stands for: itself, a new one of its class, or one of a class of models.
 *
 * @throws InvalidArgumentException for anything else.
 */
export function toFactory(value: unknown): AnyFactory {
  if (isFactory(value)) return value
  if (isFactoryClass(value)) return new value()
  if (isModelClass(value)) return factoryOf(value)
  throw new InvalidArgumentException('This takes a factory, or a class of factories or models.')
}

/** Whether something stands for a factory. */
export function isFactoryLike(value: unknown): boolean {
  return isFactory(value) || isFactoryClass(value) || isModelClass(value)
}

function isFactory(value: unknown): value is AnyFactory {
  return typeof value === 'object' && value !== null && FACTORY in value
}

function isFactoryClass(value: unknown): value is FactoryClass {
  return typeof value === 'function' && isFactory(value.prototype)
}

function isModelClass(value: unknown): value is AnyModelClass {
  return (
    typeof value === 'function' && typeof (value.prototype as { getKey?: unknown } | undefined)?.getKey === 'function'
  )
}

function registeredFor(model: AnyModelClass): FactoryClass | undefined {
  for (let each: unknown = model; typeof each === 'function'; each = Object.getPrototypeOf(each)) {
    const found = classes.get(each as AnyModelClass)
    if (found !== undefined) return found
  }
  return undefined
}

function hookOf(model: AnyModelClass): (() => unknown) | undefined {
  const hook: unknown = Reflect.get(model, 'newFactory')
  return typeof hook === 'function' ? (hook as () => unknown) : undefined
}
