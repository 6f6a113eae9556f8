import type { MigrationFailure } from '../migrations/failure'
import type { MigrationResult } from '../migrations/migrator'

/** What `--json` says of migrations that ran, or would. */
export function migrationDocument(
  results: readonly MigrationResult[],
  failure: MigrationFailure | undefined,
): Record<string, unknown> {
  return {
    batch: results.findLast(({ method }) => method === 'up')?.batch ?? results.at(-1)?.batch ?? null,
    migrations: results.map(({ name, success, time, method, pretend, rehearsed, rows, statements, sent }) => ({
      name,
      action: method,
      status: !success ? 'failed' : pretend ? 'pretended' : rehearsed ? 'rehearsed' : 'done',
      durationMs: time,
      // A list of what would be sent, or how many were.
      statements: statements ?? sent,
      ...(rows === undefined ? {} : { rows }),
    })),
    ...(failure === undefined ? {} : { error: { ...failure, sqlstate: failure.nativeCode, error: undefined } }),
  }
}
