/** Makes Prisma's client from `schema.prisma`, where it is not there or older than that. */
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

const CLIENT = here('../../node_modules/prisma-of-the-bench/index.js')
const SCHEMA = here('./schema.prisma')

export function generate() {
  if (existsSync(CLIENT) && statSync(CLIENT).mtimeMs > statSync(SCHEMA).mtimeMs) return
  execFileSync(process.execPath, [here('../../node_modules/prisma/build/index.js'), 'generate', '--schema', SCHEMA], {
    // It is not run, but the command fetches one from the network unless it is told of one.
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, ...process.env },
    stdio: 'pipe',
  })
}
