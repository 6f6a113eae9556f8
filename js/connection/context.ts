/** What the current async flow is in: transactions, a pinned connection, `pretend`, a recent write. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Pretence } from './pretence'
import type { ConnectionSource } from './source'
import type { TransactionScope } from './transaction-scope'

/** One circumstance; those around it follow. */
interface Circumstance {
  readonly source: ConnectionSource
  /** Undefined for both: outside of whatever is around. */
  readonly scope?: TransactionScope
  /** Null: statements are sent again. */
  readonly pretence?: Pretence | null
  readonly outer: Circumstance | undefined
}

const flow = new AsyncLocalStorage<Circumstance | undefined>()

/** Runs `work` with this scope as the current one of its connection. */
export function runInScope<T>(scope: TransactionScope, work: () => T): T {
  return flow.run({ source: scope.source, scope, outer: flow.getStore() }, work)
}

/**
 * Makes this scope the current one from here on. Must be called before the first `await` of the
 * function that the user called: only then does the user's own function go on inside of it.
 */
export function enterScope(scope: TransactionScope): void {
  flow.enterWith({ source: scope.source, scope, outer: around(scope, flow.getStore()) })
}

/**
 * The circumstances without the transactions by hand that this one is not inside of: those that
 * have ended, so that a flow that begins again and again grows no chain, and one begun beside it.
 */
function around(scope: TransactionScope, at: Circumstance | undefined): Circumstance | undefined {
  if (at === undefined) return undefined
  const outer = around(scope, at.outer)
  const other = at.scope
  if (other?.kind === 'manual' && other.source === scope.source && other.session !== scope.session) return outer
  if (other?.kind === 'manual' && !other.isOpen) return outer
  return outer === at.outer ? at : { ...at, outer }
}

/** Runs `work` outside of every transaction of this connection. */
export function runOutside<T>(source: ConnectionSource, work: () => T): T {
  return flow.run({ source, outer: flow.getStore() }, work)
}

/** Whether this program has ever pretended: most never do, and each statement asks. */
let hasPretended = false

/** Runs `work` with statements collected instead of sent. */
export function runPretending<T>(source: ConnectionSource, pretence: Pretence, work: () => T): T {
  hasPretended = true
  return flow.run({ source, pretence, outer: flow.getStore() }, work)
}

/** Runs `work` outside of `pretend`: its statements are sent. */
export function runSending<T>(source: ConnectionSource, work: () => T): T {
  return flow.run({ source, pretence: null, outer: flow.getStore() }, work)
}

/**
 * The scope that a statement of this connection belongs to here.
 *
 * One that a callback ended is still the answer, so that work it left behind is refused instead of
 * running outside. One that was ended by hand is passed over: the same function goes on after it.
 * What is outside of every transaction is still inside of one that is everywhere.
 */
export function currentScope(source: ConnectionSource): TransactionScope | undefined {
  const everywhere = source.everywhere?.isOpen === true ? source.everywhere : undefined
  for (let at = flow.getStore(); at !== undefined; at = at.outer) {
    if (at.source !== source || at.pretence !== undefined) continue
    if (at.scope?.kind === 'manual' && !at.scope.isOpen) continue
    return at.scope ?? everywhere
  }
  return everywhere
}

/** Where statements of this connection are collected, if they are. */
export function currentPretence(source: ConnectionSource): Pretence | undefined {
  if (!hasPretended) return undefined
  for (let at = flow.getStore(); at !== undefined; at = at.outer) {
    if (at.source === source && at.pretence !== undefined) return at.pretence ?? undefined
  }
  return undefined
}

const defaults = new AsyncLocalStorage<ConnectionSource>()

/** Runs `work` with this connection as the default one of its capsule. */
export function runOnDefault<T>(source: ConnectionSource, work: () => T): T {
  return defaults.run(source, work)
}

/** The connection that is the default one here, whatever its capsule says elsewhere. */
export function currentDefault(): ConnectionSource | undefined {
  return defaults.getStore()
}

/**
 * How long reads follow a write, in milliseconds: longer than replicas usually lag, and an end for
 * flows that never end, such as that of a server that wrote something when it started.
 */
const STICKY_MS = 10_000

interface Written {
  readonly source: ConnectionSource
  readonly until: number
}

const writes = new AsyncLocalStorage<readonly Written[]>()

/** Remembers a write, for the rest of this async flow. To be called before the first `await`. */
export function rememberWrite(source: ConnectionSource): void {
  const others = (writes.getStore() ?? []).filter((written) => written.source !== source)
  writes.enterWith([...others, { source, until: performance.now() + STICKY_MS }])
}

/** Whether this async flow has written to this connection a short while ago. */
export function hasWritten(source: ConnectionSource): boolean {
  const written = writes.getStore()?.find((write) => write.source === source)
  return written !== undefined && written.until > performance.now()
}
