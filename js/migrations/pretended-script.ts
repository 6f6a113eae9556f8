/** Pretended statements as a text that the database's own client runs. */
import type { PretendedQuery } from '../connection/pretence'
import type { MigrationConnection, Statement } from './migration-connection'

/** A value, by what it is in JavaScript. */
type Binding =
  | { kind: 'plain'; value: unknown }
  | { kind: 'digits' | 'bytes'; value: string }
  | { kind: 'instant'; value: number }

/**
 * The lines of statements with their values written in.
 *
 * @param withinTransaction - Whether they are one transaction.
 */
export async function scriptOf(
  connection: MigrationConnection,
  statements: readonly (Statement & Pick<PretendedQuery, 'names'>)[],
  withinTransaction: boolean,
): Promise<string[]> {
  const script = statements.map(({ sql, bindings, names }) => ({ sql, names, bindings: bindings.map(bindingOf) }))
  const driver = connection.getDriverName()
  const { timezone } = connection
  const command = { do: 'migrate.script', driver, timezone, withinTransaction, statements: script }
  return (await connection.native(command)) as string[]
}

function bindingOf(value: unknown): Binding {
  if (value instanceof Date) return { kind: 'instant', value: value.getTime() }
  if (value instanceof Uint8Array) return { kind: 'bytes', value: Buffer.from(value).toString('hex') }
  if (typeof value === 'bigint') return { kind: 'digits', value: String(value) }
  if (typeof value === 'object' && value !== null) return { kind: 'plain', value: JSON.stringify(value) }
  return { kind: 'plain', value: value ?? null }
}
