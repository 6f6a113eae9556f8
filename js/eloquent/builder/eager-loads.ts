import type { AnyRow } from '../../query/columns'
import { ModelWrites } from './model-writes'

/** Relations that are loaded with the models. */
export abstract class EagerLoads<Row = AnyRow, Result = Row> extends ModelWrites<Row, Result> {
  /** Loads relations with the models. */
  with(..._relations: readonly unknown[]): this {
    return this
  }

  /** Leaves relations out that are always loaded; `*`: all of them. */
  without(..._relations: readonly (string | readonly string[])[]): this {
    return this
  }
}
