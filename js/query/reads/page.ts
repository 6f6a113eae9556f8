/** What all pages have. */
export abstract class Page<Item> implements Iterable<Item> {
  /** The items of this page. */
  readonly data: Item[]
  /** The most items that a page has. */
  readonly perPage: number

  constructor(data: Item[], perPage: number) {
    this.data = data
    this.perPage = perPage
  }

  [Symbol.iterator](): IterableIterator<Item> {
    return this.data[Symbol.iterator]()
  }

  /** The items of this page. */
  items(): Item[] {
    return this.data
  }

  /** How many items this page has. */
  count(): number {
    return this.data.length
  }

  /** Whether this page has no item. */
  isEmpty(): boolean {
    return this.data.length === 0
  }

  /** Whether this page has an item. */
  isNotEmpty(): boolean {
    return this.data.length > 0
  }

  /** Whether there is a page after this one. */
  abstract hasMorePages(): boolean

  /** Whether this is the first page. */
  abstract onFirstPage(): boolean

  /** Whether this is the last page. */
  onLastPage(): boolean {
    return !this.hasMorePages()
  }

  /** Whether there is another page than this one. */
  hasPages(): boolean {
    return !this.onFirstPage() || this.hasMorePages()
  }

  /** The same page with what a function makes of its items. */
  through<Made>(make: (item: Item, index: number) => Made): Page<Made> {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(this)), this) as { data: unknown[] }
    copy.data = this.data.map(make)
    return copy as unknown as Page<Made>
  }
}
