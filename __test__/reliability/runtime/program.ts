/** Programs that run in a process of their own, with the package as it is built. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { afterEach } from 'vitest'

/** How a program ended. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stderr: string
  /** What it sent by `process.send`. */
  messages: unknown[]
  /** From its start to its end. */
  ms: number
}

export interface ProgramOptions {
  args?: unknown[]
  /** For Node. */
  flags?: string[]
  env?: Record<string, string>
}

const started = new Set<ChildProcess>()

afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
})

/** A program of the folder `programs`. Its arguments come as JSON. */
export class Program {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  readonly #messages: unknown[] = []
  #stderr = ''

  constructor(name: string, { args = [], flags = [], env = {} }: ProgramOptions = {}) {
    const began = performance.now()
    this.child = fork(
      join(__dirname, 'programs', name),
      args.map((argument) => JSON.stringify(argument)),
      {
        execArgv: flags,
        env: { ...process.env, NODE_OPTIONS: '', ...env },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      },
    )
    started.add(this.child)
    this.child.stderr?.on('data', (piece) => {
      this.#stderr += piece
    })
    this.child.on('message', (message) => this.#messages.push(message))
    this.ended = new Promise((resolve) => {
      // Not 'close': it does not come when it was us who ended the channel.
      this.child.once('exit', (code, signal) => {
        started.delete(this.child)
        resolve({ code, signal, stderr: this.#stderr, messages: this.#messages, ms: performance.now() - began })
      })
    })
  }

  /** Sends a message and gives the next one that comes back. */
  ask<T = unknown>(message: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const answered = (answer: unknown) => {
        this.child.off('exit', closed)
        resolve(answer as T)
      }
      const closed = () => reject(new Error(`the program ended: ${this.#stderr}`))
      this.child.once('message', answered)
      this.child.once('exit', closed)
      this.child.send(message as never)
    })
  }
}

/** Runs a program to its end and gives the last thing it sent. It must end well. */
export async function run<T = Record<string, number>>(name: string, options: ProgramOptions = {}): Promise<T> {
  const { code, signal, stderr, messages } = await new Program(name, options).ended
  if (code !== 0) throw new Error(`${name} ended with ${code ?? signal}:\n${stderr}`)
  return messages.at(-1) as T
}
