import type { MigrationFailure } from './failure'
import type { LockWait } from './lock'
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
  'migration.skipped': { migration: string }
  'migration.pretended': { migration: string; method: Method; statements: Statement[] }
  /** `reason` names the lock or conflict; `delay` in milliseconds. */
  'migration.retrying': { migration: string; reason: string; attempt: number; attempts: number; delay: number }
  /** It runs again, with foreign keys off: it alters a table by a copy (SQLite). */
  'migration.foreignKeysOff': { migration: string }
  'migration.failed': MigrationFailure
  /** Something to know that is no warning. */
  'migration.note': { message: string }
  'migrations.warning': { message: string }
  'migrations.adopted': { table: string; layout: string; rows: number }
  'migrations.wiped': Record<string, never>
  'lock.waiting': LockWait
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
    const given = { ...data, timestamp: new Date() }
    for (const handler of this.getListeners(event)) await handler(given)
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
