/**
 * Migrations of a database that alters some tables by a copy, for which foreign keys are switched off before the
 * transaction begins. What they would have refused is looked for before the commit.
 */
import type { EdgeStatement, LastStatement } from '../connection/edged-transactions'
import { ForeignKeyConstraintViolationException } from '../errors'
import type { ForeignKeySwitch } from './engine'
import type { MigrationConnection, Row } from './migration-connection'

/** Whether a migration failed because foreign keys were on. */
export function asksForSwitch(error: unknown, keys: ForeignKeySwitch | null): keys is ForeignKeySwitch {
  if (keys === null) return false
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as { nativeCode?: unknown }).nativeCode === keys.code) return true
  }
  return false
}

/**
 * Runs `work` in a transaction with foreign keys off, between its first statement and its last; afterwards they are as before.
 *
 * @throws ForeignKeyConstraintViolationException when rows refer to nothing that did not before. Nothing of the transaction remains.
 */
export async function transactionWithoutForeignKeys(
  connection: MigrationConnection,
  keys: ForeignKeySwitch,
  first: EdgeStatement | null,
  work: (transaction: MigrationConnection) => Promise<LastStatement | undefined>,
): Promise<void> {
  return connection.pin(async (pinned) => {
    const [settings] = await pinned.select(keys.read)
    await pinned.statement(keys.off)
    try {
      await pinned.transactionWithin(first, async (transaction) => {
        const before = await violations(transaction, keys)
        const last = await work(transaction)
        const after = before === undefined ? undefined : await violations(transaction, keys)
        const broken = after?.find((row) => isNew(row, before ?? []))
        if (broken !== undefined) throw dangling(broken)
        return last
      })
    } finally {
      if (Number(settings?.foreign_keys) === 1) await pinned.statement(keys.on)
    }
  })
}

/** None where they cannot be looked for: a key refers to columns that are not unique. */
async function violations(connection: MigrationConnection, keys: ForeignKeySwitch): Promise<Row[] | undefined> {
  try {
    return await connection.select(keys.violations)
  } catch {
    return undefined
  }
}

function isNew({ name, parent, number }: Row, before: Row[]): boolean {
  const known = before.find((row) => row.name === name && row.parent === parent)
  return Number(number) > Number(known?.number ?? 0)
}

function dangling({ name, parent }: Row): Error {
  return new ForeignKeyConstraintViolationException(
    `Rows of ${name} would refer to rows of ${parent} that are not there. A table was altered by a copy, so foreign keys ` +
      'were off and neither deleted nor changed rows by themselves: split this migration, the change of the table in ' +
      'one and the change of rows in another.',
    { code: 'FOREIGN_KEY_VIOLATION', table: String(name) },
  )
}
