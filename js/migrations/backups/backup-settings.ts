import { type BackupOptions, type SettledBackups, settleBackups } from './backup-options'

/** What a run knows about backups. */
export interface BackupSettings {
  backups: SettledBackups
  /** Tables that are guruorm's own: what is taken from them is no loss of the user's. */
  own: readonly string[]
  isProduction: boolean
}

/** @throws InvalidArgumentException for options that cannot work. */
export function backupSettings(
  backup: boolean | BackupOptions | undefined,
  environment: string | undefined,
  own: readonly string[],
): BackupSettings {
  return {
    backups: settleBackups(backup),
    own,
    isProduction: (environment ?? process.env.NODE_ENV) === 'production',
  }
}
