import { Capsule } from '../../connection/capsule'
import type { Connection } from '../../connection/connection'
import { InvalidArgumentException } from '../../errors'
import type { ModelMeta } from '../model-meta'
import { hydrated, stateOf } from '../model-proxy'
import { Dirty } from './dirty'

/** A query that conditions can be added to. */
interface KeyedQuery {
  where(column: string, operator: string, value: never): unknown
}

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

  /**
   * Its table. A class may have a method of its own, which queries of the class ask as well.
   *
   * @example
   * getTable() { return `${tenant()}_orders` }
   */
  getTable(): string {
    return stateOf(this).option('table')
  }

  setTable(table: string): this {
    stateOf(this).setOption('table', table)
    return this
  }

  /**
   * The column of its key.
   *
   * @throws InvalidArgumentException where the key has several columns, or there is none.
   */
  getKeyName(): string {
    const key = stateOf(this).own?.primaryKey
    return typeof key === 'string' ? key : stateOf(this).meta.singleKey
  }

  /** The columns of its key; none where it has no key. */
  getKeyNames(): readonly string[] {
    const key = stateOf(this).option('primaryKey')
    return typeof key === 'string' ? [key] : (key ?? [])
  }

  getKeyType(): string {
    return this.makesOwnKey() ? 'string' : stateOf(this).option('keyType')
  }

  /** Whether the database makes the key. */
  getIncrementing(): boolean {
    return this.getKeyNames().length === 1 && !this.makesOwnKey() && stateOf(this).option('incrementing')
  }

  /** The key's value; `undefined` before it has one. */
  getKey(): unknown {
    return this.getAttribute(this.getKeyName())
  }

  /** The columns that get a unique id of their own when a model is added: see `HasUuids`. */
  uniqueIds(): readonly string[] {
    return []
  }

  /** A new unique id for {@link uniqueIds}. */
  newUniqueId(): string | null {
    return null
  }

  /** Gives the columns of {@link uniqueIds} that are empty an id. */
  setUniqueIds(): this {
    for (const column of this.uniqueIds()) {
      const value = stateOf(this).attributes[column]
      if (value === undefined || value === null || value === '') this.setAttribute(column, this.newUniqueId())
    }
    return this
  }

  private makesOwnKey(): boolean {
    const ids = this.uniqueIds()
    return ids.length > 0 && this.getKeyNames().some((name) => ids.includes(name))
  }

  /**
   * Limits a query to the row of this model, by its key as it was read.
   *
   * @throws InvalidArgumentException where it has no key: the query would be one of all rows.
   */
  protected setKeysForSaveQuery<Query extends KeyedQuery>(query: Query): Query {
    const { attributes, original, meta } = stateOf(this)
    const names = this.getKeyNames()
    if (names.length === 0)
      throw new InvalidArgumentException(`${meta.model.name} has no primary key to find its row by.`)
    for (const name of names) {
      const value = original[name] ?? attributes[name]
      if (value === undefined || value === null) {
        throw new InvalidArgumentException(
          `The row of this ${meta.model.name} cannot be found: its "${name}" is not known.`,
        )
      }
      query.where(name, '=', value as never)
    }
    return query
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
    const names = this.getKeyNames()
    const [own, its] = [this, other].map((model) => names.map((name) => stateOf(model).attributes[name]))
    return (
      names.length > 0 &&
      names.every((_, at) => own?.[at] !== undefined && own[at] !== null && String(own[at]) === String(its?.[at])) &&
      this.getTable() === other.getTable() &&
      this.getConnectionName() === other.getConnectionName()
    )
  }

  isNot(other: unknown): boolean {
    return !this.is(other)
  }
}

/** The table of a class: what its `getTable()` says where it has one of its own, asked anew each time. */
export function tableOf(meta: ModelMeta): string {
  const { getTable } = meta.model.prototype as Keys
  return getTable === Keys.prototype.getTable ? meta.options.table : getTable.call(hydrated(meta, {}) as Keys)
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
