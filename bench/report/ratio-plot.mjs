/** How many times as good guruorm is as each peer: bars from 1 on a logarithmic axis, a panel a workload. */
import { ratio, times } from './figures.mjs'
import { plot, TEXT } from './plot-style.mjs'

const COLUMNS = 3
const BAR_HEIGHT = 13
/** Widths in a panel: of the names, the bars, and the ratios beside them. */
const [NAMES, BARS, RATIOS] = [100, 150, 46]
const [BETTER, WORSE, LINE] = ['#2f6db3', '#c8642b', '#57606a']

/** Those of all panels, each with what its panel says. */
function barsOf(measured, [own, ...others]) {
  return measured.flatMap(({ workload, byPeer }) => {
    const peers = byPeer[own] === undefined ? [] : others.filter((peer) => byPeer[peer] !== undefined)
    return peers.map((peer) => {
      const value = ratio(workload.unit, byPeer[own].median, byPeer[peer].median)
      return { panel: workload.id, title: workload.title, peers: peers.length, peer, ratio: value, label: times(value) }
    })
  })
}

/** A description for vega. The first of the peers is the one that the others are compared with. */
export function ratioPlot(title, measured, peers) {
  const bars = barsOf(measured, peers)
  const ratios = bars.map((bar) => bar.ratio)
  return plot(title, {
    subtitle: `How many times better ${peers[0]} is (blue: better, orange: worse; the axis is logarithmic)`,
    data: [{ name: 'bars', values: bars }],
    scales: [{ name: 'x', type: 'log', domain: [Math.min(0.5, ...ratios), Math.max(2, ...ratios)], range: [0, BARS] }],
    // Only the bars count as a panel's own: its texts are then where they are, however wide a reader's font is.
    layout: { columns: COLUMNS, padding: { row: 50, column: NAMES + RATIOS + 24 }, bounds: 'flush', align: 'each' },
    marks: [PANEL],
  })
}

const atPeer = { scale: 'y', field: 'peer' }
const atOne = { scale: 'x', value: 1 }

const PANEL_MARKS = [
  {
    type: 'rect',
    from: { data: 'panel' },
    encode: {
      update: {
        x: atOne,
        x2: { scale: 'x', field: 'ratio' },
        y: atPeer,
        height: { scale: 'y', band: 1 },
        fill: [{ test: 'datum.ratio < 1', value: WORSE }, { value: BETTER }],
      },
    },
  },
  {
    type: 'rule',
    encode: {
      update: { x: atOne, y: { value: 0 }, y2: { signal: `${BAR_HEIGHT} * parent.peers` }, stroke: { value: LINE } },
    },
  },
  {
    type: 'text',
    from: { data: 'panel' },
    encode: {
      update: {
        x: { value: BARS + RATIOS },
        y: { ...atPeer, band: 0.5 },
        text: { field: 'label' },
        align: { value: 'right' },
        baseline: { value: 'middle' },
        ...TEXT.mark,
      },
    },
  },
]

const PANEL = {
  type: 'group',
  from: { facet: { name: 'panel', data: 'bars', groupby: ['panel', 'title', 'peers'] } },
  title: {
    text: { signal: 'parent.panel' },
    subtitle: { signal: 'parent.title' },
    anchor: 'start',
    frame: 'group',
    dx: -NAMES,
    limit: 0,
    ...TEXT.title,
  },
  encode: { update: { width: { value: BARS }, height: { field: 'peers', mult: BAR_HEIGHT } } },
  scales: [
    {
      name: 'y',
      type: 'band',
      domain: { data: 'panel', field: 'peer' },
      range: { step: BAR_HEIGHT },
      padding: 0.2,
    },
  ],
  axes: [{ orient: 'left', scale: 'y', domain: false, ticks: false, labelPadding: 6, ...TEXT.axis }],
  marks: PANEL_MARKS,
}
