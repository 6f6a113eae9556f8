import type { Command } from '../command'
import { CommandError } from '../command-error'
import type { MigrationCommandOptions } from '../migration-command'
import { DATABASE, FORCE, LOCK, PATH } from '../options'
import { changeRecords } from '../record-command'

interface MarkOptions extends MigrationCommandOptions {
  applied?: boolean
  all?: boolean
  /** `--pending` is of this command alone. */
  pending?: boolean
}

export const migrateMark: Command<MarkOptions> = {
  name: 'migrate:mark',
  summary: 'Record a migration as applied or pending without running it',
  argument: { name: 'name', description: 'its name, with or without extension', isOptional: true },
  options: [
    { flags: '--applied', description: 'it is in the database already' },
    { flags: '--pending', description: 'it is not in the database any more' },
    { flags: '--all', description: 'every migration instead of one' },
    FORCE,
    PATH,
    ...LOCK,
    ...DATABASE,
  ],
  examples: [
    'guruorm migrate:mark 2025_11_30_create_users_table --applied',
    'guruorm migrate:mark 2025_11_30_create_users_table --pending',
    'guruorm migrate:mark --all --applied',
  ],
  async run(invocation) {
    const { argument, options } = invocation
    if (Boolean(options.applied) === Boolean(options.pending)) {
      throw new CommandError('usage', 'Say how to mark it: --applied or --pending.')
    }
    if ((argument === '') !== Boolean(options.all)) {
      throw new CommandError('usage', 'Name one migration, or give --all.')
    }
    const name = argument === '' ? undefined : argument
    return changeRecords('migrate:mark', invocation, (records) =>
      options.applied ? records.markApplied(name) : records.markPending(name),
    )
  },
}
