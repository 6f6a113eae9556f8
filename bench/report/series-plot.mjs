/** Lines over a growing number, both axes logarithmic. */
import { Stop } from '../../scripts/lib/terminal.mjs'
import { plot, TEXT } from './plot-style.mjs'

const GRID = { grid: true, gridColor: '#eaeef2', domainColor: '#57606a', tickColor: '#57606a' }

/** A description for vega. @throws Stop for what has no logarithm. */
export function seriesPlot({ title, x, unit, lines }) {
  const points = lines.flatMap(({ name, points }) => points.map(([at, value]) => ({ name, at, value })))
  const wrong = points.find(({ at, value }) => !(at > 0 && value > 0))
  if (wrong !== undefined) throw new Stop(`${title}: ${JSON.stringify(wrong)} has no place on a logarithmic axis.`)
  const place = { x: { scale: 'x', field: 'at' }, y: { scale: 'y', field: 'value' } }
  const names = lines.map(({ name }) => name)
  return plot(title, {
    width: 420,
    height: 260,
    data: [{ name: 'points', values: points }],
    scales: [
      { name: 'x', type: 'log', domain: { data: 'points', field: 'at' }, range: 'width' },
      { name: 'y', type: 'log', domain: { data: 'points', field: 'value' }, range: 'height', nice: true },
      { name: 'colour', type: 'ordinal', domain: names, range: 'category' },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: x, format: '~s', tickCount: 6, ...GRID, ...TEXT.axis },
      { orient: 'left', scale: 'y', title: unit, format: '~g', tickCount: 6, ...GRID, ...TEXT.axis },
    ],
    legends: [{ stroke: 'colour', symbolType: 'stroke', symbolStrokeWidth: 3, ...TEXT.legend }],
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'line', data: 'points', groupby: 'name' } },
        marks: [
          {
            type: 'line',
            from: { data: 'line' },
            encode: {
              update: {
                ...place,
                stroke: { scale: 'colour', field: 'name' },
                strokeWidth: [{ test: "datum.name === 'guruorm'", value: 3 }, { value: 1.5 }],
              },
            },
          },
          {
            type: 'symbol',
            from: { data: 'line' },
            encode: { update: { ...place, fill: { scale: 'colour', field: 'name' }, size: { value: 22 } } },
          },
        ],
      },
    ],
  })
}
