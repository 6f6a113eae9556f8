import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes a file whole, or not at all; who reads it meanwhile sees the old one. Makes its folder. */
export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const half = `${path}.${process.pid}.tmp`
  writeFileSync(half, text)
  renameSync(half, path)
}
