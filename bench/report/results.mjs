/** What was measured, as JSON in `bench/results/`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Stop } from '../../scripts/lib/terminal.mjs'

export const RESULTS = fileURLToPath(new URL('../results/', import.meta.url))

/** Keeps a run; answers where. */
export function save(name, content) {
  mkdirSync(RESULTS, { recursive: true })
  const path = join(RESULTS, `${name}.json`)
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`)
  return path
}

/** A run that was kept; undefined when there is none of this name. @throws Stop when it is of no use for documentation. */
export function load(name, folder = RESULTS) {
  const path = join(folder, `${name}.json`)
  if (!existsSync(path)) return undefined
  const content = JSON.parse(readFileSync(path, 'utf8'))
  if (content.size === 'small') throw new Stop(`${path} is of a small run, which only tries the harness.`)
  return content
}
