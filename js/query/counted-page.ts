import { Page } from './page'

/** A page that knows how many items there are in all: what `paginate()` answers. */
export class LengthAwarePaginator<Item> extends Page<Item> {
  /** How many items all pages have. */
  readonly total: number
  /** The number of this page, from 1. */
  readonly currentPage: number
  /** The number of the last page; 1 when there is no item. */
  readonly lastPage: number

  constructor(data: Item[], total: number, perPage: number, currentPage: number) {
    super(data, perPage)
    this.total = total
    this.currentPage = currentPage
    this.lastPage = Math.max(1, Math.ceil(total / perPage))
  }

  /** Whether there is a page after this one. */
  hasMorePages(): boolean {
    return this.currentPage < this.lastPage
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

  override through<Made>(make: (item: Item, index: number) => Made): LengthAwarePaginator<Made> {
    return super.through(make) as LengthAwarePaginator<Made>
  }
}
