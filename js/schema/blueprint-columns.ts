import { BlueprintTimes } from './blueprint-times.js'
import type { ColumnType } from './change.js'
import type { ColumnDefinition } from './column-definition.js'
import { type Expression, sqlText } from './default-value.js'

/** In characters. */
export const ULID_LENGTH = 26

/** Another length is that of another text. */
export function ulidType(length: number | null): ColumnType {
  return length === ULID_LENGTH ? { kind: 'ulid' } : { kind: 'char', length }
}

/** Columns of bytes, identities and shapes. The SQL in the examples is PostgreSQL's. */
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
   * @param length - For another text of a fixed length.
   *
   * @example
   * table.ulid('id').primary() // "id" char(26) not null
   */
  ulid(column = 'ulid', length: number | null = ULID_LENGTH): ColumnDefinition {
    return this.addColumn(column, ulidType(length))
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
   * What an expression of other columns gives, whatever type that is. SQL Server only; elsewhere such a column has a
   * type: `storedAs()`, `virtualAs()`.
   *
   * @param expression - SQL; never put input into it.
   * @throws UnsupportedException when the changes are compiled for another database.
   * @example
   * table.computed('net', 'gross - tax') // [net] as (gross - tax)
   */
  computed(column: string, expression: string | Expression): ColumnDefinition {
    const generated = { expression: sqlText(expression), stored: false }
    return this.addColumn(column, { kind: 'computed' }, { generated })
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
}
