import { InvalidArgumentException } from '../../errors'
import { SubQuery } from '../../query/arguments'
import type { Operand, SelectQuery } from '../../query/ast'
import type { AnyRow } from '../../query/columns'
import { together } from '../builder/scoped-query'
import type { Model } from '../model'
import { type Ranking, rank, rankingOf } from './one-of-many'
import { Relation } from './relation'

/** What decides between many rows: a column, several, or columns with their functions. */
export type OfManyColumns = string | readonly string[] | Readonly<Record<string, string>>

/** Relations that can be one of many: of the rows of each parent the first by a ranking. */
export abstract class RankedRelation<Related = Model, Parent = Model, Found = unknown> extends Relation<
  Related,
  Parent,
  Found
> {
  protected ranking: Ranking | undefined = undefined

  /** @param of - `max`, `min`, or conditions on the rows that are considered. */
  protected rankedBy(column: OfManyColumns, of: string | ((query: this) => unknown) | null): this {
    const condition = typeof of === 'function' ? (of as (query: never) => unknown) : undefined
    this.ranking = rankingOf(column, typeof of === 'string' ? of : 'max', this.keyColumn(), condition)
    return this
  }

  isOneOfMany(): boolean {
    return this.ranking !== undefined
  }

  /** The column of the chosen rows that has the parent's value. */
  protected rankedColumn(): string {
    return this.matchedColumn()
  }

  /** The columns of the rows that are ranked; all of them without. */
  protected columnsToRank(): Operand[] | undefined {
    return undefined
  }

  /** Conditions of the program are asked of the chosen rows: they stand around the ranking. */
  protected override constrained(query: SelectQuery): SelectQuery {
    const { ranking, extent } = this
    if (ranking === undefined || extent === undefined) return super.constrained(query)
    if (typeof query.from !== 'string') throw new InvalidArgumentException('Of many rows of a table one is chosen.')
    const ranked = this.newGroup()
    ranked.ranking = undefined
    ranked.query.columns = this.columnsToRank()
    rank(ranked, ranking)
    if (extent.kind === 'query') {
      ranked.extent = undefined
      ranked.addConstraints(ranked)
    }
    ranked.query.groupLimit = { rows: 1, column: ranked.matchedColumn() }
    const from = new SubQuery(ranked.toSelect(), this.tableAlias())
    if (extent.kind !== 'query') return { ...query, from }
    const own = this.newGroup()
    own.whereColumn(extent.parents.qualifyColumn(this.parentColumn) as never, '=', this.rankedColumn() as never)
    return { ...query, from, wheres: [...(own.query.wheres ?? []), ...together(query.wheres ?? [])] }
  }

  protected override async received(rows: AnyRow[]): Promise<Related[]> {
    if (this.ranking !== undefined) for (const row of rows) delete row.laravel_row
    return await super.received(rows)
  }
}
