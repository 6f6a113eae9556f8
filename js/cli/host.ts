import { isatty } from 'node:tty'

/** What a command may touch of the process around it. Tests give their own. */
export interface Host {
  cwd: string
  env: Record<string, string | undefined>
  /** The environment that `--env` names. */
  environment?: string
  stdout: OutputStream
  stderr: OutputStream
  /** Where SIGINT and SIGTERM are heard. */
  signals?: Signals
  /** Asks the person in front of the terminal; absent when there is none. */
  ask?(question: string): Promise<string>
}

export interface Signals {
  on(signal: NodeJS.Signals, listener: () => void): unknown
  off(signal: NodeJS.Signals, listener: () => void): unknown
}

export interface OutputStream {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

export function processHost(): Host {
  for (const stream of [process.stdout, process.stderr]) {
    // `guruorm migrate | head` closes the pipe; the run goes on.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  const host: Host = {
    cwd: process.cwd(),
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    signals: process,
  }
  // Not `process.stdin.isTTY`, which opens it: that takes as long as to load the command.
  if (!isatty(0) || process.env.CI === 'true') return host
  return {
    ...host,
    async ask(question) {
      const { createInterface } = await import('node:readline/promises')
      const reader = createInterface({ input: process.stdin, output: process.stderr })
      // End of input, as Ctrl+D makes it, is no answer.
      const closed = new Promise<string>((resolve) => reader.once('close', () => resolve('')))
      return Promise.race([reader.question(question), closed]).finally(() => reader.close())
    },
  }
}
