import { BlueprintTexts } from './blueprint-texts.js'
import type { ColumnDefinition } from './column-definition.js'
import { schemaDefaults } from './defaults.js'

/** Columns of dates and times. The SQL in the examples is PostgreSQL's. */
export abstract class BlueprintTimes extends BlueprintTexts {
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
   * The columns `created_at` and `updated_at`, which Eloquent keeps.
   *
   * @param precision - Digits of the second's fraction.
   * @example
   * table.timestamps() // "created_at" timestamp(0) without time zone null, "updated_at" …
   */
  timestamps(precision: number | null = schemaDefaults.timePrecision): void {
    for (const column of ['created_at', 'updated_at']) this.timestamp(column, precision).nullable()
  }

  /** The same as {@link timestamps}. */
  nullableTimestamps(precision: number | null = schemaDefaults.timePrecision): void {
    this.timestamps(precision)
  }

  /** {@link timestamps} with zone. */
  timestampsTz(precision: number | null = schemaDefaults.timePrecision): void {
    for (const column of ['created_at', 'updated_at']) this.timestampTz(column, precision).nullable()
  }

  /** The same as {@link timestampsTz}. */
  nullableTimestampsTz(precision: number | null = schemaDefaults.timePrecision): void {
    this.timestampsTz(precision)
  }

  /** {@link timestamps} as `datetime` on MySQL, which reaches beyond the year 2038. */
  datetimes(precision: number | null = schemaDefaults.timePrecision): void {
    for (const column of ['created_at', 'updated_at']) this.dateTime(column, precision).nullable()
  }

  /**
   * The column that Eloquent fills instead of deleting a row.
   *
   * @example
   * table.softDeletes() // "deleted_at" timestamp(0) without time zone null
   */
  softDeletes(column = 'deleted_at', precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.timestamp(column, precision).nullable()
  }

  /** {@link softDeletes} with zone. */
  softDeletesTz(column = 'deleted_at', precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.timestampTz(column, precision).nullable()
  }

  /** {@link softDeletes} as `datetime` on MySQL, which reaches beyond the year 2038. */
  softDeletesDatetime(
    column = 'deleted_at',
    precision: number | null = schemaDefaults.timePrecision,
  ): ColumnDefinition {
    return this.dateTime(column, precision).nullable()
  }
}
