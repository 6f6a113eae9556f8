import type { Command, DatabaseOptions } from '../command'
import { withGuardedDatabase } from '../guarded-database'
import { runSeeders } from '../migration-command'
import { DATABASE, FORCE, names } from '../options'
import { Reporter } from '../reporter'

interface SeedOptions extends DatabaseOptions {
  class?: string[]
  again?: boolean
}

export const dbSeed: Command<SeedOptions> = {
  name: 'db:seed',
  summary: 'Run the seeders that have not run yet',
  options: [
    {
      flags: '--class <names>',
      description: 'the seeders to run, separated by commas (default DatabaseSeeder)',
      parse: names,
    },
    { flags: '--again', description: 'run them even if they ran before' },
    FORCE,
    ...DATABASE,
  ],
  examples: [
    'guruorm db:seed',
    'guruorm db:seed --class=UserSeeder',
    'guruorm db:seed --class=CategoriesSeeder,BrandsSeeder --again',
  ],
  async run(invocation) {
    const { host, options, output } = invocation
    return withGuardedDatabase('db:seed', invocation, async (database) => {
      const reporter = new Reporter(output, host.cwd)
      const results = await runSeeders(invocation, database, reporter, { classes: options.class, again: options.again })
      const ok = results.every((result) => result.success)
      output.document({ ok, command: 'db:seed', connection: database.name, seeders: results })
      return ok ? undefined : 'failed'
    })
  },
}
