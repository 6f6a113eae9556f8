import { pathToFileURL } from 'node:url'
import { createJiti } from 'jiti'

const TYPESCRIPT = /\.[mc]?ts$/

/** Node's own words for a file whose syntax is not that of its package's `type`. */
const OTHER_MODULE_SYNTAX =
  /Cannot use import statement outside a module|Unexpected token 'export'|(?:require|module|exports|__dirname|__filename) is not defined in ES module scope|Cannot use 'import\.meta' outside a module/

let jiti: ReturnType<typeof createJiti> | undefined

/**
 * Imports a user's file, whatever it is written in, and gives its exports.
 *
 * JavaScript goes through Node itself. TypeScript, and JavaScript in the other module syntax than its package declares
 * (`export default` in a project without `"type": "module"`), go through jiti, which needs nothing on the user's side.
 */
export async function importFile(path: string): Promise<Record<string, unknown>> {
  if (TYPESCRIPT.test(path)) return throughJiti(path)
  try {
    return await import(pathToFileURL(path).href)
  } catch (error) {
    if (error instanceof Error && OTHER_MODULE_SYNTAX.test(error.message)) return throughJiti(path)
    throw error
  }
}

/** Unwraps `default` as often as CommonJS and ESM have wrapped it. */
export function defaultExport(exports: unknown): unknown {
  let value = exports
  for (let depth = 0; depth < 3 && isObject(value) && isObject(value.default); depth++) value = value.default
  return value
}

async function throughJiti(path: string): Promise<Record<string, unknown>> {
  // No cache on disk: deployments are often read-only, and two runners would share it.
  jiti ??= createJiti(__filename, { fsCache: false, interopDefault: false })
  return jiti.import<Record<string, unknown>>(path)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null
}
