/** Running other programs. */
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from './paths.mjs'
import { Stop, tail } from './terminal.mjs'

const LOGS = inRoot('target', 'logs')

/** Windows starts `npm` and other scripts through a shell only. */
const shell = process.platform === 'win32'

/**
 * Runs a program with its output in `target/logs/<log>.log`.
 *
 * @throws Stop with the end of the log, when the program fails.
 */
export async function quietly(log, command, args, options = {}) {
  mkdirSync(LOGS, { recursive: true })
  const logPath = join(LOGS, `${log}.log`)
  const output = openSync(logPath, 'w')
  try {
    const code = await exitCode(command, args, { ...options, stdio: ['ignore', output, output] })
    if (code === 0) return logPath
    throw new Stop(`\`${[command, ...args].join(' ')}\` ended with ${code}. The end of ${logPath}:\n\n${tail(logPath)}`)
  } finally {
    closeSync(output)
  }
}

/** Runs a program in the foreground, its output shown; answers its exit code. */
export function exitCode(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: inRoot(), stdio: 'inherit', shell, ...options })
    child.on('error', (error) => reject(new Stop(`Cannot start \`${command}\`: ${error.message}`)))
    child.on('close', (code, signal) => resolve(code ?? `signal ${signal}`))
  })
}

/** What a program prints, or undefined when it is not there or fails. */
export function answerOf(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', shell, ...options })
  return result.status === 0 ? result.stdout.trim() : undefined
}
