import { BlueprintTimes } from './blueprint-times.js'
import type { Column, ColumnType } from './change.js'
import type { ColumnDefinition } from './column-definition.js'
import { ForeignColumnDefinition } from './foreign-key-definition.js'

/** Columns of bytes, identities, shapes and references. The SQL in the examples is PostgreSQL's. */
export abstract class BlueprintColumns extends BlueprintTimes {
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

  #foreign(name: string, type: ColumnType, modifiers: Partial<Column> = {}): ForeignColumnDefinition {
    return this.push(new ForeignColumnDefinition(name, type, modifiers, (key) => this.add(key)))
  }
}
