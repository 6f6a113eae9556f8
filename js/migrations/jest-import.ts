import { readFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** Compiles a file to CommonJS. */
export type Compile = (source: string, path: string) => string

/**
 * Whether this is one of jest's own modules. There each test file has modules of its own, so users' files must come
 * through jest as well: through Node they would get another copy of this package, with connections of its own.
 */
export function isInJest(): boolean {
  return process.env.JEST_WORKER_ID !== undefined && !((module as unknown) instanceof Module)
}

/**
 * A file's exports, as jest gives them: with the project's transformations, and where it has none for the syntax of the
 * file, compiled by `compile`.
 */
export async function throughJest(path: string, compile: Compile): Promise<Record<string, unknown>> {
  const load = createRequire(path)
  try {
    return load(path)
  } catch (error) {
    if (!isOfSyntax(error)) throw error
  }
  try {
    // With --experimental-vm-modules.
    return await import(pathToFileURL(path).href)
  } catch (error) {
    if (!isOfSyntax(error)) throw error
  }
  const made = { exports: {} as Record<string, unknown> }
  const code = `${compile(readFileSync(path, 'utf8'), path)}\n//# sourceURL=${path}`
  const run = new Function('module', 'exports', 'require', '__filename', '__dirname', code)
  run(made, made.exports, load, path, path.replace(/[\\/][^\\/]*$/, ''))
  return made.exports
}

/** Errors are of another realm there, and those about syntax say so in several ways. */
function isOfSyntax(error: unknown): boolean {
  const { name, code, message = '' } = (error ?? {}) as { name?: string; code?: string; message?: string }
  return (
    name === 'SyntaxError' ||
    name === 'CjsParseError' ||
    code === 'ERR_REQUIRE_ESM' ||
    code === 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG' ||
    code === 'ERR_UNKNOWN_FILE_EXTENSION' ||
    message.startsWith('Must use import to load ES Module')
  )
}
