import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import type { MigrationFile } from './engine'
import { MigrationError } from './migration-error'

const SOURCE = /(?:\.up)?\.sql$|\.(?:js|mjs|cjs|ts|mts|cts)$/
const DOWN = /\.down\.sql$/
const IGNORED = /^\.|\.d\.[mc]?ts$|\.(?:test|spec)\.[^.]+$|^index\.[^.]+$/

/** Source files of a folder, by their name without extension; null when there is no such folder. */
export function sourceFiles(directory: string): MigrationFile[] | null {
  const folder = resolve(directory)
  let entries: Dirent[]
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const files = new Map<string, MigrationFile>()
  const downs = new Map<string, string>()
  const rivals: MigrationFile[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name: file } = entry
    if (!SOURCE.test(file) || IGNORED.test(file) || !isFileOf(folder, entry)) continue
    const path = join(folder, file)
    if (DOWN.test(file)) {
      downs.set(file.replace(DOWN, ''), path)
      continue
    }
    const name = file.replace(SOURCE, '')
    const other = files.get(name)
    // SQL beside a script is another migration, which the plan refuses by both paths.
    if (other !== undefined && (isSql(path) || isSql(other.path))) rivals.push({ name, path })
    else if (other === undefined || isPreferred(path, other.path)) files.set(name, { name, path })
  }
  for (const [name, down] of downs) {
    const up = files.get(name)
    if (up === undefined || !up.path.endsWith('.up.sql')) {
      throw new MigrationError('load', `${shortPath(down)} has no ${name}.up.sql beside it.`)
    }
    up.downPath = down
  }
  return [...files.values(), ...rivals]
}

export function isSql(path: string): boolean {
  return path.endsWith('.sql')
}

/** Of two files with one name, the compiled one counts when it is not older than its source. */
function isPreferred(path: string, other: string): boolean {
  const [script, source] = /\.[mc]?js$/.test(path) ? [path, other] : [other, path]
  return (statSync(script).mtimeMs >= statSync(source).mtimeMs ? script : source) === path
}

/** Whether an entry of a folder is a file. The name of a folder may end like that of a file. */
function isFileOf(folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile()
  const path = join(folder, entry.name)
  if (!statSync(path).isFile()) return false
  mustStayIn(folder, path)
  return true
}

/** A link that leads out of the folder would run code from elsewhere. */
function mustStayIn(folder: string, path: string): void {
  const real = realpathSync(path)
  if (!real.startsWith(realpathSync(folder) + sep)) {
    throw new MigrationError(
      'refused',
      `${shortPath(path)} is a link out of its folder (to ${real}). Copy the file instead.`,
    )
  }
}

/** A path for messages. */
export function shortPath(path: string): string {
  return relative(process.cwd(), path) || path
}
