import { InvalidArgumentException } from '../../errors'
import type { QueryBuilder } from '../../query/builder'
import type { AnyRow } from '../../query/columns'
import { camelCase, plural } from '../../support/text'
import type { Persistence } from '../concerns/persistence'
import type { AnyModel } from '../model'
import { stateOf } from '../model-proxy'
import { type ComparableKey, comparableKey } from './keys'
import { type PivotRecord, pivotRecords, pivotRecordsByKey, type RelatedKeys, type RelatedSide } from './pivot-keys'
import { PivotQuery } from './pivot-query'

/** The keys of the related models whose pivot rows were changed. */
export interface SyncChanges {
  attached: unknown[]
  detached: unknown[]
  updated: unknown[]
}

/** Pivot rows: how they are added, changed and removed. */
export abstract class PivotWrites<Related = AnyModel, Parent = AnyModel> extends PivotQuery<Related, Parent> {
  /**
   * Ties related models to the parent.
   *
   * @param ids - Keys or models, one or more; or attributes of the pivot rows by key.
   * @param attributes - Attributes of all of them.
   * @example
   * await user.roles().attach([1, 2], { active: true })
   * // insert into "role_user" ("user_id", "role_id", "active") values ($1, $2, $3), ($4, $5, $6)
   */
  async attach(ids: RelatedKeys, attributes: AnyRow = {}, touch = true): Promise<void> {
    const records = pivotRecords(ids, this.side())
    if (records.length === 0) return
    const rows = records.map((record) => this.pivotRow(record, attributes))
    if (this.pivotClass !== undefined) for (const row of rows) await this.newPivot(row).save()
    else for (const alike of byColumns(rows)) await this.newPivotStatement().insert(alike)
    if (touch) await this.touchIfTouching()
  }

  /**
   * Unties related models from the parent; without argument, all of them.
   *
   * @returns How many rows were removed.
   * @throws InvalidArgumentException for `undefined` and `null`, which are mistakes more often than "all".
   * @example
   * await user.roles().detach([1, 2]) // delete from "role_user" where "role_user"."user_id" = $1 and "role_id" in ($2, $3)
   */
  async detach(...args: readonly [ids?: RelatedKeys, touch?: boolean]): Promise<number> {
    const [ids, touch = true] = args
    if (args.length > 0 && (ids === undefined || ids === null)) {
      throw new InvalidArgumentException('detach() takes keys or models; call it without argument to detach all.')
    }
    const keys = ids === undefined ? undefined : pivotRecords(ids, this.side()).map(({ key }) => key)
    if (keys?.length === 0) return 0
    const query = keys === undefined ? this.newPivotQuery() : this.pivotRowsOf(keys)
    const detached = this.pivotClass === undefined ? await query.delete() : await this.deletePivots(query)
    if (touch) await this.touchIfTouching()
    return detached
  }

  /**
   * Ties these related models to the parent, and no others. Rows that are there already stay as they are, or get the
   * attributes that are named for them.
   *
   * @param ids - Keys or models; or attributes of the pivot rows by key.
   * @example
   * await user.roles().sync([1, 2])
   * await user.roles().sync({ 1: { active: true }, 2: {} })
   */
  async sync(ids: RelatedKeys, detaching = true): Promise<SyncChanges> {
    const wanted = pivotRecordsByKey(ids, this.side())
    const current = await this.attachedKeys()
    const changes: SyncChanges = { attached: [], detached: [], updated: [] }
    if (detaching) {
      changes.detached = [...current].filter(([text]) => !wanted.has(text)).map(([, key]) => key)
      if (changes.detached.length > 0) await this.detach(changes.detached as number[], false)
    }
    const lacking: PivotRecord[] = []
    for (const [text, record] of wanted) {
      if (!current.has(text)) {
        lacking.push(record)
        changes.attached.push(record.key)
      } else if (Object.keys(record.attributes).length > 0) {
        const changed = await this.updateExistingPivot(record.key as number, record.attributes, false)
        if (changed > 0) changes.updated.push(record.key)
      }
    }
    await this.attach(new Map(lacking.map(({ key, attributes }) => [key as number, attributes])), {}, false)
    if (changes.attached.length + changes.detached.length + changes.updated.length > 0) await this.touchIfTouching()
    return changes
  }

  /** Ties these related models to the parent as well; others stay. */
  syncWithoutDetaching(ids: RelatedKeys): Promise<SyncChanges> {
    return this.sync(ids, false)
  }

  /** As {@link sync}, with the same attributes for every row. */
  syncWithPivotValues(ids: RelatedKeys, values: AnyRow, detaching = true): Promise<SyncChanges> {
    const records = pivotRecords(ids, this.side())
    return this.sync(
      new Map(records.map(({ key, attributes }) => [key as number, { ...values, ...attributes }])),
      detaching,
    )
  }

