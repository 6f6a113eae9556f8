/** Calls on a class that begin a query with relations: `User.has('posts')`. */
import type { EloquentBuilder } from './builder/eloquent-builder'
import type { MorphCondition, MorphTarget } from './builder/morph-wheres'
import type { RelationCondition } from './builder/relation-wheres'
import type { AggregateArguments } from './loading/aggregates'
import type { RelationArguments } from './loading/loads'
import type { AnyModel, AttributesOf, ModelClass } from './model'
import type { MorphTypes } from './relations/morph-to'
import type { Relation } from './relations/relation'

type BuilderOf<M> = EloquentBuilder<AttributesOf<M>, M>

/** Models, or one of them. */
type Models = object | readonly object[]

/** Calls about relations that begin a query. */
export interface RelationStatics {
  with<M extends AnyModel>(this: ModelClass<M>, ...relations: RelationArguments): BuilderOf<M>
  without<M extends AnyModel>(this: ModelClass<M>, ...relations: readonly (string | readonly string[])[]): BuilderOf<M>
  withOnly<M extends AnyModel>(this: ModelClass<M>, ...relations: RelationArguments): BuilderOf<M>
  withCount<M extends AnyModel>(this: ModelClass<M>, ...relations: AggregateArguments): BuilderOf<M>
  withExists<M extends AnyModel>(this: ModelClass<M>, ...relations: AggregateArguments): BuilderOf<M>
  withSum<M extends AnyModel>(this: ModelClass<M>, relations: AggregateArguments[number], column: string): BuilderOf<M>
  withAvg<M extends AnyModel>(this: ModelClass<M>, relations: AggregateArguments[number], column: string): BuilderOf<M>
  withMin<M extends AnyModel>(this: ModelClass<M>, relations: AggregateArguments[number], column: string): BuilderOf<M>
  withMax<M extends AnyModel>(this: ModelClass<M>, relations: AggregateArguments[number], column: string): BuilderOf<M>
  has<M extends AnyModel>(
    this: ModelClass<M>,
    relation: string | Relation,
    operator?: string,
    count?: number,
  ): BuilderOf<M>
  doesntHave<M extends AnyModel>(this: ModelClass<M>, relation: string | Relation): BuilderOf<M>
  whereHas<M extends AnyModel, Query = Relation>(
    this: ModelClass<M>,
    relation: string | Relation,
    condition?: RelationCondition<Query> | null,
    operator?: string,
    count?: number,
  ): BuilderOf<M>
  whereDoesntHave<M extends AnyModel, Query = Relation>(
    this: ModelClass<M>,
    relation: string | Relation,
    condition?: RelationCondition<Query>,
  ): BuilderOf<M>
  withWhereHas<M extends AnyModel, Query = Relation>(
    this: ModelClass<M>,
    relation: string,
    condition?: RelationCondition<Query>,
    operator?: string,
    count?: number,
  ): BuilderOf<M>
  whereRelation<M extends AnyModel>(
    this: ModelClass<M>,
    relation: string,
    ...condition: readonly unknown[]
  ): BuilderOf<M>
  whereBelongsTo<M extends AnyModel>(this: ModelClass<M>, related: Models, relation?: string): BuilderOf<M>
  whereAttachedTo<M extends AnyModel>(this: ModelClass<M>, related: Models, relation?: string): BuilderOf<M>
  hasMorph<M extends AnyModel>(
    this: ModelClass<M>,
    relation: string,
    types: MorphTypes,
    operator?: string,
    count?: number,
  ): BuilderOf<M>
  doesntHaveMorph<M extends AnyModel>(this: ModelClass<M>, relation: string, types: MorphTypes): BuilderOf<M>
  whereHasMorph<M extends AnyModel>(
    this: ModelClass<M>,
    relation: string,
    types: MorphTypes,
    condition?: MorphCondition,
    operator?: string,
    count?: number,
  ): BuilderOf<M>
  whereDoesntHaveMorph<M extends AnyModel>(
    this: ModelClass<M>,
    relation: string,
    types: MorphTypes,
    condition?: MorphCondition,
  ): BuilderOf<M>
  whereMorphRelation<M extends AnyModel>(
    this: ModelClass<M>,
    relation: string,
    types: MorphTypes,
    ...condition: readonly unknown[]
  ): BuilderOf<M>
  whereMorphedTo<M extends AnyModel>(this: ModelClass<M>, relation: string, target: MorphTarget): BuilderOf<M>
  whereNotMorphedTo<M extends AnyModel>(this: ModelClass<M>, relation: string, target: MorphTarget): BuilderOf<M>
}

export const RELATION_STATICS: readonly (keyof RelationStatics)[] = [
  ...(['with', 'without', 'withOnly', 'withCount', 'withExists', 'withSum', 'withAvg', 'withMin', 'withMax'] as const),
  ...(['has', 'doesntHave', 'whereHas', 'whereDoesntHave', 'withWhereHas', 'whereRelation'] as const),
  ...(['whereBelongsTo', 'whereAttachedTo', 'hasMorph', 'doesntHaveMorph', 'whereHasMorph'] as const),
  ...(['whereDoesntHaveMorph', 'whereMorphRelation', 'whereMorphedTo', 'whereNotMorphedTo'] as const),
]
