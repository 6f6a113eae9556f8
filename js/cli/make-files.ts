import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { extension } from '../migrations/creator'
import type { Language } from '../migrations/stub'
import { CommandError } from './command-error'

/** Folders of models and factories, in a project that says nothing else. */
export const MODELS_PATH = 'app/models'
export const FACTORIES_PATH = 'database/factories'

/**
 * Where a class goes.
 *
 * @throws CommandError of kind `refused` when there is a file of that name, in whichever language.
 */
export function newFile(directory: string, name: string, language: Language): string {
  const existing = existsSync(directory) ? readdirSync(directory) : []
  const taken = existing.find((file) => file.replace(/\.[^.]+$/, '').toLowerCase() === name.toLowerCase())
  if (taken !== undefined) {
    throw new CommandError('refused', `${name} exists already: ${join(directory, taken)}. Nothing was written.`)
  }
  return join(directory, name + extension(language))
}

/** Writes a new file; never over one that exists. */
export function writeNew(path: string, content: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content, { flag: 'wx' })
}

/** How a file imports another one's default export. */
export function importOf(name: string, from: string, file: string, language: Language): string {
  const path = relative(join(from, '..'), file.replace(/\.[^.]+$/, ''))
    .split(sep)
    .join('/')
  const target = path.startsWith('.') ? path : `./${path}`
  return language === 'cjs' ? `const ${name} = require('${target}')` : `import ${name} from '${target}.js'`
}
