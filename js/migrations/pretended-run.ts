import { mayLoad, rowsOf } from './dump-loader'
import type { AppliedRow, Operation } from './engine'
import { Journal } from './journal'
import { appliedRow, type MigrationResult, type Pretend } from './migrator-options'
import { methodsOf, migrationOf, type Prepared } from './prepared'
import { Pretender, type PretenderOptions } from './pretender'
import type { SchemaDump } from './schema-dump'

export interface PretendedRunOptions extends Omit<PretenderOptions, 'journal'> {
  table: string
  operation: Operation
  pretend: Pretend
  prepare(applied: AppliedRow[], journal?: Journal): Promise<Prepared>
}

/** Shows what an operation would do. Changes nothing and takes no lock. */
export async function pretendRun(options: PretendedRunOptions): Promise<MigrationResult[]> {
  const { connection, table, operation, pretend, isFresh, events, prepare } = options
  const journal = await Journal.open(connection, 'migrations', table)
  let applied = isFresh ? [] : (await journal.rows(connection)).map(appliedRow)
  const dump: SchemaDump | null = 'migrate' in operation && applied.length === 0 ? options.dump : null
  if (dump !== null) {
    if (!isFresh) await mayLoad(connection, table, dump)
    applied = rowsOf(dump)
    const { path } = dump
    await events.dispatch('schema.loaded', { path, migrations: dump.migrations.length, pretend: true })
  }
  const { steps, migrations } = await prepare(applied, isFresh ? undefined : journal)
  const pretender = new Pretender({ ...options, journal, dump }, pretend)
  await pretender.begin()
  const results: MigrationResult[] = []
  for (const method of methodsOf(operation)) {
    const phase = steps.filter((step) => step.direction === method)
    if (phase.length === 0) await events.dispatch('migrations.none', { method })
    for (const [index, step] of phase.entries()) {
      const notRun = phase.slice(index + 1).map((next) => next.name)
      const result = await pretender.run(step, migrationOf(step, migrations), notRun)
      if (result !== null) results.push(result)
      if (result?.success === false) return results
    }
  }
  return results
}
