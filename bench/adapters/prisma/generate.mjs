/** Makes Prisma's client from `schema.prisma`, where it is not there. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

export function generate() {
  if (existsSync(here('../../node_modules/prisma-of-the-bench/index.js'))) return
  execFileSync(
    process.execPath,
    [here('../../node_modules/prisma/build/index.js'), 'generate', '--schema', here('./schema.prisma')],
    {
      // It is not run, but the command fetches one from the network unless it is told of one.
      env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, ...process.env },
      stdio: 'pipe',
    },
  )
}
