import { Page } from './page'

/** A page that knows its number. */
export abstract class NumberedPage<Item> extends Page<Item> {
  /** The number of this page, from 1. */
  readonly currentPage: number

  constructor(data: Item[], perPage: number, currentPage: number) {
    super(data, perPage)
    this.currentPage = currentPage
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
}
