/** What the methods of a model class are for, by their names: accessors, mutators, scopes. */
import type { AnyRow } from '../query/columns'
import { snakeCase } from '../support/text'
import { Attribute } from './attribute'
import type { AnyModelClass } from './model-meta'
import { type ModelState, STATE } from './model-state'

/** Reads an attribute of a model, given what is stored. */
export type Accessor = (this: object, value: unknown) => unknown

/** A scope of a class: `scopePopular` is called as `popular`. */
export type LocalScope = (this: object, query: never, ...args: never[]) => unknown

interface Methods {
  accessors: Map<string, Accessor>
  mutators: Map<string, Accessor>
  scopes: Map<string, LocalScope>
}

/** The methods of classes, from the oldest to the youngest, which wins. */
export function methodsOf(classes: readonly AnyModelClass[]): Methods {
  const found: Methods = { accessors: new Map(), mutators: new Map(), scopes: new Map() }
  for (const each of classes) {
    const prototype: object = each.prototype
    if (prototype === undefined) continue
    for (const [name, method] of methodsIn(prototype)) note(found, name, method as Accessor)
    for (const [name, method] of methodsIn(each)) noteScope(found, name, method)
  }
  return found
}

function methodsIn(owner: object): [string, unknown][] {
  return Object.getOwnPropertyNames(owner).flatMap((name): [string, unknown][] => {
    const method: unknown = Object.getOwnPropertyDescriptor(owner, name)?.value
    return typeof method === 'function' && name !== 'constructor' ? [[name, method]] : []
  })
}

function note(found: Methods, name: string, method: Accessor): void {
  const [, verb, attribute] = /^(get|set)([A-Z].*)Attribute$/.exec(name) ?? []
  if (attribute !== undefined) {
    const methods = verb === 'get' ? found.accessors : found.mutators
    methods.set(snakeCase(attribute), method)
    return
  }
  noteScope(found, name, method)
  if (method.length === 0 && Attribute.isMadeBy(method)) noteAttribute(found, snakeCase(name), method as never)
}

function noteScope({ scopes }: Methods, name: string, method: unknown): void {
  const scope = /^scope([A-Z].*)$/.exec(name)?.[1]
  if (scope !== undefined) scopes.set(scope.charAt(0).toLowerCase() + scope.slice(1), method as LocalScope)
}

function noteAttribute({ accessors, mutators }: Methods, key: string, method: (this: object) => Attribute): void {
  accessors.set(key, function (value) {
    const state = stateOf(this)
    if (state.computed?.has(key)) return state.computed.get(key)
    const attribute = method.call(this)
    const seen = attribute.get === undefined ? value : attribute.get.call(this, value, state.attributes)
    if (attribute.isKept(seen)) {
      state.computed ??= new Map()
      state.computed.set(key, seen)
    }
    return seen
  })
  mutators.set(key, function (value) {
    const { set } = method.call(this)
    const state = stateOf(this)
    const stored = set === undefined ? value : set.call(this, value, state.attributes)
    Object.assign(state.writable(), isColumns(stored) ? stored : { [key]: stored })
  })
}

function stateOf(model: object): ModelState {
  return (model as { readonly [STATE]: ModelState })[STATE]
}

function isColumns(value: unknown): value is AnyRow {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
