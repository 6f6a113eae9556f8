import type { AnyRow } from '../../query/columns'
import { type Macro, Macros } from '../../support/macros'
import { MorphWheres } from './morph-wheres'

/**
 * A query whose rows are models: `User.query()`.
 *
 * Methods that add a clause change the builder and answer it. Calls that run the query never change it.
 */
export class EloquentBuilder<Row = AnyRow, Result = Row> extends MorphWheres<Row, Result> {
  /**
   * Gives every builder of models a method more.
   *
   * @throws InvalidArgumentException for the name of a method that builders have.
   */
  static macro(name: string, method: (this: EloquentBuilder, ...args: never[]) => unknown): void {
    macros.add(name, method as Macro<EloquentBuilder>)
  }

  static hasMacro(name: string): boolean {
    return macros.has(name)
  }

  static flushMacros(): void {
    macros.flush()
  }
}

const macros = new Macros<EloquentBuilder>(EloquentBuilder.prototype, 'Builders')
