import type { MigrationEventDispatcher, MigrationEventHandler, MigrationEventType } from '../migrations/events'
import { failureLines, type MigrationFailure } from '../migrations/failure'
import type { Statement } from '../migrations/migration-connection'
import type { SeederEvents } from '../seeding/runner'
import type { Output } from './output'

/** Shortest time between two lines about the same lock, in milliseconds. */
const WAIT_LINES = 10_000

/** Prints what the migrator does, and keeps what `--json` says about it at the end. */
export class Reporter {
  readonly warnings: string[] = []
  failure: MigrationFailure | undefined
  protected readonly output: Output
  private readonly cwd: string
  private migrated = 0
  private lastWait = Number.NEGATIVE_INFINITY

  constructor(output: Output, cwd: string) {
    this.output = output
    this.cwd = cwd
  }

  /** @returns A function that ends the listening. */
  listen(events: MigrationEventDispatcher): () => void {
    const { output } = this
    const ends: (() => void)[] = []
    const on = <Type extends MigrationEventType>(event: Type, handler: MigrationEventHandler<Type>) =>
      ends.push(events.listen(event, handler))

    on('migrations.started', ({ method }) => {
      this.migrated = 0
      output.line(method === 'up' ? '🔄 Running migrations...' : '🔄 Rolling back migrations...')
    })
    on('migrations.none', ({ method }) =>
      output.line(method === 'up' ? '✅ Nothing to migrate' : '✅ Nothing to rollback'),
    )
    on('migration.ended', ({ migration, method, time, isConfirmed }) => {
      this.migrated += 1
      const how = isConfirmed ? 'confirmed after reconnect' : `${time}ms`
      output.line(`✅ ${method === 'up' ? 'Migrated' : 'Rolled back'}: ${migration} (${how})`)
    })
    on('migration.interrupted', ({ migration, host, pid, isRolledBack }) => {
      const what = isRolledBack ? 'and rolled back' : 'in the middle: statements before may remain'
      output.note(`ℹ️  Previous attempt of ${migration} (${host}/${pid}) was interrupted ${what}`)
    })
    on('migration.resuming', ({ migration, step, verified }) =>
      output.note(`↻ Resuming ${migration} at step ${step} (${counted(verified, 'step')} verified)`),
    )
    on('migration.indexRemoved', ({ index }) =>
      output.note(`ℹ️  Removed invalid index "${index}" left by an earlier attempt`),
    )
    on('migrations.stopped', ({ notRun }) => output.note(`   Stopped. Not run: ${notRun.join(', ')}`))
    on('migration.skipped', ({ migration, reason }) => output.line(`⏭️  Skipped: ${migration} (${reason})`))
    on('migration.pretended', ({ migration, method, statements, fails }) => {
      output.line(`${fails ? 'Would fail' : method === 'up' ? 'Would run' : 'Would rollback'}: ${migration}`)
      for (const statement of statements) output.line(pretendedLine(statement))
    })
    on('migration.progress', ({ statement, time, activity, blockedBy }) => {
      const what = activity === null ? '' : ` (${activity})`
      const by = blockedBy === null ? '' : `, blocked by ${blockedBy}`
      output.note(`… statement ${statement} running for ${Math.round(time / 1000)}s${what}${by}`)
    })
    on('migration.rehearsed', ({ migration, time, rows }) =>
      output.line(`✅ Rehearsed: ${migration} (${time}ms, ${counted(rows, 'row')})`),
    )
    on('migration.notRehearsed', ({ migration, reason }) => output.line(`⏭️  Not rehearsed: ${migration} (${reason})`))
    on('migrations.rehearsed', ({ migrations }) =>
      output.line(`✨ Rehearsal completed and rolled back! (${counted(migrations, 'migration')})`),
    )
    on('migrations.ended', ({ method }) =>
      output.line(
        `✨ ${method === 'up' ? 'Migration' : 'Rollback'} completed! (${counted(this.migrated, 'migration')})`,
      ),
    )
    on('migrations.wiped', () => output.line('✅ Dropped all tables'))
    on('schema.loaded', ({ migrations, pretend }) =>
      output.line(`${pretend ? 'Would load' : '📦 Loaded'} schema dump (${counted(migrations, 'migration')})`),
    )
    on('migrations.adopted', ({ table, layout, rows }) =>
      output.note(`ℹ️  Adopted existing table "${table}" (${layout} layout, ${counted(rows, 'row')})`),
    )
    on('migration.note', ({ message }) => output.note(`ℹ️  ${message}`))
    on('migration.lint', ({ migration, finding }) => this.warn(finding.text, `${migration}: ${finding.text}`))
    on('migration.retrying', ({ reason, attempt, attempts, delay }) =>
      output.note(`↻ ${reason} (attempt ${attempt} of ${attempts}), retrying in ${Math.round(delay / 1000)}s`),
    )
    on('migration.foreignKeysOff', ({ migration }) =>
      output.note(
        `↻ ${migration} alters a table by a copy: it runs again with foreign keys off, which are checked at its end`,
      ),
    )
    on('lock.pooled', () => output.note('ℹ️  Transaction pooler detected: using transaction-level locks'))
    on('lock.waiting', ({ holder, remaining }) => {
      const now = performance.now()
      if (now - this.lastWait < WAIT_LINES) return
      this.lastWait = now
      const by = holder === null ? '' : ` (${holder})`
      output.note(`⏳ Waiting for the migration lock${by} … ${Math.round(remaining / 1000)}s left`)
    })
    ends.push(...this.listenForTrouble(events))
    return () => {
      for (const end of ends) end()
    }
  }

