/** Where this package is installed. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of `package.json`: the nearest one above, from the files of `js/` as from those of `dist/`. */
export const PACKAGE_FOLDER = nearestPackage(__dirname)

function nearestPackage(folder: string): string {
  const above = dirname(folder)
  return above === folder || existsSync(join(folder, 'package.json')) ? folder : nearestPackage(above)
}
