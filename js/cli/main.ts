import { version } from '../support/version'
import { type Host, processHost } from './host'

/**
 * Runs one command line and gives the exit code: 0 for success, "nothing to do" included, and 1 for every failure;
 * finer with `--detailed-exit-codes`. Never rejects.
 *
 * @param argv - Without the interpreter and the script: `['migrate', '--step']`.
 */
export async function main(argv: string[], host: Host = processHost()): Promise<number> {
  // Scripts ask for it often, and it needs nothing else.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    host.stdout.write(`${version()}\n`)
    return 0
  }
  const { runCommandLine } = await import('./command-line.js')
  return runCommandLine(argv, host)
}
