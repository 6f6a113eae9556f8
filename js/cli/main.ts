import { CommanderError } from 'commander'
import { MigrationError } from '../migrations/migration-error'
import { version } from '../support/version'
import { CommandError, exitCode, type FailureKind } from './command-error'
import { type Host, processHost } from './host'
import { Output } from './output'
import { programOf } from './program'
import { COMMANDS } from './registry'

/** How the migrator's refusals count among exit codes. */
const KIND_OF_REFUSAL: Record<MigrationError['kind'], FailureKind> = {
  load: 'usage',
  refused: 'failed',
  guarded: 'refused',
  validation: 'validation',
  lock: 'lock',
  partial: 'partial',
}

/** Codes of the engine's errors for a database that cannot be used at all. */
const UNUSABLE_DATABASE = new Set(['CONNECTION', 'CONFIG', 'INVALID_ARGUMENT', 'POOL_TIMEOUT'])

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
    failure = report(error, argv, host)
  }
  return failure === undefined ? 0 : exitCode(failure, isDetailed)
}

/** Prints what went wrong: text to stderr, or the document of `--json` to stdout. */
function report(error: unknown, argv: string[], host: Host): FailureKind {
  const output = new Output(host, {
    json: argv.includes('--json'),
    color: argv.includes('--no-color') ? false : undefined,
    quiet: argv.includes('--quiet') || argv.includes('-q'),
    verbose: argv.includes('--verbose') || argv.includes('-v'),
  })
  const kind = kindOf(error)
  // `error: unknown command 'migrat'`, with commander's suggestion on the next line.
  const message = (error instanceof Error ? error.message : String(error)).replace(/^error: /, '')
  const [first = '', ...more] = message.split('\n')
  output.error([`❌ ${first}`, ...more.map((line) => `   ${line}`)])
  if (error instanceof CommanderError) output.error(['   See: npx guruorm --help'])
  else if (output.isVerbose && error instanceof Error && error.stack !== undefined) output.error([error.stack])
  output.document({ ok: false, command: argv[0], error: { code: kind, message } })
  return kind
}

function kindOf(error: unknown): FailureKind {
  if (error instanceof CommandError) return error.kind
  if (error instanceof MigrationError) return KIND_OF_REFUSAL[error.kind]
  if (error instanceof CommanderError) return 'usage'
  return UNUSABLE_DATABASE.has(String((error as { code?: unknown } | null)?.code)) ? 'usage' : 'failed'
}
