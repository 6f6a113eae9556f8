/** Loads a relation that is asked for as a property: `await user.posts`. */
import { LazyLoadingViolationException } from '../../errors'
import { lazyLoadWith, relationOf } from '../dynamic-relations'
import { stateOf } from '../model-proxy'
import { strictness } from '../strictness'
import { loadRelations } from './eager-loader'
import { addLoads } from './loads'

lazyLoadWith(async (model, name) => {
  const state = stateOf(model)
  if (state.relations?.has(name)) return state.relations.get(name)
  const relation = relationOf(model, state.meta, name)
  const { siblings } = state
  if (siblings !== undefined && strictness.automaticLoading) {
    await loadRelations(siblings, addLoads(new Map(), [name]), { onlyMissing: true })
    return state.relations?.get(name)
  }
  if (siblings !== undefined && strictness.lazyLoading) {
    throw new LazyLoadingViolationException(state.meta.model.name, name)
  }
  const found = await relation.getResults()
  state.setRelation(name, found)
  return found
})
