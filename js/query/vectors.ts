import { InvalidArgumentException } from '../errors'
import { describe } from './arguments'
import type { Conjunction, VectorDistanceNode } from './ast'
import { Bound } from './bound'
import type { AnyRow, ColumnName } from './columns'
import { Orders } from './orders'
import { conjunction } from './wheres/conditions'

/** A vector: the numbers that a model gives for a text or a picture. */
type Vector = Iterable<number>

/** Rows by the likeness of vectors: cosine distances of pgvector. Other databases refuse them when the query is compiled. */
export abstract class Vectors<Row = AnyRow, Result = Row> extends Orders<Row, Result> {
  /**
   * Keeps the rows whose vector is like another one, the most alike first.
   *
   * @param leastSimilarity - From 0 to 1.
   * @param sorts - Whether rows are sorted by their distance.
   * @throws InvalidArgumentException for what is no list of numbers.
   * @example
   * DB.table('documents').whereVectorSimilarTo('embedding', [0.1, 0.2], 0.75)
   * // select * from "documents" where ("embedding" <=> $1) <= $2 order by ("embedding" <=> $3) asc
   */
  whereVectorSimilarTo(column: ColumnName<Row>, vector: Vector, leastSimilarity = 0.6, sorts = true): this {
    this.whereVectorDistanceLessThan(column, vector, 1 - leastSimilarity)
    return sorts ? this.orderByVectorDistance(column, vector) : this
  }

  /**
   * Keeps the rows whose vector is near another one.
   *
   * @param most - The largest distance, from 0 to 2.
   * @example
   * DB.table('documents').whereVectorDistanceLessThan('embedding', [0.1, 0.2], 0.3)
   * // select * from "documents" where ("embedding" <=> $1) <= $2
   */
  whereVectorDistanceLessThan(column: ColumnName<Row>, vector: Vector, most: number, join = 'and'): this {
    return this.addDistance(conjunction(join), column, vector, most)
  }

  /**
   * As {@link whereVectorDistanceLessThan}, joined by `or`.
   *
   * @example
   * DB.table('documents').where('pinned', true).orWhereVectorDistanceLessThan('embedding', [0.1, 0.2], 0.3)
   * // select * from "documents" where "pinned" = $1 or ("embedding" <=> $2) <= $3
   */
  orWhereVectorDistanceLessThan(column: ColumnName<Row>, vector: Vector, most: number): this {
    return this.addDistance('or', column, vector, most)
  }

  /**
   * Reads how far a vector is from another one, under a name: `embedding_distance` unless another is given.
   *
   * @example
   * DB.table('documents').select('title').selectVectorDistance('embedding', [0.1, 0.2])
   * // select "title", ("embedding" <=> $1) as "embedding_distance" from "documents"
   */
  selectVectorDistance(column: ColumnName<Row>, vector: Vector, as = `${column}_distance`): this {
    return this.addColumn(distance(column, vector, as))
  }

  /**
   * Sorts the rows by how far their vector is from another one, the nearest first.
   *
   * @example
   * DB.table('documents').orderByVectorDistance('embedding', [0.1, 0.2]).limit(5)
   * // select * from "documents" order by ("embedding" <=> $1) asc limit 5
   */
  orderByVectorDistance(column: ColumnName<Row>, vector: Vector): this {
    return this.addOrder({ by: distance(column, vector), direction: 'asc', nulls: undefined })
  }

  private addDistance(join: Conjunction, column: string, vector: Vector, most: number): this {
    if (typeof most !== 'number' || Number.isNaN(most)) {
      throw new InvalidArgumentException(`A distance is a number, not ${describe(most)}.`)
    }
    const left = distance(column, vector)
    return this.addWhere({ kind: 'compare', join, left, operator: '<=', right: new Bound(most) })
  }
}

function distance(column: string, vector: Vector, alias?: string): VectorDistanceNode {
  const numbers = vector !== null && typeof vector === 'object' && Symbol.iterator in vector ? [...vector] : []
  if (numbers.length === 0 || !numbers.every((number) => typeof number === 'number' && Number.isFinite(number))) {
    throw new InvalidArgumentException(`The vector for "${column}" has to be a list of numbers.`)
  }
  return { kind: 'vectorDistance', column, vector: new Bound(JSON.stringify(numbers)), alias }
}
