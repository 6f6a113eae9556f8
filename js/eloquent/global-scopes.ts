/** Conditions that every query of a class has. Kept by class; subclasses inherit. */
import { InvalidArgumentException } from '../errors'
import type { AnyModelClass } from './model-meta'

/** Adds its conditions to a query. */
export interface Scope<Builder = never> {
  apply(query: Builder, model: object): unknown
}

export type ScopeFunction<Builder = never> = (query: Builder) => unknown

/** What a scope is known by: its name, its class, or itself. */
export type ScopeName = string | object

const NONE: ReadonlyMap<ScopeName, ScopeFunction> = new Map()
const scopes = new WeakMap<AnyModelClass, Map<ScopeName, ScopeFunction>>()

export function addScope(model: AnyModelClass, name: ScopeName, scope?: ScopeFunction | Scope): void {
  const given = scope ?? (name as Scope | ScopeFunction)
  const apply = typeof given === 'function' ? given : (given as Scope | undefined)?.apply
  if (typeof apply !== 'function') {
    throw new InvalidArgumentException(
      'A global scope is a function, or an object with the method apply(query, model).',
    )
  }
  const key = scope === undefined && typeof name === 'object' ? name.constructor : name
  let own = scopes.get(model)
  if (own === undefined) {
    own = new Map()
    scopes.set(model, own)
  }
  own.set(key, (query) => (typeof given === 'function' ? given(query) : given.apply(query, model.prototype as object)))
}

/** The scopes of a class, its parents' first. */
export function scopesOf(model: AnyModelClass): ReadonlyMap<ScopeName, ScopeFunction> {
  const found: ReadonlyMap<ScopeName, ScopeFunction>[] = []
  for (let each: unknown = model; typeof each === 'function'; each = Object.getPrototypeOf(each)) {
    const own = scopes.get(each as AnyModelClass)
    if (own !== undefined) found.push(own)
  }
  return found.length === 0 ? NONE : new Map(found.reverse().flatMap((own) => [...own]))
}

/** What a scope is known by when a program names it to leave it out: an object goes by its class. */
export function scopeName(scope: ScopeName): ScopeName {
  return typeof scope === 'object' ? scope.constructor : scope
}
