/** What a command may touch of the process around it. Tests give their own. */
export interface Host {
  cwd: string
  env: Record<string, string | undefined>
  stdout: OutputStream
  stderr: OutputStream
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
  return { cwd: process.cwd(), env: process.env, stdout: process.stdout, stderr: process.stderr }
}
