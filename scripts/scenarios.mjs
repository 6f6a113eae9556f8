/**
 * Runs the tests of what programs are promised, and prints which promise holds on which database.
 * Exit code 1 when one fails or has no test.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { quietly } from './lib/command.mjs'
import { bringUpDatabases } from './lib/databases.mjs'
import { inRoot } from './lib/paths.mjs'
import { DATABASES, filesOfPromises, promises, standing } from './lib/scenarios.mjs'
import { setUp } from './lib/setup.mjs'
import { dim, green, main, red, Stop, step } from './lib/terminal.mjs'

const REPORT = inRoot('target', 'logs', 'scenarios.json')
const SIGNS = { passed: '✔', failed: '✘', missing: '–' }
const WIDTH = 12

await main(async () => {
  await setUp()
  const tearDown = await bringUpDatabases()
  try {
    await step('Tests of the scenarios', runTests)
  } finally {
    await tearDown()
  }
  const report = JSON.parse(readFileSync(REPORT, 'utf8'))
  const stands = standing(report)
  print(stands)
  // A file that could not be loaded, or a hook that failed: no test of it is called failed.
  for (const { name, status, assertionResults } of report.testResults)
    if (status === 'failed' && assertionResults.every((test) => test.status !== 'failed'))
      throw new Stop(`${name} could not be run.`)
  if ([...stands.values()].some((stand) => DATABASES.some((database) => stand[database] !== 'passed')))
    process.exitCode = 1
})

/** Whether tests failed is told by the table. */
async function runTests() {
  rmSync(REPORT, { force: true })
  const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`]
  const files = filesOfPromises()
  await quietly('scenarios', process.execPath, [vitest, 'run', ...reporters, '-t', 'scenarios? \\d', ...files]).catch(
    (error) => {
      if (!existsSync(REPORT)) throw error
    },
  )
  return `${files.length} files; target/logs/scenarios.log`
}

function print(stands) {
  const cell = (text, paint = (same) => same) => paint(text) + ' '.repeat(Math.max(0, WIDTH - text.length))
  const paints = { passed: green, failed: red, missing: red }
  console.log(`\n     ${DATABASES.map((database) => cell(database)).join('')}`)
  let about
  for (const scenario of promises()) {
    if (scenario.about !== about) console.log(dim(`\n     ${scenario.about}`))
    about = scenario.about
    const stand = stands.get(scenario.number)
    const cells = DATABASES.map((database) => cell(SIGNS[stand[database]], paints[stand[database]]))
    console.log(`${String(scenario.number).padStart(4)} ${cells.join('')}${scenario.what}`)
  }
  console.log('')
  for (const database of DATABASES) {
    const count = (status) => [...stands.values()].filter((stand) => stand[database] === status).length
    console.log(
      `${database.padEnd(WIDTH)}${count('passed')} of ${stands.size} passed, ${count('failed')} failed, ${count('missing')} missing`,
    )
  }
}
