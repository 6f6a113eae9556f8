import { type ChangedRecords, MigrationRecords } from '../migrations/records'
import type { FailureOutcome, Invocation } from './command'
import { withDatabase } from './database'
import { loadDotenv } from './dotenv'
import { guardProduction } from './guard'
import { type MigrationCommandOptions, migratorOf } from './migration-command'
import { Reporter } from './reporter'

/** Guards, opens the database, changes what is recorded, and says whose records changed. */
export async function changeRecords(
  command: string,
  invocation: Invocation<MigrationCommandOptions>,
  work: (records: MigrationRecords) => Promise<ChangedRecords>,
): Promise<FailureOutcome> {
  const { host, options, output } = invocation
  loadDotenv(host)
  guardProduction(host, options, command)
  return withDatabase(invocation, async (database) => {
    const reporter = new Reporter(output, host.cwd)
    const migrator = migratorOf(invocation, database)
    const end = reporter.listen(migrator.events)
    const changed = await work(new MigrationRecords(migrator)).finally(end)
    output.document({ ok: true, command, connection: database.name, ...changed })
    for (const name of changed.recorded) output.line(`✅ Recorded as applied: ${name}`)
    for (const name of changed.forgotten) output.line(`✅ Record removed: ${name}`)
    for (const name of changed.checksums) output.line(`✅ Checksum recorded: ${name}`)
    for (const name of changed.settled) {
      if (!changed.recorded.includes(name) && !changed.forgotten.includes(name)) output.line(`✅ Settled: ${name}`)
    }
    if (Object.values(changed).every((names) => names.length === 0)) output.line('✅ Nothing to change')
    return undefined
  })
}
