/**
 * Facts of the schema builder that guruorm answers otherwise on purpose: the reviewed list. The rules have the form of
 * those in `contradictions.mjs`.
 */

/** The rules. */
export const SCHEMA_CONTRADICTIONS = [
  {
    follows: 'FORMAT.md',
    reason:
      "`ansi` is Laravel's base grammar, which is no database: its chains are in schema_cross.jsonl for the five real ones",
    matches: ({ dialect }) => dialect === 'ansi',
  },
]
