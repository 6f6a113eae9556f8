import { type ErrorDetails, GuruORMError, MigrationException } from '../../errors'

/** A backup could not be made; the statement that needed it was not sent. */
export class BackupError extends MigrationException {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'BACKUP_FAILED', ...details })
    this.name = 'BackupError'
  }
}

/** A guard found something that would break. */
export class GuardError extends MigrationException {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'GUARD', ...details })
    this.name = 'GuardError'
  }
}

/** Failures that say nothing about the backup: the migration is tried again, or its session is gone. */
const PASSED = new Set([
  'LOCK_TIMEOUT',
  'DEADLOCK',
  'SERIALIZATION_FAILURE',
  'LOST_CONNECTION',
  'TRANSACTION_ROLLED_BACK',
  'ABORTED',
  'CANCELLED',
])

/** What a failure while `"table"` was backed up is thrown as. */
export function failedBackup(table: string, error: unknown): unknown {
  if (error instanceof BackupError) return error
  if (error instanceof GuruORMError && PASSED.has(error.code)) return error
  const [reason] = (error instanceof Error ? error.message : String(error)).split('\n')
  return new BackupError(`backup of "${table}" failed: ${reason}; mend that or --no-backup`, { cause: error })
}
