/** Work whose statements are collected instead of sent. */
import type { Outcome } from '../native/requests'
import type { Answers, Change, Database, Inspection, Question } from './builders'
import { isAssured } from './safety'

/** A statement that `pretend` kept from being sent. */
export interface PretendedQuery {
  sql: string
  /** The same, as the query log calls it. */
  query: string
  bindings: readonly unknown[]
  /** The names of the values, where they were given by name. */
  names?: readonly string[]
  time: 0
  /** Its author vouches for it: linters say nothing about it. */
  isAssured?: true
}

/** A statement as `pretend` collects it. */
export function pretended(sql: string, bindings: readonly unknown[] = [], names?: readonly string[]): PretendedQuery {
  return { sql, query: sql, bindings, ...(names && { names }), time: 0, ...(isAssured() && { isAssured: true }) }
}

/** Collects what would have been sent. */
export interface Pretence {
  readonly queries: PretendedQuery[]
  /** Answers what is read meanwhile. Without one nothing is sent, and reads have no rows. */
  readonly reader?: PretenceReader | undefined
}

/** Answers as if what was collected had been sent. */
export interface PretenceReader {
  /**
   * A statement that is about to be collected, or sent because it only reads.
   *
   * @param send - Sends it in a read-only transaction.
   * @returns Its outcome; `collect`: it writes; `empty`: there is nothing to read yet.
   */
  meet(sql: string, send: () => Promise<Outcome>): Promise<Outcome | 'collect' | 'empty'>
  /** The statements of schema changes that are about to be collected. */
  plan(changes: readonly Change[], settled: boolean): Promise<string[]>
  /** What the catalogue would say; `ask` asks what it says now. */
  answer<Q extends Question>(question: Q, ask: () => Promise<Answers[Q['ask']]>): Promise<Answers[Q['ask']]>
  /** What the structure would be; `ask` asks what it is now. */
  structure(inspection: Inspection, ask: () => Promise<Database>): Promise<Database>
}
