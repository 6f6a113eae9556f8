/** What is made of the figures of a benchmark: tables, goals and plots between the markers of a document. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { replaceParts } from '../../bench/report/document.mjs'
import { generate } from '../../bench/report/generate.mjs'
import { evaluate, goalsTable } from '../../bench/report/goal-rows.mjs'
import { escaped } from '../../bench/report/markdown.mjs'
import { svgOf } from '../../bench/report/plot-style.mjs'
import { ratioPlot } from '../../bench/report/ratio-plot.mjs'
import { seriesPlot } from '../../bench/report/series-plot.mjs'
import { ROOT } from '../support/pages'

const HOSTILE = '<script>|`*x*`\n<!-- /generated --> & "y"'

const figure = (median: number, peakMegabytes = 10) => ({
  median,
  min: median * 0.9,
  max: median * 1.1,
  cpuMicroseconds: median * 2,
  peakMegabytes,
})

const W1 = { id: 'W1', title: 'one row', unit: 'µs' }
const W2 = { id: 'W2', title: 'many', unit: 'op/s' }

const measured = {
  postgres: [
    { workload: W1, byPeer: { guruorm: figure(20, 30), pg: figure(40, 25), knex: figure(50), kysely: figure(28) } },
    { workload: W2, byPeer: { guruorm: figure(900), pg: figure(300), knex: figure(600) } },
  ],
}

describe('goals', () => {
  const goal = (workload: string, against: string[], ratio: number, figure?: string) => ({
    databases: ['postgres'],
    workloads: [workload],
    against,
    ratio,
    figure,
  })

  test.each([
    ['less time is better', goal('W1', ['builders'], 1.4), 'kysely', 1.4, true],
    ['the nearest peer decides', goal('W1', ['builders'], 1.5), 'kysely', 1.4, false],
    ['more of what is done a second is better', goal('W2', ['drivers'], 2), 'pg', 3, true],
    ['a single peer can be named', goal('W2', ['knex'], 2), 'knex', 1.5, false],
    ['less memory is better', goal('W1', ['pg'], 1, 'peakMegabytes'), 'pg', 25 / 30, false],
  ])('%s', (_, wanted, peer, ratio, isMet) => {
    const [row] = evaluate([wanted], measured)
    expect(row).toMatchObject({ reached: { peer, ratio: expect.closeTo(ratio) }, isMet })
  })

  test.each([
    ['a workload', goal('W3', ['pg'], 1)],
    ['a peer', goal('W1', ['limit'], 1)],
    ['a database', { ...goal('W1', ['pg'], 1), databases: ['sqlite'] }],
  ])('%s that was not measured meets none', (_, wanted) => {
    expect(evaluate([wanted], measured)).toMatchObject([{ reached: undefined, isMet: false }])
  })

  test('are counted', () => {
    const goals = [goal('W1', ['builders'], 1.4), goal('W1', ['builders'], 1.5), goal('W3', ['pg'], 1)]
    const table = goalsTable(goals, measured)
    expect(table).toMatch(/^Met: 1 of 2; not measured: 1\.$/m)
    expect(table).toMatch(/builders ≥ ×1\.50 +\| ×1\.40 kysely \(least of 2\) +\| \*\*no\*\* /)
  })
})

describe('a document', () => {
  const document =
    'Before.\n\n<!-- generated: a -->\nold a\n<!-- /generated -->\n\nBetween.\n\n<!-- generated: b -->\nold b\n<!-- /generated -->\n'

  test('gets new parts, and keeps its prose and the other parts', () => {
    const replaced = replaceParts(document, new Map([['b', 'new b: $& $1']]))
    expect(replaced).toBe(document.replace('\nold b\n', () => '\n\nnew b: $& $1\n\n'))
    expect(replaceParts(replaced, new Map([['b', 'new b: $& $1']]))).toBe(replaced)
  })

  test.each([
    ['without markers for a part', document, 'There have to be markers for c once, not 0 times'],
    ['with a part twice', document + document.replaceAll(': a', ': c').replaceAll(': b', ': c'), 'not 2 times'],
    ['with a part in a part', '<!-- generated: c -->\n<!-- generated: d -->\n', 'does not pair'],
    ['with a part that does not end', '<!-- generated: c -->\n', 'has no end'],
    ['with an end alone', '<!-- /generated -->\n', 'does not pair'],
  ])('%s is refused', (_, text, message) => {
    expect(() => replaceParts(text, new Map([['c', 'new']]))).toThrow(message)
  })
})

describe('npm run bench -- report', () => {
  const NAMES = ['postgres', 'mariadb', 'sqlite', 'build', 'inspect', 'migrations', 'models', 'scale', 'goals']
  let folder: string
  let document: string
  const draw = async (description: object) => JSON.stringify(description)
  const run = (...names: string[]) => generate(names, { results: join(folder, 'results'), document, draw })
  const keep = (name: string, content: object) =>
    writeFileSync(join(folder, 'results', `${name}.json`), JSON.stringify(content))

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'guruorm-report-'))
    document = join(folder, 'benchmarks.md')
    mkdirSync(join(folder, 'results'))
    writeFileSync(
      document,
      NAMES.map((name) => `<!-- generated: ${name} -->\nold ${name}\n<!-- /generated -->\n`).join('\n'),
    )
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const main = { size: 'full', rounds: 3, date: '2026-11-29T08:00:00Z', processor: '2 × CPU', measured }

  test('writes the parts whose runs are there, and tells of the others', async () => {
    keep('main', main)
    const lines = await run('main')
    const text = readFileSync(document, 'utf8')
    expect(lines).toContain('postgres: generated')
    expect(lines).toContain('sqlite: kept as it was, nothing is measured')
    expect(text).not.toContain('old postgres')
    expect(text).toContain('old sqlite')
    expect(text).toContain('2026-11-29, 2 × CPU, 3 rounds.')
    expect(text).toMatch(/W1 one row, µs +\| 20\.0 \(18\.0–22\.0\) \| 40\.0 \(36\.0–44\.0\) ×2\.00 \|/)
    expect(text).toMatch(/W2 many, op\/s +\| +900 \(810–990\) \| +600 \(540–660\) ×1\.50 \| +– \|/)
    expect(text).toMatch(/W1 one row +\| +40\.0 · 30\.0 \| +80\.0 · 25\.0 \|/)
    expect(readFileSync(join(folder, 'benchmarks', 'postgres.svg'), 'utf8')).toContain('×2.00')
    await run()
    expect(readFileSync(document, 'utf8')).toBe(text)
  })

  test('shows peers of no group, too', async () => {
    const [{ workload, byPeer }] = measured.postgres as [(typeof measured.postgres)[0]]
    keep('main', { ...main, measured: { postgres: [{ workload, byPeer: { ...byPeer, stranger: figure(10) } }] } })
    await run()
    expect(readFileSync(document, 'utf8')).toMatch(/stranger \|\n.*\n.* 10\.0 \(9\.00–11\.0\) ×0\.50 \|/)
  })

  test('draws lines, and compares them', async () => {
    const lines = [
      {
        name: 'guruorm',
        points: [
          [10, 2],
          [1000, 1],
        ],
      },
      { name: 'pg', points: [[10, 5]] },
    ]
    keep('scale', {
      date: '2026-11-29',
      series: [{ id: 'rows', database: 'sqlite', title: 'Rows', x: 'rows', unit: 'µs a row', lines }],
    })
    await run('scale')
    const text = readFileSync(document, 'utf8')
    expect(text).toContain('![SQLite: Rows](benchmarks/scale-sqlite-rows.svg)')
    expect(text).toMatch(/10 +\| +2\.00 \| 5\.00 ×2\.50 \|\n\| 1,000 +\| +1\.00 \| +– \|/)
    expect(existsSync(join(folder, 'benchmarks', 'scale-sqlite-rows.svg'))).toBe(true)
  })

  test.each([
    ['a run that is not there', ['build'], 'build.json: not there. Measure with --save build first.'],
    ['a run that nobody knows', ['nothing'], 'Unknown: nothing.'],
    ['a small run', ['models'], 'only tries the harness'],
    ['a series that would leave its folder', ['scale'], 'is no name for a file'],
  ])('refuses %s, and writes nothing', async (_, names, message) => {
    keep('main', main)
    if (names.includes('models')) keep('models', { ...main, size: 'small' })
    if (names.includes('scale'))
      keep('scale', { date: '', series: [{ id: '../x', database: 'sqlite', title: '', x: '', unit: '', lines: [] }] })
    const before = readFileSync(document, 'utf8')
    await expect(run(...names)).rejects.toThrow(message)
    expect(readFileSync(document, 'utf8')).toBe(before)
  })

  test('hostile names stay names', async () => {
    const hostile = [
      { workload: { id: 'W1', title: HOSTILE, unit: 'µs' }, byPeer: { guruorm: figure(1), [HOSTILE]: figure(2) } },
    ]
    keep('main', { ...main, processor: HOSTILE, measured: { postgres: hostile } })
    await run()
    const text = readFileSync(document, 'utf8')
    expect(text).not.toContain('<script')
    expect(text.match(/<!-- \/generated -->/g)).toHaveLength(NAMES.length)
    const [head] = text.split('\n').filter((line) => line.startsWith('| workload'))
    expect(head?.replaceAll('\\|', '').split('|')).toHaveLength(5)
    await run()
    expect(readFileSync(document, 'utf8')).toBe(text)
  })
})

test('text is escaped in Markdown', () => {
  expect(escaped(HOSTILE)).toBe('&lt;script>\\|\\`\\*x\\*\\` &lt;!-- /generated --> &amp; "y"')
})

test('only what has a logarithm is drawn on logarithmic axes', () => {
  const lines = [{ name: 'guruorm', points: [[0, 1]] }]
  expect(() => seriesPlot({ title: 'Rows', x: 'rows', unit: 'µs', lines })).toThrow('no place on a logarithmic axis')
})

/** The plots need a module of the benchmark, which tests do not install. */
const hasVega = existsSync(join(ROOT, 'bench/node_modules/vega'))

test.skipIf(!hasVega)('hostile names stay names in SVG', async () => {
  const results = [{ workload: { ...W1, title: HOSTILE }, byPeer: { guruorm: figure(1), [HOSTILE]: figure(2) } }]
  const svg = await svgOf(ratioPlot(HOSTILE, results, ['guruorm', HOSTILE]))
  expect(svg).not.toContain('<script')
  expect(svg).toContain('&lt;script&gt;')
  expect(svg).toContain('×2.00')
})
