/** SQLite: what each declared type is given and what it answers (decisions D14 and D15). */
import { as, BYTES, type ColumnCase, clock, json, lossy, same, TEXTS, wide } from './sample'

const INTEGERS = [
  0,
  -1,
  2147483648,
  2 ** 53 - 1,
  -(2 ** 53 - 1),
  2n ** 53n,
  -(2n ** 53n),
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  '9223372036854775807',
  '10',
]

export const SQLITE: readonly ColumnCase[] = [
  // Numbers
  ...['integer', 'bigint', 'int', 'smallint', 'unsigned big int'].map((type) => ({
    type,
    samples: [...INTEGERS.map(wide), as(true, 1, { bigintString: '1', bigintBigint: 1n }), as(null, null)],
  })),
  ...['real', 'double', 'float', 'double precision'].map((type) => ({
    type,
    samples: [
      ...same(0, 0.1, -2.5, 2 ** 53 + 2, 1e21, Number.MAX_VALUE, Number.MIN_VALUE, Infinity, -Infinity),
      as('1.5', 1.5),
      as(3n, 3),
      as(-0, 0),
    ],
  })),
  // Stored as doubles: fifteen digits are exact, and zeros at the end are not kept.
  ...['numeric', 'decimal(20,2)'].map((type) => ({
    type,
    samples: [
      ...same('0', '-1', '0.1', '123456789012.345', '9223372036854775807', 'not a number'),
      as('1.50', '1.5'),
      as(0.1, '0.1'),
      as(5, '5'),
    ],
  })),
  ...['boolean', 'bool', 'tinyint(1)'].map((type) => ({
    type,
    samples: [...same(true, false, 2), as(1, true), as(0, false), as('1', true)],
  })),

  // Text
  ...['text', 'varchar', 'varchar(10)', 'char(4)', 'clob'].map((type) => ({
    type,
    samples: [
      ...same(...TEXTS, '\0', 'a\0b'),
      as(5, '5'),
      as(-0.5, '-0.5'),
      as(12n, '12'),
      as(true, '1'),
      as(2n ** 64n - 1n, '18446744073709551615'),
    ],
  })),
  { type: '', samples: same('text', 5, 0.5, '5', Buffer.from([1])) },
  { type: 'time', samples: same('12:30:00', '23:59:59.999999') },
  { type: 'uuid', samples: same('123e4567-e89b-12d3-a456-426614174000') },

  // Dates
  {
    // SQLite does not say that a parameter is a date, so a Date is stored whole.
    type: 'date',
    samples: [
      ...same('2024-02-29', '0001-01-01', '9999-12-31', '-0043-03-15'),
      as(new Date('2024-01-31T12:00:00Z'), '2024-01-31 12:00:00', {
        berlin: '2024-01-31 13:00:00',
        kolkata: '2024-01-31 17:30:00',
      }),
    ],
  },
  ...['datetime', 'timestamp'].map((type) => ({
    type,
    samples: [
      clock(new Date(0), { utc: '1970-01-01T00:00:00Z', text: '1970-01-01 00:00:00' }),
      clock(new Date(-1), { utc: '1969-12-31T23:59:59.999Z', text: '1969-12-31 23:59:59.999' }),
      clock(new Date('2024-03-31T01:30:00.123Z'), { utc: '2024-03-31T01:30:00.123Z', text: '2024-03-31 01:30:00.123' }),
      clock('2024-01-31 12:00:00', {
        utc: '2024-01-31T12:00:00Z',
        text: '2024-01-31 12:00:00',
        berlin: '2024-01-31T11:00:00Z',
        kolkata: '2024-01-31T06:30:00Z',
      }),
      clock('2024-01-31 12:00:00.123456', {
        utc: '2024-01-31T12:00:00.123Z',
        text: '2024-01-31 12:00:00.123456',
        berlin: '2024-01-31T11:00:00.123Z',
        kolkata: '2024-01-31T06:30:00.123Z',
        isCut: true,
      }),
      // Text is compared as text: another spelling of the same instant is another value.
      lossy(
        clock('2024-01-31T12:00:00.5Z', { utc: '2024-01-31T12:00:00.500Z', text: '2024-01-31T12:00:00.5Z' }),
        'datesString',
      ),
      lossy(
        clock('2024-01-31 12:00:00+02:00', { utc: '2024-01-31T10:00:00Z', text: '2024-01-31 12:00:00+02:00' }),
        'datesString',
      ),
      {
        ...clock('2024-03-31 02:30:00', {
          utc: '2024-03-31T02:30:00Z',
          text: '2024-03-31 02:30:00',
          berlin: '2024-03-31T01:30:00Z',
          kolkata: '2024-03-30T21:00:00Z',
        }),
        lossUnder: ['berlin' as const],
      },
      clock('2024-10-27 02:30:00', {
        utc: '2024-10-27T02:30:00Z',
        text: '2024-10-27 02:30:00',
        berlin: '2024-10-27T00:30:00Z',
        kolkata: '2024-10-26T21:00:00Z',
      }),
      clock('0001-01-01 00:00:00', {
        utc: '0001-01-01T00:00:00Z',
        text: '0001-01-01 00:00:00',
        berlin: '0000-12-31T23:06:32Z',
        kolkata: '0000-12-31T18:30:00Z',
      }),
      clock(new Date('9999-12-31T23:59:59.999Z'), { utc: '9999-12-31T23:59:59.999Z', text: '9999-12-31 23:59:59.999' }),
      ...same('no date', 'now', 1706702400),
    ],
  })),

  // JSON
  ...['json', 'jsonb'].map((type) => ({
    type,
    samples: [
      json({}, {}, '{}'),
      json([], [], '[]'),
      json(
        { a: { b: [1, null, { c: 'naïve 🦀 \u0001"\\' }] } },
        { a: { b: [1, null, { c: 'naïve 🦀 \u0001"\\' }] } },
        '{"a":{"b":[1,null,{"c":"naïve 🦀 \\u0001\\"\\\\"}]}}',
      ),
      json([1, 'a', [true, null]], [1, 'a', [true, null]], '[1,"a",[true,null]]'),
      json('"text"', 'text', '"text"'),
      json('not json', 'not json', 'not json'),
      json(5, 5, '5'),
      json('0.5', 0.5, '0.5'),
      json('true', true, 'true'),
      json('null', null, 'null'),
      lossy(json('{"n" : 9007199254740993}', { n: 9007199254740992 }, '{"n" : 9007199254740993}'), 'jsonString'),
      json(null, null, null),
    ],
  })),

  // Bytes
  { type: 'blob', samples: [...same(...BYTES, 'text'), as(new Uint8Array([1, 2]), Buffer.from([1, 2]))] },
]
