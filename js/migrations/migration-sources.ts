import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { checksums, type MigrationFile } from './engine'
import { identified } from './identity'
import type { Journal } from './journal'
import type { MigrationConnection } from './migration-connection'
import { sourceFiles } from './source-files'

/** What was found in the folders of migrations. */
export interface Sources {
  found: MigrationFile[]
  /** Folders that are not there. */
  absent: string[]
}

/** The files of several folders; a folder that is named twice counts once. */
export function sourcesIn(paths: readonly string[]): Sources {
  const found: MigrationFile[] = []
  const absent: string[] = []
  for (const path of new Set(paths.map((path) => resolve(path)))) {
    const files = sourceFiles(path)
    if (files === null) absent.push(path)
    else found.push(...files)
  }
  return { found, absent }
}

/**
 * The same, with the identity and the fingerprint of every file. Of a pair, the half that is applied counts.
 *
 * @param journal - Where they are recorded: it may know them by the names of their classes.
 */
export async function checkedSourcesIn(
  connection: MigrationConnection,
  paths: readonly string[],
  journal?: Journal,
): Promise<Sources> {
  const sources = sourcesIn(paths)
  // At once: hundreds of small files are read in the time of a few turns of the event loop.
  const texts = sources.found.map(({ path }) => ({ path, text: readFileSync(path, 'utf8') }))
  const sums = await checksums(connection, texts)
  const found: MigrationFile[] = []
  for (const [index, file] of sources.found.entries()) {
    const identifying = identified(file, texts[index]?.text ?? '', journal?.namesClasses ?? false)
    const known = identifying instanceof Promise ? await identifying : identifying
    found.push({ ...known, checksum: sums[index] })
  }
  return { ...sources, found }
}
