import { BlueprintColumns, ULID_LENGTH, ulidType } from './blueprint-columns.js'
import type { Column, ColumnType } from './change.js'
import { ForeignColumnDefinition, type Target } from './foreign-column-definition.js'
import { type ModelReference, modelColumn, modelOf, targetOf } from './model-reference.js'

/** What `id()` makes, to be referred to. */
const NUMBER = [{ kind: 'bigInteger' }, { unsigned: true }] as const

/** Columns that refer to other tables. The SQL in the examples is PostgreSQL's. */
export abstract class BlueprintReferences extends BlueprintColumns {
  /**
   * A column to hold the `id()` of another table.
   *
   * @example
   * table.foreignId('user_id').constrained() // "user_id" bigint not null
   */
  foreignId(column: string): ForeignColumnDefinition {
    return this.#foreign(column, ...NUMBER)
  }

  /**
   * A column to hold the `uuid()` of another table.
   *
   * @example
   * table.foreignUuid('user_id').constrained() // "user_id" uuid not null
   */
  foreignUuid(column: string): ForeignColumnDefinition {
    return this.#foreign(column, { kind: 'uuid' })
  }

  /**
   * A column to hold the `ulid()` of another table.
   *
   * @param length - As that of the column it refers to.
   * @example
   * table.foreignUlid('user_id').constrained() // "user_id" char(26) not null
   */
  foreignUlid(column: string, length: number | null = ULID_LENGTH): ForeignColumnDefinition {
    return this.#foreign(column, ulidType(length))
  }

  /**
   * A column to hold the key of a model: a number, a UUID or a ULID, as the model says.
   *
   * @param column - Left out, it is the model's: `user_id`.
   * @example
   * table.foreignIdFor(User).constrained() // "user_id" bigint not null
   */
  foreignIdFor(model: ModelReference, column?: string | null): ForeignColumnDefinition {
    const key = modelOf(model).getKeyType()
    if (key === 'int') return this.#foreign(modelColumn(model, column), ...NUMBER, targetOf(model))
    return key === 'ulid' ? this.foreignUlidFor(model, column) : this.foreignUuidFor(model, column)
  }

  /** {@link foreignIdFor} whose key is a UUID, whatever the model says. */
  foreignUuidFor(model: ModelReference, column?: string | null): ForeignColumnDefinition {
    return this.#foreign(modelColumn(model, column), { kind: 'uuid' }, {}, targetOf(model))
  }

  /** {@link foreignIdFor} whose key is a ULID, whatever the model says. */
  foreignUlidFor(model: ModelReference, column?: string | null): ForeignColumnDefinition {
    return this.#foreign(modelColumn(model, column), { kind: 'ulid' }, {}, targetOf(model))
  }

  #foreign(
    name: string,
    type: ColumnType,
    modifiers: Partial<Column> = {},
    target: Target = {},
  ): ForeignColumnDefinition {
    return this.push(new ForeignColumnDefinition(name, type, modifiers, (key) => this.add(key), target))
  }
}
