/** Markdown whose texts cannot become anything else. */

/** Text as it is, in a paragraph or a cell: no markup, no HTML, no other cell. */
export function escaped(text) {
  return text
    .replace(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|~]/g, '\\$&')
}

/** A table of cells that are Markdown already: the first row is its head; numbers stand right, the first columns left. */
export function table(rows, leftColumns = 1) {
  const isLeft = (column) => column < leftColumns
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const line = (row) =>
    `| ${row.map((cell, column) => (isLeft(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (isLeft(column) ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n')
}

/** What is shown when somebody asks for it. */
export function folded(summary, content) {
  return `<details><summary>${escaped(summary)}</summary>\n\n${content}\n\n</details>`
}
