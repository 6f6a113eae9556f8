/** The calls of a fact, those inside of its closures and sub-queries included. */

/** The calls on the outermost builder: its chain and the terminal call. */
export function callsOf(fact) {
  return [...(fact.ops ?? []), ...(fact.terminal === undefined ? [] : [fact.terminal])]
}

/** Every call, at any depth. */
export function everyCall(fact) {
  return callsOf(fact).flatMap(withInner)
}

/** Whether a call at any depth is so. */
export function hasCall(fact, is) {
  return everyCall(fact).some(is)
}

function withInner(call) {
  return [call, ...call.a.flatMap(within)]
}

function within(value) {
  if (Array.isArray(value)) return value.flatMap(within)
  if (value === null || typeof value !== 'object') return []
  if (Array.isArray(value.$fn)) return value.$fn.flatMap(withInner)
  if (value.$query !== undefined) return value.$query.ops.flatMap(withInner)
  return Object.values(value).flatMap(within)
}
