/** Runs the command line as users do: a process of its own, with signals, and killed when a test says so. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Project, project } from '../migrations/project'
import type { ConnectionOptions, TestDatabase } from '../support/databases'

const BIN = join(__dirname, '..', '..', 'bin', 'guruorm.js')

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** Milliseconds. */
  time: number
}

/** A command that runs. */
export class Running {
  readonly ended: Promise<Ended>
  stdout = ''
  stderr = ''
  readonly child: ChildProcess

  /** @param script - What Node.js runs: the command line, or a program of the project. */
  constructor(cwd: string, line: string, env: Record<string, string> = {}, script = BIN) {
    const start = performance.now()
    this.child = spawn(process.execPath, [script, ...line.split(' ').filter(Boolean)], {
      cwd,
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout?.on('data', (text: Buffer) => {
      this.stdout += text
    })
    this.child.stderr?.on('data', (text: Buffer) => {
      this.stderr += text
    })
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        const { stdout, stderr } = this
        resolve({ code, signal, stdout, stderr, time: performance.now() - start })
      })
    })
    onTestFinished(() => {
      this.child.kill('SIGKILL')
    })
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }
}

/** A project on this database, and a way to start commands in it. */
export function processes(
  db: TestDatabase,
  files: Record<string, string>,
  { migrations = {}, connection = {} }: { migrations?: object; connection?: ConnectionOptions } = {},
): { made: Project; start: (line: string, env?: Record<string, string>) => Running } {
  const named = Object.fromEntries(Object.entries(files).map(([name, text]) => [`database/migrations/${name}`, text]))
  const made = project({
    'guruorm.config.json': JSON.stringify({
      default: 'main',
      connections: { main: db.config(connection) },
      migrations,
    }),
    ...named,
  })
  return { made, start: (line, env) => new Running(made.path, line, env) }
}

/** Waits until `condition` holds; fails after ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('It did not come to pass within ten seconds.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
