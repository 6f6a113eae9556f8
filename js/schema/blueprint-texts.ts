import { BlueprintNumbers } from './blueprint-numbers.js'
import type { ColumnDefinition } from './column-definition.js'
import { schemaDefaults } from './defaults.js'

/** Columns of text and JSON. The SQL in the examples is PostgreSQL's. */
export abstract class BlueprintTexts extends BlueprintNumbers {
  /**
   * Text of at most `length` characters.
   *
   * @example
   * table.string('email') // "email" varchar(255) not null
   */
  string(column: string, length: number | null = schemaDefaults.stringLength): ColumnDefinition {
    return this.addColumn(column, { kind: 'string', length })
  }

  /**
   * Text of exactly `length` characters.
   *
   * @example
   * table.char('country', 2) // "country" char(2) not null
   */
  char(column: string, length: number | null = schemaDefaults.stringLength): ColumnDefinition {
    return this.addColumn(column, { kind: 'char', length })
  }

  /**
   * Text of at most 255 bytes on MySQL.
   *
   * @example
   * table.tinyText('note') // "note" varchar(255) not null
   */
  tinyText(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'tinyText' })
  }

  /**
   * Text of any length; 64 KiB on MySQL.
   *
   * @example
   * table.text('body') // "body" text not null
   */
  text(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'text' })
  }

  /**
   * Text of any length; 16 MiB on MySQL.
   *
   * @example
   * table.mediumText('body') // "body" text not null
   */
  mediumText(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'mediumText' })
  }

  /**
   * Text of any length; 4 GiB on MySQL.
   *
   * @example
   * table.longText('body') // "body" text not null
   */
  longText(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'longText' })
  }

  /**
   * One of a list of texts.
   *
   * @example
   * table.enum('state', ['open', 'done']) // "state" varchar(255) check ("state" in ('open', 'done')) not null
   */
  enum(column: string, values: readonly string[]): ColumnDefinition {
    return this.addColumn(column, { kind: 'enum', values: [...values] })
  }

  /**
   * Any of a list of texts. MySQL and MariaDB only.
   *
   * @example
   * table.set('roles', ['reader', 'writer']) // MySQL: `roles` set('reader', 'writer') not null
   */
  set(column: string, values: readonly string[]): ColumnDefinition {
    return this.addColumn(column, { kind: 'set', values: [...values] })
  }

  /**
   * JSON, kept as it was written.
   *
   * @example
   * table.json('meta') // "meta" json not null
   */
  json(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'json' })
  }

  /**
   * JSON, kept taken apart where the database can.
   *
   * @example
   * table.jsonb('meta') // "meta" jsonb not null
   */
  jsonb(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'jsonb' })
  }
}
