import { describeHolder } from '../../migrations/lock-holder'
import type { Command } from '../command'
import { CommandError } from '../command-error'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { type MigrationCommandOptions, migratorOf } from '../migration-command'
import { DATABASE, FORCE } from '../options'

interface UnlockOptions extends MigrationCommandOptions {
  kill?: boolean
}

export const migrateUnlock: Command<UnlockOptions> = {
  name: 'migrate:unlock',
  summary: 'Show who holds the migration lock; end that session with --kill',
  options: [
    { flags: '--kill', description: 'end the session that holds it, after asking' },
    { ...FORCE, description: 'do not ask' },
    ...DATABASE,
  ],
  examples: ['guruorm migrate:unlock', 'guruorm migrate:unlock --kill', 'guruorm migrate:unlock --kill --force'],
  async run(invocation) {
    const { host, options, output } = invocation
    loadDotenv(host)
    return withDatabase(invocation, async (database) => {
      const migrator = migratorOf(invocation, database)
      const holder = await migrator.lockHolder()
      const about = { ok: true, command: 'migrate:unlock', connection: database.name, holder }
      if (holder === null) {
        output.document({ ...about, killed: false })
        output.line('No migration lock is held')
        return undefined
      }
      if (options.kill) {
        if (holder.session === null) {
          throw new CommandError(
            'usage',
            `A process holds the lock, not a session of a server: ${describeHolder(holder)}.\nEnd that process; the lock is free as soon as it has ended.`,
          )
        }
        if (!options.force) {
          if (host.ask === undefined) {
            throw new CommandError(
              'refused',
              'migrate:unlock --kill asks first, and stdin is not a terminal. Use --force.',
            )
          }
          const answer = await host.ask(`End the session of ${describeHolder(holder)}? (y/N) `)
          if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('refused', 'Not ended. Nothing was changed.')
        }
        await migrator.endLockHolder(holder)
      }
      output.document({ ...about, killed: options.kill ?? false })
      output.line(
        options.kill ? `✅ Ended ${describeHolder(holder)}` : `The migration lock is held by ${describeHolder(holder)}`,
      )
      return undefined
    })
  },
}
