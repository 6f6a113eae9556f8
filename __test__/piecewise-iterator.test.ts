import { expect, test } from 'vitest'
import { PiecewiseIterator } from '../js/support/piecewise-iterator'

/** Pieces that tell what happens to them. */
function source(pieces: (number[] | Error)[]) {
  const log: string[] = []
  async function* generate() {
    log.push('begun')
    try {
      for (const piece of pieces) {
        await undefined
        if (piece instanceof Error) throw piece
        yield piece
      }
    } finally {
      await undefined
      log.push('ended')
    }
  }
  return { items: new PiecewiseIterator(generate()), log }
}

const item = (value: number) => ({ value, done: false })
const OVER = { value: undefined, done: true }

test('items come in order, whatever their pieces, and nothing begins before the first is asked for', async () => {
  const { items, log } = source([[1, 2], [], [3], [], []])
  await undefined
  expect(log).toEqual([])
  const read: number[] = []
  for await (const value of items) read.push(value)
  expect(read).toEqual([1, 2, 3])
  expect(log).toEqual(['begun', 'ended'])
  expect(await items.next()).toEqual(OVER)
})

test('items that are asked for at once are answered in order, the end included', async () => {
  const { items } = source([[1], [2, 3]])
  const answers = await Promise.all([items.next(), items.next(), items.next(), items.next(), items.next()])
  expect(answers).toEqual([item(1), item(2), item(3), OVER, OVER])
})

test('an item that is asked for while others are still awaited comes after theirs', async () => {
  const { items } = source([[1, 2, 3, 4]])
  const [first, second, third] = [items.next(), items.next(), items.next()]
  const later = first.then(() => items.next())
  expect(await Promise.all([first, second, third, later])).toEqual([item(1), item(2), item(3), item(4)])
})

test('a loop that is left early ends the source before the program goes on', async () => {
  const { items, log } = source([[1, 2, 3], [4]])
  for await (const value of items) if (value === 2) break
  expect(log).toEqual(['begun', 'ended'])
  expect(await items.next()).toEqual(OVER)
})

test('an end that is asked for while an item is awaited comes after it, and for whoever asks later', async () => {
  const { items, log } = source([[1, 2], [3]])
  const answers = await Promise.all([items.next(), items.return(), items.next()])
  expect(answers).toEqual([item(1), OVER, OVER])
  expect(log).toEqual(['begun', 'ended'])
})

test('a failure of the source rejects once, after the items before it', async () => {
  const { items, log } = source([[1], new Error('broken'), [2]])
  expect(await items.next()).toEqual(item(1))
  const [failed, after] = await Promise.allSettled([items.next(), items.next()])
  expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'broken' } })
  expect(after).toEqual({ status: 'fulfilled', value: OVER })
  expect(log).toEqual(['begun', 'ended'])
})

test('an error that is thrown into it, and disposing of it, end the source', async () => {
  const thrown = source([[1, 2]])
  await thrown.items.next()
  await expect(thrown.items.throw(new Error('mine'))).rejects.toThrow('mine')
  expect(thrown.log).toEqual(['begun', 'ended'])
  const disposed = source([[1, 2]])
  await disposed.items.next()
  await disposed.items[Symbol.asyncDispose]()
  expect(disposed.log).toEqual(['begun', 'ended'])
})
