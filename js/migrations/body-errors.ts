/** What a migration's own code does wrong. Each rolls the migration back, where the database can. */
import { type ErrorDetails, MigrationException } from '../errors'
import type { LintFinding } from './lint/lint-engine'

/** A lint rule that is an error refuses a statement; it never reached the server. */
export class LintError extends MigrationException {
  readonly findings: readonly LintFinding[]

  constructor(findings: readonly LintFinding[], details: ErrorDetails) {
    const names = [...new Set(findings.map(({ rule }) => rule))].join(', ')
    const allow = `this.safetyAssured(() => …), -- guruorm: allow ${names} in the SQL, or migrations.lint.ignore`
    super([...findings.map(({ text }) => text), `If it is safe here: ${allow}`].join('\n'), {
      code: 'LINT',
      ...details,
    })
    this.name = 'LintError'
    this.findings = findings
  }
}

/** The migration sent a statement that guruorm does not let through; it never reached the server. */
export class RefusedStatementError extends MigrationException {
  constructor(message: string, details: ErrorDetails) {
    super(message, { code: 'REFUSED_STATEMENT', ...details })
    this.name = 'RefusedStatementError'
  }
}

/** A statement failed, the migration caught the error, and the server has discarded the transaction. */
export class SwallowedErrorError extends MigrationException {
  constructor(message: string, details: ErrorDetails) {
    super(message, { code: 'SWALLOWED_ERROR', ...details })
    this.name = 'SwallowedErrorError'
  }
}

/** `up()` or `down()` returned while a statement was still running. */
export class MissingAwaitError extends MigrationException {
  constructor(message: string, details: ErrorDetails) {
    super(message, { code: 'MISSING_AWAIT', ...details })
    this.name = 'MissingAwaitError'
  }
}

/** Somebody stopped the run. */
export class MigrationCancelledError extends MigrationException {
  constructor(message = 'cancelled') {
    super(message, { code: 'CANCELLED' })
    this.name = 'MigrationCancelledError'
  }
}
