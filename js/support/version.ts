import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The package's version. `js/support` and `dist/support` are equally deep. */
export function version(): string {
  const content = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')
  return (JSON.parse(content) as { version: string }).version
}
