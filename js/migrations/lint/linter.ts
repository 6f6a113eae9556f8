import type { Migrator } from '../migrator'
import { type FileFinding, type LintSettings, settleLint } from './lint-engine'
import type { LinterWork } from './linter-work'

export interface LintChoice {
  /** Only these migrations; those before them still count as part of the run. */
  names?: readonly string[]
  /** All files, as on an empty database, instead of the pending ones. */
  all?: boolean
}

export interface LintReport {
  /** The migrations that were looked at. */
  migrations: string[]
  findings: FileFinding[]
  /** What was found odd on the way. */
  warnings: string[]
}

/**
 * Looks at migrations before they run: what they would send is found by pretending, and nothing is changed.
 *
 * @example
 * const { findings } = await new MigrationLinter(new Migrator(capsule.connection())).lint()
 */
export class MigrationLinter {
  private readonly migrator: Migrator
  private readonly settings: LintSettings

  constructor(migrator: Migrator) {
    this.migrator = migrator
    const { connection, lint } = migrator.place()
    this.settings = lint ?? settleLint(connection, {})
  }

  /** Statements and files. */
  async lint(choice: LintChoice = {}): Promise<LintReport> {
    return (await this.work()).lint(choice)
  }

  /** Statements alone. */
  async lintStatements(choice: LintChoice = {}): Promise<LintReport> {
    return (await this.work()).lintStatements(choice)
  }

  /** What most programs never use. */
  private async work(): Promise<LinterWork> {
    const { LinterWork } = await import('./linter-work.js')
    return new LinterWork(this.migrator, this.settings)
  }
}
