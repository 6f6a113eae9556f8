import { expect, test } from 'vitest'
import { statusTable } from '../../js/cli/status-table'
import type { MigrationStatus } from '../../js/migrations/migrator'

function line(name: string, batch: number | null, state: MigrationStatus['state'] = 'applied'): MigrationStatus {
  return { name, batch, state, ran: state !== 'pending', executedAt: null, checksum: null, file: null }
}

test('is the box of the production guide', () => {
  const lines = statusTable([
    line('2025_11_29_145247_create_users_table', 1),
    line('2025_11_29_234218_create_test_table', 1),
    line('2025_11_30_120000_add_index', 2),
  ])
  expect(lines).toEqual([
    '┌────────────────────────────────────────┬─────────┬─────────┐',
    '│ Migration                              │ Batch   │ Status  │',
    '├────────────────────────────────────────┼─────────┼─────────┤',
    '│ 2025_11_29_145247_create_users_table   │    1    │   ✅    │',
    '│ 2025_11_29_234218_create_test_table    │    1    │   ✅    │',
    '│ 2025_11_30_120000_add_index            │    2    │   ✅    │',
    '└────────────────────────────────────────┴─────────┴─────────┘',
  ])
})

test('explains the signs that are in use', () => {
  expect(statusTable([line('a', null, 'pending'), line('b', 12, 'missing')]).slice(3)).toEqual([
    `│ a${' '.repeat(37)} │         │   ⏳    │`,
    `│ b${' '.repeat(37)} │   12    │   ❓    │`,
    '└────────────────────────────────────────┴─────────┴─────────┘',
    '⏳ pending   ❓ applied, but its file is missing',
  ])
})

test('grows with long names, and is cut to a terminal', () => {
  const long = `2025_01_01_000000_${'x'.repeat(60)}`
  expect(statusTable([line(long, 1)])[3]).toContain(`│ ${long} │`)
  const [border = '', , , row = ''] = statusTable([line(long, 1)], 80)
  expect(border).toHaveLength(80)
  expect(row).toContain(`${long.slice(0, 55)}… │`)
})
