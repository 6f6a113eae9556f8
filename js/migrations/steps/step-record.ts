/** What is remembered of the steps of an attempt: the statements that changed something and cannot be rolled back. */
import type { FaultData } from '../../native/fault'
import type { Answer } from '../../native/requests'
import type { Row } from '../migration-connection'

/** What a step answered, to answer it again when the migration is replayed. Null: nothing was asked of it. */
export interface StepResult {
  affected?: number
  id?: number
  rows?: Row[]
  /** It answered more rows than are kept. */
  isCut?: true
  /** It failed, and the migration went on. */
  failed?: Pick<FaultData, 'code' | 'message' | 'nativeCode'>
  /** The migration itself rolled it back. */
  undone?: true
}

/** Kept in `metadata.steps` of a row of the log. */
export interface Steps {
  /** How many were sent. One more than `done`: nobody saw the end of the last one. */
  started: number
  /** How many are in the database. */
  done: number
  /** By which each is known again. */
  hashes: string[]
  /** The beginning of each of the first, for people. */
  sql: string[]
  results: (StepResult | null)[]
  /** The whole text of the last one. */
  last_sql: string | null
  /** The last one mends by itself what an earlier try of it left. */
  heals?: true
}

/** Longest beginning of a statement that is kept. */
const SHOWN = 160

/** Of how many steps the beginning is kept. */
export const SHOWN_STEPS = 100

/** Longest JSON of the rows that a step answered. */
const LONGEST_ROWS = 8_000

export function beginningOf(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim()
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line
}

/** What is kept of an answer. */
export function resultOf({ rows, affected, lastInsertId }: Answer): StepResult | null {
  const result: StepResult = {
    ...(affected !== 0 && { affected }),
    ...(lastInsertId !== 0 && { id: lastInsertId }),
  }
  if (rows.length > 0) {
    const text = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value))
    if (text.length > LONGEST_ROWS) result.isCut = true
    else result.rows = JSON.parse(text) as Row[]
  }
  return Object.keys(result).length === 0 ? null : result
}

/** Whether steps were written: rows of earlier versions, and of transactions, have none. */
export function hasSteps(steps: Partial<Steps> | undefined): steps is Steps {
  return steps?.hashes !== undefined
}

/** Whether something of the attempt may be in the database that a further run must not ignore. */
export function isUnfinished(steps: Partial<Steps> | undefined): steps is Steps {
  return hasSteps(steps) && (steps.done > 0 || (steps.started > steps.done && steps.heals !== true))
}

/** The steps that are in the database, by their numbers. */
export function remaining({ done, sql, results }: Steps): { number: number; sql: string }[] {
  return results.slice(0, done).flatMap((result, index) => {
    return result?.failed !== undefined || result?.undone ? [] : [{ number: index + 1, sql: sql[index] ?? '…' }]
  })
}
