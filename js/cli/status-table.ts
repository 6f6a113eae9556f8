import type { MigrationStatus } from '../migrations/migrator'

const SIGNS: Record<MigrationStatus['state'], string> = {
  applied: '✅',
  pending: '⏳',
  edited: '⚠️',
  missing: '❓',
  interrupted: '🟥',
}

const MEANINGS: Record<MigrationStatus['state'], string> = {
  applied: 'applied',
  pending: 'pending',
  edited: 'edited after it was applied',
  missing: 'applied, but its file is missing',
  interrupted: 'an attempt was interrupted; migrate runs it again',
}

/** Narrowest and, around the name, the columns that the other cells and the borders take. */
const NARROWEST = 38
const AROUND_NAME = 24

/**
 * The box of `migrate:status`.
 *
 * @param width - Columns of the terminal, to which long names are cut; nothing is cut without it.
 */
export function statusTable(migrations: MigrationStatus[], width?: number): string[] {
  const longest = Math.max(NARROWEST, ...migrations.map(({ name }) => name.length))
  const room = width === undefined ? longest : Math.max(NARROWEST, Math.min(longest, width - AROUND_NAME))
  const border = (left: string, middle: string, right: string) =>
    left + ['─'.repeat(room + 2), '─'.repeat(9), '─'.repeat(9)].join(middle) + right
  const row = ({ name, batch, state }: MigrationStatus) => {
    const shown = name.length > room ? `${name.slice(0, room - 1)}…` : name.padEnd(room)
    return `│ ${shown} │${centred(batch === null ? '' : String(batch))}│   ${SIGNS[state]}    │`
  }
  const legend = (['pending', 'edited', 'missing', 'interrupted'] as const).filter((state) =>
    migrations.some((line) => line.state === state),
  )
  return [
    border('┌', '┬', '┐'),
    `│ ${'Migration'.padEnd(room)} │ Batch   │ Status  │`,
    border('├', '┼', '┤'),
    ...migrations.map(row),
    border('└', '┴', '┘'),
    ...(legend.length === 0 ? [] : [legend.map((state) => `${SIGNS[state]} ${MEANINGS[state]}`).join('   ')]),
  ]
}

function centred(text: string): string {
  const left = Math.floor((9 - text.length) / 2)
  return text.padStart(left + text.length).padEnd(9)
}
