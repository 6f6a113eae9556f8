import { BlueprintBase } from './blueprint-base.js'
import type { Column } from './change.js'
import type { ColumnDefinition } from './column-definition.js'

/** Columns of numbers and truth values. The SQL in the examples is PostgreSQL's. */
export abstract class BlueprintNumbers extends BlueprintBase {
  /**
   * A 64-bit number given by the server: the primary key.
   *
   * @example
   * table.id() // "id" bigserial not null primary key
   */
  id(column = 'id'): ColumnDefinition {
    return this.bigIncrements(column)
  }

  /**
   * An 8-bit (MySQL) or 16-bit number given by the server: the primary key.
   *
   * @example
   * table.tinyIncrements('id') // "id" smallserial not null primary key
   */
  tinyIncrements(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'tinyInteger' }, { autoIncrement: true, unsigned: true })
  }

  /**
   * A 16-bit number given by the server: the primary key.
   *
   * @example
   * table.smallIncrements('id') // "id" smallserial not null primary key
   */
  smallIncrements(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'smallInteger' }, { autoIncrement: true, unsigned: true })
  }

  /**
   * A 24-bit (MySQL) or 32-bit number given by the server: the primary key.
   *
   * @example
   * table.mediumIncrements('id') // "id" serial not null primary key
   */
  mediumIncrements(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'mediumInteger' }, { autoIncrement: true, unsigned: true })
  }

  /**
   * A 32-bit number given by the server: the primary key.
   *
   * @example
   * table.increments('id') // "id" serial not null primary key
   */
  increments(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'integer' }, { autoIncrement: true, unsigned: true })
  }

  /** The same as {@link increments}. */
  integerIncrements(column: string): ColumnDefinition {
    return this.increments(column)
  }

  /**
   * A 64-bit number given by the server: the primary key.
   *
   * @example
   * table.bigIncrements('id') // "id" bigserial not null primary key
   */
  bigIncrements(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'bigInteger' }, { autoIncrement: true, unsigned: true })
  }

  /**
   * An integer of 8 bits; 16 on PostgreSQL.
   *
   * @example
   * table.tinyInteger('votes') // "votes" smallint not null
   */
  tinyInteger(column: string, autoIncrement = false, unsigned = false): ColumnDefinition {
    return this.addColumn(column, { kind: 'tinyInteger' }, integer(autoIncrement, unsigned))
  }

  /**
   * An integer of 16 bits.
   *
   * @example
   * table.smallInteger('votes') // "votes" smallint not null
   */
  smallInteger(column: string, autoIncrement = false, unsigned = false): ColumnDefinition {
    return this.addColumn(column, { kind: 'smallInteger' }, integer(autoIncrement, unsigned))
  }

  /**
   * An integer of 24 bits on MySQL, 32 elsewhere.
   *
   * @example
   * table.mediumInteger('votes') // "votes" integer not null
   */
  mediumInteger(column: string, autoIncrement = false, unsigned = false): ColumnDefinition {
    return this.addColumn(column, { kind: 'mediumInteger' }, integer(autoIncrement, unsigned))
  }

  /**
   * An integer of 32 bits.
   *
   * @example
   * table.integer('votes') // "votes" integer not null
   */
  integer(column: string, autoIncrement = false, unsigned = false): ColumnDefinition {
    return this.addColumn(column, { kind: 'integer' }, integer(autoIncrement, unsigned))
  }

  /**
   * An integer of 64 bits.
   *
   * @example
   * table.bigInteger('votes') // "votes" bigint not null
   */
  bigInteger(column: string, autoIncrement = false, unsigned = false): ColumnDefinition {
    return this.addColumn(column, { kind: 'bigInteger' }, integer(autoIncrement, unsigned))
  }

  /**
   * A `tinyInteger()` without negative numbers, where the database has such a type.
   *
   * @example
   * table.unsignedTinyInteger('votes') // MySQL: `votes` tinyint unsigned not null
   */
  unsignedTinyInteger(column: string, autoIncrement = false): ColumnDefinition {
    return this.tinyInteger(column, autoIncrement, true)
  }

  /**
   * A `smallInteger()` without negative numbers, where the database has such a type.
   *
   * @example
   * table.unsignedSmallInteger('votes') // MySQL: `votes` smallint unsigned not null
   */
  unsignedSmallInteger(column: string, autoIncrement = false): ColumnDefinition {
    return this.smallInteger(column, autoIncrement, true)
  }

  /**
   * A `mediumInteger()` without negative numbers, where the database has such a type.
   *
   * @example
   * table.unsignedMediumInteger('votes') // MySQL: `votes` mediumint unsigned not null
   */
  unsignedMediumInteger(column: string, autoIncrement = false): ColumnDefinition {
    return this.mediumInteger(column, autoIncrement, true)
  }

  /**
   * An `integer()` without negative numbers, where the database has such a type.
   *
   * @example
   * table.unsignedInteger('votes') // MySQL: `votes` int unsigned not null
   */
  unsignedInteger(column: string, autoIncrement = false): ColumnDefinition {
    return this.integer(column, autoIncrement, true)
  }

  /**
   * A `bigInteger()` without negative numbers, where the database has such a type.
   *
   * @example
   * table.unsignedBigInteger('votes') // MySQL: `votes` bigint unsigned not null
   */
  unsignedBigInteger(column: string, autoIncrement = false): ColumnDefinition {
    return this.bigInteger(column, autoIncrement, true)
  }

  /**
   * Binary floating point; `precision` counts bits, more than 24 is double precision.
   *
   * @example
   * table.float('ratio') // "ratio" float(53) not null
   */
  float(column: string, precision: number | null = 53): ColumnDefinition {
    return this.addColumn(column, { kind: 'float', precision })
  }

  /**
   * Binary floating point of 64 bits.
   *
   * @example
   * table.double('ratio') // "ratio" double precision not null
   */
  double(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'double' })
  }

  /**
   * Exact numbers: `precision` digits, `scale` of them after the point.
   *
   * @example
   * table.decimal('price', 8, 2) // "price" decimal(8, 2) not null
   */
  decimal(column: string, precision = 8, scale = 2): ColumnDefinition {
    return this.addColumn(column, { kind: 'decimal', precision, scale })
  }

  /**
   * True or false; MySQL and SQLite keep 1 or 0.
   *
   * @example
   * table.boolean('active') // "active" boolean not null
   */
  boolean(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'boolean' })
  }
}

function integer(autoIncrement: boolean, unsigned: boolean): Partial<Column> {
  return { ...(autoIncrement && { autoIncrement }), ...(unsigned && { unsigned }) }
}
