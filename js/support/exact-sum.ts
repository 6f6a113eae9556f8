/** A sum. Text stays exact text: it holds whole numbers beyond the safe ones, and decimals. */
export function exactSum(value: unknown, amount: number): unknown {
  const text = String(value)
  if (!/^-?\d+(?:\.\d+)?$/.test(text) || !/^-?\d+(?:\.\d+)?$/.test(String(amount))) return Number(value) + amount
  if (typeof value === 'number' && Number.isSafeInteger(value) && Number.isInteger(amount)) return value + amount
  const places = Math.max(...[text, String(amount)].map((each) => each.split('.')[1]?.length ?? 0))
  const scaled = (each: string) => {
    const [whole = '', fraction = ''] = each.split('.')
    return BigInt(whole + fraction.padEnd(places, '0'))
  }
  const sum = scaled(text) + scaled(String(amount))
  const digits = String(sum < 0n ? -sum : sum).padStart(places + 1, '0')
  const exact = `${sum < 0n ? '-' : ''}${digits.slice(0, digits.length - places)}${places > 0 ? '.' : ''}${digits.slice(digits.length - places)}`
  return typeof value === 'number' ? Number(exact) : exact
}
