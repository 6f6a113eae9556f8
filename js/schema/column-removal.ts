import type { Change, TableLock } from './change.js'

/** The removal of columns being described. Every method adds to the description and returns it. */
export class ColumnRemoval {
  /** The description so far. */
  readonly change: Extract<Change, { kind: 'dropColumns' }>

  constructor(table: string, columns: string[]) {
    this.change = { kind: 'dropColumns', table, columns }
  }

  /**
   * Without a copy of the table, or not at all. MySQL and MariaDB only; elsewhere it has no effect.
   *
   * @example
   * table.dropColumn('nick').instant() // alter table `users` drop `nick`, algorithm=instant
   */
  instant(value = true): this {
    this.change.instant = value
    return this
  }

  /**
   * What others may do with the table meanwhile; the server refuses what needs a stronger lock. MySQL and MariaDB only;
   * elsewhere it has no effect.
   *
   * @example
   * table.dropColumn('nick').lock('none') // alter table `users` drop `nick`, lock=none
   */
  lock(lock: TableLock): this {
    this.change.lock = lock
    return this
  }
}
