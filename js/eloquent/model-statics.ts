/** Calls on a class that begin a query: `User.where(…)` is `User.query().where(…)`. */
import type { ColumnArgument, ColumnValues, ConditionTuple, ValueArgument } from '../query/arguments'
import type { Expression } from '../query/expression'
import type { Columns } from '../query/reads/results'
import type { RowValues } from '../query/writes/inserts'
import { EloquentBuilder } from './builder/eloquent-builder'
import type { ModelKey } from './builder/model-reads'
import { queryOf } from './builder/new-query'
import type { EloquentCollection } from './collection'
import type { AnyModel, AttributesOf, ModelClass } from './model'
import type { AnyModelClass } from './model-meta'
import { RELATION_STATICS, type RelationStatics } from './relation-statics'

type BuilderOf<M> = EloquentBuilder<AttributesOf<M>, M>

/** Calls with types of their own, as they have several forms or say what they answer. */
interface Described {
  where<M extends AnyModel>(
    this: ModelClass<M>,
    column: ColumnArgument<AttributesOf<M>>,
    value: ValueArgument,
  ): BuilderOf<M>
  where<M extends AnyModel>(
    this: ModelClass<M>,
    column: ColumnArgument<AttributesOf<M>>,
    operator: string,
    value: ValueArgument,
    join?: string,
  ): BuilderOf<M>
  where<M extends AnyModel>(
    this: ModelClass<M>,
    columns: ColumnValues<AttributesOf<M>> | readonly ConditionTuple<AttributesOf<M>>[],
  ): BuilderOf<M>
  where<M extends AnyModel>(this: ModelClass<M>, group: (query: BuilderOf<M>) => unknown): BuilderOf<M>
  where<M extends AnyModel>(this: ModelClass<M>, condition: Expression): BuilderOf<M>
  find<M extends AnyModel>(this: ModelClass<M>, id: ModelKey, ...columns: readonly string[]): Promise<M | null>
  find<M extends AnyModel>(
    this: ModelClass<M>,
    ids: readonly ModelKey[],
    ...columns: readonly string[]
  ): Promise<EloquentCollection<M>>
  findOrFail<M extends AnyModel>(this: ModelClass<M>, id: ModelKey, ...columns: readonly string[]): Promise<M>
  findOrFail<M extends AnyModel>(
    this: ModelClass<M>,
    ids: readonly ModelKey[],
    ...columns: readonly string[]
  ): Promise<EloquentCollection<M>>
  findOr<M extends AnyModel, T>(this: ModelClass<M>, id: ValueArgument, otherwise: () => T): Promise<M | Awaited<T>>
  first<M extends AnyModel>(this: ModelClass<M>, ...columns: readonly string[]): Promise<M | null>
  firstOrFail<M extends AnyModel>(this: ModelClass<M>, ...columns: readonly string[]): Promise<M>
  firstWhere<M extends AnyModel>(
    this: ModelClass<M>,
    column: ColumnArgument<AttributesOf<M>>,
    ...value: readonly ValueArgument[]
  ): Promise<M | null>
  sole<M extends AnyModel>(this: ModelClass<M>, ...columns: readonly string[]): Promise<M>
  get<M extends AnyModel>(this: ModelClass<M>, ...columns: readonly string[]): Promise<EloquentCollection<M>>
  all<M extends AnyModel>(this: ModelClass<M>, ...columns: readonly string[]): Promise<EloquentCollection<M>>
  create<M extends AnyModel>(this: ModelClass<M>, attributes?: RowValues<AttributesOf<M>>): Promise<M>
  pluck<M extends AnyModel, T = unknown>(this: ModelClass<M>, column: string): Promise<T[]>
  value<M extends AnyModel, T = unknown>(this: ModelClass<M>, column: string): Promise<T | null>
  select<M extends AnyModel>(this: ModelClass<M>, ...columns: Columns<AttributesOf<M>>): BuilderOf<M>
  addSelect<M extends AnyModel>(this: ModelClass<M>, ...columns: Columns<AttributesOf<M>>): BuilderOf<M>
}

