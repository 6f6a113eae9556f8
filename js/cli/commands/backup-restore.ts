import type { RestoreMode } from '../../migrations/backups/backup'
import { type BackupCommandOptions, backupsOf, withBackups } from '../backup-command'
import type { Command } from '../command'
import { BACKUP_FILES, DATABASE, FORCE } from '../options'
import { counted } from '../reporter'

interface BackupRestoreOptions extends BackupCommandOptions {
  mode?: RestoreMode
  dryRun?: boolean
}

export const backupRestore: Command<BackupRestoreOptions> = {
  name: 'backup:restore',
  summary: 'Bring back what a migration destroyed; removes and replaces no row',
  argument: { name: 'backup', description: 'as backup:list calls it' },
  options: [
    {
      flags: '--mode <mode>',
      description: 'table: all rows, into an empty or missing table; column: the values of columns; missing-rows',
      choices: ['table', 'column', 'missing-rows'],
    },
    { flags: '--dry-run', description: 'count what would be brought back' },
    BACKUP_FILES,
    FORCE,
    ...DATABASE,
  ],
  examples: [
    'guruorm backup:restore users_backup_20251130T120000123 --dry-run',
    'guruorm backup:restore users_backup_20251130T120000123 --mode=missing-rows',
  ],
  run(invocation) {
    const { output, argument, options } = invocation
    const guarded = options.dryRun ? undefined : 'backup:restore'
    return withBackups(
      invocation,
      async (database) => {
        const { mode, dryRun } = options
        const asked = { ...(mode !== undefined && { mode }), ...(dryRun !== undefined && { dryRun }) }
        const result = await backupsOf(invocation, database).restore(argument, asked)
        const { backup, rows, isRecreated } = result
        output.document({
          ok: true,
          command: 'backup:restore',
          connection: database.name,
          backup: backup.id,
          table: backup.table,
          mode: result.mode,
          rows,
          isRecreated,
          dryRun: result.dryRun,
        })
        const made = isRecreated ? ', made again' : ''
        const verb = result.dryRun ? 'Would restore' : '✅ Restored'
        output.line(`${verb}: ${counted(rows, 'row')} of ${backup.table.name}${made} (${result.mode})`)
      },
      guarded,
    )
  },
}
