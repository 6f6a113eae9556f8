import { Page } from './page'

/** A page that knows its number: what `simplePaginate()` answers. */
export class Paginator<Item> extends Page<Item> {
  /** The number of this page, from 1. */
  readonly currentPage: number
  /** Whether there is a page after this one. */
  readonly hasMore: boolean

  constructor(data: Item[], perPage: number, currentPage: number, hasMore: boolean) {
    super(data, perPage)
    this.currentPage = currentPage
    this.hasMore = hasMore
  }

  /** Whether there is a page after this one. */
  hasMorePages(): boolean {
    return this.hasMore
  }

  /** Whether this is the first page. */
  onFirstPage(): boolean {
    return this.currentPage <= 1
  }

  /** The number of the first item among all, from 1; `null` on an empty page. */
  firstItem(): number | null {
    return this.isEmpty() ? null : (this.currentPage - 1) * this.perPage + 1
  }

  /** The number of the last item among all; `null` on an empty page. */
  lastItem(): number | null {
    return this.isEmpty() ? null : (this.currentPage - 1) * this.perPage + this.count()
  }

  override through<Made>(make: (item: Item, index: number) => Made): Paginator<Made> {
    return super.through(make) as Paginator<Made>
  }
}
