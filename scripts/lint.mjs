/**
 * Format and lint of everything; `--fix` repairs what can be repaired.
 */
import { quietly } from './lib/command.mjs'
import { inRoot } from './lib/paths.mjs'
import { checkTools, installModules } from './lib/setup.mjs'
import { main, Stop, step } from './lib/terminal.mjs'

const fix = process.argv.includes('--fix')
const module = (...parts) => inRoot('node_modules', ...parts)

const CHECKS = [
  [
    'biome',
    process.execPath,
    [module('@biomejs', 'biome', 'bin', 'biome'), 'check', ...(fix ? ['--write'] : ['--error-on-warnings'])],
  ],
  ['tsc', process.execPath, [module('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'tsconfig.json']],
  ['rustfmt', 'cargo', ['fmt', ...(fix ? [] : ['--check'])]],
  [
    'clippy',
    'cargo',
    ['clippy', '--all-targets', ...(fix ? ['--fix', '--allow-dirty', '--allow-staged'] : []), '--', '-D', 'warnings'],
  ],
]

await main(async () => {
  await step('Node and Rust', checkTools)
  await step('npm modules', installModules)
  const failures = []
  for (const [name, command, args] of CHECKS) {
    const check = step(name, async () => void (await quietly(`lint-${name}`, command, args)))
    await check.catch((error) => failures.push(error))
  }
  const unexpected = failures.find((error) => !(error instanceof Stop))
  if (unexpected) throw unexpected
  if (failures.length > 0) throw new Stop(failures.map((error) => error.message).join('\n\n'))
})
