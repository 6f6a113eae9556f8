import type { AnyRow } from '../../query/columns'
import type { ConflictValues, RowValues } from '../../query/writes/inserts'
import type { Persistence } from '../concerns/persistence'
import { ModelReads } from './model-reads'

/** One row, or many. */
type Rows<Row> = RowValues<Row> | readonly RowValues<Row>[]

/** Rows that are added at once, with what models would have: casts, times, unique ids. No event is told. */
export abstract class ModelInserts<Row = AnyRow, Result = Row> extends ModelReads<Row, Result> {
  /**
   * Adds rows as models would be saved, in one statement: with casts, mutators, defaults, times and unique ids, guarded
   * attributes too.
   *
   * @example
   * await User.fillAndInsert([{ name: 'Ada', settings: { theme: 'dark' } }, { name: 'Grace' }])
   * // insert into "users" ("created_at", "name", "settings", "updated_at") values …
   */
  fillAndInsert(rows: Rows<Row>): Promise<true> {
    return this.insert(this.filled(rows))
  }

  /** The same, without those that break a unique key. @returns How many were added. */
  fillAndInsertOrIgnore(rows: Rows<Row>): Promise<number> {
    return this.insertOrIgnore(this.filled(rows))
  }

  /** The same for one row. @returns The key that the database made. */
  fillAndInsertGetId<Key = number | string>(row: RowValues<Row>): Promise<Key> {
    return this.insertGetId<Key>(this.filled(row)[0] ?? {}, this.keyColumn())
  }

  /**
   * Adds rows and changes those that are there already, with their times and unique ids. No event is told.
   *
   * @param uniqueBy - The columns of the unique key. MySQL and MariaDB use whichever key is broken.
   * @param update - What changes: names of columns, or values by column. Every given column when left out.
   * @example
   * await User.upsert([{ email: 'a@b.c', votes: 1 }], 'email', ['votes'])
   * // insert into "users" ("created_at", "email", "updated_at", "votes") values ($1, $2, $3, $4)
   * // on conflict ("email") do update set "votes" = "excluded"."votes", "updated_at" = "excluded"."updated_at"
   */
  override async upsert(
    rows: Rows<Row>,
    uniqueBy: string | readonly string[],
    update?: ConflictValues<Row>,
  ): Promise<number> {
    const list = listOf(rows)
    if (list.length === 0) return 0
    const model = this.instance()
    const ids = model.uniqueIds()
    const times = this.times()
    const complete = list.map((row) => {
      const made = ids.filter((column) => !(column in row)).map((column) => [column, model.newUniqueId()])
      return { ...times, ...row, ...Object.fromEntries(made) } as RowValues<Row>
    })
    const given = update ?? [...new Set(list.flatMap((row) => Object.keys(row)))]
    return await super.upsert(complete, uniqueBy, this.withUpdatedColumn(given as ConflictValues<Row>))
  }

  /** The class's model, with its methods. */
  protected instance(): Persistence {
    return this.getModel() as Persistence
  }

  private filled(rows: Rows<Row>): RowValues<Row>[] {
    const times = this.times()
    return listOf(rows).map((row) => {
      const model = this.instance().newInstance().forceFill(row).setUniqueIds()
      return { ...times, ...model.getAttributes() } as RowValues<Row>
    })
  }

  /** The times of a new row. */
  private times(): AnyRow {
    const model = this.instance()
    if (!model.usesTimestamps()) return {}
    const columns = [model.getCreatedAtColumn(), model.getUpdatedAtColumn()].filter((column) => column !== null)
    const now = model.freshTimestamp()
    return Object.fromEntries(columns.map((column) => [column, this.storedTime(column, now)]))
  }

  /** A time as the model would store it. */
  protected storedTime(column: string, time: Date): unknown {
    const blank = this.instance().newInstance()
    return blank.setAttribute(column, time).getAttributes()[column]
  }

  private withUpdatedColumn(update: ConflictValues<Row>): ConflictValues<Row> {
    const model = this.instance()
    const column = model.getUpdatedAtColumn()
    if (column === null || !model.usesTimestamps()) return update
    if (!Array.isArray(update)) {
      return { [column]: this.storedTime(column, model.freshTimestamp()), ...update } as RowValues<Row>
    }
    return update.length === 0 || update.includes(column) ? update : ([...update, column] as never)
  }
}

function listOf<Row>(rows: Rows<Row>): readonly RowValues<Row>[] {
  return Array.isArray(rows) ? rows : [rows as RowValues<Row>]
}
