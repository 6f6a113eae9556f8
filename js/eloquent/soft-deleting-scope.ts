import type { Scope } from './global-scopes'

/** What the scope needs of a query. */
interface SoftDeletable {
  readonly meta: { readonly options: { readonly softDeletes: boolean; readonly DELETED_AT: string } }
  qualifyColumn(column: string): string
  whereNull(column: string): unknown
}

/**
 * Leaves deleted rows out of every query of a class with `softDeletes`.
 *
 * @example
 * Flight.query().withoutGlobalScope(SoftDeletingScope) // the same as withTrashed()
 */
export class SoftDeletingScope implements Scope<SoftDeletable> {
  apply(query: SoftDeletable): void {
    const { softDeletes, DELETED_AT } = query.meta.options
    // A subclass may say that its rows are removed.
    if (softDeletes) query.whereNull(query.qualifyColumn(DELETED_AT))
  }
}
