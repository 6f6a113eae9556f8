/** Which texts stand for which classes in columns such as `commentable_type`. */
import { InvalidArgumentException } from '../errors'
import { type AnyModelClass, metaOf } from './model-meta'
import { modelClass, modelsNamed, registeredModel } from './model-registry'

/** Classes by the texts that stand for them; a class may be named as it is registered. */
export type MorphMap = Readonly<Record<string, AnyModelClass | string>>

/** By the class that was told; subclasses inherit. */
const maps = new WeakMap<AnyModelClass, Map<string, AnyModelClass | string>>()
const required = new WeakMap<AnyModelClass, boolean>()

/** Tells a class, and those that extend it, which texts stand for which classes. */
export function addMorphMap(owner: AnyModelClass, map: MorphMap, merge: boolean): void {
  const before = merge ? (maps.get(owner) ?? []) : []
  maps.set(owner, new Map([...before, ...Object.entries(map)]))
}

/** What a class and those above it were told. The nearest one wins. */
export function morphMapOf(owner: AnyModelClass): ReadonlyMap<string, AnyModelClass | string> {
  const all = new Map<string, AnyModelClass | string>()
  for (const each of lineage(owner).reverse()) for (const [alias, model] of maps.get(each) ?? []) all.set(alias, model)
  return all
}

/** Makes it an error to write the name of a class that no map has. */
export function requireMorphMap(owner: AnyModelClass, require: boolean): void {
  required.set(owner, require)
}

/** Whether names of classes may not be written. */
export function requiresMorphMap(owner: AnyModelClass): boolean {
  return (
    lineage(owner)
      .map((each) => required.get(each))
      .find((each) => each !== undefined) ?? false
  )
}

/**
 * The text that stands for a class: that of the map, else its name.
 *
 * @throws InvalidArgumentException when a map is required, and has no such class.
 */
export function morphAliasOf(model: AnyModelClass): string {
  for (const [alias, mapped] of morphMapOf(model)) {
    if (mapped === model || (typeof mapped === 'string' && registeredModel(mapped) === model)) return alias
  }
  if (requiresMorphMap(model))
    throw new InvalidArgumentException(`The morph map has no text for the class ${model.name}.`)
  // So that its name leads back to it.
  metaOf(model)
  return model.name
}

/** The class that a text stands for in the maps. */
export function mappedModel(owner: AnyModelClass, alias: string): AnyModelClass | undefined {
  const mapped = morphMapOf(owner).get(alias)
  return mapped === undefined ? undefined : modelClass(mapped)
}

/**
 * The class that a text stands for: in the maps, by the name that it is registered by, by its own name.
 *
 * @throws InvalidArgumentException when there is none, or when classes of several tables have that name.
 */
export function morphedModel(owner: AnyModelClass, alias: string): AnyModelClass {
  const known = mappedModel(owner, alias) ?? registeredModel(alias)
  if (known !== undefined) return known
  const named = modelsNamed(alias)
  const [first] = named
  const tables = new Set(named.map((model) => metaOf(model).options.table))
  if (first !== undefined && tables.size === 1) return named.at(-1) as AnyModelClass
  const problem = first === undefined ? 'no class of models goes by' : 'classes of several tables go by'
  throw new InvalidArgumentException(
    `"${alias}" is stored as the class of a model, and ${problem} that name: tell Model.morphMap() which one it is.`,
  )
}

function lineage(model: AnyModelClass): AnyModelClass[] {
  const classes: AnyModelClass[] = []
  for (let each: unknown = model; typeof each === 'function' && each !== Function.prototype; ) {
    classes.push(each as AnyModelClass)
    each = Object.getPrototypeOf(each)
  }
  return classes
}
