import { basename } from 'node:path'
import { type Problem, type RecordChanges, type RecordOperation, recordChanges, validate } from './engine'
import { Journal } from './journal'
import { loadMigration } from './loader'
import { checkedSourcesIn } from './migration-sources'
import type { Migrator } from './migrator'
import { appliedRow } from './migrator-options'
import { refusing } from './refusal'
import { type PartialAttempt, settleAttempts } from './steps/partial-attempts'

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
    const { connection, paths, table } = this.migrator.place()
    const journal = await Journal.open(connection, 'migrations', table)
    const applied = (await journal.rows(connection)).map(appliedRow)
    const { found } = await checkedSourcesIn(connection, paths, journal)
    const problems: MigrationProblem[] = await refusing(() => validate(connection, { files: found, applied }))
    for (const file of found) {
      try {
        const { down } = await loadMigration(file, connection)
        if (down === undefined) {
          problems.push({
            name: file.name,
            problem: 'noDown',
            message: `It cannot be rolled back, it has no down(): ${file.name}`,
          })
        }
      } catch (error) {
        problems.push({ name: file.name, problem: 'unloadable', message: (error as Error).message })
      }
    }
    return problems.sort((one, other) => Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)))
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
  repairFailed(): Promise<ChangedRecords> {
    return this.migrator.exclusively(async ({ session, log, partials }) => {
      if (log !== null) await settleAttempts(session, log, partials, 'rolled_back')
      return { recorded: [], forgotten: [], checksums: [], settled: partials.map(({ name }) => name) }
    })
  }

  private change(operation: RecordOperation): Promise<ChangedRecords> {
    const { paths } = this.migrator.place()
    return this.migrator.exclusively(async ({ session, journal, log, partials }) => {
      const applied = (await journal.rows(session)).map(appliedRow)
      const { found } = await checkedSourcesIn(session, paths, journal)
      const request = { change: operation, files: found, applied, paths: [...paths] }
      const settled = marked(operation, partials)
      const isRecorded = settled.some(({ metadata }) => metadata.direction === 'down')
      // What was never recorded needs no record taken away.
      const isOnlySettled = 'pending' in operation && operation.pending.name !== undefined && settled.length > 0
      const changes: RecordChanges =
        isOnlySettled && !isRecorded ? NO_CHANGES : await refusing(() => recordChanges(session, request))
      await session.transaction(async (transaction) => {
        for (const { name, batch, checksum } of changes.record) await journal.record(transaction, name, batch, checksum)
        for (const { id } of changes.forget) await journal.forget(transaction, id)
        for (const { id, checksum } of changes.rechecksum) await journal.rechecksum(transaction, id, checksum)
        const status = 'applied' in operation ? 'success' : 'rolled_back'
        if (log !== null) await settleAttempts(transaction, log, settled, status)
      })
      const names = (rows: { name: string }[]) => rows.map((row) => row.name)
      return {
        recorded: names(changes.record),
        forgotten: names(changes.forget),
        checksums: names(changes.rechecksum),
        settled: names(settled),
      }
    })
  }
}

const NO_CHANGES: RecordChanges = { record: [], forget: [], rechecksum: [] }

/** Those of which a part was left, and which are marked. */
function marked(operation: RecordOperation, partials: PartialAttempt[]): PartialAttempt[] {
  const mark = 'applied' in operation ? operation.applied : 'pending' in operation ? operation.pending : undefined
  if (mark === undefined) return []
  const file = mark.name === undefined ? undefined : basename(mark.name)
  return partials.filter(({ name }) => file === undefined || file === name || file.startsWith(`${name}.`))
}
