import { createRequire } from 'node:module'

const load = createRequire(__filename)

/**
 * A module that is loaded when it is first asked for: for what takes long to load and most programs never use.
 *
 * @example
 * const crypto = onDemand<typeof import('node:crypto')>('node:crypto')
 * crypto().randomBytes(16)
 */
export function onDemand<T>(name: string): () => T {
  let loaded: T | undefined
  return () => {
    loaded ??= load(name) as T
    return loaded
  }
}
