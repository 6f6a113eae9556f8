/**
 * Run in a process of its own, with `TZ` set. For each database that it is sent, it writes and reads times and answers
 * what it read and what is stored. None of it may depend on the process's zone.
 */
import { Capsule } from '../../js/index'

interface Target {
  dialect: 'postgres' | 'mysql' | 'sqlite'
  config: Record<string, unknown>
}

/** Instants around the changes of clocks in each of the zones, and ordinary ones. */
const INSTANTS = [
  '1970-01-01T00:00:00.000Z',
  '1999-12-31T23:59:59.999Z',
  // New York: the gap of 10 March 2024, the overlap of 3 November.
  ...['2024-03-10T06:59:59.999Z', '2024-03-10T07:00:00.000Z', '2024-03-10T07:30:00.000Z'],
  ...['2024-11-03T05:30:00.000Z', '2024-11-03T06:30:00.000Z', '2024-11-03T07:00:00.000Z'],
  // Berlin: 31 March and 27 October 2024.
  ...['2024-03-31T00:59:59.999Z', '2024-03-31T01:00:00.000Z', '2024-03-31T01:30:00.000Z'],
  ...['2024-10-27T00:30:00.000Z', '2024-10-27T01:30:00.000Z', '2024-10-27T02:00:00.000Z'],
  // Apia: 30 December 2011 did not happen there; its last changes of clocks were in 2021.
  ...['2011-12-30T09:59:59.999Z', '2011-12-30T10:00:00.000Z', '2021-04-03T13:30:00.000Z', '2021-04-03T14:30:00.000Z'],
  ...['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '1883-11-18T17:00:00.000Z'],
]

/** Clocks that some zone never showed, or showed twice. */
const CLOCKS = [
  '2024-03-10 02:30:00',
  '2024-11-03 01:30:00',
  '2024-03-31 02:30:00.123456',
  '2024-10-27 02:30:00',
  '2011-12-30 12:00:00',
  '0001-01-01 00:00:00',
  '9999-12-31 23:59:59.999999',
]

const DATES = ['2024-03-10', '2024-03-31', '2011-12-30', '1970-01-01', '0001-01-01', '9999-12-31', '2024-02-29']

const COLUMNS = {
  postgres: 'instant timestamptz, moment timestamp, clock timestamp, day date, hour time, doc jsonb',
  mysql: 'instant datetime(6), moment datetime(6), clock datetime(6), day date, hour time(6), doc json',
  sqlite: 'instant datetime, moment datetime, clock datetime, day date, hour time, doc json',
}

const TEXT_OF = {
  postgres: (column: string) => `${column}::text`,
  mysql: (column: string) => `cast(${column} as char)`,
  sqlite: (column: string) => `cast(${column} as text)`,
}

async function times({ dialect, config }: Target): Promise<unknown> {
  const capsule = new Capsule()
  capsule.addConnection(config)
  capsule.addConnection({ ...config, dates: 'string' }, 'text')
  try {
    const connection = capsule.connection()
    await connection.statement('drop table if exists zone_times')
    await connection.statement(`create table zone_times (id integer primary key, ${COLUMNS[dialect]})`)
    await connection.table('zone_times').insert(
      INSTANTS.map((iso, id) => ({
        id,
        instant: new Date(iso),
        moment: new Date(iso),
        clock: CLOCKS[id % CLOCKS.length] as string,
        day: DATES[id % DATES.length] as string,
        hour: '02:30:00',
        doc: { at: new Date(iso) },
      })),
    )
    const rows = await connection.table('zone_times').orderBy('id').get()
    const moved = rows.filter((row, id) =>
      [row.instant, row.moment].some(
        (read) => !(read instanceof Date) || read.getTime() !== Date.parse(INSTANTS[id] as string),
      ),
    )
    const texts = ['instant', 'moment', 'clock', 'day', 'hour'].map((name) => `${TEXT_OF[dialect](name)} as ${name}`)
    const asText = await capsule.connection('text').table('zone_times').orderBy('id').get()
    const found: unknown[] = []
    for (const [id, iso] of INSTANTS.entries()) {
      found.push(
        await connection
          .table('zone_times')
          .where('id', id)
          .where('instant', new Date(iso))
          .where('moment', new Date(iso))
          .count(),
      )
      // The clock with its microseconds is found by what was read as text.
      found.push(
        await capsule
          .connection('text')
          .table('zone_times')
          .where('id', id)
          .where('clock', asText[id]?.clock as string)
          .count(),
      )
    }
    return {
      moved: moved.map((row) => row.id),
      found,
      read: rows.map((row) => ({
        ...row,
        instant: (row.instant as Date).getTime(),
        moment: (row.moment as Date).getTime(),
      })),
      asText,
      stored: await connection.select(`select ${texts.join(', ')} from zone_times order by id`),
    }
  } finally {
    await capsule.disconnect()
  }
}

process.on('message', async (target: Target) => {
  const offset = new Date('2024-07-01T12:00:00Z').getTimezoneOffset()
  process.send?.({ offset, count: INSTANTS.length, answer: await times(target) })
})
