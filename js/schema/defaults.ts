import type { Blueprint } from './blueprint.js'

/** Makes the blueprint of a table that is created (`isNew`) or altered. */
export type BlueprintResolver = (table: string, isNew: boolean) => Blueprint

/** What a blueprint assumes when a call does not say it. Set through `Schema`. */
export interface SchemaDefaults {
  /** Length of `string()` and `char()`, in characters; `null` leaves it to the database. */
  stringLength: number | null
  /** Digits of the second's fraction in times and timestamps; `null` leaves it to the database. */
  timePrecision: number | null
  /** What `morphs()` refers to: numbers, UUIDs or ULIDs. */
  morphKeyType: 'int' | 'uuid' | 'ulid'
  /** Makes blueprints; `null` for the usual ones. */
  blueprint: BlueprintResolver | null
}

/** The assumptions of this process. */
export const schemaDefaults: SchemaDefaults = {
  stringLength: 255,
  timePrecision: 0,
  morphKeyType: 'int',
  blueprint: null,
}
