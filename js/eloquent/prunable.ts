/** Models that are removed when they are old: by `await Flight.prune()` and by `guruorm model:prune`. */
import { InvalidArgumentException } from '../errors'
import type { AnyRow } from '../query/columns'
import type { EloquentBuilder } from './builder/eloquent-builder'
import { Model, type ModelBase } from './model'
import { type AnyModelClass, metaOf } from './model-meta'
import { stateOf } from './model-proxy'

type Extendable = new (...args: never[]) => ModelBase

/** What {@link Prunable} and {@link MassPrunable} give a class besides its methods. */
export interface PrunableStatics {
  /**
   * Removes what `prunable()` finds.
   *
   * @param chunkSize - How many are read at a time.
   * @returns How many were removed.
   */
  prune(chunkSize?: number): Promise<number>
  /** How many would be. */
  countPrunable(): Promise<number>
}

/** A model of such a class. */
interface PrunableMethods {
  prunable(): unknown
  prune(): Promise<boolean>
}

/** A query of what is to be removed: deleted models that stay are removed as well. */
function prunableOf(model: AnyModelClass): EloquentBuilder<AnyRow, PrunableMethods> {
  const blank = Reflect.construct(model as Extendable, []) as unknown as PrunableMethods
  const query = blank.prunable() as EloquentBuilder<AnyRow, PrunableMethods>
  return metaOf(model).options.softDeletes ? query.withTrashed() : query
}

function prunableClass<Base extends object>(
  base: Base,
  prune: (model: AnyModelClass, chunkSize: number) => Promise<number>,
): Base & PrunableStatics {
  const Pruned = class extends (base as unknown as Extendable) {
    static prune(chunkSize = 1000): Promise<number> {
      return prune(this as unknown as AnyModelClass, chunkSize)
    }

    static countPrunable(): Promise<number> {
      return prunableOf(this as unknown as AnyModelClass).count()
    }

    /** What is to be removed. Every class says it. */
    prunable(): unknown {
      const { name } = stateOf(this).meta.model
      throw new InvalidArgumentException(`${name} needs a method prunable() that answers a query.`)
    }

    /** Called before a model is removed: to remove its files. `false` keeps it. */
    pruning(): unknown {
      return undefined
    }

    /** Called after a model was removed. */
    pruned(): unknown {
      return undefined
    }

    /** Removes what `prunable()` finds. @returns How many were removed. */
    pruneAll(chunkSize = 1000): Promise<number> {
      return prune(stateOf(this).meta.model, chunkSize)
    }

    /** Removes this one, for good, with its events. @returns Whether it was removed. */
    async prune(): Promise<boolean> {
      if ((await this.pruning()) === false || !(await this.fireModelEvent('pruning'))) return false
      if ((await this.forceDelete()) !== true) return false
      await this.pruned()
      await this.fireModelEvent('pruned')
      return true
    }
  }
  return Pruned as unknown as Base & PrunableStatics
}

/**
 * Gives a class `prune()`: what its `prunable()` finds is removed one by one, with events.
 *
 * @example
 * class Flight extends Prunable(Model) {
 *   prunable() {
 *     return Flight.where('created_at', '<=', aMonthAgo())
 *   }
 * }
 * await Flight.prune() // select … where "created_at" <= $1 order by "id" asc limit 1000; delete … for each
 */
export function Prunable<Base extends object>(base: Base): Base & PrunableStatics {
  return prunableClass(base, async (model, chunkSize) => {
    let removed = 0
    const query = prunableOf(model)
    await query.chunkById(chunkSize, async (models) => {
      for (const each of models) if (await each.prune()) removed += 1
    })
    return removed
  })
}

/**
 * The same without events, in statements of many rows: models are not even read.
 *
 * @example
 * class Visit extends MassPrunable(Model) {
 *   prunable() {
 *     return Visit.where('created_at', '<=', aMonthAgo())
 *   }
 * }
 * await Visit.prune() // select "id" … order by "id" asc limit 1000; delete from "visits" where … and "id" in (…)
 */
export function MassPrunable<Base extends object>(base: Base): Base & PrunableStatics {
  return prunableClass(base, async (model, chunkSize) => {
    let removed = 0
    const key = metaOf(model).singleKey
    const rows = prunableOf(model).toBase().select(key)
    await rows.chunkById(
      chunkSize,
      async (found) => {
        const keys = found.map((row) => row[key])
        removed += await prunableOf(model)
          .whereKey(keys as never)
          .forceDelete()
      },
      key,
    )
    return removed
  })
}

/** A model that is removed when it is old: see {@link Prunable}. */
export const PrunableModel = Prunable(Model)
export type PrunableModel = Model

/** The same in bulk: see {@link MassPrunable}. */
export const MassPrunableModel = MassPrunable(Model)
export type MassPrunableModel = Model
