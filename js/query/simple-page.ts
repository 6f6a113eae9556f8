import { NumberedPage } from './numbered-page'

/** A page that knows whether there is another one: what `simplePaginate()` answers. */
export class Paginator<Item> extends NumberedPage<Item> {
  /** Whether there is a page after this one. */
  readonly hasMore: boolean

  constructor(data: Item[], perPage: number, currentPage: number, hasMore: boolean) {
    super(data, perPage, currentPage)
    this.hasMore = hasMore
  }

  /** Whether there is a page after this one. */
  override hasMorePages(): boolean {
    return this.hasMore
  }

  override through<Made>(make: (item: Item, index: number) => Made): Paginator<Made> {
    return super.through(make) as Paginator<Made>
  }
}
