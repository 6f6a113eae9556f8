import type { MigrationFailure } from './failure'
import type { LintFinding } from './lint/lint-engine'
import type { LockWait } from './lock-poll'
import type { Statement } from './migration-connection'

export type Method = 'up' | 'down'

/** Every event of migrations, with what its listeners are given besides `timestamp`. */
export interface MigrationEventMap {
  'migrations.started': { method: Method }
  'migrations.ended': { method: Method }
  /** It was asked to end before all had run. */
  'migrations.stopped': { method: Method; notRun: string[] }
  'migrations.none': { method: Method }
  'migration.started': { migration: string; batch: number; method: Method }
  /** `time` in milliseconds; `isConfirmed`: its connection was lost, and another one found it recorded. */
  'migration.ended': { migration: string; batch: number; method: Method; time: number; isConfirmed?: boolean }
  /** An attempt of an earlier run never came to its end. */
  'migration.interrupted': { migration: string; host: string | null; pid: number | null; isRolledBack: boolean }
  /** It goes on at `step`; the `verified` ones before it are in the database. */
  'migration.resuming': { migration: string; step: number; verified: number }
  /** An earlier attempt had left an invalid index. */
  'migration.indexRemoved': { migration: string; index: string }
  /** `reason`: `shouldRun returned false`, or `already applied by another process`. */
  'migration.skipped': { migration: string; reason: string }
  /** `fails`: it threw after these statements, and `migration.failed` follows. `script`: the lines of a SQL script. */
  'migration.pretended': {
    migration: string
    method: Method
    statements: Statement[]
    fails?: boolean
    script?: string[]
  }
  /** It ran and will be rolled back. `time` in milliseconds; `rows`: how many it changed. */
  'migration.rehearsed': { migration: string; time: number; rows: number }
  'migration.notRehearsed': { migration: string; reason: string }
  /** Everything that was rehearsed is rolled back. */
  'migrations.rehearsed': { migrations: number }
  /** What the migration itself had to say. */
  'migration.message': { migration: string; level: 'info' | 'warning'; message: string }
  /**
   * A statement takes long. `time` in milliseconds; `activity`: what the server builds and how far it is; `blockedBy`:
   * whom it waits for.
   */
  'migration.progress': {
    migration: string
    statement: number
    time: number
    activity: string | null
    blockedBy: string | null
  }
  /** `reason` names the lock or conflict; `delay` in milliseconds. */
  'migration.retrying': { migration: string; reason: string; attempt: number; attempts: number; delay: number }
  /** It runs again, with foreign keys off: it alters a table by a copy (SQLite). */
  'migration.foreignKeysOff': { migration: string }
  /** A lint rule says something about a statement that is about to be sent. */
  'migration.lint': { migration: string; finding: LintFinding }
  'migration.failed': MigrationFailure
  /** Something to know that is no warning. */
  'migration.note': { message: string }
  'migrations.warning': { message: string }
  'migrations.adopted': { table: string; layout: string; rows: number }
  'migrations.wiped': Record<string, never>
  'lock.waiting': LockWait
  /** The sessions of a pooler keep no lock: each migration's transaction takes it. */
  'lock.pooled': Record<string, never>
  'schema.dumped': { path: string }
  /** `pretend`: it would be. */
  'schema.loaded': { path: string; migrations: number; pretend: boolean }
  'schema.pruned': { files: string[] }
}

export type MigrationEventType = keyof MigrationEventMap
export type MigrationEvent<Type extends MigrationEventType> = MigrationEventMap[Type] & { timestamp: Date }
export type MigrationEventHandler<Type extends MigrationEventType> = (
  event: MigrationEvent<Type>,
) => void | Promise<void>

/** Tells listeners what the migrator does. A listener that throws stops the run, as a hook does. */
export class MigrationEventDispatcher {
  private readonly listeners = new Map<MigrationEventType, MigrationEventHandler<never>[]>()

  /** @returns A function that ends the listening. */
  listen<Type extends MigrationEventType>(event: Type, handler: MigrationEventHandler<Type>): () => void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), handler as MigrationEventHandler<never>])
    return () => {
      const others = this.getListeners(event).filter((other) => other !== handler)
      this.listeners.set(event, others as MigrationEventHandler<never>[])
    }
  }

  /** Calls the listeners one after the other, in the order they were added. */
  async dispatch<Type extends MigrationEventType>(event: Type, data: MigrationEventMap[Type]): Promise<void> {
    const handlers = this.getListeners(event)
    if (handlers.length === 0) return
    const given = { ...data, timestamp: new Date() }
    for (const handler of handlers) await handler(given)
  }

  forget(event: MigrationEventType): void {
    this.listeners.delete(event)
  }

  flush(): void {
    this.listeners.clear()
  }

  getListeners<Type extends MigrationEventType>(event: Type): MigrationEventHandler<Type>[] {
    return (this.listeners.get(event) ?? []) as MigrationEventHandler<Type>[]
  }

  hasListeners(event: MigrationEventType): boolean {
    return this.getListeners(event).length > 0
  }
}

/** The dispatcher of every migrator that was not given one of its own. */
export const migrationEvents = new MigrationEventDispatcher()
