import type { Attempt } from '../../migrations/log'
import type { Command } from '../command'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { type MigrationCommandOptions, migratorOf } from '../migration-command'
import { DATABASE, wholeNumber } from '../options'

interface LogsOptions extends MigrationCommandOptions {
  failed?: boolean
  limit?: number
}

const SHOWN = 20

const SIGNS: Record<string, string> = { success: '✅', rolled_back: '✅', failed: '❌', started: '⏳' }

export const migrateLogs: Command<LogsOptions> = {
  name: 'migrate:logs',
  summary: 'Show attempts to run migrations, the newest first',
  options: [
    { flags: '--failed', description: 'only those that failed' },
    { flags: '--limit <number>', description: `how many (default ${SHOWN})`, parse: (value) => wholeNumber(value, 1) },
    ...DATABASE,
  ],
  examples: ['guruorm migrate:logs', 'guruorm migrate:logs --failed --limit=5', 'guruorm migrate:logs --json'],
  async run(invocation) {
    const { host, options, output } = invocation
    loadDotenv(host)
    return withDatabase(invocation, async (database) => {
      const { failed = false, limit = SHOWN } = options
      const attempts = await migratorOf(invocation, database).attempts({ failed, limit })
      output.document({ ok: true, command: 'migrate:logs', connection: database.name, attempts })
      if (attempts.length === 0) output.line('No attempts found')
      for (const attempt of attempts) for (const line of linesOf(attempt)) output.line(line)
      return undefined
    })
  },
}

function linesOf({ name, status, startedAt, duration, error, metadata }: Attempt): string[] {
  const time = startedAt?.toISOString().slice(0, 19).replace('T', ' ') ?? ''
  const took = duration === null ? '' : ` (${duration}ms)`
  const by = metadata.host === undefined ? '' : `, ${metadata.host}/${metadata.pid}`
  const [message] = error?.split('\n') ?? []
  return [
    `${SIGNS[status] ?? '  '} ${time} ${name}: ${status}${took}, ${metadata.direction ?? 'up'}, batch ${metadata.batch}${by}`,
    ...(message === undefined ? [] : [`   ${message}`]),
  ]
}
