import { createHash } from 'node:crypto'

/** The UUID of a thing by its name: the same in every run, so that files of data can point to each other. */
export function idOf(kind, name) {
  const hex = createHash('sha256').update(`${kind}/${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** A name as part of an address: `Home & Garden` → `home-garden`. */
export function slugOf(name) {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
