import type { Problem, RecordOperation } from './engine'
import type { Migrator } from './migrator'

/** Something about the migrations that does not fit. */
export interface MigrationProblem {
  name: string
  problem: Problem['problem'] | 'unloadable' | 'noDown'
  /** The same in a sentence. */
  message: string
}

/** The names whose records changed. */
export interface ChangedRecords {
  recorded: string[]
  forgotten: string[]
  checksums: string[]
  /** Of which a part was left by an attempt, and which count as whole now. */
  settled: string[]
}

/**
 * What is recorded of migrations: compares it with the files, and corrects it. Runs no migration.
 *
 * @example
 * const problems = await new MigrationRecords(new Migrator(capsule.connection())).validate()
 */
export class MigrationRecords {
  private readonly migrator: Migrator

  constructor(migrator: Migrator) {
    this.migrator = migrator
  }

  /** Everything that does not fit: edited, missing, older than what is applied, not loadable, without `down()`. */
  async validate(): Promise<MigrationProblem[]> {
    return (await recordWork()).problemsOf(this.migrator)
  }

  /** Records a migration, or everything pending, as applied without running it. */
  markApplied(name?: string): Promise<ChangedRecords> {
    return this.change({ applied: { name } })
  }

  /** Takes the record of a migration, or of all, away without rolling it back. */
  markPending(name?: string): Promise<ChangedRecords> {
    return this.change({ pending: { name } })
  }

  /** Records everything up to `to` as batch 0: it is in the database already and is never rolled back. */
  baseline(to?: string): Promise<ChangedRecords> {
    return this.change({ baseline: { to } })
  }

  /** Takes the files as they are now for what was applied. */
  repairChecksums(): Promise<ChangedRecords> {
    return this.change({ checksums: {} })
  }

  /** Takes the record of a migration away whose file is gone. */
  forget(name: string): Promise<ChangedRecords> {
    return this.change({ forget: { name } })
  }

  /** Takes the steps that failed attempts left for undone by hand: their migrations may run again, or be rolled back. */
  async repairFailed(): Promise<ChangedRecords> {
    return (await recordWork()).settleFailed(this.migrator)
  }

  private async change(operation: RecordOperation): Promise<ChangedRecords> {
    return (await recordWork()).changeRecords(this.migrator, operation)
  }
}

/** What most programs never use. */
const recordWork = () => import('./record-work.js')
