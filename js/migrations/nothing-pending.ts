import type { AppliedRow } from './engine'
import { Journal } from './journal'
import { AttemptLog } from './log'
import type { MigrationConnection } from './migration-connection'
import { checkedSourcesIn, type Sources } from './migration-sources'
import { appliedRow } from './migrator-options'
import type { Planned } from './planned'

export interface PendingOptions {
  table: string
  logTable: string
  paths: string[]
  planOf(applied: AppliedRow[], sources: Sources): Promise<Planned>
}

/**
 * The plan of a run that has nothing to do, nor to bring to an end; else null.
 *
 * It is read without the lock, which costs more than all the rest. Whoever has the lock and runs migrations has an
 * attempt that goes on, and is waited for then; where there is something to do, all of it is read again under the lock.
 */
export async function nothingPending(
  session: MigrationConnection,
  { table, logTable, paths, planOf }: PendingOptions,
): Promise<Planned | null> {
  const journal = await Journal.open(session, 'migrations', table)
  if (!journal.exists || journal.preparation.length > 0) return null
  const rows = await journal.rows(session)
  const sources = await checkedSourcesIn(session, paths, journal)
  if (rows.length === 0 || sources.absent.length > 0) return null
  const plan = await planOf(rows.map(appliedRow), sources)
  if (plan.steps.length > 0 || plan.refusals.length > 0) return null
  const log = await AttemptLog.open(session, logTable)
  return log.exists && (await log.unsettled(session)).length === 0 ? plan : null
}
