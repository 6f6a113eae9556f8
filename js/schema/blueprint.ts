import { InvalidArgumentException } from '../errors.js'
import { type Macro, Macros } from '../support/macros.js'
import { BlueprintRemovals } from './blueprint-removals.js'
import type { Change, Column, TableOptions } from './change.js'
import { CheckDefinition } from './check-definition.js'
import { ColumnDefinition } from './column-definition.js'
import { ForeignKeyDefinition } from './foreign-key-definition.js'
import { IndexDefinition } from './index-definition.js'

/** Collects what a closure says about one table; {@link toChanges} gives it as data. */
export class Blueprint extends BlueprintRemovals {
  readonly #isNew: boolean
  readonly #options: TableOptions = {}

  /**
   * @param table - The table's name, without the connection's prefix.
   * @param isNew - Whether the table is created, or altered.
   */
  constructor(table: string, isNew = false) {
    super(table)
    this.#isNew = isNew
  }

  /** The table's name. */
  getTable(): string {
    return this.table
  }

  /** The columns described so far. */
  getColumns(): Column[] {
    return this.#definitions().map((definition) => definition.column)
  }

  /** What was said, as data, in the order in which it was said. */
  toChanges(): Change[] {
    const table = this.table
    const changes: Change[] = []
    if (this.#isNew) {
      changes.push({ kind: 'createTable', table: { name: table, columns: this.getColumns(), options: this.#options } })
    } else if (Object.keys(this.#options).length > 0) {
      throw new InvalidArgumentException(
        `${table}: ${Object.keys(this.#options).join(', ')} can only be chosen when a table is created`,
      )
    }
    for (const entry of this.entries) {
      if (entry instanceof ColumnDefinition) {
        if (!this.#isNew) {
          changes.push({ kind: entry.isChange ? 'changeColumn' : 'addColumn', table, column: entry.column })
        }
        for (const check of entry.checks) {
          const name = check.name ?? `${table.replaceAll('.', '_')}_${entry.column.name}_check`
          changes.push({ kind: 'addCheck', table, check: { ...check, name } })
        }
      } else if (entry instanceof IndexDefinition) {
        changes.push({ kind: 'addIndex', table, index: entry.index })
      } else if (entry instanceof ForeignKeyDefinition) {
        changes.push({ kind: 'addForeignKey', table, foreignKey: entry.foreignKey })
      } else if (entry instanceof CheckDefinition) {
        changes.push({ kind: 'addCheck', table, check: entry.check })
      } else {
        changes.push(entry)
      }
    }
    return changes
  }

  /** Forgets a column described before. */
  removeColumn(name: string): this {
    this.entries = this.entries.filter((entry) => !(entry instanceof ColumnDefinition && entry.column.name === name))
    return this
  }

  /** A note on the table that the server keeps. SQLite keeps none. */
  comment(text: string): void {
    this.add({ kind: 'commentTable', table: this.table, comment: text })
  }

  /** The new table is gone at the end of the session. */
  temporary(): void {
    this.#options.temporary = true
  }

  /** The storage engine of the new table. MySQL and MariaDB only; elsewhere it has no effect. */
  engine(name: string): void {
    this.#options.engine = name
  }

  /** The engine of the new table is InnoDB. See {@link engine}. */
  innoDb(): void {
    this.engine('InnoDB')
  }

  /** The character set of the new table. MySQL and MariaDB only; elsewhere it has no effect. */
  charset(name: string): void {
    this.#options.charset = name
  }

  /** The collation of the new table. MySQL and MariaDB only; elsewhere it has no effect. */
  collation(name: string): void {
    this.#options.collation = name
  }

  /**
   * Puts the columns that a closure describes right after another one, in their order. MySQL and MariaDB only.
   *
   * @example
   * table.after('name', (table) => table.string('nick')) // … add `nick` varchar(255) not null after `name`
   */
  after(column: string, describe: (table: this) => void): void {
    this.previous = column
    try {
      describe(this)
    } finally {
      this.previous = undefined
    }
  }

  /**
   * Gives every blueprint a method more. TypeScript learns of it by merging with the interface of the class; a class
   * for `Schema.blueprintResolver()` needs no merging.
   *
   * @throws InvalidArgumentException for the name of a method that blueprints have.
   * @example
   * Blueprint.macro('money', function (column: string) { return this.decimal(column, 12, 2) })
   * await Schema.create('orders', (table) => table.money('total')) // create table "orders" ("total" decimal(12, 2) not null)
   */
  static macro<B extends Blueprint = Blueprint>(name: string, method: (this: B, ...args: never[]) => unknown): void {
    macros.add(name, method as Macro<Blueprint>)
  }

  /**
   * Whether a program has added such a method.
   *
   * @example
   * Blueprint.hasMacro('money')
   */
  static hasMacro(name: string): boolean {
    return macros.has(name)
  }

  /**
   * Takes all added methods away.
   *
   * @example
   * Blueprint.flushMacros()
   */
  static flushMacros(): void {
    macros.flush()
  }

  #definitions(): ColumnDefinition[] {
    return this.entries.filter((entry) => entry instanceof ColumnDefinition)
  }
}

/** The methods that programs have added. */
const macros = new Macros<Blueprint>(Blueprint.prototype, 'Blueprints')
