import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_FOLDER } from '../native/package-folder'

let known: string | undefined

/** The package's version. */
export function version(): string {
  known ??= (JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as { version: string }).version
  return known
}
