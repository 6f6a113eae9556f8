import type { Check } from './change.js'

/** A condition on rows being described. Every method adds to the description and returns it. */
export class CheckDefinition {
  /** The description so far. */
  readonly check: Check

  constructor(check: Check) {
    this.check = check
  }

  /**
   * Leaves existing rows unchecked. PostgreSQL and SQL Server only; elsewhere it has no effect.
   *
   * @example
   * table.check('price > 0', 'positive').notValid() // … add constraint "positive" check (price > 0) not valid
   */
  notValid(value = true): this {
    this.check.notValid = value
    return this
  }
}
