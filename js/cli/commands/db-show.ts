import { structureOf } from '../../migrations/dumper'
import type { TableInfo } from '../../schema/executor'
import type { Command, DatabaseOptions } from '../command'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { DATABASE } from '../options'
import { counted } from '../reporter'

export const dbShow: Command<DatabaseOptions> = {
  name: 'db:show',
  summary: 'Show what is in the database',
  options: [...DATABASE],
  examples: ['guruorm db:show', 'guruorm db:show --json'],
  async run(invocation) {
    const { host, output } = invocation
    loadDotenv(host)
    return withDatabase(invocation, async ({ connection, name }) => {
      const found = await structureOf(connection, [])
      const question = { do: 'schema.inspect', question: { ask: 'tables', current: true } }
      const infos = (await connection.native(question)) as TableInfo[]
      const sizes = new Map(infos.map((info) => [info.name, info.size]))
      const tables = found.tables.map((table) => ({
        name: table.name,
        columns: table.columns.length,
        indexes: table.indexes?.length ?? 0,
        foreignKeys: table.foreignKeys?.length ?? 0,
        bytes: sizes.get(table.name) ?? null,
      }))
      const others = {
        views: found.views?.length ?? 0,
        triggers: found.triggers?.length ?? 0,
        routines: found.routines?.length ?? 0,
        enums: found.enums?.length ?? 0,
        sequences: found.sequences?.length ?? 0,
      }
      const { driver, serverVersion, namespace } = found
      output.line(`${driver} ${serverVersion ?? ''}, connection ${name}${namespace ? `, ${namespace}` : ''}`)
      const widest = Math.max(0, ...tables.map((table) => table.name.length))
      for (const table of tables) {
        const parts = [counted(table.columns, 'column'), counted(table.foreignKeys, 'key')]
        if (table.bytes !== null) parts.push(`${Math.ceil(table.bytes / 1024)} KiB`)
        output.line(`  ${table.name.padEnd(widest)}  ${parts.join(', ')}`)
      }
      const named = Object.entries(others).filter(([, count]) => count > 0)
      output.line([counted(tables.length, 'table'), ...named.map(([kind, count]) => `${kind}: ${count}`)].join(', '))
      output.document({
        ok: true,
        command: 'db:show',
        connection: name,
        driver,
        serverVersion,
        namespace,
        tables,
        ...others,
      })
      return undefined
    })
  },
}