  warn(message: string, kept = message): void {
    this.warnings.push(kept)
    this.output.note(`⚠️  ${message}`)
  }

  /** Prints warnings and failures, and keeps them for `--json`. */
  protected listenForTrouble(events: MigrationEventDispatcher): (() => void)[] {
    const { output } = this
    return [
      events.listen('migrations.warning', ({ message }) => this.warn(message)),
      events.listen('migration.message', ({ migration, level, message }) => {
        if (level === 'warning') this.warnings.push(`${migration}: ${message}`)
        output.note(`${level === 'warning' ? '⚠️ ' : 'ℹ️ '} ${migration}: ${message}`)
      }),
      events.listen('migration.failed', (failure) => {
        this.failure = failure
        output.error(failureLines(failure, this.cwd))
        if (output.isVerbose && failure.error instanceof Error) output.error([failure.error.stack ?? ''])
      }),
    ]
  }

  /** What to tell a runner of seeders. */
  seeders(): SeederEvents {
    const { output } = this
    return {
      seeded: (seeder, time, depth) => output.line(`${'   '.repeat(depth)}✅ Seeded: ${seeder} (${time}ms)`),
      skipped: (seeder) => output.line(`⏭️  Skipped: ${seeder} (already run)`),
      failed: (seeder, error) => {
        const [first, ...more] = (error instanceof Error ? error.message : String(error)).split('\n')
        output.error([
          `❌ Failed: ${seeder} - ${first}`,
          ...more.map((line) => `   ${line}`),
          '   State: rolled back; nothing of this seeder remains.',
        ])
        if (output.isVerbose && error instanceof Error) output.error([error.stack ?? ''])
      },
      report: (line) => output.line(line),
    }
  }
}

/** `2 migrations`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function pretendedLine({ sql, bindings }: Statement): string {
  if (sql.startsWith('-- ')) return `  ${sql}`
  const text = `  ${sql.replaceAll('\n', '\n  ')};`
  return bindings.length === 0
    ? text
    : `${text} -- ${JSON.stringify(bindings, (_, value) => (typeof value === 'bigint' ? String(value) : value))}`
}
