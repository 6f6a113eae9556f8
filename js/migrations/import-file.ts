import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { createJiti } from 'jiti'
import type { Later } from '../support/later'
import { isInJest, throughJest } from './jest-import'

const TYPESCRIPT = /\.[mc]?ts$/

/** Is CommonJS whatever its package declares. */
const COMMON_JS = /\.cjs$/

/** Node's words for CommonJS in a package of ES modules. The opposite case is a SyntaxError. */
const NOT_IN_A_MODULE = /^(?:require|module|exports|__dirname|__filename) is not defined in ES module scope/

const requireFile = createRequire(__filename)

let jiti: ReturnType<typeof createJiti> | undefined

/**
 * Imports a user's file, whatever it is written in, and gives its exports.
 *
 * JavaScript goes through Node itself. TypeScript, and JavaScript in the other module syntax than its package declares
 * (`export default` in a project without `"type": "module"`), go through jiti, which needs nothing on the user's side.
 */
export function importFile(path: string): Later<Record<string, unknown>> {
  if (isInJest()) return throughJest(path, compile)
  if (TYPESCRIPT.test(path)) return throughJiti(path)
  if (!COMMON_JS.test(path)) return imported(path)
  try {
    // Node takes three times as long to import CommonJS as to require it.
    return required(path)
  } catch (error) {
    return importedOtherwise(path, error)
  }
}

async function imported(path: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(path).href)
  } catch (error) {
    return importedOtherwise(path, error)
  }
}

/** What Node cannot import. */
function importedOtherwise(path: string, error: unknown): Promise<Record<string, unknown>> {
  // jiti also tells where a syntax error is, which Node keeps for errors that nobody catches.
  const { name, message } = error instanceof Error ? error : { name: '', message: '' }
  if (name === 'SyntaxError' || NOT_IN_A_MODULE.test(message)) return throughJiti(path)
  throw error
}

/** Unwraps `default` as often as CommonJS and ESM have wrapped it. */
export function defaultExport(exports: unknown): unknown {
  let value = exports
  for (let depth = 0; depth < 3 && isObject(value) && isObject(value.default); depth++) value = value.default
  return value
}

/** The exports of CommonJS as an import has them. */
function required(path: string): Record<string, unknown> {
  const exports: unknown = requireFile(path)
  return { ...(isObject(exports) && exports), default: exports }
}

/** Set while a file runs that jiti imports. */
const importing = new AsyncLocalStorage<true>()

let before: Promise<unknown> = Promise.resolve()

/** One after the other: jiti makes a module anew for each import of it that has not ended. */
async function throughJiti(path: string): Promise<Record<string, unknown>> {
  const load = () => importing.run(true, () => ours().import<Record<string, unknown>>(path))
  // A file that imports others waits for them: they cannot wait for its end.
  if (importing.getStore() === true) return load()
  const loaded = before.then(load, load)
  before = loaded.catch(() => {})
  return loaded
}

function compile(source: string, path: string): string {
  return ours().transform({ source, filename: path, ts: TYPESCRIPT.test(path), async: false })
}

function ours(): ReturnType<typeof createJiti> {
  if (jiti !== undefined) return jiti
  // Only now: it costs a fifth of the time in which a command begins, and a project in JavaScript never needs it.
  const { createJiti: create } = requireFile('jiti') as { createJiti: typeof createJiti }
  // No cache on disk: deployments are often read-only, and two runners would share it.
  jiti = create(__filename, { fsCache: false, interopDefault: false })
  return jiti
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null
}
