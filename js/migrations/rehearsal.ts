import { loadDump, mayLoad, rowsOf } from './dump-loader'
import type { AppliedRow } from './engine'
import { JointRunner } from './joint-runner'
import { Journal } from './journal'
import type { MigrationConnection } from './migration-connection'
import { appliedRow, type MigrationResult } from './migrator-options'
import type { Prepared } from './prepared'
import type { SchemaDump } from './schema-dump'
import type { StepRunnerOptions } from './step-runner-options'

/** Longest wait for a lock of a statement that is only rehearsed, in milliseconds: others wait behind it. */
const LOCK_TIMEOUT = 1000

export interface RehearsalOptions extends Omit<StepRunnerOptions, 'journal' | 'log' | 'session'> {
  table: string
  /** What a run would begin with. */
  dump: SchemaDump | null
  prepare(applied: AppliedRow[], journal?: Journal): Promise<Prepared>
}

/** Runs migrations in one transaction that is rolled back, with the journal's table made in it where there is none. */
export async function rehearse(session: MigrationConnection, options: RehearsalOptions): Promise<MigrationResult[]> {
  const { table, prepare, ...rest } = options
  const limits = { ...rest.limits, lock: LOCK_TIMEOUT, retries: 0 }
  const open = (connection: MigrationConnection) => Journal.open(connection, 'migrations', table, limits)
  const journal = await open(session)
  const rows = (await journal.rows(session)).map(appliedRow)
  const dump = rows.length === 0 ? options.dump : null
  if (dump !== null) await mayLoad(session, table, dump)
  const prepared = await prepare(dump === null ? rows : rowsOf(dump), journal)
  const begin = async (transaction: MigrationConnection) => {
    const made = await open(transaction)
    await made.prepare(transaction)
    if (dump !== null) await loadDump(transaction, made, dump)
  }
  return new JointRunner({ ...rest, limits, session, journal, log: null, ending: 'rollback', begin }).run(prepared)
}
