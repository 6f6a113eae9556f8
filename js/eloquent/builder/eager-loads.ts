import type { AnyRow } from '../../query/columns'
import { SoftDeletingQueries } from './soft-deleting-queries'

/** Relations that are loaded with the models. */
export abstract class EagerLoads<Row = AnyRow, Result = Row> extends SoftDeletingQueries<Row, Result> {
  /** Loads relations with the models. */
  with(..._relations: readonly unknown[]): this {
    return this
  }

  /** Leaves relations out that are always loaded; `*`: all of them. */
  without(..._relations: readonly (string | readonly string[])[]): this {
    return this
  }
}
