/** Goals beside what was measured. */
import { membersOf } from '../peer-groups.mjs'
import { ratio, times } from './figures.mjs'
import { escaped, table } from './markdown.mjs'
import { databaseTitle } from './sections.mjs'
import { titleOf } from './tables.mjs'

const OWN = 'guruorm'

/** Those of the named groups and peers that were measured. */
function rivals(against, byPeer) {
  return membersOf(against).filter((peer) => peer !== OWN && byPeer[peer] !== undefined)
}

/** The least ratio, and to whom; undefined where there is nothing to compare. */
function reachedOf({ figure = 'median', against }, { workload, byPeer }) {
  if (byPeer[OWN] === undefined) return undefined
  const unit = figure === 'median' ? workload.unit : figure
  const reached = rivals(against, byPeer).map((peer) => ({
    peer,
    ratio: ratio(unit, byPeer[OWN][figure], byPeer[peer][figure]),
  }))
  if (reached.length === 0) return undefined
  return { ...reached.reduce((least, other) => (other.ratio < least.ratio ? other : least)), peers: reached.length }
}

/**
 * One for each workload and database of each goal: { database, id, workload, goal, reached, isMet }. Without `reached` it was
 * not measured.
 */
export function evaluate(goals, measured) {
  return goals.flatMap((goal) =>
    goal.databases.flatMap((database) =>
      goal.workloads.map((id) => {
        const result = measured[database]?.find(({ workload }) => workload.id === id)
        const reached = result && reachedOf(goal, result)
        return { database, id, workload: result?.workload, goal, reached, isMet: reached?.ratio >= goal.ratio }
      }),
    ),
  )
}

function cells({ database, id, workload, goal, reached, isMet }) {
  const what = workload === undefined ? id : titleOf(workload)
  const figure = goal.figure === 'peakMegabytes' ? ', peak MB' : ''
  return [
    databaseTitle(database),
    escaped(`${what}${figure}`),
    escaped(`${goal.against.join(', ')} ≥ ${times(goal.ratio)}`),
    reached
      ? escaped(`${times(reached.ratio)} ${reached.peer}${reached.peers > 1 ? ` (least of ${reached.peers})` : ''}`)
      : '–',
    reached ? (isMet ? 'yes' : '**no**') : 'not measured',
  ]
}

export function goalsTable(goals, measured) {
  const rows = evaluate(goals, measured)
  const known = rows.filter(({ reached }) => reached !== undefined)
  const met = known.filter(({ isMet }) => isMet)
  const unknown = rows.length - known.length
  const summary = `Met: ${met.length} of ${known.length}${unknown > 0 ? `; not measured: ${unknown}` : ''}.`
  const head = ['', 'workload', 'goal', 'reached', 'met']
  return `${summary}\n\n${table([head, ...rows.map(cells)], head.length)}`
}
