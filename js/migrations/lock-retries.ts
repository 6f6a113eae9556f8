import type { MigrationEventDispatcher } from './events'
import type { RunControl } from './run-control'

/** The first pause in milliseconds; it doubles each time. */
const FIRST_DELAY = 1000

/** Failures after which the same transaction may succeed, as the engine names them. */
const RETRYABLE = new Set(['LOCK_TIMEOUT', 'DEADLOCK', 'SERIALIZATION_FAILURE'])

/** Where a statement names the table that it waits for. For people: a guess is enough. */
const TABLE =
  /\b(?:table|into|from|update|on)\s+(?:if\s+exists\s+)?(?:only\s+)?((?:["`[]?[\w$]+["`\]]?\.)?["`[]?[\w$]+)/i

/** What is known about an error that a lock may explain. */
export interface LockTrouble {
  code?: unknown
  sql?: unknown
  message?: unknown
}

/** Pauses between attempts of one migration that meets locks. */
export class LockRetries {
  private attempt = 0
  private readonly migration: string
  private readonly attempts: number
  private readonly events: MigrationEventDispatcher
  private readonly control: RunControl

  constructor(migration: string, attempts: number, events: MigrationEventDispatcher, control: RunControl) {
    this.migration = migration
    this.attempts = attempts
    this.events = events
    this.control = control
  }

  /** Waits when the same may succeed next time. False: it may not, or was tried often enough. */
  async mayRetry(trouble: LockTrouble | null): Promise<boolean> {
    if (this.attempt >= this.attempts || !RETRYABLE.has(String(trouble?.code)) || this.control.isCancelled) return false
    this.attempt += 1
    const delay = Math.round(FIRST_DELAY * 2 ** (this.attempt - 1) * (0.8 + Math.random() * 0.4))
    await this.events.dispatch('migration.retrying', {
      migration: this.migration,
      reason: reasonOf(trouble),
      attempt: this.attempt,
      attempts: this.attempts,
      delay,
    })
    await this.control.pause(delay)
    return true
  }
}

function reasonOf(trouble: LockTrouble | null): string {
  if (trouble?.code !== 'LOCK_TIMEOUT')
    return trouble?.code === 'DEADLOCK' ? 'deadlock' : 'conflict with another transaction'
  const [, table] = TABLE.exec(String(trouble.sql ?? '')) ?? []
  return table === undefined ? 'lock timeout' : `lock timeout on "${table.replaceAll(/["`[\]]/g, '')}"`
}
