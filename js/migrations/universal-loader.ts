import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InvalidArgumentException } from '../errors'
import { defaultExport, importFile } from './import-file'

/** What a file of settings may end with; the first one that is there counts. */
export const EXTENSIONS = ['cjs', 'mjs', 'js', 'ts', 'mts', 'cts', 'json']

/** Loads files of programs, whatever they are written in: CommonJS, ES modules, TypeScript, JSON. */
export const UniversalLoader = {
  /**
   * What a file exports by default; all that it exports where it has no default.
   *
   * @example
   * const { connections } = await UniversalLoader.loadModule('/app/guruorm.config.ts')
   */
  async loadModule(path: string): Promise<unknown> {
    if (path.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'))
    return defaultExport(await importFile(resolve(path)))
  },

  /**
   * The same of a file whose extension is not said.
   *
   * @throws InvalidArgumentException when there is none.
   */
  async loadConfig(name: string, folder: string = process.cwd()): Promise<unknown> {
    const path = EXTENSIONS.map((extension) => join(folder, `${name}.${extension}`)).find((file) => existsSync(file))
    if (path === undefined) throw new InvalidArgumentException(`There is no ${name}.{${EXTENSIONS}} in ${folder}.`)
    return await UniversalLoader.loadModule(path)
  },
}
