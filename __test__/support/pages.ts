/** The pages of the documentation, as data. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(__dirname, '../..')

/** One page. */
export interface Page {
  /** From the root of the repository: `docs/values.md`. */
  readonly path: string
  readonly lines: readonly string[]
}

/** A block of code. */
export interface Block {
  readonly language: string
  /** The line that it begins in. */
  readonly line: number
  readonly lines: readonly string[]
}

/** The pages directly in a folder. */
export function pagesIn(folder: string): Page[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').split('\n') }))
}

/** Its blocks of code, and its lines that are none. */
export function partsOf(page: Page): { readonly blocks: readonly Block[]; readonly text: readonly string[] } {
  const blocks: { language: string; line: number; lines: string[] }[] = []
  const text: string[] = []
  let open: (typeof blocks)[number] | undefined
  for (const [at, line] of page.lines.entries()) {
    const fence = /^```(\w*)/.exec(line)
    if (fence === null) {
      ;(open?.lines ?? text).push(line)
    } else if (open === undefined) {
      open = { language: fence[1] ?? '', line: at + 1, lines: [] }
      blocks.push(open)
    } else open = undefined
  }
  return { blocks, text }
}

/** What its headings are called in addresses, as GitHub calls them. */
export function anchorsOf(page: Page): Set<string> {
  const headings = partsOf(page).text.flatMap((line) => /^#+ (.*)$/.exec(line)?.[1] ?? [])
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

/** Where its links lead: those inside of the repository. */
export function linksOf(page: Page): string[] {
  const links = [
    ...partsOf(page)
      .text.join('\n')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, target = '']) => target)
  return links.filter((target) => !/^[a-z]+:/.test(target))
}

/** The rows of the table behind a heading, cell by cell. */
export function tableOf(page: Page, heading: string): string[][] {
  const lines = partsOf(page).text
  const behind = lines.slice(lines.indexOf(heading) + 1)
  const end = behind.findIndex((line) => line.startsWith('#'))
  return (end < 0 ? behind : behind.slice(0, end))
    .filter((line) => line.startsWith('|') && !/^[|\s-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
}
