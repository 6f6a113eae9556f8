/** What all plots have: a background of their own, because GitHub shows them on white and on black, and fonts of the reader's. */

const INK = '#24292f'
const FONT = 'sans-serif'

export const TEXT = {
  title: {
    font: FONT,
    fontSize: 11,
    fontWeight: 600,
    color: INK,
    subtitleFont: FONT,
    subtitleFontSize: 10,
    subtitleColor: INK,
  },
  axis: { labelFont: FONT, titleFont: FONT, labelFontSize: 10, titleFontSize: 10, labelColor: INK, titleColor: INK },
  legend: { labelFont: FONT, labelFontSize: 10, labelColor: INK },
  mark: { font: { value: FONT }, fontSize: { value: 10 }, fill: { value: INK } },
}

/** A description for vega with a title above it, and a smaller one. */
export function plot(title, { subtitle = '', ...description }) {
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    background: '#ffffff',
    padding: 12,
    title: { text: title, subtitle, anchor: 'start', frame: 'bounds', offset: 14, ...TEXT.title, fontSize: 14 },
    ...description,
  }
}

/** The plot as SVG. Vega makes it without a browser, and is loaded here alone: it is a module of the benchmark. */
export async function svgOf(description) {
  const { parse, View, Warn } = await import('vega')
  const view = new View(parse(description), { renderer: 'none', logLevel: Warn })
  try {
    return `${await view.toSVG()}\n`
  } finally {
    view.finalize()
  }
}
