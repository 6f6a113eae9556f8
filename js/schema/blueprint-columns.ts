import type { Column, ColumnType } from './change.js'
import { ColumnDefinition } from './column-definition.js'
import { schemaDefaults } from './defaults.js'
import { ForeignColumnDefinition, type ForeignKeyDefinition } from './foreign-key-definition.js'

/** One method for each type of column. The SQL in the examples is PostgreSQL's. */
export abstract class BlueprintColumns {
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

  /**
   * A day.
   *
   * @example
   * table.date('born') // "born" date not null
   */
  date(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'date' })
  }

  /**
   * A day and a time, without zone; `precision` counts digits of the fraction.
   *
   * @example
   * table.dateTime('at') // "at" timestamp(0) without time zone not null
   */
  dateTime(column: string, precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.addColumn(column, { kind: 'dateTime', precision })
  }

  /** The same as {@link dateTime}. */
  datetime(column: string, precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.dateTime(column, precision)
  }

  /**
   * An instant.
   *
   * @example
   * table.dateTimeTz('at') // "at" timestamp(0) with time zone not null
   */
  dateTimeTz(column: string, precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.addColumn(column, { kind: 'dateTimeTz', precision })
  }

  /**
   * A time of day.
   *
   * @example
   * table.time('opens') // "opens" time(0) without time zone not null
   */
  time(column: string, precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.addColumn(column, { kind: 'time', precision })
  }

  /**
   * A time of day with zone.
   *
   * @example
   * table.timeTz('opens') // "opens" time(0) with time zone not null
   */
  timeTz(column: string, precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.addColumn(column, { kind: 'timeTz', precision })
  }

  /**
   * A day and a time; MySQL's `timestamp`.
   *
   * @example
   * table.timestamp('at') // "at" timestamp(0) without time zone not null
   */
  timestamp(column: string, precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.addColumn(column, { kind: 'timestamp', precision })
  }

  /**
   * An instant; MySQL's `timestamp`.
   *
   * @example
   * table.timestampTz('at') // "at" timestamp(0) with time zone not null
   */
  timestampTz(column: string, precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.addColumn(column, { kind: 'timestampTz', precision })
  }

  /**
   * A year.
   *
   * @example
   * table.year('founded') // "founded" integer not null
   */
  year(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'year' })
  }

  /**
   * Bytes; `length` and `fixed` count on MySQL only.
   *
   * @example
   * table.binary('data') // "data" bytea not null
   */
  binary(column: string, length: number | null = null, fixed = false): ColumnDefinition {
    return this.addColumn(column, { kind: 'binary', length, fixed })
  }

  /**
   * A UUID.
   *
   * @example
   * table.uuid('id').primary() // "id" uuid not null
   */
  uuid(column = 'uuid'): ColumnDefinition {
    return this.addColumn(column, { kind: 'uuid' })
  }

  /**
   * A ULID, 26 characters.
   *
   * @example
   * table.ulid('id').primary() // "id" char(26) not null
   */
  ulid(column = 'ulid'): ColumnDefinition {
    return this.addColumn(column, { kind: 'ulid' })
  }

  /**
   * An IPv4 or IPv6 address.
   *
   * @example
   * table.ipAddress('visitor') // "visitor" inet not null
   */
  ipAddress(column = 'ip_address'): ColumnDefinition {
    return this.addColumn(column, { kind: 'ipAddress' })
  }

  /**
   * A hardware address.
   *
   * @example
   * table.macAddress('device') // "device" macaddr not null
   */
  macAddress(column = 'mac_address'): ColumnDefinition {
    return this.addColumn(column, { kind: 'macAddress' })
  }

  /**
   * The token of a remembered session.
   *
   * @example
   * table.rememberToken() // "remember_token" varchar(100) null
   */
  rememberToken(): ColumnDefinition {
    return this.string('remember_token', 100).nullable()
  }

  /**
   * A shape on a plane. PostgreSQL needs PostGIS.
   *
   * @example
   * table.geometry('area', 'polygon') // "area" geometry(polygon) not null
   */
  geometry(column: string, subtype: string | null = null, srid = 0): ColumnDefinition {
    return this.addColumn(column, { kind: 'geometry', subtype, srid })
  }

  /**
   * A shape on the globe. PostgreSQL needs PostGIS.
   *
   * @example
   * table.geography('place', 'point') // "place" geography(point,4326) not null
   */
  geography(column: string, subtype: string | null = null, srid = 4326): ColumnDefinition {
    return this.addColumn(column, { kind: 'geography', subtype, srid })
  }

  /** `geometry(column, 'point')` */
  point(column: string, srid = 0): ColumnDefinition {
    return this.geometry(column, 'point', srid)
  }

  /** `geometry(column, 'linestring')` */
  lineString(column: string, srid = 0): ColumnDefinition {
    return this.geometry(column, 'linestring', srid)
  }

  /** `geometry(column, 'polygon')` */
  polygon(column: string, srid = 0): ColumnDefinition {
    return this.geometry(column, 'polygon', srid)
  }

  /**
   * Numbers compared by distance. PostgreSQL needs pgvector.
   *
   * @example
   * table.vector('embedding', 3) // "embedding" vector(3) not null
   */
  vector(column: string, dimensions: number | null = null): ColumnDefinition {
    return this.addColumn(column, { kind: 'vector', dimensions })
  }

  /**
   * Text prepared for searching. PostgreSQL only.
   *
   * @example
   * table.tsvector('words') // "words" tsvector not null
   */
  tsvector(column: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'tsVector' })
  }

  /**
   * A type in the database's own words; never put input into them.
   *
   * @example
   * table.rawColumn('span', 'int4range') // "span" int4range not null
   */
  rawColumn(column: string, sql: string): ColumnDefinition {
    return this.addColumn(column, { kind: 'raw', sql })
  }

  /**
   * A column to hold the `id()` of another table.
   *
   * @example
   * table.foreignId('user_id').constrained() // "user_id" bigint not null
   */
  foreignId(column: string): ForeignColumnDefinition {
    return this.#foreign(column, { kind: 'bigInteger' }, { unsigned: true })
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
   * @example
   * table.foreignUlid('user_id').constrained() // "user_id" char(26) not null
   */
  foreignUlid(column: string): ForeignColumnDefinition {
    return this.#foreign(column, { kind: 'ulid' })
  }

  /** Takes a column. */
  protected abstract push<C extends ColumnDefinition>(definition: C): C

  /** Takes a reference to another table. */
  protected abstract pushForeignKey(definition: ForeignKeyDefinition): ForeignKeyDefinition

  /** Takes a column of a type. */
  protected addColumn(name: string, type: ColumnType, modifiers: Partial<Column> = {}): ColumnDefinition {
    const definition = new ColumnDefinition(name, type)
    Object.assign(definition.column, modifiers)
    return this.push(definition)
  }

  #foreign(name: string, type: ColumnType, modifiers: Partial<Column> = {}): ForeignColumnDefinition {
    return this.push(new ForeignColumnDefinition(name, type, modifiers, (key) => this.pushForeignKey(key)))
  }
}

function integer(autoIncrement: boolean, unsigned: boolean): Partial<Column> {
  return { ...(autoIncrement && { autoIncrement }), ...(unsigned && { unsigned }) }
}
