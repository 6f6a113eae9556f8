/** Connections in both hosts of the engine: on the JavaScript thread, and on a thread of its own. */
import { afterEach, describe } from 'vitest'
import { Connection } from '../../../js/connection/connection'
import { ConnectionSource } from '../../../js/connection/source'
import { loadAddon } from '../../../js/native/addon'
import { Environment } from '../../../js/native/environment'
import '../../../js/index'
import type { ConnectionOptions } from '../../support/databases'

export const HOSTS = ['inline', 'thread'] as const
export type Host = (typeof HOSTS)[number]

const environments = new Map<Host, Environment>()
const opened: Connection[] = []

/** The engine in a host. One each for a test file. */
export function environmentIn(host: Host): Environment {
  let environment = environments.get(host)
  if (environment === undefined) {
    environment = new Environment(loadAddon(), host)
    if (environment.mode !== host) throw new Error(`This process cannot host the engine ${host}.`)
    environments.set(host, environment)
  }
  return environment
}

/** A connection of its own, closed when the test ends. */
export function connectIn(host: Host, options: ConnectionOptions): Connection {
  const connection = new Connection(new ConnectionSource('default', options, new Set(), environmentIn(host)))
  opened.push(connection)
  return connection
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((connection) => connection.disconnect({ deadline: 0 })))
})

/** Defines the same tests for both hosts. */
export function inBothHosts(tests: (host: Host) => void): void {
  for (const host of HOSTS) describe(`with the engine ${host}`, () => tests(host))
}

/** For tests with a clock: a machine that stands still for a moment is not a defect, three times in a row it is one. */
export const TIMED = { retry: 2 }

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** What a promise came to, and after how many milliseconds. */
export async function outcomeOf<T>(
  promise: Promise<T>,
): Promise<{ value?: T; error?: Error & { code?: string }; ms: number }> {
  const began = performance.now()
  try {
    const value = await promise
    return { value, ms: performance.now() - began }
  } catch (error) {
    return { error: error as Error & { code?: string }, ms: performance.now() - began }
  }
}

/** Numbers from 0 to 1 that are the same in every run (a linear congruential generator, Numerical Recipes). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 0x1_0000_0000
  }
}

/** Shows a measured figure; they are written down in `docs/reliability/network.md`. */
export function report(what: string, figures: Record<string, number | string>): void {
  const told = Object.entries(figures).map(
    ([name, figure]) => `${name} ${typeof figure === 'number' ? Math.round(figure * 10) / 10 : figure}`,
  )
  console.info(`[figure] ${what}: ${told.join(', ')}`)
}
