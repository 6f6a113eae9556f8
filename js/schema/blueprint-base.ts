import type { Change, Column, ColumnType } from './change.js'
import type { CheckDefinition } from './check-definition.js'
import { ColumnDefinition } from './column-definition.js'
import type { ForeignKeyDefinition } from './foreign-key-definition.js'
import type { IndexDefinition } from './index-definition.js'

/** What a blueprint collects. */
export type Entry = ColumnDefinition | IndexDefinition | ForeignKeyDefinition | CheckDefinition | Change

/**
 * What the methods of a blueprint add to. Classes that extend each other make up `Blueprint`: base, numbers, texts,
 * times, columns, references, keys, removals.
 */
export abstract class BlueprintBase {
  /** The table's name, without the connection's prefix. */
  protected readonly table: string
  /** What was said, in order. */
  protected entries: Entry[] = []
  /** The column that the next one comes after. */
  protected previous: string | undefined

  constructor(table: string) {
    this.table = table
  }

  /** Takes anything. */
  protected add<E extends Entry>(entry: E): E {
    this.entries.push(entry)
    return entry
  }

  /** Takes a column, and puts it where `after()` says. */
  protected push<C extends ColumnDefinition>(definition: C): C {
    if (this.previous !== undefined) {
      definition.after(this.previous)
      this.previous = definition.column.name
    }
    return this.add(definition)
  }

  /** Takes a column of a type. */
  protected addColumn(name: string, type: ColumnType, modifiers: Partial<Column> = {}): ColumnDefinition {
    const definition = new ColumnDefinition(name, type)
    Object.assign(definition.column, modifiers)
    return this.push(definition)
  }
}