/** Calls whose types are those of the builder. */
const FORWARDED = [
  ...(['whereNot', 'whereRaw', 'whereColumn', 'whereIn', 'whereNotIn', 'whereNull', 'whereNotNull'] as const),
  ...(['whereBetween', 'whereNotBetween', 'whereLike', 'whereNotLike', 'whereExists', 'whereNotExists'] as const),
  ...(['whereDate', 'whereTime', 'whereDay', 'whereMonth', 'whereYear', 'whereToday'] as const),
  ...(['whereJsonContains', 'whereJsonLength', 'whereFullText', 'whereAny', 'whereAll', 'whereNone'] as const),
  ...(['whereKey', 'whereKeyNot', 'orWhere', 'when', 'unless', 'tap', 'from'] as const),
  ...(['selectRaw', 'selectSub', 'distinct', 'join', 'leftJoin', 'rightJoin'] as const),
  ...(['crossJoin', 'joinSub', 'groupBy', 'groupByRaw', 'having', 'havingRaw', 'orderBy', 'orderByDesc'] as const),
  ...(['orderByRaw', 'latest', 'oldest', 'inRandomOrder', 'reorder', 'limit', 'take', 'offset', 'skip'] as const),
  ...(['forPage', 'lockForUpdate', 'sharedLock', 'union', 'unionAll', 'findMany'] as const),
  ...(['firstOr', 'firstOrNew', 'firstOrCreate', 'createOrFirst', 'updateOrCreate', 'incrementOrCreate'] as const),
  ...(['forceCreate', 'createMany', 'insert', 'insertGetId', 'insertOrIgnore', 'insertUsing', 'upsert'] as const),
  ...(['onConflict', 'returning', 'truncate', 'count', 'exists', 'doesntExist', 'min', 'max', 'sum'] as const),
  ...(['avg', 'average', 'chunk', 'chunkById', 'each', 'eachById', 'lazy', 'lazyById', 'cursor'] as const),
  ...(['paginate', 'simplePaginate', 'cursorPaginate', 'implode', 'soleValue', 'toSql', 'toRawSql'] as const),
  ...(['getBindings', 'explain', 'dump', 'dd', 'withoutGlobalScope', 'withoutGlobalScopes', 'scopes'] as const),
  ...(['timeout', 'withSignal', 'useWritePdo', 'useWriteConnection', 'beforeQuery', 'afterQuery'] as const),
  ...(['withTrashed', 'onlyTrashed', 'withoutTrashed', 'restoreOrCreate', 'createOrRestore', 'withCasts'] as const),
  ...(['fillAndInsert', 'fillAndInsertOrIgnore', 'fillAndInsertGetId', 'insertOrIgnoreUsing', 'pipe'] as const),
  ...(['insertOrIgnoreReturning', 'createQuietly', 'forceCreateQuietly', 'updateOrInsert', 'findSole'] as const),
  ...(['incrementEach', 'decrementEach', 'existsOr', 'doesntExistOr', 'rawValue', 'aggregate', 'getModels'] as const),
  ...(['lazyByIdDesc', 'chunkMap', 'chunkByIdDesc', 'toBase', 'fromQuery', 'applyScopes', 'withGlobalScope'] as const),
  ...(['withExpression', 'withRecursiveExpression', 'inOrderOf', 'reorderDesc', 'orderByVectorDistance'] as const),
  ...(['useIndex', 'forceIndex', 'ignoreIndex', 'lock', 'skipLocked', 'noWait', 'dumpRawSql', 'ddRawSql'] as const),
] as const

/** Families of such calls: every condition, join and source. */
const FAMILIES =
  /^(?:where|orWhere|having|orHaving|join|leftJoin|rightJoin|crossJoin|straightJoin|select|from)(?=[A-Z]|$)/

type Family =
  | `${'where' | 'orWhere' | 'having' | 'orHaving' | 'join' | 'leftJoin' | 'rightJoin'}${string}`
  | `${'crossJoin' | 'straightJoin' | 'select' | 'from'}${string}`

type ForwardedName = Exclude<
  Extract<(typeof FORWARDED)[number] | Extract<keyof EloquentBuilder, Family>, keyof EloquentBuilder>,
  keyof Described
>

/** What a method takes, in any of its forms: `Parameters` knows the last one alone. */
type ArgumentsOf<F> = F extends {
  (...args: infer A): unknown
  (...args: infer B): unknown
  (...args: infer C): unknown
  (...args: infer D): unknown
  (...args: infer E): unknown
}
  ? A | B | C | D | E
  : F extends {
        (...args: infer A): unknown
        (...args: infer B): unknown
        (...args: infer C): unknown
      }
    ? A | B | C
    : F extends { (...args: infer A): unknown; (...args: infer B): unknown }
      ? A | B
      : F extends (...args: infer A) => unknown
        ? A
        : never

type Forwarded = {
  [Name in ForwardedName]: <M extends AnyModel>(
    this: ModelClass<M>,
    ...args: ArgumentsOf<BuilderOf<M>[Name]>
  ) => ReturnType<BuilderOf<M>[Name]>
}

/** What a class of models can be asked, besides its own statics. */
export type ModelStatics = Described & RelationStatics & Forwarded

const DESCRIBED: readonly (keyof Described)[] = [
  ...(['where', 'find', 'findOrFail', 'findOr', 'first', 'firstOrFail', 'firstWhere', 'sole'] as const),
  ...(['get', 'all', 'create', 'pluck', 'value', 'select', 'addSelect'] as const),
]

const NAMES: ReadonlySet<string> = new Set([...DESCRIBED, ...RELATION_STATICS, ...FORWARDED])

/** Whether a call on a class of models is one on a query of it. */
export function isForwarded(name: string): boolean {
  return NAMES.has(name) || (FAMILIES.test(name) && name in EloquentBuilder.prototype)
}

/** That call, for any class. */
export function forwarded(name: string) {
  return function (this: AnyModelClass, ...args: unknown[]): unknown {
    const query = queryOf(this) as unknown as Record<string, (...given: unknown[]) => unknown>
    return Reflect.apply(query[name] as () => unknown, query, args)
  }
}
