import { Capsule } from '../../connection/capsule'
import type { Connection } from '../../connection/connection'
import { stateOf } from '../model-proxy'
import { Dirty } from './dirty'

/** Which row a model is, and where. */
export abstract class Keys extends Dirty {
  /** Whether it is in the database. */
  get exists(): boolean {
    return stateOf(this).exists
  }

  set exists(exists: boolean) {
    stateOf(this).exists = exists
  }

  /** Whether the last `save()` added it. */
  get wasRecentlyCreated(): boolean {
    return stateOf(this).wasRecentlyCreated
  }

  set wasRecentlyCreated(created: boolean) {
    stateOf(this).wasRecentlyCreated = created
  }

  /** Whether it is in the database; `exists` may be a column. */
  modelExists(): boolean {
    return stateOf(this).exists
  }

  getTable(): string {
    return stateOf(this).option('table')
  }

  setTable(table: string): this {
    stateOf(this).setOption('table', table)
    return this
  }

  getKeyName(): string {
    return stateOf(this).option('primaryKey')
  }

  getKeyType(): string {
    return stateOf(this).option('keyType')
  }

  /** Whether the database makes the key. */
  getIncrementing(): boolean {
    return stateOf(this).option('incrementing')
  }

  /** The key's value; `undefined` before it has one. */
  getKey(): unknown {
    return this.getAttribute(this.getKeyName())
  }

  /** The key by which its row is found: what it was when it was read. */
  protected getKeyForSaveQuery(): unknown {
    const state = stateOf(this)
    const name = this.getKeyName()
    return state.original[name] ?? state.attributes[name]
  }

  /** `users.id`. */
  getQualifiedKeyName(): string {
    return this.qualifyColumn(this.getKeyName())
  }

  /** A column with its table. */
  qualifyColumn(column: string): string {
    return column.includes('.') ? column : `${this.getTable()}.${column}`
  }

  /** The column that refers to such a model: `user_id`. */
  getForeignKey(): string {
    return stateOf(this).meta.foreignKey
  }

  /** The name of its connection; `undefined` for the default one. */
  getConnectionName(): string | undefined {
    return stateOf(this).option('connection')
  }

  setConnection(name: string | undefined): this {
    stateOf(this).setOption('connection', name)
    return this
  }

  getConnection(): Connection {
    return connectionNamed(this.getConnectionName())
  }

  /** Whether both are the same row of the same table. */
  is(other: unknown): boolean {
    if (!(other instanceof Keys)) return false
    const [key, its] = [this.getKey(), other.getKey()]
    return (
      key !== null &&
      key !== undefined &&
      String(key) === String(its) &&
      this.getTable() === other.getTable() &&
      this.getConnectionName() === other.getConnectionName()
    )
  }

  isNot(other: unknown): boolean {
    return !this.is(other)
  }
}

/** Finds connections by name. */
export interface ModelConnectionResolver {
  connection(name?: string): Connection
}

let resolver: ModelConnectionResolver | undefined

/** Lets models find their connections elsewhere than in the global capsule. */
export function resolveConnectionsWith(other: ModelConnectionResolver | undefined): void {
  resolver = other
}

export function connectionResolver(): ModelConnectionResolver {
  return resolver ?? Capsule.current()
}

export function connectionNamed(name: string | undefined): Connection {
  return connectionResolver().connection(name)
}
