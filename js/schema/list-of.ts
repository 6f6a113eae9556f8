/** One name or several, as a list of its own. */
export function listOf(names: string | readonly string[]): string[] {
  return typeof names === 'string' ? [names] : [...names]
}
