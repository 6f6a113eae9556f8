/** Loads relations of many models at once: one query for each relation of each level, none where there are no keys. */
import { refusePromise } from '../../query/arguments'
import { relationOf } from '../dynamic-relations'
import type { ModelMeta } from '../model-meta'
import { stateOf } from '../model-proxy'
import type { Relation } from '../relations/relation'
import type { Load, Loads } from './loads'

/** How relations are loaded. */
export interface LoadOptions {
  /** Only for models that lack them, on each level. */
  readonly onlyMissing?: boolean
  /** Relations that are being loaded above these, as `Class.name`. */
  readonly above?: readonly string[]
}

/**
 * Loads relations of models.
 *
 * @throws RelationNotFoundException when a class has no such relation.
 */
export async function loadRelations(models: readonly object[], loads: Loads, options: LoadOptions = {}): Promise<void> {
  if (models.length === 0) return
  const groups = byClass(models)
  for (const [name, load] of loads) {
    for (const [meta, group] of groups) await loadRelation(meta, group, name, load, options)
  }
}

/** A relation with what it is loaded with. */
export function prepareLoad(relation: Relation, { constraints, columns, nested }: Load): Relation {
  if (columns !== undefined) relation.selectOnly(columns)
  for (const constraint of constraints) refusePromise((constraint as (query: Relation) => unknown)(relation))
  relation.addNestedLoads(nested)
  return relation
}

async function loadRelation(
  meta: ModelMeta,
  models: readonly object[],
  name: string,
  load: Load,
  { onlyMissing = false, above = [] }: LoadOptions,
): Promise<void> {
  const hasIt = (model: object) => stateOf(model).relations?.has(name) === true
  const [lacking, there] = onlyMissing ? [models.filter((model) => !hasIt(model)), models.filter(hasIt)] : [models, []]
  const [first] = lacking
  if (first !== undefined) {
    const relation = prepareLoad(relationOf(blankOf(first), meta, name), load)
    relation.loadedBelow = [...above, loadName(meta, name)]
    await relation.eagerLoad(lacking, name)
  }
  if (load.nested.size > 0) await loadRelations(relatedOf(there, name), load.nested, { onlyMissing, above })
}

/** What a relation is called among those that are being loaded. */
export function loadName({ model }: ModelMeta, name: string): string {
  return `${model.name}.${name}`
}

/** A model without attributes: relations of many models are made by it. */
function blankOf(model: object): object {
  const { meta, own } = stateOf(model)
  const blank: object = Reflect.construct(meta.model as new () => object, [])
  if (own?.connection !== undefined) stateOf(blank).setOption('connection', own.connection)
  return blank
}

/** The models that a loaded relation holds, of all these models, each once. */
export function relatedOf(models: readonly object[], name: string): object[] {
  const found = new Set<object>()
  for (const model of models) {
    const related = stateOf(model).relations?.get(name)
    if (Array.isArray(related)) for (const each of related) found.add(each as object)
    else if (typeof related === 'object' && related !== null) found.add(related)
  }
  return [...found]
}

/** Models by what their classes say. */
export function byClass(models: readonly object[]): Map<ModelMeta, object[]> {
  const groups = new Map<ModelMeta, object[]>()
  for (const model of models) {
    const { meta } = stateOf(model)
    const group = groups.get(meta)
    if (group === undefined) groups.set(meta, [model])
    else group.push(model)
  }
  return groups
}
