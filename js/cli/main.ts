import { CommanderError } from 'commander'
import { version } from '../support/version'
import { exitCode, type FailureKind } from './command-error'
import { type Host, processHost } from './host'
import { Output } from './output'
import { programOf } from './program'
import { COMMANDS } from './registry'
import { report } from './report'

/**
 * Runs one command line and gives the exit code: 0 for success, "nothing to do" included, and 1 for every failure;
 * finer with `--detailed-exit-codes`. Never rejects.
 *
 * @param argv - Without the interpreter and the script: `['migrate', '--step']`.
 */
export async function main(argv: string[], host: Host = processHost()): Promise<number> {
  const isDetailed = argv.includes('--detailed-exit-codes')
  let failure: FailureKind | undefined
  const program = programOf(COMMANDS, version(), host, async (command, invocation) => {
    failure = await command.run(invocation)
  })
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    failure = report(error, outputOf(argv, host), argv[0])
  }
  return failure === undefined ? 0 : exitCode(failure, isDetailed)
}

/** Where a failure is printed that came before the options were read. */
function outputOf(argv: string[], host: Host): Output {
  return new Output(host, {
    json: argv.includes('--json'),
    color: argv.includes('--no-color') ? false : undefined,
    quiet: argv.includes('--quiet') || argv.includes('-q'),
    verbose: argv.includes('--verbose') || argv.includes('-v'),
  })
}
