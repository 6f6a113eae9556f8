import type { Command, DatabaseOptions } from '../command'
import { withGuardedDatabase } from '../guarded-database'
import { runSeeders, seederRunnerOf } from '../migration-command'
import { DATABASE, FORCE, names } from '../options'
import { Reporter } from '../reporter'
import { clearTables } from './db-clear'

interface RefreshOptions extends DatabaseOptions {
  class?: string[]
}

export const dbSeedRefresh: Command<RefreshOptions> = {
  name: 'db:seed:refresh',
  aliases: ['db:refresh'],
  summary: 'Delete the rows of all tables and run the seeders again',
  options: [
    {
      flags: '--class <names>',
      description: 'the seeders to run, separated by commas (default DatabaseSeeder)',
      parse: names,
    },
    FORCE,
    ...DATABASE,
  ],
  examples: ['guruorm db:seed:refresh', 'guruorm db:seed:refresh --class=UserSeeder,RolesSeeder'],
  async run(invocation) {
    const { host, options, output } = invocation
    return withGuardedDatabase('db:seed:refresh', invocation, async (database) => {
      const reporter = new Reporter(output, host.cwd)
      // Before the first row goes: a seeder that is not there must not leave an empty database.
      await seederRunnerOf(host, database, reporter).check(options.class)
      await clearTables(database)
      output.line('✅ Cleared all tables')
      const results = await runSeeders(invocation, database, reporter, { classes: options.class, again: true })
      const ok = results.every((result) => result.success)
      output.document({ ok, command: 'db:seed:refresh', connection: database.name, seeders: results })
      return ok ? undefined : 'failed'
    })
  },
}
