/** Texts of several statements, which are sent one by one, and where in them a failure happened. */

import { InvalidArgumentException } from '../errors'
import { type SqlStatement, sqlText } from './engine'
import type { MigrationConnection, Row } from './migration-connection'

/** Where a statement stands. */
export interface Place {
  /** Its file, when it is in one. */
  file?: string
  line: number
  /** Its number, from 1. */
  statement: number
}

/** A write that may answer rows. */
const RETURNING = /\breturning\b|\boutput\b/i

/** Kept beside the errors, whose classes and messages are those of every other statement. */
const places = new WeakMap<object, Place>()

/** Where the statement that failed stands in its file or text. */
export function placeOf(error: unknown): Place | undefined {
  return typeof error === 'object' && error !== null ? places.get(error) : undefined
}

/** Whether a text needs no cutting: nothing in it could end a statement before its end. */
export function isOneStatement(sql: string): boolean {
  const end = sql.trimEnd()
  const semicolon = end.indexOf(';')
  return (semicolon < 0 || semicolon === end.length - 1) && !/^[ \t]*(?:delimiter\b|go[ \t]*$)/im.test(end)
}

/** Makes, changes or drops something, takes no value, and changes no rows that would be counted. */
const PREPARED_IN_VAIN =
  /^\s*(?:create|alter|drop)\s+(?:table|view|type|sequence|(?:unique\s+)?index)\b(?![\s\S]*(?:\?|\bselect\b|\bas\b))/i

/** Sends one statement. To prepare a change of the schema costs a round trip more, for a text that never comes again. */
export function sendStatement(
  connection: MigrationConnection,
  sql: string,
  bindings: readonly unknown[] = [],
): PromiseLike<unknown> {
  const isInVain = bindings.length === 0 && PREPARED_IN_VAIN.test(sql) && isOneStatement(sql)
  return isInVain ? connection.unprepared(sql) : connection.statement(sql, bindings)
}

/**
 * Runs every statement of a text, and gives the rows of the last.
 *
 * @param method - How a text that turns out to be one statement is sent.
 */
export async function runScript(
  connection: MigrationConnection,
  sql: string,
  bindings: readonly unknown[],
  method: 'select' | 'statement',
): Promise<unknown> {
  const statements = await sqlText(connection, sql)
  if (statements.length < 2) {
    const one = statements[0]?.sql ?? sql
    return method === 'select' ? connection.select(one, bindings) : sendStatement(connection, one, bindings)
  }
  if (bindings.length > 0) {
    throw new InvalidArgumentException(
      `A text of ${statements.length} statements takes no values: send each statement with its own. Nothing was sent.`,
      { code: 'INVALID_ARGUMENT' },
    )
  }
  return runStatements(connection, statements)
}

/**
 * Runs statements one after the other.
 *
 * @param file - Where they stand, for messages.
 * @param first - The number of the first.
 */
export async function runStatements(
  connection: MigrationConnection,
  statements: readonly SqlStatement[],
  file?: string,
  first = 1,
): Promise<Row[]> {
  let rows: Row[] = []
  for (const [index, { sql, line, kind }] of statements.entries()) {
    try {
      if (kind === 'select' || kind === 'other' || RETURNING.test(sql)) rows = await connection.select(sql)
      else await sendStatement(connection, sql)
    } catch (error) {
      if (typeof error === 'object' && error !== null) {
        places.set(error, { ...(file === undefined ? {} : { file }), line, statement: first + index })
      }
      throw error
    }
  }
  return rows
}
