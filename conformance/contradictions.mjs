/**
 * Facts that guruorm answers otherwise on purpose: the reviewed list. Each rule names the decision it follows
 * (`design/decisions.md`) and says which facts it is about; a fact that a rule matches is counted apart, whether it passes or not.
 */

/** Whether any value within is undefined in JavaScript's sense or otherwise matches. */
export const CONTRADICTIONS = [
  {
    decision: 'FORMAT.md',
    reason:
      "`ansi` is Laravel's base grammar, which is no database: its chains are in cross.jsonl for the five real ones",
    matches: (fact) => fact.dialect === 'ansi',
  },
  {
    decision: 'D9',
    reason: 'placeholders and values of the statement differ in number: Laravel would fail on the server',
    matches: (fact) => fact.placeholder_mismatch === true,
  },
]

/** The rule that a fact falls under, if there is one. */
export function contradiction(fact) {
  return CONTRADICTIONS.find(({ matches }) => matches(fact))
}
