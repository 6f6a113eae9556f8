import { BackupError } from './backup-error'

/** What is known of the size of what is backed up. */
export interface Size {
  rows: number
  /** Whether there may be more rows than that. */
  isAtLeast: boolean
  /** Null: not known. */
  bytes: number | null
}

/** @returns `backup of "events" (84 M rows, ~31 GB) exceeds the limit; raise it or --no-backup`. */
export function beyondLimit(table: string, { rows, isAtLeast, bytes }: Size): BackupError {
  const counted = `${isAtLeast ? 'at least ' : ''}${short(rows)} ${rows === 1 ? 'row' : 'rows'}`
  const sizes = bytes === null ? counted : `${counted}, ~${short(bytes)}${bytes < 10_000 ? ' ' : ''}B`
  return new BackupError(`backup of "${table}" (${sizes}) exceeds the limit; raise it or --no-backup`)
}

const UNITS: readonly [number, string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
]

/** `84 M`, `12 k`, `950`. */
function short(number: number): string {
  const [size, unit] = UNITS.find(([least]) => number >= least) ?? [1, '']
  const divisor = size === 1e4 ? 1000 : size
  return unit === '' ? String(Math.round(number)) : `${Math.round(number / divisor)} ${unit}`
}
