/** Runs the command line inside the test's process, in a folder of its own. */
import { main } from '../../js/cli/main'

export interface Ran {
  code: number
  stdout: string
  stderr: string
}

export interface RunOptions {
  env?: Record<string, string>
  /** Whether both streams are a terminal. */
  isTTY?: boolean
}

export async function guruorm(cwd: string, argv: string[], { env = {}, isTTY = false }: RunOptions = {}): Promise<Ran> {
  const ran: Ran = { code: -1, stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY,
    columns: isTTY ? 80 : undefined,
    write(text: string) {
      ran[name] += text
    },
  })
  ran.code = await main(argv, { cwd, env: { ...env }, stdout: stream('stdout'), stderr: stream('stderr') })
  return ran
}
