/** A document whose prose is written by hand and whose parts between markers are generated. */
import { Stop } from '../../scripts/lib/terminal.mjs'

const MARKER = /^<!-- (?:generated: (\S+)|(\/generated)) -->$/gm

/** Where the parts are: { name, start, end } of what is between its markers. @throws Stop when markers do not pair. */
function partsOf(text) {
  const parts = []
  let open
  for (const match of text.matchAll(MARKER)) {
    const [marker, name] = match
    if ((name === undefined) !== (open !== undefined))
      throw new Stop(`${marker} does not pair with the marker before it.`)
    if (open === undefined) open = { name, start: match.index + marker.length }
    else {
      parts.push({ ...open, end: match.index })
      open = undefined
    }
  }
  if (open !== undefined) throw new Stop(`<!-- generated: ${open.name} --> has no end.`)
  return parts
}

/**
 * The document with these parts in the place of the old ones; the others stay as they are.
 * @throws Stop for a part that the document has no markers for, or has twice.
 */
export function replaceParts(text, contents) {
  const parts = partsOf(text)
  for (const name of contents.keys()) {
    const places = parts.filter((part) => part.name === name).length
    if (places !== 1) throw new Stop(`There have to be markers for ${name} once, not ${places} times.`)
  }
  let [result, rest] = ['', 0]
  for (const { name, start, end } of parts) {
    if (!contents.has(name)) continue
    result += `${text.slice(rest, start)}\n\n${contents.get(name)}\n\n`
    rest = end
  }
  return result + text.slice(rest)
}