  /**
   * Unties those of these related models that are tied to the parent, and ties the others.
   *
   * @example
   * await user.roles().toggle([1, 2, 3])
   */
  async toggle(ids: RelatedKeys, touch = true): Promise<Pick<SyncChanges, 'attached' | 'detached'>> {
    const wanted = pivotRecordsByKey(ids, this.side())
    const current = await this.attachedKeys()
    const there = [...wanted].filter(([text]) => current.has(text)).map(([, { key }]) => key)
    const lacking = [...wanted].filter(([text]) => !current.has(text)).map(([, record]) => record)
    if (there.length > 0) await this.detach(there as number[], false)
    await this.attach(new Map(lacking.map(({ key, attributes }) => [key as number, attributes])), {}, false)
    if (touch && wanted.size > 0) await this.touchIfTouching()
    return { attached: lacking.map(({ key }) => key), detached: there }
  }

  /**
   * Changes pivot rows that are there.
   *
   * @returns How many.
   * @example
   * await user.roles().updateExistingPivot(1, { active: false })
   * // update "role_user" set "active" = $1 where "role_user"."user_id" = $2 and "role_user"."role_id" in ($3)
   */
  async updateExistingPivot(ids: RelatedKeys, attributes: AnyRow, touch = true): Promise<number> {
    const keys = pivotRecords(ids, this.side()).map(({ key }) => key)
    if (keys.length === 0) return 0
    const query = this.pivotRowsOf(keys)
    const changed =
      this.pivotClass === undefined
        ? await query.update({ ...this.pivotTimesNow(false), ...attributes })
        : await this.updatePivots(query, attributes)
    if (touch) await this.touchIfTouching()
    return changed
  }

  /** The keys of all related models of the parent, without reading these. */
  async allRelatedIds(): Promise<unknown[]> {
    return [...(await this.attachedKeys()).values()]
  }

  /** Gives the related models, or the parent, a new `updated_at`, where `touches` says so. */
  async touchIfTouching(): Promise<void> {
    const parent = stateOf(this.parent)
    const inverse = plural(camelCase(parent.meta.model.name))
    if (this.meta.options.touches.includes(inverse)) await (this.parent as unknown as Persistence).touch()
    const { relationName } = this
    if (relationName !== undefined && parent.option('touches').includes(relationName)) await this.touch()
  }

  /** Gives all related models a new `updated_at`. */
  override async touch(column?: string): Promise<number | false> {
    const keys = await this.allRelatedIds()
    if (keys.length === 0) return 0
    const query = (this.getModel() as AnyModel).newQueryWithoutScopes()
    return query.whereIn(this.pivot.relatedKey, keys as never).touch(column)
  }

  protected override async saved(model: Related): Promise<Related> {
    this.assertParentKey()
    return await super.saved(model)
  }

  protected side(): RelatedSide {
    const { primaryKey, keyType } = this.meta.options
    const { relatedKey } = this.pivot
    return { column: relatedKey, keyType: relatedKey === primaryKey ? keyType : 'string' }
  }

  private async attachedKeys(): Promise<Map<ComparableKey, unknown>> {
    const column = this.qualifyPivotColumn(this.pivot.relatedPivotKey)
    const keys = await this.newPivotQuery().pluck<unknown>(column)
    return new Map(keys.map((key) => [comparableKey(key) ?? '', key]))
  }

  private pivotRowsOf(keys: readonly unknown[]): QueryBuilder {
    return this.newPivotQuery().whereIn(this.qualifyPivotColumn(this.pivot.relatedPivotKey), keys as never)
  }

  private pivotRow({ key, attributes }: PivotRecord, more: AnyRow): AnyRow {
    const { foreignPivotKey, relatedPivotKey } = this.pivot
    this.assertParentKey()
    const morph = this.morph()
    return {
      [foreignPivotKey]: this.parentKey(),
      [relatedPivotKey]: key,
      ...(morph !== undefined && { [morph[0]]: morph[1] }),
      ...this.pivotTimesNow(true),
      ...this.pivotValues,
      ...more,
      ...attributes,
    }
  }

  private pivotTimesNow(isNew: boolean): AnyRow {
    if (this.pivotTimes === undefined) return {}
    const now = (this.parent as unknown as Persistence).freshTimestamp()
    const [created, updated] = this.pivotTimes
    return { ...(isNew && { [created]: now }), [updated]: now }
  }

  /** Pivots of a class of their own are removed one by one: they tell their events. */
  private async deletePivots(query: QueryBuilder): Promise<number> {
    let deleted = 0
    for (const row of await query.get()) if ((await this.newExistingPivot(row).delete()) === true) deleted += 1
    return deleted
  }

  private async updatePivots(query: QueryBuilder, attributes: AnyRow): Promise<number> {
    let changed = 0
    for (const row of await query.get()) {
      const pivot = this.newExistingPivot(row).forceFill(attributes)
      if (pivot.isDirty() && (await pivot.save())) changed += 1
    }
    return changed
  }
}

/** Rows in groups with the same columns: one insert takes rows of one kind. */
function byColumns(rows: readonly AnyRow[]): AnyRow[][] {
  const groups = new Map<string, AnyRow[]>()
  for (const row of rows) {
    const columns = Object.keys(row).sort().join('\0')
    const group = groups.get(columns)
    if (group === undefined) groups.set(columns, [row])
    else group.push(row)
  }
  return [...groups.values()]
}
