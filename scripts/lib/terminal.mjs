/** What the scripts print: one line a step with its time; on failure the end of the log. */
import { readFileSync } from 'node:fs'

const colour = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
export const green = (text) => paint(32, text)
export const red = (text) => paint(31, text)
export const dim = (text) => paint(2, text)

const TAIL_LINES = 60

/** A failure that is told to the user by its message alone, without a stack. */
export class Stop extends Error {}

/** `12 ms`, `3.4 s`, `2 min 05 s`. */
export function duration(milliseconds) {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

/**
 * Runs `work` and prints one line: the title, what `work` answered (when it is a string), and the time.
 * In a terminal the title stands there while the work runs.
 */
export async function step(title, work) {
  const started = performance.now()
  const label = title.padEnd(44)
  if (colour) process.stdout.write(`  ${dim('…')} ${label}`)
  try {
    const answer = await work()
    const note = typeof answer === 'string' ? `  ${dim(answer)}` : ''
    finish(`  ${green('✓')} ${label} ${duration(performance.now() - started).padStart(9)}${note}`)
    return answer
  } catch (error) {
    finish(`  ${red('✗')} ${label} ${duration(performance.now() - started).padStart(9)}`)
    throw error
  }
}

function finish(line) {
  process.stdout.write(colour ? `\r\u001b[2K${line}\n` : `${line}\n`)
}

/** The last lines of a log, for a failure report. */
export function tail(logPath, lines = TAIL_LINES) {
  return readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
}

/** Runs a script's main function; a failure is printed and becomes exit code 1. */
export async function main(work) {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`\n${red('Failed:')} ${error instanceof Stop ? error.message : error.stack}\n`)
    process.exitCode = 1
  }
}
