import { InvalidArgumentError } from 'commander'
import type { CommandOption } from './command'

export const COMMON: CommandOption[] = [
  {
    flags: '--env <name>',
    description: 'the environment: sets NODE_ENV, and .env.<name> counts before .env',
    parse: environmentName,
  },
  { flags: '--json', description: 'print one JSON document instead of text' },
  { flags: '--no-color', description: 'print without colours (as NO_COLOR=1 does)' },
  { flags: '-q, --quiet', description: 'print failures only' },
  { flags: '-v, --verbose', description: 'print which configuration is used, and stacks of errors' },
  { flags: '--detailed-exit-codes', description: '2 usage, 3 refused, 4 lock, 5 partial, 6 validation instead of 1' },
]

export const DATABASE: CommandOption[] = [
  { flags: '-d, --database <name>', description: 'the connection to use instead of the default one' },
  { flags: '--connection <name>', description: 'the same as --database' },
  { flags: '--config <file>', description: 'the configuration file to use instead of guruorm.config.*' },
]

export const FORCE: CommandOption = { flags: '--force', description: 'run in production (NODE_ENV=production)' }

export const PATH: CommandOption = {
  flags: '--path <folder>',
  description: 'a folder of migrations instead of the configured one; may be repeated',
  parse: (value, previous) => [...((previous as string[] | undefined) ?? []), value],
}

export const LOCK: CommandOption[] = [
  {
    flags: '--lock-timeout <seconds>',
    description: 'how long to wait for another runner (default 60)',
    parse: (value) => wholeNumber(value, 0),
  },
  { flags: '--no-wait', description: 'do not wait for another runner' },
]

export const BACKUP: CommandOption[] = [
  { flags: '--backup', description: 'back up what statements destroy before they are sent' },
  { flags: '--no-backup', description: 'make no backups, also where the configuration or a guard wants them' },
]

export const BACKUP_FILES: CommandOption = {
  flags: '--backup-directory <folder>',
  description: 'the folder of backups in files (default backups/migrations)',
}

export const SEED: CommandOption[] = [
  { flags: '--seed', description: 'run the seeders afterwards' },
  { flags: '--seeder <names>', description: 'run these seeders afterwards, separated by commas', parse: names },
]

export const PRETEND: CommandOption = {
  flags: '--pretend [what]',
  description: 'show what would run, with its SQL; --pretend=names without',
  choices: ['sql', 'names'],
}

export const SCRIPT: CommandOption = {
  flags: '--sql',
  description: "with --pretend: print a SQL script for the database's own client",
}

export const RESUME: CommandOption = {
  flags: '--resume [doubt]',
  description: 'go on with a migration of which a part remains; =skip or =retry a statement whose end nobody saw',
  choices: ['skip', 'retry'],
}

export const BATCHES: CommandOption = {
  flags: '--step <batches>',
  description: 'how many batches to roll back',
  parse: (value) => wholeNumber(value, 1),
}

/** A name that cannot lead out of the folder. */
function environmentName(value: string): string {
  if (!/^[\w-]+$/.test(value)) throw new InvalidArgumentError('Write letters, digits, - and _: staging.')
  return value
}

/** `A,B` as a list. */
export function names(value: string): string[] {
  const list = value.split(',').map((name) => name.trim())
  if (list.some((name) => name === '')) throw new InvalidArgumentError('Write names separated by commas: A,B.')
  return list
}

export function wholeNumber(value: string, least: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= least)) throw new InvalidArgumentError(`Write a whole number from ${least}.`)
  return number
}
