import { Cursor } from './cursor'
import { Page } from './page'

/** A page between two cursors: what `cursorPaginate()` answers. */
export class CursorPaginator<Item> extends Page<Item> {
  /** The text for the page after this one; `null` on the last page. */
  readonly nextCursor: string | null
  /** The text for the page before this one; `null` on the first page. */
  readonly prevCursor: string | null
  /** Whether there is a page after this one. */
  readonly hasMore: boolean
  /** Whether there is a page after this one. */
  readonly hasNext: boolean
  /** Whether there is a page before this one. */
  readonly hasPrev: boolean

  constructor(data: Item[], perPage: number, next: Cursor | null, previous: Cursor | null) {
    super(data, perPage)
    this.nextCursor = next?.encode() ?? null
    this.prevCursor = previous?.encode() ?? null
    this.hasMore = next !== null
    this.hasNext = next !== null
    this.hasPrev = previous !== null
  }

  /** The place after this page; `null` on the last page. */
  getNextCursor(): Cursor | null {
    return Cursor.fromEncoded(this.nextCursor)
  }

  /** The place before this page; `null` on the first page. */
  getPreviousCursor(): Cursor | null {
    return Cursor.fromEncoded(this.prevCursor)
  }

  /** Whether there is a page after this one. */
  hasMorePages(): boolean {
    return this.hasNext
  }

  /** Whether this is the first page. */
  onFirstPage(): boolean {
    return !this.hasPrev
  }

  override through<Made>(make: (item: Item, index: number) => Made): CursorPaginator<Made> {
    return super.through(make) as CursorPaginator<Made>
  }
}
