import { resolve } from 'node:path'
import { InvalidArgumentException } from '../../errors'

/** Where backups go, how large they may be and how long they are kept. */
export interface BackupOptions {
  /** `table`: beside the table that is backed up. `file`: compressed lines of JSON. Default `table`. */
  target?: 'table' | 'file'
  /** More rows stop the migration. Default: a million for tables, no limit for files. */
  maxRows?: number
  /** More bytes, before they are compressed, stop the migration. Default: no limit for tables, 1 GiB for files. */
  maxBytes?: number
  /** The folder of files. Default `backups/migrations`. */
  directory?: string
  /** How many backups of a table {@link Backups.prune} keeps. Default 5. */
  keep?: number
  /** How many days {@link Backups.prune} keeps one. Default 30. */
  keepDays?: number
}

/** The same with nothing left out. */
export interface SettledBackups {
  /** Whether statements that destroy something are preceded by a backup. */
  isAutomatic: boolean
  /** Whether somebody said that there shall be none. */
  isRefused: boolean
  target: 'table' | 'file'
  maxRows: number | null
  maxBytes: number | null
  directory: string
  keep: number
  keepDays: number
}

const KEYS = ['target', 'maxRows', 'maxBytes', 'directory', 'keep', 'keepDays']
const GIB = 2 ** 30

/** @throws InvalidArgumentException for what cannot work, and for an unknown key. */
export function settleBackups(given: boolean | BackupOptions | undefined): SettledBackups {
  const isObject = typeof given === 'object' && given !== null
  if (given !== undefined && typeof given !== 'boolean' && !isObject) {
    throw new InvalidArgumentException('`backup` must be true, false or an object.')
  }
  const options: BackupOptions = isObject ? given : {}
  const unknown = Object.keys(options).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) {
    throw new InvalidArgumentException(`\`backup\` has no option "${unknown}". It has: ${KEYS.join(', ')}.`)
  }
  const { target = 'table', directory = 'backups/migrations' } = options
  if (target !== 'table' && target !== 'file') {
    throw new InvalidArgumentException("`backup.target` must be 'table' or 'file'.")
  }
  if (typeof directory !== 'string' || directory === '') {
    throw new InvalidArgumentException('`backup.directory` must be a folder.')
  }
  const isTable = target === 'table'
  return {
    isAutomatic: given === true || isObject,
    isRefused: given === false,
    target,
    maxRows: limit('maxRows', options.maxRows, isTable ? 1_000_000 : null),
    maxBytes: limit('maxBytes', options.maxBytes, isTable ? null : GIB),
    directory: resolve(directory),
    keep: limit('keep', options.keep, 5) ?? Number.MAX_SAFE_INTEGER,
    keepDays: limit('keepDays', options.keepDays, 30) ?? Number.MAX_SAFE_INTEGER,
  }
}

/** Infinity is no limit. */
function limit(name: string, value: number | undefined, otherwise: number | null): number | null {
  if (value === undefined) return otherwise
  if (value === Number.POSITIVE_INFINITY) return null
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new InvalidArgumentException(`\`backup.${name}\` must be a whole number from 0.`)
}
