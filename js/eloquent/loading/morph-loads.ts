/** Relations of what a loaded `morphTo` holds: others for each class. */
import type { AggregateFunction } from '../../query/ast'
import { type ForClasses, forClass } from '../relations/for-classes'
import { type AggregateArguments, loadAggregates } from './aggregates'
import { byClass, loadRelations, relatedOf } from './eager-loader'
import { addLoads, type RelationArgument } from './loads'

/** Relations to load, by the class of what holds them. */
export type MorphLoads = ForClasses<RelationArgument | readonly RelationArgument[]>

/** Relations to compute with, by the class of what has them. */
export type MorphAggregates = ForClasses<AggregateArguments[number]>

/** @param name - The loaded relation. */
export async function loadMorphs(models: readonly object[], name: string, relations: MorphLoads): Promise<void> {
  await forEachClass(models, name, relations, (group, wanted) => loadRelations(group, addLoads(new Map(), [wanted])))
}

/** @param name - The loaded relation. */
export async function loadMorphAggregates(
  models: readonly object[],
  name: string,
  relations: MorphAggregates,
  column: string,
  of: AggregateFunction | 'exists',
): Promise<void> {
  await forEachClass(models, name, relations, (group, wanted) =>
    loadAggregates(group, (query) => query.withAggregate([wanted], column, of)),
  )
}

async function forEachClass<T>(
  models: readonly object[],
  name: string,
  relations: ForClasses<T>,
  work: (group: readonly object[], wanted: T) => Promise<unknown>,
): Promise<void> {
  for (const [{ model }, group] of byClass(relatedOf(models, name))) {
    const wanted = forClass(relations, model)
    if (wanted !== undefined) await work(group, wanted)
  }
}
