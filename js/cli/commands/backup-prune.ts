import { type BackupCommandOptions, backupsOf, withBackups } from '../backup-command'
import type { Command } from '../command'
import { BACKUP_FILES, DATABASE, FORCE, wholeNumber } from '../options'

interface BackupPruneOptions extends BackupCommandOptions {
  keep?: number
  days?: number
}

export const backupPrune: Command<BackupPruneOptions> = {
  name: 'backup:prune',
  summary: 'Remove old backups; the newest of a table stays in any case',
  options: [
    {
      flags: '--keep <number>',
      description: 'how many of a table are kept (default 5)',
      parse: (value) => wholeNumber(value, 0),
    },
    {
      flags: '--days <number>',
      description: 'how many days one is kept (default 30)',
      parse: (value) => wholeNumber(value, 0),
    },
    BACKUP_FILES,
    FORCE,
    ...DATABASE,
  ],
  examples: ['guruorm backup:prune', 'guruorm backup:prune --keep=2 --days=7'],
  run(invocation) {
    const { output } = invocation
    const { keep, days: keepDays } = invocation.options
    return withBackups(
      invocation,
      async (database) => {
        const more = { ...(keep !== undefined && { keep }), ...(keepDays !== undefined && { keepDays }) }
        const removed = (await backupsOf(invocation, database, more).prune()).map(({ id }) => id)
        output.document({ ok: true, command: 'backup:prune', connection: database.name, removed })
        for (const id of removed) output.line(`✅ Removed: ${id}`)
        if (removed.length === 0) output.line('✅ Nothing to remove')
      },
      'backup:prune',
    )
  },
}
