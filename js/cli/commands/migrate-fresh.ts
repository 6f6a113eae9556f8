import type { Command } from '../command'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { DATABASE, FORCE, LOCK, PATH, PRETEND, SEED } from '../options'

interface FreshOptions extends MigrationCommandOptions {
  step?: boolean
}

export const migrateFresh: Command<FreshOptions> = {
  name: 'migrate:fresh',
  summary: 'Drop all tables and run all migrations; down() is not used',
  options: [
    { flags: '--step', description: 'give each migration a batch of its own' },
    PRETEND,
    FORCE,
    ...SEED,
    PATH,
    ...LOCK,
    ...DATABASE,
  ],
  examples: [
    'guruorm migrate:fresh',
    'guruorm migrate:fresh --seed',
    'guruorm migrate:fresh --seeder=UserSeeder,RolesSeeder',
  ],
  run(invocation) {
    const { step } = invocation.options
    return runMigrations('migrate:fresh', invocation, (migrator, pretend) => migrator.fresh({ step, pretend }))
  },
}
