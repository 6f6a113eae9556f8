import { addScope, type Scope, type ScopeFunction, type ScopeName, scopeName, scopesOf } from '../global-scopes'
import { type AnyModelClass, metaOf } from '../model-meta'
import { Events } from './events'

/** Conditions that queries of a class have by themselves. */
export abstract class Scopes extends Events {
  /**
   * Gives every query of the class a condition.
   *
   * @example
   * User.addGlobalScope('active', (query) => query.where('active', true))
   */
  static addGlobalScope(name: string, scope: ScopeFunction | Scope): void
  static addGlobalScope(scope: Scope | ScopeFunction): void
  static addGlobalScope(name: ScopeName | Scope | ScopeFunction, scope?: ScopeFunction | Scope): void {
    const model = this as unknown as AnyModelClass
    metaOf(model)
    addScope(model, name, scope)
  }

  static hasGlobalScope(name: ScopeName): boolean {
    return scopesOf(this as unknown as AnyModelClass).has(scopeName(name))
  }

  static getGlobalScope(name: ScopeName): ScopeFunction | undefined {
    return scopesOf(this as unknown as AnyModelClass).get(scopeName(name))
  }

  /** The scopes of the class and its parents, by name. */
  static getGlobalScopes(): ReadonlyMap<ScopeName, ScopeFunction> {
    return scopesOf(this as unknown as AnyModelClass)
  }
}
