/**
 * The structure of a database as data: the wire contract with `src/schema/database.rs`. Names are the catalogue's own,
 * with every prefix, and with `namespace.` in front where that is not the current one.
 */
import type { Table } from './change.js'

/** The structure of the inspected namespaces of a database, as {@link Evolution.inspect} answers it. */
export interface Database {
  /** The version of this format: 1. */
  format?: number
  /** As `getDriverName()` calls it. */
  driver: string
  serverVersion?: string
  /** The namespace in which names without one are looked up. */
  namespace?: string | null
  /** How the server stores what says nothing about it, so that a blueprint can be compared. MySQL and MariaDB only. */
  storage?: StorageDefaults
  tables: Table[]
  views?: View[]
  /** The enumerated types. PostgreSQL only. */
  enums?: { name: string; values: string[] }[]
  /** The sequences that belong to no column. */
  sequences?: Definition[]
  triggers?: Definition[]
  /** The functions and procedures that users made. */
  routines?: Definition[]
  /** PostgreSQL only. */
  extensions?: string[]
  /** What this format cannot say, and why. */
  leftOut?: { name: string; reason: string }[]
}

/** How a server stores a table that says nothing about it. */
export interface StorageDefaults {
  /** The engine of new tables. */
  engine?: string | null
  /** The collation of new tables in the current namespace. */
  collation?: string | null
  /** The collation of each character set where none is named. */
  collations?: Record<string, string>
}

/** A view. */
export interface View {
  name: string
  /** Its SQL; `null` where this user may not read it. */
  definition: string | null
  /** Whether its rows are stored. PostgreSQL only. */
  materialized?: boolean
}

/** Something that is kept as the SQL that defines it. */
export interface Definition {
  name: string
  /** The table it belongs to. */
  table?: string | null
  /** Its SQL; `null` where this user may not read it. */
  definition: string | null
}

/** What of a database is inspected. */
export interface Inspection {
  /** The namespaces; left out, the current one. */
  namespaces?: string[]
  /** The tables, by the names that {@link Database} gives them; left out, all. */
  tables?: string[]
}
