import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_FOLDER } from '../native/package-folder'

/** What a new file is written in: TypeScript, or JavaScript of either module kind. */
export type Language = 'ts' | 'esm' | 'cjs'

const STUBS = join(PACKAGE_FOLDER, 'stubs')

/** How a stub's parts read in each language. */
const PARTS: Record<Language, (imported: string) => { import: string; export: string; returns: string }> = {
  ts: (imported) => ({
    import: `import { ${imported} } from 'guruorm'`,
    export: 'export default',
    returns: ': Promise<void>',
  }),
  esm: (imported) => ({ import: `import { ${imported} } from 'guruorm'`, export: 'export default', returns: '' }),
  cjs: (imported) => ({
    import: `const { ${imported} } = require('guruorm')`,
    export: 'module.exports =',
    returns: '',
  }),
}

/**
 * Fills a stub of `stubs/`. Its first line names what it imports; `{{ name }}` is replaced by the value.
 *
 * Values are put in as they are: callers check them.
 */
export function readStub(name: string, language: Language, values: Record<string, string>): string {
  const [imported = '', ...body] = readFileSync(join(STUBS, `${name}.stub`), 'utf8').split('\n')
  const parts: Record<string, string> = { ...PARTS[language](imported), ...values }
  return body.join('\n').replaceAll(/\{\{ (\w+) \}\}/g, (placeholder, key: string) => parts[key] ?? placeholder)
}

/** What the project in `directory` is written in: `tsconfig.json`, else the `type` of its package. */
export function languageOf(directory: string): Language {
  if (existsSync(join(directory, 'tsconfig.json'))) return 'ts'
  return isModulePackage(directory) ? 'esm' : 'cjs'
}

/** The kind of JavaScript that `.js` files are in this project. */
export function javascriptOf(directory: string): Language {
  return isModulePackage(directory) ? 'esm' : 'cjs'
}

function isModulePackage(directory: string): boolean {
  try {
    return (JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { type?: unknown }).type === 'module'
  } catch {
    return false
  }
}
