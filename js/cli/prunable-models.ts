import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { importFile } from '../migrations/import-file'
import { CommandError } from './command-error'

/** A class with `prune()`: see `Prunable` and `MassPrunable`. */
export interface PrunableClass {
  readonly name: string
  prune(chunkSize?: number): Promise<number>
  countPrunable(): Promise<number>
}

const CODE = /\.[cm]?[jt]s$/
const NO_MODEL = /\.d\.[cm]?ts$|\.(?:test|spec)\./

/**
 * The classes in the files of a folder, and of those in it, that can be pruned; sorted by name.
 *
 * @throws CommandError of kind `usage` where there is no such folder, `failed` for a file that cannot be loaded.
 */
export async function prunableModels(cwd: string, folder: string): Promise<PrunableClass[]> {
  const path = resolve(cwd, folder)
  if (!existsSync(path))
    throw new CommandError('usage', `There is no folder ${folder}: say with --path where models are.`)
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(
    (file) => CODE.test(file) && !NO_MODEL.test(file),
  )
  const found = new Set<PrunableClass>()
  for (const file of files.sort()) {
    let exports: unknown
    try {
      exports = await importFile(join(path, file))
    } catch (error) {
      throw new CommandError(
        'failed',
        `${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
    for (const each of exportsOf(exports, 2)) if (isPrunable(each)) found.add(each)
  }
  return [...found].sort((one, other) => one.name.localeCompare(other.name))
}

/** What a file exports: by names, as default, and what CommonJS wraps once more. */
function exportsOf(exports: unknown, depth: number): unknown[] {
  if (typeof exports === 'function') return [exports]
  if (typeof exports !== 'object' || exports === null) return []
  return depth < 0 ? [] : Object.values(exports).flatMap((each) => exportsOf(each, depth - 1))
}

function isPrunable(value: unknown): value is PrunableClass {
  if (typeof value !== 'function') return false
  const { prune, countPrunable, prototype } = value as { prune?: unknown; countPrunable?: unknown; prototype?: object }
  return typeof prune === 'function' && typeof countPrunable === 'function' && hasOwnQuery(prototype)
}

/** Whether a class, or one below the mixin, says what is old: the mixin's own `prunable()` only throws. */
function hasOwnQuery(prototype: object | undefined): boolean {
  for (let each = prototype; each; each = Object.getPrototypeOf(each) as object | undefined) {
    if (Object.hasOwn(each, 'prunable')) return !Object.hasOwn(each, 'pruneAll')
  }
  return false
}
