import type { WatchedStatement } from '../../connection/statement-watcher'
import type { StepText } from '../engine'

/** The values of a statement, so that the same ones are known again. Times are left out: most say when it ran. */
export function valuesText(bindings: readonly unknown[]): string {
  if (bindings.length === 0) return ''
  return JSON.stringify(bindings.map(valueText))
}

function valueText(value: unknown): unknown {
  if (value instanceof Date) return 'time'
  if (typeof value === 'bigint') return String(value)
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  return value
}

/** Statements that are sent as one. */
export function combined(texts: StepText[], { sql, isCut }: WatchedStatement): StepText | undefined {
  const [first, ...others] = texts
  if (first === undefined || others.length === 0) return first && { ...first, commits: first.commits || isCut }
  const undos = texts.map(({ undo }) => undo)
  const { undo, ...rest } = first
  return {
    ...rest,
    sql,
    isStep: texts.some(({ isStep }) => isStep),
    commits: true,
    hash: texts.map(({ hash }) => hash).join(''),
    ...(undos.every((each) => each !== undefined) && { undo: undos.reverse().flat() }),
  }
}
