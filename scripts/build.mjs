/**
 * Builds the package: engine and JavaScript.
 *
 *   --release      the engine with all optimisations (otherwise the debug profile)
 *   --typescript   JavaScript only
 */
import { buildTypeScript, setUp } from './lib/setup.mjs'
import { main, step } from './lib/terminal.mjs'

const flags = new Set(process.argv.slice(2))

await main(async () => {
  if (flags.has('--typescript')) await step('JavaScript (tsc)', buildTypeScript)
  else await setUp({ release: flags.has('--release') })
})
