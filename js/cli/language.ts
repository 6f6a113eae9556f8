import { javascriptOf, type Language, languageOf } from '../migrations/stub'
import type { CommandOption } from './command'
import { CommandError } from './command-error'

export interface LanguageOptions {
  ts?: boolean
  js?: boolean
}

export const LANGUAGE: CommandOption[] = [
  { flags: '--ts', description: 'write TypeScript (default in a project with tsconfig.json)' },
  { flags: '--js', description: 'write JavaScript' },
]

/** What a new file is written in: what was asked for, else what the project is written in. */
export function languageFor(cwd: string, options: LanguageOptions): Language {
  if (options.ts && options.js) throw new CommandError('usage', 'Give --ts or --js, not both.')
  if (options.ts) return 'ts'
  return options.js ? javascriptOf(cwd) : languageOf(cwd)
}
