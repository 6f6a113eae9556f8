import type { Database } from '../../schema/database'
import type { MigrationConnection, Row } from '../migration-connection'
import type { BackedUpColumn, TableName } from './backup'
import { type Catalogued, tableQuestions } from './engine'

/** A table as the catalogue describes it, with its size as far as the catalogue knows it. */
export interface SizedTable extends Catalogued {
  /** Rows; null: not known. */
  estimate: number | null
  bytes: number | null
}

/** A table, or null when there is none. */
export async function cataloguedTable(connection: MigrationConnection, name: TableName): Promise<SizedTable | null> {
  const { columns: question } = tableQuestions(connection, name)
  const rows = await connection.select(question.sql, question.bindings)
  const [first] = rows
  if (first === undefined) return null
  return {
    table: { schema: String(first.namespace), name: String(first.table) },
    columns: rows.map(columnOf),
    estimate: Number(first.estimate) >= 0 && first.estimate != null ? Number(first.estimate) : null,
    bytes: first.bytes == null ? null : Number(first.bytes),
  }
}

/** A table by the name that a program gives it: `users`, `app.users`, or its parts. The connection's prefix counts. */
export async function tableNamed(
  connection: MigrationConnection,
  given: string | Partial<TableName>,
): Promise<SizedTable | null> {
  if (typeof given !== 'string') {
    return cataloguedTable(connection, { schema: given.schema ?? null, name: given.name ?? '' })
  }
  const prefix = connection.getTablePrefix()
  const whole = await cataloguedTable(connection, { schema: null, name: `${prefix}${given}` })
  const dot = given.lastIndexOf('.')
  if (whole !== null || dot < 0) return whole
  return cataloguedTable(connection, { schema: given.slice(0, dot), name: `${prefix}${given.slice(dot + 1)}` })
}

/** The tables whose rows go with those of `table` in a `truncate … cascade`, itself among them. */
export async function withReferrers(connection: MigrationConnection, table: TableName): Promise<TableName[]> {
  const { referrers } = tableQuestions(connection, table)
  if (referrers === null) return [table]
  const rows = await connection.select(referrers.sql, referrers.bindings)
  return rows.map(({ namespace, table: name }) => ({ schema: String(namespace), name: String(name) }))
}

/** The structure of the namespace that a table is in, and what the table is called there. */
export async function structureAround(
  connection: MigrationConnection,
  { schema, name }: TableName,
  tables?: string[],
): Promise<{ database: Database; name: string }> {
  const namespaces = schema === null ? [] : [schema]
  const inspection = { namespaces, ...(tables !== undefined && { tables }) }
  const database = (await connection.native({ do: 'schema.database', inspection })) as Database
  return { database, name: schema === null || schema === database.namespace ? name : `${schema}.${name}` }
}

/** The statements that make a table again as it is. None where they cannot be said. */
export async function ddlOf(connection: MigrationConnection, table: TableName): Promise<string[]> {
  const names = [table.name, `${table.schema}.${table.name}`]
  const { database, name } = await structureAround(connection, table, names)
  const found = database.tables.find((one) => one.name === name)
  if (found === undefined) return []
  const [current, wanted] = [
    { ...database, tables: [] },
    { ...database, tables: [found] },
  ]
  try {
    const changes = await connection.native({ do: 'schema.diff', current, wanted })
    return (await connection.native({ do: 'schema.plan', changes, settled: true })) as string[]
  } catch {
    // The backup is what counts; without them its table has to be made by hand.
    return []
  }
}

function columnOf(row: Row): BackedUpColumn {
  return {
    name: String(row.name),
    type: String(row.type),
    cast: row.cast == null ? null : String(row.cast),
    generated: Number(row.generated) === 1,
    key: row.key == null ? null : Number(row.key),
    sequence: row.sequence == null ? null : String(row.sequence),
    identity: Number(row.identity) === 1,
  }
}
