import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { placeOf } from './sql-script'

/** Everything known about a migration that failed while it ran. */
export interface MigrationFailure {
  migration: string
  method: 'up' | 'down'
  message: string
  /** The class of failure, as programs branch on it. */
  code: string | null
  /** What the server calls it: SQLSTATE or error number. */
  nativeCode: string | null
  /** Where in the migration it happened, as far as the stack tells. */
  file: string
  line: number | null
  /** Which statement of the migration failed, from 1; of a SQL file or text, which in it. */
  statement: number | null
  /** The statement that failed, without values. */
  sql: string | null
  /** The server's own explanation and advice. */
  detail: string | null
  hint: string | null
  /** What is left in the database, in a sentence or two. */
  state: string
  /** Names of the migrations that were to come. */
  notRun: string[]
  error: unknown
}

/** What was going on when a migration failed. */
export interface FailedStep {
  migration: string
  method: 'up' | 'down'
  path: string
  /** Which statement failed, as far as it is known. */
  statement: number | null
  state: string
  notRun: string[]
}

/** A server that is full advises, if at all, of settings. */
const NO_SPACE = 'no space left; free space, then run again'

/** Reads what an error tells into a failure. */
export function failureOf(error: unknown, step: FailedStep): MigrationFailure {
  const fields = record(error)
  const original = record(fields.originalError)
  const place = placeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  const isLost = fields.code === 'LOST_CONNECTION' || fields.code === 'COMMIT_UNKNOWN'
  return {
    migration: step.migration,
    method: step.method,
    message: isLost ? 'server closed the connection' : message,
    code: text(fields.code),
    nativeCode: text(fields.nativeCode),
    file: place?.file ?? step.path,
    line: place?.file === undefined ? lineIn(step.path, error) : place.line,
    statement: place?.statement ?? step.statement,
    sql: text(fields.sql),
    detail: isLost ? message : text(fields.serverDetail ?? original.detail),
    hint: fields.code === 'STORAGE_FULL' ? NO_SPACE : text(fields.hint ?? original.hint),
    state: step.state,
    notRun: step.notRun,
    error,
  }
}

/** The lines of the error block, without colours. File names are relative to `cwd`. */
export function failureLines(failure: MigrationFailure, cwd: string): string[] {
  const file = failure.file === '' ? '' : relative(cwd, failure.file) || failure.file
  const place = failure.line === null ? file : `${file}:${failure.line}`
  const statement = failure.statement === null ? null : `statement ${failure.statement}`
  const where = [statement, failure.nativeCode, place].filter(Boolean).join(' · ')
  const [message = '', ...more] = failure.message.split('\n')
  return [
    `❌ Failed: ${failure.migration} - ${message}`,
    ...more.map((line) => `   ${line}`),
    ...(where === '' ? [] : [`   ${where}`]),
    ...(failure.sql === null ? [] : [`   ${failure.sql.replaceAll('\n', '\n   ')}`]),
    ...(failure.detail === null ? [] : [`   DETAIL: ${failure.detail}`]),
    ...(failure.hint === null ? [] : [`   HINT: ${failure.hint}`]),
    ...`State: ${failure.state}`.split('\n').map((line) => `   ${line}`),
    ...(failure.notRun.length === 0 ? [] : [`   Not run: ${failure.notRun.join(', ')}`]),
  ]
}

/** `file:line` of the innermost stack frame inside `path`. */
export function placeIn(path: string, error: unknown): string | null {
  const line = lineIn(path, error)
  return line === null ? null : `${relative(process.cwd(), path)}:${line}`
}

/** The line of the innermost stack frame inside `path`. */
function lineIn(path: string, error: unknown): number | null {
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : ''
  for (const frame of stack.split('\n')) {
    const place = /\(?((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?)(?:\?[^:()]*)?:(\d+):\d+\)?$/.exec(frame.trim())
    if (place?.[1] === undefined) continue
    const file = place[1].startsWith('file:') ? fileURLToPath(place[1]) : place[1]
    if (file === path) return Number(place[2])
  }
  return null
}

function record(value: unknown): Record<string, unknown> {
  return (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null
}
