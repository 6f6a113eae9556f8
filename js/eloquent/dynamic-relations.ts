/** Relations by their names, and as properties: `await user.posts` where nothing is loaded. */
import { RelationNotFoundException } from '../errors'
import type { AnyModelClass } from './model-meta'
import type { Relation } from './relations/relation'

type Method = (this: object, ...args: never[]) => unknown

/** Makes a relation of a model. */
export type RelationResolver = (model: never) => unknown

const MAKERS = [
  ...['hasOne', 'hasMany', 'belongsTo', 'belongsToMany', 'hasOneThrough', 'hasManyThrough', 'through'],
  ...['morphOne', 'morphMany', 'morphTo', 'morphToMany', 'morphedByMany', 'relation'],
]

/** A call of a relation's maker on the model, as it stands in the text of a method, minified too. */
const MAKES = new RegExp(`\\bthis\\.(?:${MAKERS.join('|')})\\(|\\b(?:of|latestOf|oldestOf)Many\\(`)

/** Marks relations: builders cannot ask for their class, which stands above them. */
export const RELATION: unique symbol = Symbol('guruorm.relation')

const known = new WeakMap<object, boolean>()

/** The first call of another method of the model, in `return this.posts().where(…)`. */
const NARROWS = /(?:return|=>)\s*this\.([\w$]+)\(\)/

/** Whether a method makes a relation. Its text tells: it cannot be called to find out, as it may do anything. */
export function isRelationMethod(member: unknown, prototype: object): member is Method {
  if (typeof member !== 'function') return false
  const before = known.get(member)
  if (before !== undefined) return before
  // Methods may call each other in circles.
  known.set(member, false)
  const text = Function.prototype.toString.call(member)
  const other = NARROWS.exec(text)?.[1]
  const answer =
    !/^class\b/.test(text) &&
    (MAKES.test(text) || (other !== undefined && isRelationMethod(Reflect.get(prototype, other), prototype)))
  known.set(member, answer)
  return answer
}

/** Whether something is a relation. */
export function isRelation(value: unknown): value is Relation {
  return typeof value === 'object' && value !== null && RELATION in value
}

const resolvers = new WeakMap<AnyModelClass, Map<string, RelationResolver>>()

/** Gives a class a relation that is no method of it. Subclasses inherit. */
export function addResolver(model: AnyModelClass, name: string, resolver: RelationResolver): void {
  const own = resolvers.get(model) ?? new Map<string, RelationResolver>()
  own.set(name, resolver)
  resolvers.set(model, own)
}

/** What makes a relation that is no method of its class. */
export function resolverOf(model: AnyModelClass, name: string): Method | undefined {
  for (let each: unknown = model; typeof each === 'function'; each = Object.getPrototypeOf(each)) {
    const resolver = resolvers.get(each as AnyModelClass)?.get(name)
    if (resolver === undefined) continue
    return function (this: object) {
      return resolver(this as never)
    }
  }
  return undefined
}

/** The members of every model: no name of them is that of a relation. */
let common: object = Object.prototype

/** Set by the class of all models. */
export function keepFromRelations(prototype: object): void {
  common = prototype
}

/**
 * A new relation of a model, whatever is loaded under its name.
 *
 * @throws RelationNotFoundException when the class has no such relation.
 */
export function relationOf(model: object, { model: owner }: { model: AnyModelClass }, name: string): Relation {
  const prototype = owner.prototype as object
  const member: unknown = resolverOf(owner, name) ?? Reflect.get(prototype, name)
  // Methods of every model are not called to see what they answer: `delete` would.
  if (
    typeof member === 'function' &&
    name !== 'constructor' &&
    (isRelationMethod(member, prototype) || !(name in common))
  ) {
    const made = calledAs(name, () => member.call(model) as unknown)
    if (isRelation(made)) {
      known.set(member, true)
      return made
    }
    if (made instanceof Promise) made.catch(() => {})
  }
  throw new RelationNotFoundException(owner.name, name)
}

/** The name of the relation that is being made: that of its method. */
let calling: string | undefined

/** The name of the method that is making a relation; `undefined` when it was called in some other way. */
export function relationBeingMade(): string | undefined {
  return calling
}

/** Calls what makes a relation, which goes by this name from then on. */
function calledAs(name: string, make: () => unknown): unknown {
  const before = calling
  calling = name
  try {
    const made = make()
    if (isRelation(made)) made.relationName = name
    return made
  } finally {
    calling = before
  }
}

/** Loads a relation that was asked for as a property. */
export type LazyLoad = (model: object, name: string) => Promise<unknown>

let load: LazyLoad = () => Promise.resolve(undefined)

/** Set by what loads relations. */
export function lazyLoadWith(lazyLoad: LazyLoad): void {
  load = lazyLoad
}

/** The method, bound to its model, and what it finds when it is awaited. */
export function thenable(method: Method, model: object, name: string): Method {
  const bound = ((...args: never[]) => calledAs(name, () => Reflect.apply(method, model, args))) as Method & {
    then?: unknown
  }
  bound.then = (resolve: (value: unknown) => unknown, reject: (reason: unknown) => unknown) =>
    load(model, name).then(resolve, reject)
  return bound
}
