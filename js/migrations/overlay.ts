/** The structure as it would be after what a pretended run has recorded. It is the engine's; here it is only kept. */
import type { Change } from '../schema/change'
import type { Database } from '../schema/database'
import type { Question } from '../schema/executor'
import type { MigrationConnection } from './migration-connection'

/** What the engine keeps between two questions. */
export interface Overlay {
  database: Database
  /** The tables that were looked at; null: all. */
  known: string[] | null
}

/** What becomes of a statement that reads: it is sent, there is nothing to read yet, or it reads what would be altered. */
export type Reading = 'send' | 'empty' | 'altered'

/** What has to be looked at before something is recorded: tables, or everything. */
export type Needs = string[] | null

/** Something that is about to be recorded. */
export type Recorded = { changes: readonly Change[] } | { sql: string }

type Task =
  | ({ task: 'needs' } & Recorded)
  | { task: 'learn'; found: Database; names: Needs }
  | { task: 'change'; changes: readonly Change[] }
  | { task: 'run'; sql: string }
  | { task: 'read'; sql: string }
  | { task: 'answer'; question: Question; prefix: string; found: unknown }

/** Does one task with an overlay. Rejects for what would fail. */
export async function overlaid<Answer>(connection: MigrationConnection, overlay: Overlay, task: Task): Promise<Answer> {
  const driver = connection.getDriverName()
  return (await connection.native({ do: 'migrate.overlay', driver, overlay, ...task })) as Answer
}
