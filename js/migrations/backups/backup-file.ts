/** Rows in a file: compressed lines of JSON, written and read without holding more than some of them. */
import { createReadStream, createWriteStream, promises as files } from 'node:fs'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crypto } from '../../support/crypto'
import { onDemand } from '../../support/on-demand'
import type { Row } from '../migration-connection'

const zlib = onDemand<typeof import('node:zlib')>('node:zlib')

/** What a file has come to. */
export interface Written {
  rows: number
  /** Before they were compressed. */
  bytes: number
  sha256: string
}

/** Lines of one piece of a file that is read, at most about that many bytes. */
const PIECE = 1 << 20

/**
 * Writes the lines that rows answer as `line`. The file is there when all of it is.
 *
 * @param check - Called as the size grows; throwing ends it.
 */
export async function writeRows(
  path: string,
  rows: AsyncIterable<Row>,
  check: (rows: number, bytes: number) => void,
): Promise<Written> {
  await files.mkdir(dirname(path), { recursive: true })
  const half = `${path}.${process.pid}.tmp`
  const hash = crypto().createHash('sha256')
  const written = { rows: 0, bytes: 0 }
  async function* lines(): AsyncGenerator<string> {
    for await (const { line } of rows) {
      const text = `${typeof line === 'string' ? line : JSON.stringify(line)}\n`
      written.rows += 1
      written.bytes += Buffer.byteLength(text)
      check(written.rows, written.bytes)
      yield text
    }
  }
  async function* hashed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk)
      yield chunk
    }
  }
  try {
    await pipeline(Readable.from(lines()), zlib().createGzip(), hashed, createWriteStream(half, { flush: true }))
    await files.rename(half, path)
  } catch (error) {
    await files.rm(half, { force: true })
    throw error
  }
  return { ...written, sha256: hash.digest('hex') }
}

/** The sha-256 of a file. */
export async function hashOf(path: string): Promise<string> {
  const hash = crypto().createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** The lines of a file in pieces, each a JSON array of rows. */
export async function* readPieces(path: string): AsyncGenerator<string> {
  const file = createReadStream(path)
  const chunks = file.pipe(zlib().createGunzip())
  // A failure of the file would otherwise belong to nobody.
  file.once('error', (error) => chunks.destroy(error))
  let lines: string[] = []
  let size = 0
  let rest: Buffer[] = []
  for await (const chunk of chunks as AsyncIterable<Buffer>) {
    let start = 0
    // Only a line feed ends a line: JSON may hold what else editors take for one.
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...rest, chunk.subarray(start, end)])
      rest = []
      start = end + 1
      lines.push(line.toString('utf8'))
      size += line.length
      if (size < PIECE) continue
      yield `[${lines.join(',')}]`
      lines = []
      size = 0
    }
    if (start < chunk.length) rest.push(chunk.subarray(start))
  }
  if (lines.length > 0) yield `[${lines.join(',')}]`
}
