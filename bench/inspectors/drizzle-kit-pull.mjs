/** `drizzle-kit pull` as people call it: a process that reads the database and writes a snapshot and a file of TypeScript. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { countSnapshot } from './drizzle-kit.mjs'

const BIN = join(dirname(createRequire(import.meta.url).resolve('drizzle-kit')), 'bin.cjs')
const DIALECT = { postgres: 'postgresql', sqlite: 'sqlite' }

export function open({ database, url }) {
  const folder = mkdtempSync(join(tmpdir(), 'drizzle-kit-'))
  return {
    async inspect() {
      const options = ['pull', `--dialect=${DIALECT[database]}`, `--url=${url}`, `--out=${folder}`]
      // It looks for its drivers from where it is called.
      const cwd = fileURLToPath(new URL('..', import.meta.url))
      await promisify(execFile)(process.execPath, [BIN, ...options], { cwd, maxBuffer: 1e9 })
      const meta = join(folder, 'meta')
      const snapshot = readdirSync(meta).find((name) => name.endsWith('_snapshot.json'))
      return JSON.parse(readFileSync(join(meta, snapshot), 'utf8'))
    },
    count: countSnapshot(database),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
