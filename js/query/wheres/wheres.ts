import type { AnyRow, ColumnName } from '../columns'
import { QueryState } from '../state'
import { TextWheres } from './text-wheres'

/** Every condition on rows: the part that each filterable query shares. */
export abstract class Wheres<Row = AnyRow> extends TextWheres<Row> {
  /**
   * A condition whose columns are in its name.
   *
   * Programs call the name itself: `whereNameAndEmail('Ada', 'ada@example.com')`.
   *
   * @param method - `where` and names of columns, each with a capital, with `And` or `Or` between them.
   * @param values - One for each column.
   * @throws InvalidArgumentException when a value is missing.
   * @example
   * DB.table('users').dynamicWhere('whereNameAndTeamId', ['Ada', 3])
   * // select * from "users" where "name" = $1 and "team_id" = $2
   */
  dynamicWhere(method: string, values: readonly unknown[]): this {
    let join = 'and'
    let at = 0
    for (const segment of method.slice('where'.length).split(/(And|Or)(?=[A-Z])/)) {
      if (segment === 'And' || segment === 'Or') {
        join = segment.toLowerCase()
        continue
      }
      this.where(snake(segment) as ColumnName<Row>, '=', values[at] as never, join)
      at += 1
    }
    return this
  }
}

/** `TeamId` → `team_id` */
function snake(name: string): string {
  return name.replace(/(.)(?=[A-Z])/g, '$1_').toLowerCase()
}

/**
 * Answers for methods that do not exist. It stands at the end of the prototypes, where only names come that nobody has, so
 * that existing methods cost nothing.
 */
const missingMethods = new Proxy(
  {},
  {
    get(target, name, receiver) {
      if (typeof name !== 'string' || !/^where[A-Z]/.test(name) || !(receiver instanceof Wheres)) {
        return Reflect.get(target, name, receiver)
      }
      return (...values: unknown[]) => receiver.dynamicWhere(name, values)
    },
  },
)
Object.setPrototypeOf(QueryState.prototype, missingMethods)
