/** Which relations are loaded with models: the arguments of `with()` as a tree, so that each level is one query. */
import { InvalidArgumentException } from '../../errors'
import { describe } from '../../query/arguments'
import type { Relation } from '../relations/relation'

/** Adds conditions to the query of a relation. A method's type, so that programs may name the kind of the relation. */
export type LoadConstraint = { load(query: Relation): unknown }['load']

/** What is loaded of one relation. */
export interface Load {
  readonly constraints: LoadConstraint[]
  /** The only columns to read. */
  columns: readonly string[] | undefined
  /** Relations of what it finds. */
  readonly nested: Loads
}

/** Relations to load, by name. */
export type Loads = Map<string, Load>

/** Relations by their paths: conditions, or relations of what they find. */
export interface RelationTree {
  readonly [path: string]: LoadConstraint | RelationArgument | readonly RelationArgument[] | null | undefined
}

/** What `with()` takes: `'posts.comments'`, `'author:id,name'`, `{ posts: (query) => query.latest() }`, lists of them. */
export type RelationArgument = string | RelationTree

/** The arguments of calls that load relations. */
export type RelationArguments = readonly (
  | RelationArgument
  | readonly RelationArgument[]
  | LoadConstraint
  | null
  | undefined
)[]

/**
 * Adds relations to a tree.
 *
 * @throws InvalidArgumentException for what names no relation.
 */
export function addLoads(loads: Loads, args: RelationArguments): Loads {
  const [first, second] = args
  if (args.length === 2 && typeof first === 'string' && typeof second === 'function') {
    addLoad(loads, first, second)
    return loads
  }
  for (const arg of args) addArgument(loads, arg)
  return loads
}

/** A copy of a tree, to which relations can be added. */
export function copyLoads(loads: Loads): Loads {
  const copy: Loads = new Map()
  for (const [name, { constraints, columns, nested }] of loads) {
    copy.set(name, { constraints: [...constraints], columns, nested: copyLoads(nested) })
  }
  return copy
}

function addArgument(loads: Loads, arg: unknown, prefix = ''): void {
  if (typeof arg === 'string') addLoad(loads, prefix + arg, undefined)
  else if (Array.isArray(arg)) for (const each of arg) addArgument(loads, each, prefix)
  else if (typeof arg === 'object' && arg !== null && Object.getPrototypeOf(arg) === Object.prototype) {
    for (const [path, value] of Object.entries(arg)) addEntry(loads, prefix + path, value)
  } else throw new InvalidArgumentException(`Relations are named by text, lists or objects, not by ${describe(arg)}.`)
}

function addEntry(loads: Loads, path: string, value: unknown): void {
  const isConstraint = typeof value === 'function'
  addLoad(loads, path, isConstraint ? (value as LoadConstraint) : undefined)
  if (isConstraint || value === undefined || value === null || value === true) return
  addArgument(loads, value, `${path.replace(/:[^.]*$/, '')}.`)
}

/** Adds a path: `posts.comments:id,text`. */
function addLoad(loads: Loads, path: string, constraint: LoadConstraint | undefined): void {
  const [names = '', columns] = path.split(/:(.*)/s)
  let [load, level]: [Load | undefined, Loads] = [undefined, loads]
  for (const name of names.split('.')) {
    if (name.trim() === '') throw new InvalidArgumentException(`"${path}" names no relation.`)
    load = loadOf(level, name.trim())
    level = load.nested
  }
  if (load === undefined) return
  if (constraint !== undefined) load.constraints.push(constraint)
  if (columns !== undefined) load.columns = columns.split(',').map((column) => column.trim())
}

function loadOf(loads: Loads, name: string): Load {
  let load = loads.get(name)
  if (load === undefined) {
    load = { constraints: [], columns: undefined, nested: new Map() }
    loads.set(name, load)
  }
  return load
}
