/** Lets everybody who calls it wait until `count` have called. */
export function meeting(count: number): () => Promise<void> {
  let here = 0
  let open = () => {}
  const everybodyIsHere = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    here += 1
    if (here === count) open()
    return everybodyIsHere
  }
}
