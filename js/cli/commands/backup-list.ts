import { backupsOf, describedBackup, withBackups } from '../backup-command'
import type { Command, DatabaseOptions } from '../command'
import { BACKUP_FILES, DATABASE } from '../options'

export const backupList: Command<DatabaseOptions> = {
  name: 'backup:list',
  summary: 'Show the backups of what migrations destroyed, the newest first',
  argument: { name: 'table', description: 'only those of this table', isOptional: true },
  options: [BACKUP_FILES, ...DATABASE],
  examples: ['guruorm backup:list', 'guruorm backup:list users', 'guruorm backup:list --json'],
  run(invocation) {
    const { output, argument } = invocation
    return withBackups(invocation, async (database) => {
      const backups = await backupsOf(invocation, database).list(argument === '' ? undefined : argument)
      output.document({ ok: true, command: 'backup:list', connection: database.name, backups })
      if (backups.length === 0) output.line('No backups found')
      for (const backup of backups) output.line(describedBackup(backup, invocation.host.cwd))
    })
  },
}
