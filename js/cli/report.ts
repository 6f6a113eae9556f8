import { CommanderError } from 'commander'
import { MigrationError } from '../migrations/migration-error'
import { CommandError, type FailureKind } from './command-error'
import type { Output } from './output'

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

/** Prints what went wrong: text to stderr, or the document of `--json` to stdout. */
export function report(error: unknown, output: Output, command: string | undefined): FailureKind {
  const kind = kindOf(error)
  // `error: unknown command 'migrat'`, with commander's suggestion on the next line.
  const message = (error instanceof Error ? error.message : String(error)).replace(/^error: /, '')
  const [first = '', ...more] = message.split('\n')
  output.error([`❌ ${first}`, ...more.map((line) => `   ${line}`)])
  if (error instanceof CommanderError) output.error(['   See: npx guruorm --help'])
  else if (output.isVerbose && error instanceof Error && error.stack !== undefined) output.error([error.stack])
  output.document({ ok: false, command, error: { code: kind, message } })
  return kind
}

function kindOf(error: unknown): FailureKind {
  if (error instanceof CommandError) return error.kind
  if (error instanceof MigrationError) return KIND_OF_REFUSAL[error.kind]
  if (error instanceof CommanderError) return 'usage'
  return UNUSABLE_DATABASE.has(String((error as { code?: unknown } | null)?.code)) ? 'usage' : 'failed'
}
