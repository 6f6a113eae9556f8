import { CommanderError } from 'commander'
import { version } from '../support/version'
import { exitCode, type FailureKind } from './command-error'
import type { Host } from './host'
import { Output } from './output'
import { programOf } from './program'
import { COMMANDS } from './registry'
import { report } from './report'

/** Runs what `main` is given. */
export async function runCommandLine(argv: string[], host: Host): Promise<number> {
  const isDetailed = argv.includes('--detailed-exit-codes')
  let failure: FailureKind | undefined
  const program = programOf(COMMANDS, argv, version(), host, async (command, invocation) => {
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
