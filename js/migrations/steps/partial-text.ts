/** What is said of a migration of which a part remains. */
import { beginningOf, remaining, type Steps } from './step-record'

/** How the database is called in a sentence. */
const DATABASES: Record<string, string> = { mysql: 'MySQL', mariadb: 'MariaDB' }

/** How many steps are listed. */
const LISTED = 20

export interface PartialText {
  migration: string
  direction: 'up' | 'down'
  steps: Steps
  /** As `getDriverName()` says it. */
  driver: string
  /** `none`: it ran outside of transactions by its own wish. */
  mode: 'steps' | 'none'
  /** Whether attempts are logged: only then can it be resumed. */
  isLogged: boolean
  /** What could not be undone. */
  reversal?: { sql: string; message: string } | null
}

/** Why the steps are not rolled back. */
export function reasonOf(driver: string, mode: 'steps' | 'none'): string {
  const database = DATABASES[driver]
  if (mode === 'none' || database === undefined) return 'This migration runs without a transaction'
  return `${database} cannot roll back DDL`
}

/** The lines after `State: `: what remains, and what can be done about it. */
export function partialText({ migration, direction, steps, driver, mode, isLogged, reversal }: PartialText): string {
  const there = remaining(steps)
  const numbers = ranges(there.map(({ number }) => number))
  const what = `${direction === 'up' ? 'this migration' : 'its down()'} ${there.length === 1 ? 'is' : 'are'} in the database`
  const isInDoubt = steps.started > steps.done
  const command = direction === 'up' ? 'migrate' : 'migrate:rollback'
  return [
    `PARTIAL. ${reasonOf(driver, mode)}.${there.length === 0 ? '' : ` Step${there.length === 1 ? '' : 's'} ${numbers} of ${what}:`}`,
    ...there.slice(0, LISTED).map(({ number, sql }) => `  ${number}. ${sql}`),
    ...(there.length > LISTED ? [`  … and ${there.length - LISTED} more`] : []),
    ...(isInDoubt
      ? [
          `Nobody saw the end of step ${steps.started}:`,
          `  ${steps.started}. ${steps.sql[steps.started - 1] ?? beginningOf(steps.last_sql ?? '')}`,
        ]
      : []),
    ...(reversal
      ? [`It could not be undone: ${reversal.message}`, ...(reversal.sql === '' ? [] : [`  ${reversal.sql}`])]
      : []),
    ...(isLogged
      ? [
          'Mend it, then one of:',
          `  npx guruorm ${command} --resume${isInDoubt ? '=skip|retry' : ''}`,
          `  npx guruorm migrate:mark ${migration} --applied`,
          `  npx guruorm migrate:mark ${migration} --pending`,
        ]
      : ['Attempts are not logged, so it cannot be resumed: undo the steps by hand, then run again.']),
  ].join('\n')
}

/** `1-3, 5` */
function ranges(numbers: number[]): string {
  const parts: [number, number][] = []
  for (const number of numbers) {
    const last = parts.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else parts.push([number, number])
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}
