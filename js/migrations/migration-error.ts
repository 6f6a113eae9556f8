import { MigrationException } from '../errors'

/** Why the migrator did not do what it was asked. Thrown before anything changed. */

/**
 * - `load`: a file cannot be loaded, or is not a migration.
 * - `refused`: the request makes no sense for what is on disk and recorded.
 * - `guarded`: the database is not one that this may be done to.
 * - `validation`: files and records do not fit, and a policy refuses that.
 * - `lock`: another runner has the lock.
 * - `partial`: part of a migration remains of an earlier attempt.
 */
export type MigrationErrorKind = 'load' | 'refused' | 'guarded' | 'validation' | 'lock' | 'partial'

export class MigrationError extends MigrationException {
  readonly kind: MigrationErrorKind

  constructor(kind: MigrationErrorKind, message: string, details?: { cause?: unknown }) {
    super(message, details)
    this.kind = kind
  }
}
