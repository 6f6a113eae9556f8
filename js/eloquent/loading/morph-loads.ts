import { stateOf } from '../model-proxy'
import { type ForClasses, forClass } from '../relations/for-classes'
import { loadRelations, relatedOf } from './eager-loader'
import { addLoads, type RelationArgument } from './loads'

/**
 * Loads relations of models that a loaded relation holds, by their classes.
 *
 * @param name - The loaded relation.
 */
export async function loadMorphs(
  models: readonly object[],
  name: string,
  relations: ForClasses<RelationArgument | readonly RelationArgument[]>,
): Promise<void> {
  const groups = new Map<unknown, object[]>()
  for (const related of relatedOf(models, name)) {
    const { model } = stateOf(related).meta
    groups.set(model, [...(groups.get(model) ?? []), related])
  }
  for (const group of groups.values()) {
    const wanted = forClass(relations, stateOf(group[0] as object).meta.model)
    if (wanted !== undefined) await loadRelations(group, addLoads(new Map(), [wanted]))
  }
}
