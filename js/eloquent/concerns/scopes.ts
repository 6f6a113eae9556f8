import type { EloquentBuilder } from '../builder/eloquent-builder'
import { addMacro, forgetMacros, macrosOf } from '../builder/model-macros'
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

  /**
   * Gives the queries of this class and its subclasses a method more.
   *
   * @throws InvalidArgumentException for the name of a method that builders have.
   * @example
   * User.macro('adults', function () { return this.where('age', '>=', 18) })
   */
  static macro(name: string, method: (this: EloquentBuilder, ...args: never[]) => unknown): void {
    addMacro(this as unknown as AnyModelClass, name, method)
  }

  /** Whether this class, or one that it extends, was given such a method. */
  static hasMacro(name: string): boolean {
    return macrosOf(this as unknown as AnyModelClass).has(name)
  }

  /** Takes the methods that this class was given away. */
  static flushMacros(): void {
    forgetMacros(this as unknown as AnyModelClass)
  }

  static hasGlobalScope(name: ScopeName): boolean {
    return scopesOf(this as unknown as AnyModelClass).has(scopeName(name))
  }

  static getGlobalScope(name: ScopeName): ScopeFunction | undefined {
    return scopesOf(this as unknown as AnyModelClass).get(scopeName(name))
  }

  /** The scopes of the class and its parents, by name. */
  static getGlobalScopes(): ReadonlyMap<ScopeName, ScopeFunction> {
    return new Map(scopesOf(this as unknown as AnyModelClass))
  }
}
