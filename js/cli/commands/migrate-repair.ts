import type { Command } from '../command'
import { CommandError } from '../command-error'
import type { MigrationCommandOptions } from '../migration-command'
import { DATABASE, FORCE, LOCK, PATH } from '../options'
import { changeRecords } from '../record-command'

interface RepairOptions extends MigrationCommandOptions {
  checksums?: boolean
  forget?: string
  failed?: boolean
}

export const migrateRepair: Command<RepairOptions> = {
  name: 'migrate:repair',
  summary: 'Correct what is recorded of migrations; runs none',
  options: [
    { flags: '--checksums', description: 'take the files as they are now for what was applied' },
    { flags: '--forget <name>', description: 'remove the record of a migration whose file is gone' },
    { flags: '--failed', description: 'take what failed attempts left for undone by hand' },
    FORCE,
    PATH,
    ...LOCK,
    ...DATABASE,
  ],
  examples: ['guruorm migrate:repair --checksums', 'guruorm migrate:repair --forget=2025_11_30_create_old_table'],
  async run(invocation) {
    const { checksums, forget, failed } = invocation.options
    if ([checksums, forget !== undefined, failed].filter(Boolean).length !== 1) {
      throw new CommandError('usage', 'Say what to repair: --checksums, --failed, or --forget NAME.')
    }
    return changeRecords('migrate:repair', invocation, (records) => {
      if (failed) return records.repairFailed()
      return forget === undefined ? records.repairChecksums() : records.forget(forget)
    })
  },
}
