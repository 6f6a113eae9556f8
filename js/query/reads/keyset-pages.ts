import { InvalidArgumentException } from '../../errors'
import { rowCount } from '../arguments'
import { copySelect, type Order, type Predicate, type SelectQuery } from '../ast'
import type { AnyRow } from '../columns'
import {
  areTied,
  behind,
  cellNamed,
  endsWithNulls,
  grouped,
  isId,
  type Nulls,
  operandNamed,
  reversed,
  type SortKey,
  sortsNullsLast,
  turned,
} from './keyset'
import { Values } from './values'

/** Where a page begins. */
export interface PageStart {
  /** The order of the rows, also of a page that is read backwards. */
  readonly keys: readonly SortKey[]
  /** The values of the row before the page, for each key; none for the first page. */
  readonly values: readonly unknown[] | undefined
  /** Whether the page lies before that row. Its rows then come backwards too. */
  readonly isBackwards: boolean
  /** Whether rows without a value in the first key are looked for at the end. */
  readonly wantsNulls: boolean
  /** Whether conditions of the query that are joined by `or` are put in parentheses. Laravel does not. */
  readonly groupsConditions: boolean
}

/** A page, and one row more if there is one. */
export interface KeysetPage<Result> {
  readonly rows: Result[]
  /** The order, with a key more where rows were equal in the others. */
  readonly keys: readonly SortKey[]
}

/** Pages that are cut by the values of a row instead of by counting rows. */
export abstract class KeysetPages<Row = AnyRow, Result = Row> extends Values<Row, Result> {
  /** The order of the rows, without raw SQL. */
  protected sortKeys(): SortKey[] {
    const query = this.toSelect()
    const orders = query.unionOrders ?? query.orders ?? []
    return orders.flatMap(({ by, direction, nulls }): SortKey[] => {
      if (direction === undefined) return []
      if (typeof by === 'string') return [{ name: by, by, direction, nulls }]
      return typeof by === 'object' && 'kind' in by && by.kind === 'raw' ? [{ name: by.sql, by, direction, nulls }] : []
    })
  }

  /**
   * The rows behind a row, and one more: at most `size + 1`. Where a page would end between rows that are equal in
   * all keys, the column `id` decides between them.
   */
  protected async keysetPage(size: number, columns: readonly unknown[], start: PageStart): Promise<KeysetPage<Result>> {
    const rows = await this.rowsBehind(size + 1, columns, start.keys, start)
    const [last, next] = rows.slice(size - 1) as (object | undefined)[]
    if (last === undefined || next === undefined) return { rows, keys: start.keys }
    for (const { name } of start.keys) {
      if (cellNamed(last, name) !== undefined) continue
      throw new InvalidArgumentException(`The rows have no "${name}", which the order of the pages needs: select it.`)
    }
    if (start.keys.some(isId) || !areTied(start.keys, last, next)) return { rows, keys: start.keys }
    if (this.toSelect().joins !== undefined || cellNamed(last, this.keyColumn()) === undefined) {
      throw new InvalidArgumentException(
        'A page would end between rows that are equal in all columns of the order: add a unique one to the order.',
      )
    }
    const id = this.keyColumn()
    const keys: SortKey[] = [...start.keys, { name: id, by: id, direction: start.keys.at(-1)?.direction ?? 'asc' }]
    return { rows: await this.rowsBehind(size + 1, columns, keys, start), keys }
  }

  private async rowsBehind(
    limit: number,
    columns: readonly unknown[],
    order: readonly SortKey[],
    { keys, values, isBackwards, wantsNulls, groupsConditions }: PageStart,
  ): Promise<Result[]> {
    const ordered = this.inOrder(isBackwards ? reversed(order) : order, isBackwards)
    const known = isBackwards ? reversed(keys) : keys
    const nulls: Nulls = { areLargest: sortsNullsLast(this.executor.driverName), areWanted: wantsNulls }
    const before = groupsConditions ? grouped : (conditions: readonly Predicate[] = []) => [...conditions]
    if (values === undefined) return await ordered.limited(limit, columns)
    const rows = await ordered
      .onlyWhere(before, (query) => behind(known, values, nulls, (key) => operandOf(key, query)))
      .limited(limit, columns)
    const [first] = known
    const isComplete = !wantsNulls || rows.length >= limit || first === undefined || isId(first)
    if (isComplete || (values[0] ?? null) === null || !endsWithNulls(first, nulls)) return rows
    const rest = await ordered
      .onlyWhere(before, (query) => ({ kind: 'null', join: 'and', not: false, column: operandOf(first, query) }))
      .limited(limit - rows.length, columns)
    return [...rows, ...rest]
  }

  private async limited(limit: number, columns: readonly unknown[]): Promise<Result[]> {
    return (await this.limit(limit).get(...(columns as []))) as Result[]
  }

  /** A copy that sorts its rows by these keys, among them those of its own. */
  private inOrder(keys: readonly SortKey[], isBackwards: boolean): this {
    const copy = this.copyInto(this.newGroup()).applyBeforeQueryCallbacks()
    const clause = copy.query.unions === undefined ? 'orders' : 'unionOrders'
    const orders: Order[] = (copy.query[clause] ?? []).map((order) => {
      const { by, direction, nulls } = order
      return direction === undefined || !isBackwards ? order : { by, ...turned({ direction, nulls }) }
    })
    for (const { by, direction, nulls } of keys) {
      if (!orders.some((order) => order.by === by)) orders.push({ by, direction, nulls })
    }
    copy.query[clause] = orders
    return copy
  }

  /** A copy with one condition more, on each member of a union. */
  private onlyWhere(
    before: (conditions: readonly Predicate[] | undefined) => Predicate[],
    conditionOn: (query: SelectQuery) => Predicate,
  ): this {
    const copy = this.copyInto(this.newGroup())
    copy.query.wheres = [...before(copy.query.wheres), conditionOn(copy.query)]
    copy.query.unions = copy.query.unions?.map((union) => {
      const query = copySelect(union.query)
      query.wheres = [...before(query.wheres), conditionOn(query)]
      return { ...union, query }
    })
    return copy
  }
}

function operandOf(key: SortKey, query: SelectQuery): SortKey['by'] {
  return typeof key.by === 'string' ? operandNamed(query, key.by) : key.by
}

/** Rows on a page. */
export function pageSize(size: number | string, message = 'A page holds at least one row.'): number {
  const rows = rowCount(size, 'A page')
  if (rows < 1) throw new InvalidArgumentException(message)
  return rows
}
