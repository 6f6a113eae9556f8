/** What `MigrationRecords` does. */
import { basename } from 'node:path'
import { type RecordChanges, type RecordOperation, recordChanges, validate } from './engine'
import { Journal } from './journal'
import { loadMigration } from './loader'
import { checkedSourcesIn } from './migration-sources'
import type { Migrator } from './migrator'
import { appliedRow } from './migrator-options'
import type { ChangedRecords, MigrationProblem } from './records'
import { refusing } from './refusal'
import { type PartialAttempt, settleAttempts } from './steps/partial-attempts'

export async function problemsOf(migrator: Migrator): Promise<MigrationProblem[]> {
  const { connection, paths, table } = migrator.place()
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

export function settleFailed(migrator: Migrator): Promise<ChangedRecords> {
  return migrator.exclusively(async ({ session, log, partials }) => {
    if (log !== null) await settleAttempts(session, log, partials, 'rolled_back')
    return { recorded: [], forgotten: [], checksums: [], settled: partials.map(({ name }) => name) }
  })
}

export function changeRecords(migrator: Migrator, operation: RecordOperation): Promise<ChangedRecords> {
  const { paths } = migrator.place()
  return migrator.exclusively(async ({ session, journal, log, partials }) => {
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

const NO_CHANGES: RecordChanges = { record: [], forget: [], rechecksum: [] }

/** Those of which a part was left, and which are marked. */
function marked(operation: RecordOperation, partials: PartialAttempt[]): PartialAttempt[] {
  const mark = 'applied' in operation ? operation.applied : 'pending' in operation ? operation.pending : undefined
  if (mark === undefined) return []
  const file = mark.name === undefined ? undefined : basename(mark.name)
  return partials.filter(({ name }) => file === undefined || file === name || file.startsWith(`${name}.`))
}
