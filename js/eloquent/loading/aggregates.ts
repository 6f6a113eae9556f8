/** What `withCount()` and `loadCount()` are given, and what they load on models that are there already. */
import { InvalidArgumentException } from '../../errors'
import { describe } from '../../query/arguments'
import type { Persistence } from '../concerns/persistence'
import { stateOf } from '../model-proxy'
import { areIntegers, type ComparableKey, comparableKey, keysOf, piecesOf, storedKey } from '../relations/keys'
import { byClass } from './eager-loader'
import type { LoadConstraint } from './loads'

/** Relations to compute with: names, objects with conditions, lists of these. */
export type AggregateArguments = readonly (
  | string
  | Readonly<Record<string, LoadConstraint | null | undefined>>
  | readonly (string | Readonly<Record<string, LoadConstraint | null | undefined>>)[]
)[]

/** One relation to compute with. */
interface Aggregated {
  readonly name: string
  /** The name of the column, where a program gave one. */
  readonly alias: string | undefined
  readonly condition: LoadConstraint | undefined
}

/** @throws InvalidArgumentException for what names no relation. */
export function aggregatesOf(args: AggregateArguments): Aggregated[] {
  return args.flatMap((arg): Aggregated[] => {
    if (typeof arg === 'string') return [aggregated(arg, undefined)]
    if (Array.isArray(arg)) return aggregatesOf(arg)
    if (typeof arg === 'object' && arg !== null && Object.getPrototypeOf(arg) === Object.prototype) {
      return Object.entries(arg).map(([name, condition]) => aggregated(name, condition ?? undefined))
    }
    throw new InvalidArgumentException(`Relations are named by text, lists or objects, not by ${describe(arg)}.`)
  })
}

function aggregated(text: string, condition: LoadConstraint | undefined): Aggregated {
  const [name = text, alias] = text.trim().split(/\s+as\s+/i)
  return { name, alias, condition }
}

/** A query that reads numbers about related rows. */
type Counting = ReturnType<Persistence['newQuery']>

/**
 * Reads numbers about related rows of models that are there: one query for each class.
 *
 * @param ask - Says which numbers.
 */
export async function loadAggregates(models: readonly object[], ask: (query: Counting) => unknown): Promise<void> {
  for (const [meta, group] of byClass(models)) {
    const key = meta.singleKey
    const found = new Map<ComparableKey, object>()
    for (const keys of piecesOf(keysOf(group, key))) {
      const query = (group[0] as Persistence).newQueryWithoutScopes().without('*')
      const column = query.qualifyColumn(key)
      query.addSelect(column)
      if (areIntegers(keys)) query.whereIntegerInRaw(column, keys)
      else query.whereKey(keys as never)
      ask(query)
      for (const model of await query.get()) found.set(comparableKey(storedKey(model, key)) ?? '', model)
    }
    for (const model of group) {
      const numbers = found.get(comparableKey(storedKey(model, key)) ?? '')
      if (numbers !== undefined) addNumbers(model, numbers, key)
    }
  }
}

/** They are what the database says: the model has not changed. */
function addNumbers(model: object, numbers: object, key: string): void {
  const state = stateOf(model)
  const isClean = state.attributes === state.original
  const { [key]: _, ...values } = stateOf(numbers).attributes
  state.original = { ...state.original, ...values }
  state.attributes = isClean ? state.original : { ...state.attributes, ...values }
}
