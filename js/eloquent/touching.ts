import { AsyncLocalStorage } from 'node:async_hooks'
import { stateOf } from './model-proxy'

/** The rows whose owners are being touched. */
const touching = new AsyncLocalStorage<ReadonlySet<string>>()

/** Touches the owners of a model, unless that is going on already: two classes may name each other in `touches`. */
export async function touchOnce(model: object, touch: () => Promise<void>): Promise<void> {
  const state = stateOf(model)
  const keys = [state.option('primaryKey') ?? []].flat().map((name) => String(state.attributes[name]))
  const row = JSON.stringify([state.option('connection'), state.option('table'), ...keys])
  const others = touching.getStore()
  if (others?.has(row) !== true) await touching.run(new Set([...(others ?? []), row]), touch)
}
