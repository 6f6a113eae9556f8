/**
 * Builds, brings up the databases, runs every test and says how many passed.
 *
 *   --rust, --js   only these
 *   anything else  goes to vitest: `npm test -- __test__/query`, `npm test -- -t 'where'`
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { exitCode, quietly } from './lib/command.mjs'
import { bringUpDatabases } from './lib/databases.mjs'
import { inRoot } from './lib/paths.mjs'
import { setUp } from './lib/setup.mjs'
import { dim, main, Stop, step, tail } from './lib/terminal.mjs'

const REPORT = inRoot('target', 'logs', 'vitest.json')
/** The closing line is kept here too, for `.ci/run`. */
const SUMMARY = inRoot('target', 'logs', 'summary.txt')

const given = process.argv.slice(2)
const only = given.find((argument) => argument === '--rust' || argument === '--js')
const forVitest = given.filter((argument) => argument !== only)

await main(async () => {
  rmSync(SUMMARY, { force: true })
  await setUp()
  const tearDown = await bringUpDatabases()
  const counts = []
  try {
    if (only !== '--js') counts.push(await runCargoTests())
    if (only !== '--rust') counts.push(await runVitest(forVitest))
  } finally {
    await tearDown()
  }
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0)
  const line = `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`
  writeFileSync(SUMMARY, `${line}\n`)
  if (sum('failed') > 0) process.exitCode = 1
  console.log(`\n${line}`)
})

/** @returns How many Rust tests passed, failed, were ignored. A crate that does not compile is one failure. */
async function runCargoTests() {
  const log = inRoot('target', 'logs', 'cargo-test.log')
  const count = { passed: 0, failed: 0, skipped: 0 }
  const failure = await step('Rust tests (cargo test)', async () => {
    await quietly('cargo-test', 'cargo', ['test', '--no-fail-fast'])
    return 'all passed'
  }).then(() => undefined, asStop)
  const results = readFileSync(log, 'utf8').matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)
  for (const [, passed, failed, ignored] of results) {
    count.passed += Number(passed)
    count.failed += Number(failed)
    count.skipped += Number(ignored)
  }
  if (failure !== undefined) {
    count.failed ||= 1
    console.error(`\n${failuresOf(log)}\n\nThe whole log: ${log}`)
  }
  return count
}

function asStop(error) {
  if (error instanceof Stop) return error
  throw error
}

/** What cargo printed between `failures:` and the result, for each program of tests that failed; else the end of the log. */
function failuresOf(log) {
  const blocks = readFileSync(log, 'utf8').match(/^failures:\n\n----[\s\S]*?(?=^test result:)/gm)
  return blocks?.join('\n') ?? tail(log)
}

/** @returns How many JavaScript tests passed, failed, were skipped. A file whose tests could not run is a failure. */
async function runVitest(args) {
  console.log(dim('\n  JavaScript tests (vitest)'))
  rmSync(REPORT, { force: true })
  const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`]
  const code = await exitCode(process.execPath, [vitest, 'run', ...reporters, ...args])
  const count = { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 }
  let report
  try {
    report = JSON.parse(readFileSync(REPORT, 'utf8'))
  } catch {
    return count // vitest itself did not come up; it has said why
  }
  // A file that could not be loaded, or a hook that failed: no test of it is called failed.
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  )
  count.passed = report.numPassedTests
  count.failed = Math.max(count.failed, report.numFailedTests + broken.length)
  count.skipped = report.numPendingTests + report.numTodoTests
  return count
}
