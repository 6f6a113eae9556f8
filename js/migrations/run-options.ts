import { InvalidArgumentException } from '../errors'
import type { LockMode } from './migrator-options'
import type { PartialFailurePolicy } from './steps/settlement'

/** How statements of migrations wait and how long they may take. */
export interface RunLimits {
  /** Longest wait of a statement for a lock: milliseconds, or `'500ms'`, `'10s'`, `'2m'`. Default `'10s'`; 0: no limit. */
  ddlLockTimeout?: number | string
  /** How often a migration that met a lock is tried again. Default 5. */
  ddlLockRetries?: number
  /** Longest time of a statement. Default 0: no limit. */
  statementTimeout?: number | string
}

/** The same in milliseconds, with nothing left out. */
export interface SettledLimits {
  lock: number
  retries: number
  statement: number
}

const MILLISECONDS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** @throws InvalidArgumentException for what is no time or number. */
export function settleLimits(limits: RunLimits): SettledLimits {
  const retries = limits.ddlLockRetries ?? 5
  if (!Number.isInteger(retries) || retries < 0) {
    throw new InvalidArgumentException('`ddlLockRetries` must be a whole number from 0.')
  }
  return {
    lock: milliseconds('ddlLockTimeout', limits.ddlLockTimeout ?? 10_000),
    retries,
    statement: milliseconds('statementTimeout', limits.statementTimeout ?? 0),
  }
}

/** @throws InvalidArgumentException for anything else. */
export function settlePolicy(policy: PartialFailurePolicy = 'reverse'): PartialFailurePolicy {
  if (policy === 'reverse' || policy === 'stop') return policy
  throw new InvalidArgumentException("`onPartialFailure` must be 'reverse' or 'stop'.")
}

/** @throws InvalidArgumentException for what is no mode. */
export function settleLockMode(mode: LockMode = 'auto'): LockMode {
  if (mode === 'auto' || mode === 'session' || mode === 'transaction') return mode
  throw new InvalidArgumentException("`lock` must be 'auto', 'session' or 'transaction'.")
}

/** The table of attempts beside a journal: `migration_logs` beside `migrations`. */
export function logTableBeside(table: string): string {
  return `${table.replace(/migrations$/, 'migration')}_logs`
}

function milliseconds(name: string, time: number | string): number {
  const [, number, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(String(time)) ?? []
  // PostgreSQL's settings are 32 bits of milliseconds.
  const value = number === undefined ? Number.NaN : Math.ceil(Number(number) * (MILLISECONDS[unit] as number))
  if (!(value <= 0x7fff_ffff)) {
    throw new InvalidArgumentException(`\`${name}\` must be milliseconds, or a text such as '500ms', '10s' or '2m'.`)
  }
  return value
}
