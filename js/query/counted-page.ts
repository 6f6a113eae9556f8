import { NumberedPage } from './numbered-page'

/** A page that knows how many items there are in all: what `paginate()` answers. */
export class LengthAwarePaginator<Item> extends NumberedPage<Item> {
  /** How many items all pages have. */
  readonly total: number
  /** The number of the last page; 1 when there is no item. */
  readonly lastPage: number

  constructor(data: Item[], total: number, perPage: number, currentPage: number) {
    super(data, perPage, currentPage)
    this.total = total
    this.lastPage = Math.max(1, Math.ceil(total / perPage))
  }

  /** Whether there is a page after this one. */
  override hasMorePages(): boolean {
    return this.currentPage < this.lastPage
  }

  override through<Made>(make: (item: Item, index: number) => Made): LengthAwarePaginator<Made> {
    return super.through(make) as LengthAwarePaginator<Made>
  }
}
